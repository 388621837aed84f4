/** The HTTP API of a Consul agent: which path answers what. Pages: api-docs/{kv,session,health,status,agent,agent/service,agent/check}. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConsulAgent } from './consul.js';
import { Denied, Gate } from './consul-access.js';
import {
  type Answer,
  type Call,
  deleteKey,
  deregisterCheck,
  deregisterService,
  destroySession,
  healthChecks,
  healthService,
  members,
  readKey,
  renewSession,
  self,
  sessions,
  writeKey,
} from './consul-answers.js';
import { register, setTtlCheck } from './consul-register.js';
import { createSession } from './consul-session.js';
import { Refused } from './consul-store.js';
import { bodyOf } from './ear.js';

const paths: [method: string, path: RegExp, answer: (call: Call) => Answer][] = [
  // Neither needs a right, nor a leader.
  ['GET', /^\/v1\/status\/leader$/, ({ agent }) => ({ json: agent.cluster.leader })],
  ['GET', /^\/v1\/status\/peers$/, ({ agent }) => ({ json: agent.cluster.peers })],
  ['GET', /^\/v1\/agent\/self$/, self],
  ['GET', /^\/v1\/agent\/members$/, members],
  ['PUT', /^\/v1\/agent\/service\/register$/, register],
  ['PUT', /^\/v1\/agent\/service\/deregister\/(.+)$/, deregisterService],
  ['PUT', /^\/v1\/agent\/check\/deregister\/(.+)$/, deregisterCheck],
  ['PUT', /^\/v1\/agent\/check\/((?:pass|warn|fail|update)\/.+)$/, setTtlCheck],
];

/** These are asked of the servers, and need their leader unless a stale answer will do. */
const served: typeof paths = [
  ['GET', /^\/v1\/kv\/(.+)$/, readKey],
  ['PUT', /^\/v1\/kv\/(.+)$/, writeKey],
  ['DELETE', /^\/v1\/kv\/(.+)$/, deleteKey],
  ['PUT', /^\/v1\/session\/create$/, createSession],
  ['PUT', /^\/v1\/session\/destroy\/(.+)$/, destroySession],
  ['PUT', /^\/v1\/session\/renew\/(.+)$/, renewSession],
  ['GET', /^\/v1\/session\/info\/(.+)$/, (call) => sessions(call, (session) => session.id === call.name)],
  ['GET', /^\/v1\/session\/node\/(.+)$/, (call) => sessions(call, (session) => session.node === call.name)],
  ['GET', /^\/v1\/session\/list$/, (call) => sessions(call, () => true)],
  ['GET', /^\/v1\/health\/checks\/(.+)$/, healthChecks],
  ['GET', /^\/v1\/health\/service\/(.+)$/, healthService],
];

/** Answers a request to an agent. */
export async function answerOf(agent: ConsulAgent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const url = new URL(request.url ?? '/', 'http://agent');
  const { status = 200, json, text, type, headers } = decide(agent, request, url, body);
  const content = text ?? (json === undefined ? '' : JSON.stringify(json));
  const plain = type ?? (json === undefined ? undefined : 'application/json');
  response.writeHead(status, { Vary: 'Accept-Encoding', ...(plain ? { 'Content-Type': plain } : {}), ...headers });
  response.end(content);
}

function decide(agent: ConsulAgent, request: IncomingMessage, url: URL, body: string): Answer {
  const { cluster } = agent;
  const secret = String(request.headers['x-consul-token'] ?? url.searchParams.get('token') ?? agent.token);
  // What a client agent is told by the servers, it says with these words before it.
  const relayed = agent.server ? '' : 'rpc error making call: ';
  const fail = (status: number, text: string): Answer => ({ status, text, type: 'text/plain; charset=utf-8' });
  try {
    const gate = new Gate(cluster.access, secret, cluster.version);
    const find = (list: typeof paths) =>
      list.find(([method, path]) => method === request.method && path.test(url.pathname));
    const local = find(paths);
    const found = local ?? find(served);
    if (!found) {
      const known = [...paths, ...served].some(([, path]) => path.test(url.pathname));
      return known ? fail(405, `method ${request.method} not allowed`) : fail(404, '');
    }
    const stale = request.method === 'GET' && url.searchParams.has('stale');
    if (!local && !cluster.servers.some((server) => server.alive)) return fail(500, 'No known Consul servers');
    if (!local && cluster.leader === '' && !stale) return fail(500, `${relayed}No cluster leader`);
    const [, path, answer] = found;
    const name = decodeURIComponent(path.exec(url.pathname)?.[1] ?? '');
    const said = answer({ agent, gate, query: url.searchParams, body, name });
    const meta = local || request.method !== 'GET' ? {} : metaOf(agent, said);
    return { ...said, headers: { ...meta, ...gate.headers, ...said.headers } };
  } catch (error) {
    if (error instanceof Denied) return fail(403, relayed + error.message);
    if (error instanceof Refused) return fail(500, relayed + error.message);
    throw error;
  }
}

function metaOf({ cluster }: ConsulAgent, said: Answer): Record<string, string> {
  return {
    'X-Consul-Index': said.headers?.['X-Consul-Index'] ?? `${cluster.store.index}`,
    'X-Consul-Knownleader': `${cluster.leader !== ''}`,
    'X-Consul-Lastcontact': '0',
  };
}
