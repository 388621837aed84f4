/** What the transport's tests share: asks, hosts and options with nothing surprising in them. */
import { openTransport } from '../../../src/collect/transport/index.js';
import type { Transport, TransportOptions } from '../../../src/collect/transport/transport.js';
import type { ExecAsk, Host } from '../../../src/core/model.js';

export function ask(argv: [string, ...string[]], more: Partial<ExecAsk> = {}): ExecAsk {
  return { kind: 'exec', argv, as: 'login', effect: 'read', timeoutMs: 10_000, maxBytes: 65_536, ...more };
}

export function host(more: Partial<Host> = {}): Host {
  return { name: 'a', role: 'a', address: '127.0.0.1', connection: 'local', ssh: {}, settings: {}, ...more };
}

export function options(more: Partial<TransportOptions> = {}): TransportOptions {
  return {
    acceptNewHostKeys: false,
    connectTimeoutMs: 10_000,
    sshConfigFile: 'none',
    password: async () => undefined,
    passphrase: async () => undefined,
    sudoPassword: async () => undefined,
    variables: { value: () => undefined, names: () => [] },
    warn: () => {},
    ...more,
  };
}

/** The two that reach a host by SSH. */
export const WAYS = ['ssh2', 'openssh'] as const;

/** Opens a transport as a run does; it is there at once, and opened at the first command. */
export function openLater(target: Host, given: TransportOptions): Transport {
  let opened: Promise<Transport> | undefined;
  let connection: Transport['connection'] = { host: target.name, kind: 'ssh', logins: 0, shells: 0, bytes: 0 };
  const open = async () => {
    opened ??= openTransport(target, given);
    const transport = await opened;
    connection = transport.connection;
    return transport;
  };
  return {
    get connection() {
      return connection;
    },
    run: async (one) => (await open()).run(one),
    close: async () => (opened ? (await opened).close() : undefined),
  };
}
