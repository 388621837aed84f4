/** The transport `openssh`: the system's ssh client logs in, once per host, and every shell is a session over that login. */
import type { Connection, Host } from '../../../core/model.js';
import { ByteBudget } from '../byte-budget.js';
import type { Channel, Connector, Failure } from '../channel.js';
import { LazyConnector } from '../lazy-connector.js';
import { Sessions } from '../sessions.js';
import { floodFailure } from '../ssh-failure.js';
import type { Transport, TransportOptions } from '../transport.js';
import type { Master } from './master.js';
import type { OpensshRun } from './run.js';
import { openSession } from './session.js';

/** Opens the transport to a host; nobody logs in before the first command. @throws UsageError */
export async function openOpenssh(
  host: Host,
  options: TransportOptions,
  run: OpensshRun,
  why: string,
): Promise<Transport> {
  const { hops, release } = await run.join(host, why);
  const transport = { name: 'openssh', why } as const;
  const connection: Connection = { host: host.name, kind: 'ssh', transport, logins: 0, shells: 0, bytes: 0 };
  const budget = new ByteBudget();
  const connector = new LazyConnector(async (signal) => {
    const master = await run.connect(host, hops, release, signal);
    connection.logins++;
    return new OverMaster(master, options, connection, budget);
  });
  const sessions = new Sessions(host, options, connector, connection, budget);
  let closed: Promise<void> | undefined;
  return {
    connection,
    run: (ask) => sessions.run(ask),
    close: () => {
      closed ??= (async () => {
        sessions.close();
        await connector.close();
        await run.leave();
      })();
      return closed;
    },
  };
}

/** Sessions over one master. */
class OverMaster implements Connector {
  readonly #master: Master;
  readonly #options: TransportOptions;
  readonly #connection: Connection;
  readonly #budget: ByteBudget;
  readonly #channels = new Set<Channel>();
  #flood: Failure | undefined;

  constructor(master: Master, options: TransportOptions, connection: Connection, budget: ByteBudget) {
    this.#master = master;
    this.#options = options;
    this.#connection = connection;
    this.#budget = budget;
    const { hostKey } = master;
    if (hostKey !== undefined) connection.hostKey = hostKey;
  }

  get lost() {
    return this.#flood ?? this.#master.lost;
  }

  async open(commandLine: string, first?: string): Promise<Channel> {
    if (this.#flood) throw this.#flood;
    this.#budget.allowShell();
    const channel = await openSession(this.#master, commandLine, {
      timeoutMs: this.#options.connectTimeoutMs,
      first,
      hidden: this.#options.variables.names(),
      count: (bytes) => {
        this.#connection.bytes += bytes;
        if (!this.#budget.take(bytes)) this.#end(floodFailure(this.#connection.host));
      },
    });
    this.#connection.shells++;
    this.#channels.add(channel);
    channel.closed.then(() => this.#channels.delete(channel));
    return channel;
  }

  /** Its sessions end; the login stays, for others may be reached through it. */
  #end(failure: Failure): void {
    this.#flood ??= failure;
    for (const channel of this.#channels) channel.kill();
  }

  async close(): Promise<void> {
    const closing = this.#master.close();
    for (const channel of this.#channels) channel.kill();
    await closing;
  }
}
