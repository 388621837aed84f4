/** Less knowledge never makes a verdict better: whatever of a plan becomes unknown or goes, no failure and no unknown turns into a pass. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { judgeDeclared, targetFor } from './declared.js';
import { machine, pairInventory, plan, volume } from './plans.js';

/** The rules that a plan can answer, and some that it cannot. */
const target = targetFor(pairInventory, [
  'alation/same-*',
  'alation/*-same-size',
  'alation/backup-space-*',
  'alation/memory-*',
]);

type Node = Record<string, unknown> | unknown[];
type Path = string[];

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every place in a value, itself left out. */
function pathsIn(value: unknown): Path[] {
  if (!isNode(value)) return [];
  return Object.keys(value).flatMap((key) => [
    [key],
    ...pathsIn((value as Record<string, unknown>)[key]).map((path) => [key, ...path]),
  ]);
}

/** Removes what stands at a path; an element of a list takes those after it along, as no index may come to mean another. */
function without(value: Node, path: Path): void {
  const last = path.at(-1) ?? '';
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], value) as Node;
  if (Array.isArray(parent)) parent.length = Number(last);
  else delete parent[last];
}

/** Marks a path as unknown, in objects of its own. */
function marked(path: Path): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), true);
}

const pair = fc
  .record({
    types: fc.tuple(fc.constantFrom('m5.4xlarge', 'm5.2xlarge'), fc.constantFrom('m5.4xlarge', 'm5.2xlarge')),
    images: fc.tuple(fc.constantFrom('ami-1', 'ami-2'), fc.constantFrom('ami-1', 'ami-2')),
    data: fc.tuple(fc.constantFrom(500, 400, 'large', null), fc.constantFrom(500, 400)),
    backup: fc.tuple(fc.constantFrom(750, 600), fc.constantFrom(750, 600)),
    root: fc.tuple(fc.constantFrom(100, 80), fc.constantFrom(100, 80)),
    sensitive: fc.constantFrom({}, { size: true }, true),
  })
  .map(({ types, images, data, backup, root, sensitive }) => {
    const names = ['primary', 'secondary'] as const;
    const resources = names.flatMap((name, at) => {
      const disk = volume(`${name}_data`, data[at] as number);
      return [
        machine(name, { instance_type: types[at], ami: images[at], root_block_device: [{ volume_size: root[at] }] }),
        { ...disk, change: { ...disk.change, after_sensitive: sensitive } },
        volume(`${name}_backup`, backup[at] as number),
      ];
    });
    return plan(resources);
  });

type Plan = Omit<ReturnType<typeof plan>, 'resource_changes'> & {
  resource_changes: { address: string; change: Record<string, Node> }[];
};

/** A plan in which less is known: one value is unknown until apply, one resource is gone, or one of its attributes. */
const poorer = (whole: Plan) => {
  const attributes = whole.resource_changes.flatMap(({ change }, index) =>
    pathsIn(change.after).map((path) => ({ index, path })),
  );
  const places = pathsIn(whole.resource_changes).filter(
    (path) => !path.some((key) => /^after_(unknown|sensitive)$/.test(key)),
  );
  return fc.oneof(
    fc.record({ how: fc.constant('unknown' as const), at: fc.constantFrom(...attributes) }),
    fc.record({ how: fc.constant('gone' as const), at: fc.constantFrom(...places) }),
  );
};

function impoverish(
  whole: Plan,
  change: { how: 'unknown'; at: { index: number; path: Path } } | { how: 'gone'; at: Path },
): Plan {
  const less = structuredClone(whole);
  if (change.how === 'unknown') {
    const { index, path } = change.at;
    const target = less.resource_changes[index]?.change;
    if (target?.after) without(target.after, path);
    if (target) target.after_unknown = marked(path) as Node;
  } else if (change.at.length === 1) less.resource_changes.splice(Number(change.at[0]), 1);
  else without(less.resource_changes, change.at);
  return less;
}

/** The verdicts by key, and the exit code; a refusal is none of either. */
function judged(of: Plan, defer: boolean) {
  try {
    const { report } = judgeDeclared(of, { defer, failOn: 'warning', target });
    return { verdicts: new Map(report.findings.map(({ key, verdict }) => [key, verdict])), report };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return undefined;
  }
}

it.each([false, true])('never better, with values deferred: %s', (defer) => {
  fc.assert(
    fc.property(
      pair.chain((whole) => fc.tuple(fc.constant(whole as unknown as Plan), poorer(whole as unknown as Plan))),
      ([whole, change]) => {
        const before = judged(whole, defer);
        const after = judged(impoverish(whole, change), defer);
        if (!before || !after) return;
        for (const [key, verdict] of before.verdicts) {
          if (verdict === 'fail' || verdict === 'unknown' || verdict === 'error')
            expect([key, after.verdicts.get(key)]).not.toEqual([key, 'pass']);
        }
        if (before.report.run.exitCode === 0 || after.report.run.exitCode !== 0) return;
        // Only what is unknown until apply can be put off, and then it is said.
        expect(defer && change.how === 'unknown').toBe(true);
        expect(after.report.summary.deferred).toBeGreaterThan(0);
      },
    ),
    { numRuns: 100 },
  );
});
