/** The connections of a run: one transport for each host, kept from round to round, and made anew where it was lost. */
import type { Connection, Host, Output } from '../core/model.js';
import type { Transport } from './transport/transport.js';

/** Opens, renews and closes the transports of the hosts that are asked. */
export class Connections {
  readonly #hosts: readonly Host[];
  readonly #open: (host: Host) => Promise<Transport>;
  readonly #hold: () => () => Promise<void>;
  readonly #transports = new Map<string, Transport>();
  readonly #lost = new Set<string>();
  /** What the connections before the present one cost, by host. */
  readonly #spent = new Map<string, Pick<Connection, 'logins' | 'shells' | 'bytes'>>();

  #closed: Promise<unknown> | undefined;

  constructor(hosts: readonly Host[], open: (host: Host) => Promise<Transport>, hold?: () => () => Promise<void>) {
    this.#hosts = hosts;
    this.#open = open;
    this.#hold = hold ?? (() => async () => {});
  }

  /** Has a transport ready for each of these hosts; one attempt for each, and none for a host that is ready. */
  async ready(names: ReadonlySet<string>): Promise<void> {
    const wanted = this.#hosts.filter(({ name }) => names.has(name));
    // A jump host that is still logged in to is not left because the hosts behind it are reached anew.
    const release = this.#hold();
    const all = Promise.all(
      wanted.map(async (host) => {
        const known = this.#transports.get(host.name);
        if (known && !this.#lost.has(host.name)) return;
        if (known) await this.#retire(host.name, known);
        this.#transports.set(host.name, await this.#open(host));
      }),
    );
    await all.finally(release);
  }

  /** The transport to a host; undefined for one that no round has asked yet. */
  to(host: string): Transport | undefined {
    return this.#transports.get(host);
  }

  /**
   * Notes what an answer says of the connection itself. A host or shell that did not answer is connected to anew in the next
   * round; what was refused stays refused, because every further attempt counts as an attack.
   */
  note(host: string, { problem, problemAt }: Output): void {
    if ((problem === 'unreachable' || problem === 'timeout') && problemAt !== 'command') this.#lost.add(host);
  }

  /** What was learned of the connections, with all that they cost up to now; complete once `close` has resolved. */
  told(): Connection[] {
    return this.#hosts.flatMap(({ name }) => {
      const transport = this.#transports.get(name);
      return transport ? [added(transport.connection, this.#spent.get(name))] : [];
    });
  }

  /** Ends every connection; nothing is asked after that. */
  close(): Promise<unknown> {
    this.#closed ??= Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    return this.#closed;
  }

  async #retire(host: string, transport: Transport): Promise<void> {
    await transport.close();
    this.#spent.set(host, added(transport.connection, this.#spent.get(host)));
    this.#transports.delete(host);
    this.#lost.delete(host);
  }
}

function added(connection: Connection, spent = { logins: 0, shells: 0, bytes: 0 }): Connection {
  return {
    ...connection,
    logins: connection.logins + spent.logins,
    shells: connection.shells + spent.shells,
    bytes: connection.bytes + spent.bytes,
  };
}
