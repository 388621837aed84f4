/** The SSH transport: one authenticated connection per host, made at the first command, shared by all. */
import type { Connection, Host } from '../../core/model.js';
import { type Channel, type Connector, Failure } from './channel.js';
import { HostVerifier } from './host-verifier.js';
import { startProxyCommand } from './proxy-command.js';
import { routeTo } from './route.js';
import { Sessions } from './sessions.js';
import { SshConnection } from './ssh-connection.js';
import { nameOf } from './ssh-target.js';
import type { Transport, TransportOptions } from './transport.js';

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

/**
 * Connects to one host after the other on the route. Hosts of a pair behind one jump host log in to it once each: a
 * connection that two share would take both down, and only half of it could be closed.
 */
async function connect(
  host: Host,
  options: TransportOptions,
  connection: Connection,
  signal: AbortSignal,
): Promise<SshConnection> {
  const route = routeTo(host, options);
  const [{ proxy }] = route;
  let way = proxy.command === undefined ? undefined : startProxyCommand(proxy.command);
  for (const [index, target] of route.entries()) {
    const next = route[index + 1];
    const verifier = new HostVerifier(target, { acceptNew: options.acceptNewHostKeys, warn: options.warn });
    const jump = `${target.user}@${nameOf(target)}`;
    const secrets = {
      password: () => (next ? options.password(host, jump) : options.password(host)),
      passphrase: options.passphrase,
    };
    try {
      // What is learned of a jump host is not what is known of the host.
      const learned = next ? { ...connection } : connection;
      const made = await SshConnection.connect(target, { verifier, secrets, connection: learned, signal, way });
      if (!next) return made;
      way = await made.wayTo(next);
    } catch (error) {
      throw next && error instanceof Failure ? onTheWay(error, host, jump) : error;
    }
  }
  throw new Error('a route ends at its host');
}

function onTheWay({ problem, problemAt, message }: Failure, host: Host, jump: string): Failure {
  const where = `on the way to ${host.name}, at the jump host ${jump}`;
  return problem === 'not-run'
    ? new Failure(problem, problemAt, message)
    : new Failure(problem, 'host', `${where}: ${message}`);
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
