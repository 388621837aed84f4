/** What each path of a Consul agent answers. Pages: api-docs/{kv,session,health,agent}; where they are silent, Consul's agent/*_endpoint.go. */
import type { ConsulAgent } from './consul.js';
import type { Gate } from './consul-access.js';
import { checkShape, checksOn, instanceShape, keyShape, sessionShape } from './consul-shapes.js';

/** What a path answers: JSON, or bytes as they are. */
export type Answer = {
  status?: number;
  json?: unknown;
  text?: string;
  type?: string;
  headers?: Record<string, string>;
};

/** One request, taken apart. */
export interface Call {
  agent: ConsulAgent;
  gate: Gate;
  query: URLSearchParams;
  body: string;
  /** What stands where the path has its name. */
  name: string;
}

const ok: Answer = { json: true };

export function deregisterService({ agent, name }: Call): Answer {
  agent.cluster.store.deregister(agent.node, name);
  return {};
}

/** The name is a check's id; the id of a service is none. */
export function deregisterCheck({ agent, name }: Call): Answer {
  agent.cluster.store.removeCheck(agent.node, name);
  return {};
}

/** A key that is not there is a 404 with no body. */
export function readKey({ agent, gate, query, name }: Call): Answer {
  const { store } = agent.cluster;
  if (query.has('recurse') || query.has('keys')) {
    const keys = gate.sift(
      [...store.keys.values()].filter((one) => one.key.startsWith(name)),
      'key:read',
    );
    if (keys.length === 0) return { status: 404 };
    return { json: query.has('keys') ? keys.map((one) => one.key) : keys.map(keyShape) };
  }
  gate.demand('key:read', name);
  const key = store.keys.get(name);
  if (!key) return { status: 404 };
  const headers = { 'X-Consul-Index': `${key.modifyIndex}` };
  return query.has('raw') ? { text: key.value, type: 'text/plain', headers } : { json: [keyShape(key)], headers };
}

export function writeKey({ agent, gate, query, body, name }: Call): Answer {
  gate.demand('key:write', name);
  const { store } = agent.cluster;
  const [acquire, release] = [query.get('acquire'), query.get('release')];
  if (acquire !== null) return { json: store.acquire(name, body, acquire) };
  if (release !== null) return { json: store.release(name, body, release) };
  store.set(name, body, Number(query.get('flags') ?? 0));
  return ok;
}

export function deleteKey({ agent, gate, name }: Call): Answer {
  gate.demand('key:write', name);
  agent.cluster.store.keys.delete(name);
  return ok;
}

/** Who may not read a session gets the answer of one that is gone. */
export function sessions({ agent, gate }: Call, which: (session: { id: string; node: string }) => boolean): Answer {
  const { store, version } = agent.cluster;
  const found = gate.sift([...store.sessions.values()].filter(which), 'session:read');
  return { json: found.map((session) => sessionShape(session, version)) };
}

export function destroySession({ agent, gate, name }: Call): Answer {
  gate.demand('session:write', name);
  agent.cluster.store.destroy(name);
  return ok;
}

export function renewSession({ agent, gate, name }: Call): Answer {
  gate.demand('session:write', name);
  const session = agent.cluster.store.renew(name);
  if (!session) return { status: 404, text: `Session id '${name}' not found`, type: 'text/plain; charset=utf-8' };
  return { json: [sessionShape(session, agent.cluster.version)] };
}

export function healthChecks({ agent, gate, name }: Call): Answer {
  const checks = agent.cluster.store.checks.filter((check) => check.serviceName === name);
  return { json: gate.sift(checks, 'node:read', 'service:read').map(checkShape) };
}

/** `passing` leaves out every instance with a check that is not, its node's included. */
export function healthService({ agent, gate, query, name }: Call): Answer {
  const { store, datacenter } = agent.cluster;
  const services = store.services
    .filter((service) => service.name === name)
    .filter(
      (service) => !query.has('passing') || checksOn(store, service).every((check) => check.status === 'passing'),
    );
  return { json: gate.sift(services, 'node:read', 'service:read').map((one) => instanceShape(store, one, datacenter)) };
}

export function self({ agent, gate }: Call): Answer {
  gate.demand('agent:read', agent.node);
  const { cluster, node, server } = agent;
  const config = {
    Datacenter: cluster.datacenter,
    NodeName: node,
    NodeID: cluster.store.nodes.get(node)?.id,
    Server: server,
    Version: cluster.version,
  };
  return {
    json: {
      Config: config,
      Member: member(agent, node),
      Stats: { consul: { server: `${server}`, known_servers: `${cluster.servers.length}` } },
    },
  };
}

export function members({ agent, gate }: Call): Answer {
  return {
    json: gate.sift(
      [...agent.cluster.store.nodes.keys()].map((node) => member(agent, node)),
      'node:read',
    ),
  };
}

/** Serf's status 1 is alive, 4 is failed. */
function member({ cluster }: ConsulAgent, node: string): object {
  const address = cluster.store.nodes.get(node)?.address ?? '';
  const server = cluster.servers.find((one) => one.address === address);
  const tags = { dc: cluster.datacenter, role: server ? 'consul' : 'node', build: `${cluster.version}:`, vsn: '2' };
  return { Name: node, Addr: address, Port: 8301, Tags: tags, Status: server?.alive === false ? 4 : 1 };
}
