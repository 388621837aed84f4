/** Every step of a run, spoiled in every way: nothing newly passes, vanishes or throws. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import type { Evidence, Finding, Output, Step } from '../../../src/core/model.js';
import { evidenceOf } from './evidence.js';
import { Judging } from './judging.js';
import { misleading, unreadable } from './spoilers.js';

/** A scenario, the least number of rules that fail on it (0: none does), and the least number of findings that pass. */
export interface SpoiledPair {
  scenario: string;
  phase: string;
  fails: number;
  passes: number;
}

/** Where echo requests are blocked, the time of a connect stands in: one answer alone may do. */
const hasSecondSource = (finding: Finding) => finding.rule === 'alation/network-quality';

/** Silence with exit 0 is what these ask for: an empty answer is the value, not its absence. */
const silenceIsAnAnswer = (name: string, probe: string) => name === 'empty, exit 0' && probe === 'ssh-batch';

/**
 * Where a host has its web page is told by the first answer; the second only adds addresses that it may be under. Of
 * listeners ss tells last, and only of IPv6 sockets that may take IPv4 as well: a host that has none may do without it.
 */
const addsToTheFirst = (probe: string) => ['http', 'listeners'].includes(probe);

/**
 * Which sender is the Secondary's is told by slot and name on both servers and by the inventory's address; a host's own
 * addresses only add others under which it may be known.
 */
const addsAddresses = ({ probe }: Step, { rule }: Finding) =>
  probe === 'addresses' && ['alation/postgres-streaming', 'alation/postgres-lag-settles'].includes(rule);

/** A finding that passes without what this step would have answered, and had no right to. */
const passesWithout = (step: Step) => (finding: Finding) =>
  finding.verdict === 'pass' &&
  finding.because.includes(step.id) &&
  !hasSecondSource(finding) &&
  !addsAddresses(step, finding);

type Steps = Evidence['steps'];

const spoilStep = (evidence: Evidence, index: number, spoil: (output: Output) => Output): Evidence => ({
  ...evidence,
  steps: evidence.steps.map((step, at) =>
    at === index ? { ...step, outputs: step.outputs.map((sample) => sample.map(spoil)) } : step,
  ),
});

const verdictsOf = (findings: Finding[]) => new Map(findings.map((finding) => [finding.key, finding.verdict]));

/** No finding vanished, came up, or passes that did not. */
export function expectNothingGreener(before: Finding[], after: Finding[], what: string): void {
  expect(
    after.map((finding) => finding.key),
    what,
  ).toEqual(before.map((finding) => finding.key));
  const was = verdictsOf(before);
  const greener = after.filter((finding) => finding.verdict === 'pass' && was.get(finding.key) !== 'pass');
  expect(
    greener.map((finding) => `${finding.key}: ${finding.message}`),
    what,
  ).toEqual([]);
}

/** The whole loop over the evidence of one scenario. */
export function spoilEverything({ scenario, phase, fails, passes }: SpoiledPair): void {
  let evidence: Evidence;
  let judging: Judging;
  let before: Finding[];
  let steps: Steps;

  beforeAll(async () => {
    evidence = await evidenceOf(scenario, phase);
    judging = new Judging(evidence);
    before = judging.before;
    steps = evidence.steps;
  });

  it('is what its name says', () => {
    const failed = new Set(before.filter((finding) => finding.verdict === 'fail').map((finding) => finding.rule));
    const passing = before.filter((finding) => finding.verdict === 'pass').length;
    expect(fails === 0 ? [...failed] : failed.size >= fails).toEqual(fails === 0 ? [] : true);
    expect(passing).toBeGreaterThanOrEqual(passes);
  });

  it('is judged in part as it is in whole', () => {
    const { garbage: unread, 'no such file': absent } = { ...unreadable, ...misleading };
    if (!unread || !absent) throw new Error('no such spoilers');
    for (const [index, step] of steps.entries()) {
      const spoiled = spoilStep(evidence, index, index % 2 === 0 ? unread : absent);
      expect(isDeepStrictEqual(judging.after(spoiled), judging.wholly(spoiled)), step.probe).toBe(true);
    }
  });

  it.each(Object.entries(unreadable))('with a step %s', (name, spoil) => {
    for (const [index, step] of steps.entries()) {
      if (step.asks.length === 0 || silenceIsAnAnswer(name, step.probe)) continue;
      const after = judging.after(spoilStep(evidence, index, spoil));
      expectNothingGreener(before, after, `${name}: ${step.probe}`);
      expect(
        after.filter(passesWithout(step)).map((finding) => finding.key),
        `${name}: ${step.probe}`,
      ).toEqual([]);
    }
  });

  it.each(Object.entries(misleading))('with a step that says %s', (name, spoil) => {
    for (const [index, step] of steps.entries())
      expectNothingGreener(before, judging.after(spoilStep(evidence, index, spoil)), `${name}: ${step.probe}`);
  });

  it('with each step missing from the evidence', () => {
    for (const [index, step] of steps.entries()) {
      const after = judging.after({ ...evidence, steps: steps.filter((_, at) => at !== index) });
      expectNothingGreener(before, after, step.probe);
    }
  });

  it('with outputs of another step in its place', () => {
    for (const [index, step] of steps.entries()) {
      for (const shift of [1, 7, 13]) {
        const other = steps[(index + shift) % steps.length];
        if (!other || other.probe === step.probe) continue;
        const swapped = steps.map((one, at) => (at === index ? { ...one, outputs: other.outputs } : one));
        const after = judging.after({ ...evidence, steps: swapped });
        expectNothingGreener(before, after, `${other.probe} for ${step.probe}`);
      }
    }
  });

  it('with no outputs, and with fewer than were asked', () => {
    for (const [index, step] of steps.entries()) {
      const last = step.outputs.map((sample) => sample.slice(1));
      const first = step.outputs.map((sample) => sample.slice(0, -1));
      for (const outputs of [[], [[]], last, ...(addsToTheFirst(step.probe) ? [] : [first])]) {
        if (step.asks.length === 0) continue;
        const after = judging.after({
          ...evidence,
          steps: steps.map((one, at) => (at === index ? { ...one, outputs } : one)),
        });
        expectNothingGreener(before, after, step.probe);
        expect(after.filter(passesWithout(step))).toEqual([]);
      }
    }
  });

  it('with nothing at all every finding that asks a host is unknown', () => {
    const after = judging.after({ ...evidence, steps: [] });
    expectNothingGreener(before, after, 'nothing');
    expect(after.filter((finding) => finding.verdict === 'pass').map((finding) => finding.rule)).toEqual(
      before.filter((finding) => finding.rule === 'alation/addresses-are-ipv4').map((finding) => finding.rule),
    );
  });
}
