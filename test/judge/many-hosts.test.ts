/**
 * Judging, reporting and comparing runs of many hosts: work grows with their number and not with its square. Counted, not timed: how
 * often a property is read of what is judged, shown or compared, however deep it stands.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Report } from '../../src/core/model.js';
import { compareRuns } from '../../src/judge/diff.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { type Scope, scopeOf } from '../../src/plan/scope.js';
import { type Format, reporters } from '../../src/reporters/index.js';
import { comparisonTable } from '../../src/reporters/terminal/diff.js';
import { collected, said } from '../support.js';

const SIZES = [10, 50, 200] as const;
const options = { color: false, columns: 100 };
const tool = { name: 'pairflight', version: '0.1.0' };

function cluster(instances: number): Scope {
  const hosts = Array.from({ length: instances }, (_, n) => [`i${n}`, { role: 'instance', address: `i${n}.test` }]);
  const more = { es: { role: 'elasticsearch', address: 'es.test' } };
  const written = { product: 'alien4cloud', hosts: { ...Object.fromEntries(hosts), ...more } };
  return scopeOf(parseInventory(JSON.stringify(written), 'many')).scope;
}

/** The same, of which every property that is read is counted, and so on downwards. */
function counted<T extends object>(root: T): { value: T; reads: () => number } {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const before = known.get(value);
    if (before) return before;
    const proxy = new Proxy(value, {
      get(target, property, receiver) {
        reads++;
        return wrap(Reflect.get(target, property, receiver));
      },
    });
    known.set(value, proxy);
    return proxy;
  };
  return { value: wrap(root) as T, reads: () => reads };
}

interface Run {
  scope: Scope;
  evidence: Evidence;
  report: Report;
}

/** All of it fails or is not known: that takes the most work, and the most words. */
async function run(instances: number): Promise<Run> {
  const scope = cluster(instances);
  const evidence = await collected(scope, (host) => said(`${host}\n`));
  return { scope, evidence, report: judgeEvidence(scope, evidence, 'blocker') };
}

const runs = new Map<number, Run>();
beforeAll(async () => {
  for (const size of SIZES) runs.set(size, await run(size));
});

/** What is looked at, by the number of hosts. */
async function work(look: (run: Run) => Promise<number> | number): Promise<number[]> {
  const counts: number[] = [];
  for (const size of SIZES) counts.push(await look(runs.get(size) as Run));
  return counts;
}

/**
 * At most a half more than the hosts: what is sorted is looked at a little more often. Squares would be 25 and 16 times as much.
 * `again`: how often the whole may be tried anew where it does not fit.
 */
function demandLinear([few = 0, some = 0, many = 0]: number[], again = 1): void {
  expect(few).toBeGreaterThan(100);
  expect(some / few).toBeLessThan(5 * 1.5 * again);
  expect(many / some).toBeLessThan(4 * 1.5);
}

describe('for many hosts', () => {
  it('evidence is judged', async () => {
    const counts = await work(({ scope, evidence }) => {
      const { value, reads } = counted(evidence);
      judgeEvidence(scope, value, 'blocker');
      return reads();
    });
    demandLinear(counts);
  });

  it('two runs are compared, and the comparison is shown', async () => {
    const counts = await work(({ scope, evidence }) => {
      const [before, after] = [counted(evidence), counted(structuredClone(evidence))];
      const comparison = counted(compareRuns(scope, before.value, after.value, tool));
      comparisonTable(comparison.value, options);
      return before.reads() + after.reads() + comparison.reads();
    });
    demandLinear(counts);
  });

  it.each(Object.keys(reporters) as Format[])('a report is shown as %s', async (format) => {
    const counts = await work(async ({ report }) => {
      const { value, reads } = counted(report);
      expect(await reporters[format](value, options)).toContain('i9');
      return reads();
    });
    // What is too long for a comment is written again with less, seven times at most.
    demandLinear(counts, format === 'markdown' ? 7 : 1);
  });
});
