/** Every step of a run, spoiled in every way: nothing newly passes, vanishes or throws. */
import { beforeAll, expect, it } from 'vitest';
import type { Evidence, Finding, Output, Step } from '../../src/model.js';
import { evidenceOf, findingsOf } from './evidence.js';
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

/** How far the Secondary got is told beside this verdict, which rests on the Primary's word alone. */
const isOnlyTold = (finding: Finding, { subject }: Step) =>
  finding.rule === 'alation/lag-before-failover' && subject.kind === 'host' && subject.host === 'secondary';

/** A finding that passes without what this step would have answered, and had no right to. */
const passesWithout = (step: Step) => (finding: Finding) =>
  finding.verdict === 'pass' &&
  finding.because.includes(step.id) &&
  !hasSecondSource(finding) &&
  !isOnlyTold(finding, step);

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
  let before: Finding[];
  let steps: Steps;

  beforeAll(async () => {
    evidence = await evidenceOf(scenario, phase);
    before = findingsOf(evidence);
    steps = evidence.steps;
  });

  it('is what its name says', () => {
    const failed = new Set(before.filter((finding) => finding.verdict === 'fail').map((finding) => finding.rule));
    const passing = before.filter((finding) => finding.verdict === 'pass').length;
    expect(fails === 0 ? [...failed] : failed.size >= fails).toEqual(fails === 0 ? [] : true);
    expect(passing).toBeGreaterThanOrEqual(passes);
  });

  it.each(Object.entries(unreadable))('with a step %s', (name, spoil) => {
    for (const [index, step] of steps.entries()) {
      if (step.asks.length === 0 || silenceIsAnAnswer(name, step.probe)) continue;
      const after = findingsOf(spoilStep(evidence, index, spoil));
      expectNothingGreener(before, after, `${name}: ${step.probe}`);
      expect(
        after.filter(passesWithout(step)).map((finding) => finding.key),
        `${name}: ${step.probe}`,
      ).toEqual([]);
    }
  });

  it.each(Object.entries(misleading))('with a step that says %s', (name, spoil) => {
    for (const [index, step] of steps.entries())
      expectNothingGreener(before, findingsOf(spoilStep(evidence, index, spoil)), `${name}: ${step.probe}`);
  });

  it('with each step missing from the evidence', () => {
    for (const [index, step] of steps.entries()) {
      const after = findingsOf({ ...evidence, steps: steps.filter((_, at) => at !== index) });
      expectNothingGreener(before, after, step.probe);
    }
  });

  it('with outputs of another step in its place', () => {
    for (const [index, step] of steps.entries()) {
      for (const shift of [1, 7, 13]) {
        const other = steps[(index + shift) % steps.length];
        if (!other || other.probe === step.probe) continue;
        const swapped = steps.map((one, at) => (at === index ? { ...one, outputs: other.outputs } : one));
        const after = findingsOf({ ...evidence, steps: swapped });
        expectNothingGreener(before, after, `${other.probe} for ${step.probe}`);
      }
    }
  });

  it('with no outputs, and with fewer than were asked', () => {
    for (const [index, step] of steps.entries()) {
      for (const outputs of [[], [[]], step.outputs.map((sample) => sample.slice(0, -1))]) {
        if (step.asks.length === 0) continue;
        const after = findingsOf({
          ...evidence,
          steps: steps.map((one, at) => (at === index ? { ...one, outputs } : one)),
        });
        expectNothingGreener(before, after, step.probe);
        expect(after.filter(passesWithout(step))).toEqual([]);
      }
    }
  });

  it('with nothing at all every finding that asks a host is unknown', () => {
    const after = findingsOf({ ...evidence, steps: [] });
    expectNothingGreener(before, after, 'nothing');
    expect(after.filter((finding) => finding.verdict === 'pass').map((finding) => finding.rule)).toEqual(
      before.filter((finding) => finding.rule === 'alation/addresses-are-ipv4').map((finding) => finding.rule),
    );
  });
}
