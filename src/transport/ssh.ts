/** The SSH transport: one authenticated connection per host, made at the first command, shared by all. */
import type { Connection, Host } from '../model.js';
import { type Channel, type Connector, Failure } from './channel.js';
import { HostVerifier } from './host-verifier.js';
import type { Transport, TransportOptions } from './index.js';
import { Sessions } from './sessions.js';
import { SshConnection } from './ssh-connection.js';
import { resolveTarget } from './ssh-target.js';

/** Opens the transport to a host; nothing is dialled before the first command. */
export function openSsh(host: Host, options: TransportOptions): Transport {
  const connection: Connection = { host: host.name, kind: 'ssh', logins: 0, shells: 0, bytes: 0 };
  const connector = new LazyConnector((signal) => connect(host, options, connection, signal));
  const sessions = new Sessions(host, options, connector, connection);
  return {
    connection,
    run: (ask) => sessions.run(ask),
    close: async () => {
      sessions.close();
      await connector.close();
    },
  };
}

async function connect(
  host: Host,
  options: TransportOptions,
  connection: Connection,
  signal: AbortSignal,
): Promise<SshConnection> {
  const target = resolveTarget(host, options);
  const verifier = new HostVerifier(target, { acceptNew: options.acceptNewHostKeys, warn: options.warn });
  const secrets = { password: () => options.password(host), passphrase: options.passphrase };
  return SshConnection.connect(target, verifier, secrets, connection, signal);
}

/** Connects when the first channel is wanted. A connection that failed, or was lost, is not made again. */
class LazyConnector implements Connector {
  readonly #connect: (signal: AbortSignal) => Promise<SshConnection>;
  readonly #connecting = new AbortController();
  #made: Promise<SshConnection> | undefined;
  #open: SshConnection | undefined;
  #failure: Failure | undefined;

  constructor(connect: (signal: AbortSignal) => Promise<SshConnection>) {
    this.#connect = connect;
  }

  get lost(): Failure | undefined {
    return this.#failure ?? this.#open?.lost;
  }

  async open(commandLine: string): Promise<Channel> {
    this.#made ??= this.#connect(this.#connecting.signal);
    try {
      this.#open = await this.#made;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failure ??= error instanceof Failure ? error : new Failure('unreachable', 'host', message);
      throw this.#failure;
    }
    return this.#open.open(commandLine);
  }

  async close(): Promise<void> {
    // A login that is still being made is given up; one that is made ends properly below.
    if (!this.#open) this.#connecting.abort();
    const made = await this.#made?.catch(() => undefined);
    this.#failure ??= new Failure('not-run', 'command', 'the run was ended');
    await made?.close();
  }
}
