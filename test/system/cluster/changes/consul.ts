/** Changes to Consul: its servers, its agents, what it holds and whom it tells. */
import type { Cluster } from '../cluster.js';
import type { Right } from '../consul-access.js';

/** A cluster of that many servers from the start. */
export async function serversFromTheStart(cluster: Cluster, count: number): Promise<void> {
  await cluster.begin(cluster.newConsul(count));
}

/** Servers die; what is left may be no majority. Agents of dead servers refuse connections. */
export async function killServers(cluster: Cluster, ...which: number[]): Promise<void> {
  for (const index of which) {
    const server = cluster.consul.servers[index];
    if (server) server.alive = false;
    await cluster.servers[index]?.close();
  }
  cluster.undo.push(() => cluster.listenServers(which));
}

/** An instance that is gone has left its service, with a check that fails. */
export async function staleEntry(cluster: Cluster): Promise<void> {
  const [, agent] = cluster.agents;
  const [service, id] = ['a4cHealthCheck:192.0.2.9', 'service:a4cHealthCheck:192.0.2.9'];
  const check = {
    node: agent.node,
    id,
    name: "Service 'a4c' check",
    status: 'critical' as const,
    serviceId: service,
    serviceName: 'a4c',
  };
  const output = 'Get http://192.0.2.9:8088/rest/admin/health: dial tcp 192.0.2.9:8088: connect: no route to host';
  cluster.consul.store.register(
    { node: agent.node, id: service, name: 'a4c', address: '192.0.2.9', port: 8088 },
    { ...check, output },
  );
}

/** Access control denies by default; `anonymous` is what a request without a token may still do. */
export function deny(
  cluster: Cluster,
  anonymous: readonly Right[] = [],
  tokens: Record<string, readonly Right[]> = {},
): void {
  cluster.consul.access = { defaultPolicy: 'deny', tokens: { anonymous, ...tokens } };
}

/** instance-b and its agent belong to a Consul cluster of their own: both instances lead. */
export async function splitBrain(cluster: Cluster): Promise<void> {
  const other = cluster.newConsul();
  // Its servers are not those of the backend.
  for (const [index, server] of other.servers.entries()) server.address = `192.0.2.${index + 1}`;
  cluster.join([cluster.agents[1]], other);
  await cluster.instances[1].kill();
  await cluster.instances[1].start();
  await cluster.pass(15);
}

/** The agent of instance-b does not run. */
export async function agentDown(cluster: Cluster): Promise<void> {
  await cluster.agents[1].close();
  cluster.undo.push(() => cluster.listenAgent(1));
}
