/**
 * A stand-in for Consul: one cluster of servers with its Raft state, and agents that answer HTTP.
 *
 * It follows Consul's published pages (named in the files that hold each part) and, where those are silent, Consul's sources. It is
 * no Consul: gossip, Raft and blocking queries are not played. A server counts as alive or not; a majority alive elects the first.
 */
import type { ServerOptions } from 'node:https';
import type { Access } from './consul-access.js';
import { answerOf } from './consul-api.js';
import { type Clock, ConsulStore } from './consul-store.js';
import { type Ear, listen } from './ear.js';

/** How a cluster differs from the default. */
export interface ConsulOptions {
  version?: string;
  datacenter?: string;
  /** Addresses of the servers. */
  servers: readonly string[];
}

/** The servers. */
export class ConsulCluster {
  readonly store: ConsulStore;
  version: string;
  readonly datacenter: string;
  /** Every server of Raft's configuration; a dead one stays in it until it is removed. */
  readonly servers: { address: string; alive: boolean }[];
  access: Access | undefined;

  constructor(
    readonly clock: Clock,
    { version = '1.2.3', datacenter = 'a4c', servers }: ConsulOptions,
  ) {
    this.store = new ConsulStore(clock);
    this.version = version;
    this.datacenter = datacenter;
    this.servers = servers.map((address) => ({ address, alive: true }));
    for (const [index, address] of servers.entries()) this.store.addNode(`consul-${index + 1}`, address);
  }

  /** `10.0.0.1:8300`, or '' while the servers that live are no majority. */
  get leader(): string {
    const alive = this.servers.filter((server) => server.alive);
    return alive.length * 2 > this.servers.length ? `${alive[0]?.address}:8300` : '';
  }

  get peers(): string[] {
    return this.servers.map((server) => `${server.address}:8300`);
  }

  /** Ends what is over. Only a leader does. */
  expire(): void {
    if (this.leader !== '') this.store.expire();
  }
}

/** One agent: a server's, or the client beside an instance. */
export class ConsulAgent {
  /** The token that it uses for requests that bring none (`acl_token`). */
  token = '';
  readonly #ears: Ear[] = [];

  constructor(
    public cluster: ConsulCluster,
    readonly node: string,
    readonly address: string,
    readonly server = false,
  ) {
    if (!cluster.store.nodes.has(node)) cluster.store.addNode(node, address);
  }

  /** Answers on an address of the namespace of `holder`; gives the port. */
  async listen(
    at: { holder?: number | undefined; address: string; port: number },
    tls?: ServerOptions,
  ): Promise<number> {
    const ear = await listen(at, (request, response) => answerOf(this, request, response), tls);
    this.#ears.push(ear);
    return ear.port;
  }

  /** Stops answering: connections are refused. */
  async close(): Promise<void> {
    await Promise.all(this.#ears.splice(0).map((ear) => ear.close()));
  }
}
