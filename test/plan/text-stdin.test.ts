/** The plan shows what a command reads, and of a secret the name of its variable alone. */
import { expect, it } from 'vitest';
import type { Step } from '../../src/core/model.js';
import { planText } from '../../src/plan/text.js';
import { endpoint } from '../../src/probes/http/endpoint.js';
import { brought, scopeOf } from '../support.js';

it('shows the line below the command that reads it, and below no other', () => {
  const scope = scopeOf(brought);
  const [host] = scope.hosts;
  if (!host) throw new Error('a scope has hosts');
  const url = 'http://127.0.0.1:8500/v1/status/leader';
  const step = (id: string, more: object): Step => ({
    ...{ id, probe: 'endpoint', params: {}, subject: { kind: 'host', host: host.name }, wantedBy: [] },
    asks: endpoint.ask({ url, ...more }, host).map((ask) => ({ host: host.name, ask })),
  });
  process.env.PFT_PLAN_TOKEN = 'pft-plan-secret';
  const header = { name: 'X-Token', env: 'PFT_PLAN_TOKEN' };
  const text = planText(scope, [step('a', {}), step('b', { header })]);
  delete process.env.PFT_PLAN_TOKEN;
  const lines = text.split('\n');
  const asked = lines.flatMap((line, index) =>
    line.includes(url) ? [[line.includes(' -K - '), lines[index + 1]]] : [],
  );
  expect(asked[0]?.[0]).toBe(false);
  expect(asked[0]?.[1]).not.toContain('stdin:');
  expect(asked[1]).toEqual([true, '      stdin: header = "X-Token: $PFT_PLAN_TOKEN"']);
  expect(text).not.toContain('pft-plan-secret');
});
