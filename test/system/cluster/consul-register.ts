/** Services that an agent is told of, and the checks that it then makes itself. Pages: api-docs/agent/service and api-docs/agent/check. */

import type { ConsulAgent } from './consul.js';
import type { Answer, Call } from './consul-answers.js';
import { type Check, type Status, secondsOf } from './consul-store.js';
import type { Reply } from './curl.js';
import { requestFrom } from './namespace-worker.js';

interface Wanted {
  ID?: string;
  Name: string;
  Address?: string;
  Port?: number;
  Check?: { HTTP?: string; Interval?: string; TTL?: string };
}

/** Registers a service; its check is critical until it was made for the first time. The id of a service's only check is `service:ID`. */
export function register({ agent, gate, body }: Call): Answer {
  const wanted = JSON.parse(body) as Wanted;
  gate.demand('service:write', wanted.Name);
  const { store } = agent.cluster;
  const id = wanted.ID ?? wanted.Name;
  const every = secondsOf(wanted.Check?.Interval ?? '');
  const check: Check = {
    ...{
      node: agent.node,
      id: `service:${id}`,
      name: `Service '${wanted.Name}' check`,
      status: 'critical',
      output: '',
    },
    ...{ serviceId: id, serviceName: wanted.Name },
    ...(wanted.Check?.HTTP ? { http: { url: wanted.Check.HTTP, every, due: store.clock.ms + every * 1000 } } : {}),
  };
  const service = { node: agent.node, id, name: wanted.Name, address: wanted.Address ?? '', port: wanted.Port ?? 0 };
  store.register(service, wanted.Check ? check : undefined);
  return {};
}

const statuses: Record<string, Status> = { pass: 'passing', warn: 'warning', fail: 'critical' };

/** `/agent/check/{pass,warn,fail}/ID?note=` and `/agent/check/update/ID`, for checks with a TTL. */
export function setTtlCheck({ agent, query, body, name }: Call): Answer {
  const update = body === '' ? {} : (JSON.parse(body) as { Status?: Status; Output?: string });
  const [word = '', id = ''] = name.split(/\/(.*)/s);
  const status = statuses[word] ?? update.Status ?? 'passing';
  agent.cluster.store.setCheck(agent.node, id, status, update.Output ?? query.get('note') ?? '');
  return {};
}

/** 2xx is passing, 429 warning, everything else critical. */
function judge(url: string, { status, body, error }: Reply): [Status, string] {
  if (status === 0) return ['critical', `Get ${url}: ${error}`];
  const output = `HTTP GET ${url}: ${status} Output: ${body}`;
  if (status >= 200 && status < 300) return ['passing', output];
  return [status === 429 ? 'warning' : 'critical', output];
}

/** Makes the HTTP checks of an agent that are due, from the network of process `holder`; without one, from the runner's. */
export async function makeDueChecks(agent: ConsulAgent, holder: number | undefined): Promise<void> {
  const { store } = agent.cluster;
  const due = store.checks.filter(
    ({ node, http }) => node === agent.node && http !== undefined && http.due <= store.clock.ms,
  );
  await Promise.all(
    due.map(async (check) => {
      if (!check.http) return;
      const [status, output] = judge(check.http.url, await requestFrom(holder, check.http.url));
      check.http.due = store.clock.ms + check.http.every * 1000;
      // It may have been deregistered in the meantime.
      if (store.checks.includes(check)) store.setCheck(agent.node, check.id, status, output);
    }),
  );
}
