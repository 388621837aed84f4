/** A run of many hosts: work grows with their number and not with its square. Counted, not timed: how often a host or a step is looked at. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/evidence/read-answer.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { scopeOf } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { planText } from '../../src/plan/text.js';

function cluster(instances: number) {
  const hosts = Array.from({ length: instances }, (_, n) => [`i${n}`, { role: 'instance', address: `i${n}.test` }]);
  const more = { es: { role: 'elasticsearch', address: 'es.test' } };
  const written = { product: 'alien4cloud', hosts: { ...Object.fromEntries(hosts), ...more } };
  return scopeOf(parseInventory(JSON.stringify(written), 'many')).scope;
}

/** The same list, which counts how often one of its elements is read. */
function counted<T extends object>(list: readonly T[]): { list: T[]; reads: () => number } {
  let reads = 0;
  const proxy = new Proxy([...list], {
    get(target, property, receiver) {
      if (typeof property === 'string' && /^\d+$/.test(property)) reads++;
      return Reflect.get(target, property, receiver);
    },
  });
  return { list: proxy, reads: () => reads };
}

/** What planning, showing and judging look at. */
function work(instances: number): { hosts: number; steps: number } {
  const plain = cluster(instances);
  const hosts = counted(plain.hosts);
  const scope = { ...plain, hosts: hosts.list };
  const steps = counted(planSteps(scope));
  expect(planText(scope, steps.list)).toContain(`\ni${instances - 1} (instance`);
  const unread: Reading = { unread: { reason: 'nobody was asked' }, steps: [] };
  const facts = {
    stated: () => unread,
    define: () => undefined,
    times: () => [],
    hostsOf: () => [],
    buildOf: () => undefined,
  };
  expect(evaluate(scope, facts, '2026-11-21T04:41:00.000Z').length).toBeGreaterThan(instances);
  return { hosts: hosts.reads(), steps: steps.reads() };
}

describe('planning, showing and judging', () => {
  it('look at twenty times as many hosts and steps for twenty times as many hosts', () => {
    const [few, many] = [work(10), work(200)];
    expect(few.steps).toBeGreaterThan(100);
    // Quadratic work would be four hundred times as much.
    expect(many.hosts / few.hosts).toBeLessThan(25);
    expect(many.steps / few.steps).toBeLessThan(25);
  });
});
