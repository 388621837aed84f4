/** Making a session. Page: "Session HTTP Endpoint"; how numbers and absent lists are read: Consul's agent/session_endpoint.go. */
import type { Answer, Call } from './consul-answers.js';
import { atLeast } from './consul-shapes.js';
import { secondsOf } from './consul-store.js';

interface Wanted {
  Name?: string;
  Node?: string;
  LockDelay?: string | number;
  Behavior?: 'release' | 'delete';
  TTL?: string;
  Checks?: string[];
  NodeChecks?: string[];
  ServiceChecks?: { ID: string; Namespace?: string }[];
}

/** Below this a lock delay is taken for seconds, above for nanoseconds. */
const LOCK_DELAY_THRESHOLD = 1000;

function nanoseconds(delay: string | number): number {
  const number = typeof delay === 'number' ? delay : secondsOf(delay) * 1e9;
  return number < LOCK_DELAY_THRESHOLD ? number * 1e9 : number;
}

/** Without any list the session rests on the node's `serfHealth`; a list that is given replaces it. */
export function createSession({ agent, gate, body }: Call): Answer {
  gate.demand('session:write', agent.node);
  const wanted = JSON.parse(body === '' ? '{}' : body) as Wanted;
  const modern = atLeast(agent.cluster.version, '1.7.0');
  const given = wanted.Checks ?? (modern ? (wanted.NodeChecks ?? wanted.ServiceChecks) : undefined);
  const usual = given === undefined ? ['serfHealth'] : [];
  const session = agent.cluster.store.createSession({
    name: wanted.Name ?? '',
    node: wanted.Node ?? agent.node,
    checks: wanted.Checks ?? (modern ? [] : usual),
    nodeChecks: modern ? (wanted.NodeChecks ?? usual) : [],
    serviceChecks: modern ? (wanted.ServiceChecks ?? []).map(({ ID, Namespace = '' }) => ({ ID, Namespace })) : [],
    lockDelayNs: nanoseconds(wanted.LockDelay ?? '15s'),
    behavior: wanted.Behavior ?? 'release',
    ttl: wanted.TTL ?? '',
  });
  return { json: { ID: session.id } };
}
