/** Evidence that was taken in two places, judged as one. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Output } from '../../src/core/model.js';
import { mergeEvidence } from '../../src/evidence/merge.js';
import { evidenceOf, findingsOf } from '../system/anomalies/evidence.js';

/** The evidence as a collector sees it that reaches one host alone. */
function seenFrom(evidence: Evidence, host: string): Evidence {
  const lost = (output: Output): Output => ({
    ...output,
    exit: null,
    stdout: '',
    stderr: 'no route',
    problem: 'unreachable',
    problemAt: 'host',
  });
  return {
    ...evidence,
    connections: evidence.connections.map((one) =>
      one.host === host
        ? one
        : { ...one, shells: 0, problem: { problem: 'unreachable', problemAt: 'host', message: 'no route' } },
    ),
    steps: evidence.steps.map((step) => ({
      ...step,
      outputs: step.outputs.map((sample) =>
        sample.map((output, index) => ([host, 'here'].includes(step.asks[index]?.host ?? '') ? output : lost(output))),
      ),
    })),
  };
}

describe('evidence of one pair from two places', () => {
  let whole: Evidence;
  beforeAll(async () => {
    whole = await evidenceOf('default');
  });
  const named = (...all: Evidence[]) => all.map((evidence, index) => ({ file: `${index}.json`, evidence }));

  it('comes to the findings of evidence from one place, but for the clocks', () => {
    const merged = mergeEvidence(named(seenFrom(whole, 'primary'), seenFrom(whole, 'secondary')));
    const clocks = (key: string) => key !== 'alation/clock-offset';
    const verdicts = (evidence: Evidence) =>
      findingsOf(evidence).flatMap(({ key, verdict, message }) => (clocks(key) ? [{ key, verdict, message }] : []));
    expect(verdicts(merged)).toEqual(verdicts(whole));
    expect(findingsOf(merged).find(({ key }) => !clocks(key))).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('different clocks'),
    });
    expect(merged.connections.every((one) => !one.problem)).toBe(true);
  });

  it('does not depend on the order', () => {
    const [a, b] = [seenFrom(whole, 'primary'), seenFrom(whole, 'secondary')];
    const verdicts = (evidence: Evidence) => findingsOf(evidence).map(({ key, verdict }) => [key, verdict]);
    expect(verdicts(mergeEvidence(named(a, b)))).toEqual(verdicts(mergeEvidence(named(b, a))));
  });

  it('is refused when the files are too far apart to tell of one time', () => {
    const [a, b] = [seenFrom(whole, 'primary'), seenFrom(whole, 'secondary')];
    const later = (minutes: number) => {
      const at = new Date(Date.parse(a.finishedAt) + minutes * 60_000).toISOString();
      return { ...b, takenAt: at, finishedAt: at };
    };
    expect(mergeEvidence(named(a, later(14))).finishedAt).toBe(later(14).finishedAt);
    for (const files of [named(a, later(16)), named(later(16), a)])
      expect(() => mergeEvidence(files)).toThrow(/collect both within 15 minutes/);
  });

  it('takes the later word of two, in whatever order the files are given', () => {
    const at = new Date(Date.parse(whole.takenAt) + 60_000).toISOString();
    const step = whole.steps.find(({ probe }) => probe === 'kernel');
    const later: Evidence = {
      ...whole,
      takenAt: at,
      finishedAt: at,
      steps: whole.steps.map((one) =>
        one.id === step?.id
          ? { ...one, outputs: one.outputs.map((sample) => sample.map((output) => ({ ...output, stdout: 'later\n' }))) }
          : one,
      ),
    };
    for (const files of [named(whole, later), named(later, whole)]) {
      const merged = mergeEvidence(files).steps.find(({ id }) => id === step?.id);
      expect(merged?.outputs[0]?.[0]?.stdout).toBe('later\n');
    }
  });

  it('believes neither of two places that asked one endpoint', () => {
    const step = whole.steps.find(({ probe }) => probe === 'kernel');
    const elsewhere: Evidence = {
      ...whole,
      steps: whole.steps.map((one) =>
        one.id === step?.id ? { ...one, asks: one.asks.map((ask) => ({ ...ask, host: 'here' })) } : one,
      ),
    };
    const merged = mergeEvidence(named(whole, elsewhere)).steps.find(({ id }) => id === step?.id);
    expect(merged?.outputs[0]?.[0]).toMatchObject({ problem: 'not-run', stdout: '' });
  });

  it('gives nothing that neither file has', () => {
    const half = mergeEvidence(named(seenFrom(whole, 'primary'), seenFrom(whole, 'primary')));
    expect(
      findingsOf(half).filter(({ rule, verdict }) => rule === 'alation/same-version' && verdict === 'pass'),
    ).toEqual([]);
  });

  it.each<[string, (evidence: Evidence) => Evidence]>([
    ['pack', (one) => ({ ...one, packs: [{ name: 'alation', version: '9', sha256: 'x' }] })],
    ['phase', (one) => ({ ...one, run: { ...one.run, phases: ['pre-replication'] } })],
    ['selection', (one) => ({ ...one, run: { ...one.run, selection: { only: ['x'], skip: [] } } })],
    [
      'hosts',
      (one) => ({
        ...one,
        inventory: { ...one.inventory, hosts: one.inventory.hosts.map((host) => ({ ...host, address: '10.9.9.9' })) },
      }),
    ],
    ['settings', (one) => ({ ...one, inventory: { ...one.inventory, settings: { dataDisk: '/x' } } })],
  ])('is refused when it is of another %s', (what, change) => {
    expect(() => mergeEvidence(named(whole, change(whole)))).toThrow(`1.json: has another ${what} than 0.json`);
  });
});
