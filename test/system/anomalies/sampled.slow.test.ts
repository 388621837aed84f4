/** Steps that are sampled, with single samples spoiled, lost or in another order: no trend looks better than it is. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output } from '../../../src/core/model.js';
import { evidenceOf } from './evidence.js';
import { Judging } from './judging.js';
import { expectNothingGreener } from './loop.js';
import { misleading, unreadable } from './spoilers.js';

type Samples = Output[][];

/** The evidence with the samples of one step, or of every sampled step, changed. */
function withSamples(evidence: Evidence, change: (samples: Samples) => Samples, only?: number): Evidence {
  const steps = evidence.steps.map((step, at) =>
    step.sample && (only === undefined || only === at) ? { ...step, outputs: change(step.outputs) } : step,
  );
  return { ...evidence, steps };
}

const spoiled = (spoil: (output: Output) => Output, index: number) => (samples: Samples) =>
  samples.map((sample, at) => (at === index ? sample.map(spoil) : sample));

/** Every other order of a few samples that says something else. */
const orders: Record<string, (samples: Samples) => Samples> = {
  reversed: (samples) => samples.toReversed(),
  'the first at the end': ([first, ...rest]) => (first ? [...rest, first] : rest),
  'the last at the beginning': (samples) => [...samples.slice(-1), ...samples.slice(0, -1)],
  'two of them swapped': ([first, second, ...rest]) => (first && second ? [second, first, ...rest] : rest),
  'the same one every time': (samples) => samples.map(() => samples[0] ?? []),
  'the least after the others': (samples) => [...samples].sort((a, b) => lag(b) - lag(a)),
};

/** The number in an answer of the monitor; that of any other answer does not matter. */
const lag = ([output]: Output[]) => Number(/_bytes": "(\d+)"/.exec(output?.stdout ?? '')?.[1] ?? 0);

/** A trend with a value that was not read. */
const hasGap = ({ samples = [] }: Finding) => samples.some(({ values }) => values.some(({ value }) => value === null));

describe.each([
  ['protected', 'pass'],
  ['lag-falling', 'pass'],
  ['lag-rising', 'fail'],
  ['lag-unsteady', 'unknown'],
  ['replay-paused', 'fail'],
  ['replay-paused-idle', 'fail'],
  ['replication-stopped', 'fail'],
])('the samples of %s', (scenario, verdict) => {
  let evidence: Evidence;
  let judging: Judging;
  let before: Finding[];
  let sampled: number[];

  beforeAll(async () => {
    evidence = await evidenceOf(scenario, 'verify');
    judging = new Judging(evidence);
    before = judging.before;
    sampled = [...evidence.steps.keys()].filter((at) => evidence.steps[at]?.sample);
  });

  it('are what its name says', () => {
    const trends = before.filter(({ samples }) => samples);
    expect(trends.map((finding) => finding.verdict)).toEqual([verdict]);
    const steps = sampled.flatMap((at) => evidence.steps[at] ?? []);
    expect(new Set(steps.map(({ probe }) => probe))).toEqual(new Set(['http', 'postgres']));
    expect(new Set(steps.map(({ outputs }) => outputs.length))).toEqual(new Set([5]));
  });

  it.each(Object.entries({ ...unreadable, ...misleading }))('with one of them spoiled: %s', (name, spoil) => {
    for (const at of sampled) {
      for (const index of evidence.steps[at]?.outputs.keys() ?? []) {
        const after = judging.after(withSamples(evidence, spoiled(spoil, index), at));
        const what = `${name}: sample ${index} of ${evidence.steps[at]?.probe}`;
        expectNothingGreener(before, after, what);
        expect(
          after.filter((finding) => finding.verdict === 'pass' && hasGap(finding)),
          what,
        ).toEqual([]);
      }
    }
  });

  it('with one of them missing, and with all but one', () => {
    for (const at of [...sampled, undefined]) {
      for (const index of [0, 1, 2, 3, 4]) {
        const without = (samples: Samples) => samples.filter((_, one) => one !== index);
        expectNothingGreener(before, judging.after(withSamples(evidence, without, at)), `without sample ${index}`);
        const only = (samples: Samples) => samples.slice(index, index + 1);
        expectNothingGreener(before, judging.after(withSamples(evidence, only, at)), `sample ${index} alone`);
      }
    }
  });

  it.each(Object.entries(orders))('in another order: %s', (name, order) => {
    for (const at of [...sampled, undefined])
      expectNothingGreener(before, judging.after(withSamples(evidence, order, at)), name);
  });
});
