/** Evidence with samples and a baseline: written, read again, and refused where it would prove nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/cli/commands/evaluate.js';
import { readTarget } from '../../src/cli/target.js';
import { UsageError } from '../../src/core/errors.js';
import type { Evidence } from '../../src/core/model.js';
import { checkEvidence, makeEvidence, readBaseline, readEvidence } from '../../src/evidence/evidence.js';
import { mergeEvidence } from '../../src/evidence/merge.js';
import { brought, collected, scopeOf } from '../support.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes evidence to a file of this name. */
function saved(name: string, evidence: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(evidence));
  return file;
}

const LATER = '2026-11-22T04:41:00.000Z';
let earlier: Evidence;
let later: Evidence;
beforeAll(async () => {
  earlier = await collected(scopeOf(brought));
  later = { ...structuredClone(earlier), takenAt: LATER, finishedAt: LATER };
});

/** A copy with another address of the secondary. */
function moved(evidence: Evidence, over: Partial<Evidence['inventory']['hosts'][number]>): Evidence {
  const hosts = evidence.inventory.hosts.map((host) => (host.role === 'secondary' ? { ...host, ...over } : host));
  return { ...evidence, inventory: { ...evidence.inventory, hosts } };
}

describe('evidence', () => {
  it('keeps the baseline that its run was given', () => {
    const { baseline: _, ...without } = earlier;
    const parts = { steps: [], connections: [], tokenKeyId: 'k' };
    const at = new Date(LATER);
    expect(makeEvidence(scopeOf(brought), parts, at, at, false, without).baseline).toBe(without);
    expect(makeEvidence(scopeOf(brought), parts, at, at, false)).not.toHaveProperty('baseline');
  });

  it('of before is still read, and so are samples and a baseline', () => {
    const [first, ...others] = later.steps;
    if (!first) throw new Error('nothing was planned');
    const sample = { times: 3, everyMs: 5000 };
    const sampled = { ...first, sample, outputs: [1, 2, 3].map(() => first.outputs[0] ?? []) };
    expect(readEvidence(saved('old.json', earlier))).toEqual(earlier);
    const whole = { ...later, steps: [sampled, ...others], baseline: earlier };
    expect(readEvidence(saved('whole.json', whole))).toEqual(whole);
  });

  it.each<[string, (evidence: Evidence) => unknown, RegExp]>([
    [
      'a sampling without its interval',
      (one) => ({ ...one, steps: one.steps.map((s) => ({ ...s, sample: { times: 2 } })) }),
      /everyMs/,
    ],
    [
      'no samples at all',
      (one) => ({ ...one, steps: one.steps.map((s) => ({ ...s, sample: { times: 0, everyMs: 1 } })) }),
      /times/,
    ],
    ['a baseline of another form', (one) => ({ ...one, baseline: { ...one, steps: 5 } }), /baseline\.steps/],
    ['a baseline with a baseline', (one) => ({ ...one, baseline: { ...one, baseline: one } }), /baseline/],
    [
      'a step twice in the baseline',
      (one) => ({ ...one, baseline: { ...one, steps: [...one.steps, ...one.steps.slice(0, 1)] } }),
      /baseline: the step .* is there twice/,
    ],
  ])('with %s is refused', (_, change, says) => {
    const file = saved('bad.json', change(later));
    expect(() => readEvidence(file)).toThrow(UsageError);
    expect(() => readEvidence(file)).toThrow(says);
  });
});

describe('a baseline', () => {
  it('is the earlier evidence without its own baseline', () => {
    const file = saved('earlier.json', { ...earlier, baseline: { ...earlier, takenAt: '2026-01-01T00:00:00.000Z' } });
    const baseline = readBaseline(file, later, brought);
    expect(baseline).toEqual(earlier);
    expect(baseline).not.toHaveProperty('baseline');
  });

  it('may hold waivers for rules that have gone, and other settings', () => {
    const waivers = [{ rule: 'alation/gone', reason: 'r', owner: 'o', until: '2026-01-01' }];
    const settings = { dataDisk: '/mnt/before' };
    const file = saved('waived.json', { ...earlier, inventory: { ...earlier.inventory, waivers, settings } });
    expect(readBaseline(file, later, brought).inventory.settings).toEqual(settings);
  });

  it.each<[string, (evidence: Evidence) => Evidence, RegExp]>([
    [
      'another address',
      (one) => moved(one, { address: '10.9.9.9' }),
      /is of another pair: the host of the role secondary is secondary \(10\.9\.9\.9\) there and secondary \(10\.0\.0\.2\) here/,
    ],
    ['another name', (one) => moved(one, { name: 'db-c' }), /the role secondary is db-c \(10\.0\.0\.2\) there/],
    ['another role', (one) => moved(one, { role: 'test' }), /the host of the role secondary is nobody there/],
    [
      'another product',
      (one) => ({ ...one, inventory: { ...one.inventory, product: 'other' } }),
      /is about other, and this run about alation/,
    ],
    ['the same time', (one) => ({ ...one, takenAt: LATER }), /was taken at .*; a baseline is older/],
    ['a later time', (one) => ({ ...one, takenAt: '2027-01-01T00:00:00.000Z' }), /a baseline is older/],
    [
      'a setting of another type',
      (one) => ({ ...one, inventory: { ...one.inventory, settings: { dataDisk: 5 } } }),
      /absolute path/,
    ],
  ])('of %s is refused, on its own and inside evidence', (_, change, says) => {
    const file = saved('baseline.json', change(earlier));
    expect(() => readBaseline(file, later, brought)).toThrow(UsageError);
    expect(() => readBaseline(file, later, brought)).toThrow(says);
    expect(() => checkEvidence({ ...later, baseline: change(earlier) }, brought, 'e.json')).toThrow(says);
  });

  it('of a live run is read with the target', () => {
    const file = saved('earlier.json', { ...earlier, takenAt: '2026-01-01T00:00:00.000Z' });
    const host = earlier.inventory.hosts.map(({ role, address }) => `${role}=${address}`);
    expect(readTarget({ host, baseline: file }, ['preflight']).baseline?.takenAt).toBe('2026-01-01T00:00:00.000Z');
    expect(() => readTarget({ host: host.map((one) => one.replace('10.0.0.2', '10.0.0.3')), baseline: file })).toThrow(
      /is of another pair/,
    );
  });
});

describe('evidence of several files', () => {
  const named = (...all: Evidence[]) => all.map((evidence, index) => ({ file: `${index}.json`, evidence }));

  it.each<[string, () => Evidence[], boolean]>([
    ['has none where no file has one', () => [later, later], false],
    ['has the one that the first has', () => [{ ...later, baseline: earlier }, later], true],
    ['has the one that another has', () => [later, later, { ...later, baseline: earlier }], true],
    ['has the one that all have', () => [1, 2].map(() => ({ ...later, baseline: structuredClone(earlier) })), true],
  ])('%s', (_, files, there) => {
    expect(mergeEvidence(named(...files())).baseline).toEqual(there ? earlier : undefined);
  });

  it('of which two have other baselines is refused', () => {
    const other = { ...earlier, takenAt: '2026-01-01T00:00:00.000Z' };
    const files = named(later, { ...later, baseline: earlier }, { ...later, baseline: other });
    expect(() => mergeEvidence(files)).toThrow(
      '2.json: has another baseline than 1.json; give the one that is meant with --baseline',
    );
  });
});

it('evaluate --baseline takes the place of the baselines in the files', async () => {
  const other = { ...earlier, takenAt: '2026-01-01T00:00:00.000Z' };
  const files = [
    saved('one.json', { ...later, baseline: other }),
    saved('two.json', { ...later, baseline: moved(earlier, { address: '10.9.9.9' }) }),
  ];
  const report = join(folder, 'report.json');
  const options = { files, report: [`json=${report}`], failOn: 'blocker' as const, color: false };
  await expect(evaluate.run(options)).rejects.toThrow(/another baseline/);
  await expect(evaluate.run({ ...options, baseline: saved('earlier.json', earlier) })).resolves.toBeTypeOf('number');
  await expect(
    evaluate.run({ ...options, baseline: saved('late.json', { ...earlier, takenAt: LATER }) }),
  ).rejects.toThrow(/late\.json: was taken at/);
});
