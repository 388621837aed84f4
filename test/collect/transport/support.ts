/** What the transport's tests share: asks, hosts and options with nothing surprising in them. */
import type { TransportOptions } from '../../../src/collect/transport/transport.js';
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
