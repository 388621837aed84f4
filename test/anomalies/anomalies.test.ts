/** Every step of a healthy and of an all-failing run, spoiled in every way: nothing newly passes, vanishes or throws. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output } from '../../src/model.js';
import { evidenceOf, findingsOf } from './evidence.js';

const base = { exit: null, stdout: '', stderr: '', startedAt: '2026-01-31T02:00:00.000Z', durationMs: 1 };

/** Answers in which nothing can be read: a finding that rests on one cannot pass. */
const unreadable: Record<string, (output: Output) => Output> = {
  timeout: () => ({ ...base, problem: 'timeout', problemAt: 'command' }),
  'timeout with the whole answer': (output) => ({ ...output, exit: null, problem: 'timeout', problemAt: 'command' }),
  'truncated, the beginning kept': (output) => ({
    ...output,
    exit: null,
    stdout: output.stdout.slice(0, 200),
    problem: 'truncated',
    problemAt: 'command',
  }),
  'truncated, all kept': (output) => ({ ...output, problem: 'truncated', problemAt: 'command' }),
  'command denied': () => ({ ...base, problem: 'denied', problemAt: 'command' }),
  'context denied': () => ({
    ...base,
    stderr: 'sudo: a password is required',
    problem: 'denied',
    problemAt: 'context',
  }),
  'host unreachable': () => ({ ...base, stderr: 'connection refused', problem: 'unreachable', problemAt: 'host' }),
  'program not found': () => ({
    ...base,
    exit: 127,
    stderr: 'sh: not found',
    problem: 'not-found',
    problemAt: 'command',
  }),
  'not run': () => ({ ...base, problem: 'not-run' }),
  'empty, exit 0': () => ({ ...base, exit: 0 }),
  'blank, exit 0': () => ({ ...base, exit: 0, stdout: '\n \n' }),
  'the whole answer, exit 1': (output) => ({ ...output, exit: 1, stderr: 'something broke' }),
  'permission denied': () => ({ ...base, exit: 1, stderr: 'cat: x: Permission denied' }),
  garbage: () => ({ ...base, exit: 0, stdout: '\u0000\u001b[2J\ufffd\u202e{"a":[1]} 0x7f ;; -1\n' }),
  JSON: () => ({ ...base, exit: 0, stdout: '{"value":null,"exists":true,"ports":[22]}\n' }),
  'a number': () => ({ ...base, exit: 0, stdout: '1\n' }),
  'a megabyte of one letter': () => ({ ...base, exit: 0, stdout: 'a'.repeat(1024 * 1024) }),
};

/** Answers that may be a value (a file that is not there), but never one that turns a finding green. */
const misleading: Record<string, (output: Output) => Output> = {
  'no such file': () => ({ ...base, exit: 1, stderr: 'cat: x: No such file or directory' }),
  'warnings beside the answer': (output) => ({ ...output, stderr: 'warning: something is odd\n' }),
};

/** Where echo requests are blocked, the time of a connect stands in: one answer alone may do. */
const hasSecondSource = (finding: Finding) => finding.rule === 'alation/network-quality';

/** Silence with exit 0 is what these ask for: an empty answer is the value, not its absence. */
const silenceIsAnAnswer = (name: string, probe: string) => name === 'empty, exit 0' && probe === 'ssh-batch';

type Steps = Evidence['steps'];

const spoilStep = (evidence: Evidence, index: number, spoil: (output: Output) => Output): Evidence => ({
  ...evidence,
  steps: evidence.steps.map((step, at) =>
    at === index ? { ...step, outputs: step.outputs.map((sample) => sample.map(spoil)) } : step,
  ),
});

const verdictsOf = (findings: Finding[]) => new Map(findings.map((finding) => [finding.key, finding.verdict]));

function expectNothingGreener(before: Finding[], after: Finding[], what: string): void {
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

const pairs: { scenario: string; phase: string; fails: number; passes: number }[] = [
  { scenario: 'healthy', phase: 'preflight', fails: 0, passes: 45 },
  { scenario: 'everything-wrong', phase: 'preflight', fails: 15, passes: 0 },
  { scenario: 'old-3.12', phase: 'preflight', fails: 0, passes: 45 },
  { scenario: 'before-adding', phase: 'pre-replication', fails: 0, passes: 20 },
  { scenario: 'before-adding-wrong', phase: 'pre-replication', fails: 8, passes: 0 },
];

describe.each(pairs)('the pair $scenario in $phase', ({ scenario, phase, fails, passes }) => {
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
      const stillPassing = after.filter(
        (finding) => finding.verdict === 'pass' && finding.because.includes(step.id) && !hasSecondSource(finding),
      );
      expect(
        stillPassing.map((finding) => finding.key),
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
        expect(
          after.filter(
            (finding) => finding.verdict === 'pass' && finding.because.includes(step.id) && !hasSecondSource(finding),
          ),
        ).toEqual([]);
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
});
