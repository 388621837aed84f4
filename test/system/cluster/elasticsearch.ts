/**
 * A stand-in for an Elasticsearch cluster: what its nodes answer of its health, its version and its indices' settings.
 *
 * Shapes: "Cluster Health" of the Elasticsearch guides 1.7, 6.8 and 8 (cluster-health.html), "Get Settings" (indices-get-settings.html).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { atLeast } from './consul-shapes.js';
import { type Ear, listen, sendJson } from './ear.js';

/** The state that all nodes tell. */
export class Elasticsearch {
  clusterName = 'escluster';
  status: 'green' | 'yellow' | 'red' = 'green';
  dataNodes = 2;
  version = '6.8.22';
  /** `number_of_replicas` by index. */
  readonly indices: Record<string, number> = { toscaelement: 1, deployment: 1, application: 1 };
  readonly #ears: Ear[] = [];

  /** Starts a node at an address: HTTP on 9200, and on 9300 something that only listens, for the transport's binary protocol. */
  async listen(holder: number, address: string): Promise<void> {
    this.#ears.push(
      await listen({ holder, address, port: 9200 }, (request, response) => this.#answer(request, response)),
    );
    this.#ears.push(await listen({ holder, address, port: 9300 }, (request) => void request.socket.destroy()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#ears.splice(0).map((ear) => ear.close()));
  }

  #answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const type = atLeast(this.version, '2.0.0') ? 'application/json; charset=UTF-8' : 'application/json';
    const path = new URL(url, 'http://node').pathname;
    if (path === '/_cluster/health') sendJson(response, 200, this.#health(), type);
    else if (path === '/_settings') sendJson(response, 200, this.#settings(), type);
    else if (path === '/') sendJson(response, 200, this.#greeting(), type);
    else sendJson(response, 400, { error: { type: 'illegal_argument_exception' }, status: 400 }, type);
  }

  #health(): object {
    const primaries = Object.keys(this.indices).length * 5;
    const replicas = Object.values(this.indices).reduce((sum, count) => sum + count * 5, 0);
    // A red cluster lacks a primary; a yellow one has them all, and lacks a copy.
    const [lostPrimaries, lostReplicas] = { green: [0, 0], yellow: [0, replicas], red: [1, replicas] }[this.status] as [
      number,
      number,
    ];
    const active = primaries - lostPrimaries + replicas - lostReplicas;
    const unassigned = lostPrimaries + lostReplicas;
    const modern = {
      task_max_waiting_in_queue_millis: 0,
      active_shards_percent_as_number: (100 * active) / (active + unassigned),
    };
    return {
      cluster_name: this.clusterName,
      status: this.status,
      timed_out: false,
      number_of_nodes: this.dataNodes,
      number_of_data_nodes: this.dataNodes,
      active_primary_shards: primaries - lostPrimaries,
      active_shards: active,
      relocating_shards: 0,
      initializing_shards: 0,
      unassigned_shards: unassigned,
      delayed_unassigned_shards: 0,
      number_of_pending_tasks: 0,
      number_of_in_flight_fetch: 0,
      ...(atLeast(this.version, '2.0.0') ? modern : {}),
    };
  }

  /** Numbers are text here. */
  #settings(): object {
    const shape = (replicas: number) => ({
      settings: { index: { number_of_shards: '5', number_of_replicas: `${replicas}` } },
    });
    return Object.fromEntries(Object.entries(this.indices).map(([name, replicas]) => [name, shape(replicas)]));
  }

  #greeting(): object {
    const modern = atLeast(this.version, '2.0.0');
    const version = { number: this.version, lucene_version: modern ? '7.7.3' : '4.10.4' };
    const common = { name: 'node-1', cluster_name: this.clusterName, version, tagline: 'You Know, for Search' };
    return modern ? common : { status: 200, ...common };
  }
}
