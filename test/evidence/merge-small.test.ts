/** Merging, on evidence of a few steps: which file's answer counts, and what may not be merged. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Output } from '../../src/core/model.js';
import { mergeEvidence } from '../../src/evidence/merge.js';

const minute = (at: number) => `2026-11-21T04:${String(at).padStart(2, '0')}:00.000Z`;
const said = (stdout: string, over: Partial<Output> = {}): Output => ({
  ...{ exit: 0, stdout, stderr: '', startedAt: minute(0), durationMs: 1 },
  ...over,
});
const lost = said('', { exit: null, problem: 'unreachable', problemAt: 'host' });
const never = said('', { exit: null, problem: 'not-run', problemAt: 'command' });

const step = (id: string, outputs: Output[][], { probe = 'kernel', asks = ['left'] } = {}) => ({
  id,
  probe,
  asks: asks.map((host) => ({ host })),
  outputs,
});
type Steps = ReturnType<typeof step>[];
const connection = (host: string, over: object = {}) => ({
  host,
  kind: 'ssh',
  shells: 1,
  logins: 1,
  bytes: 1,
  ...over,
});

const evidence = (from: number, to: number, steps: Steps, over: object = {}): Evidence =>
  ({
    takenAt: minute(from),
    finishedAt: minute(to),
    packs: [{ name: 'p', version: '1' }],
    run: { phases: ['verify'], selection: { only: [], skip: [] } },
    inventory: {
      name: 'pair',
      hosts: [{ name: 'left', role: 'left', address: '10.0.0.1' }],
      settings: {},
      ports: [],
      waivers: [],
    },
    connections: [],
    steps,
    ...over,
  }) as unknown as Evidence;

const merge = (...all: Evidence[]) => mergeEvidence(all.map((one, at) => ({ file: `${at}.json`, evidence: one })));
const answer = (merged: Evidence, id = 'a') =>
  merged.steps
    .find((one) => one.id === id)
    ?.outputs.map((sample) => sample.map(({ stdout, stderr }) => stdout || stderr));

it('nothing cannot be merged, and one file is itself', () => {
  expect(() => mergeEvidence([])).toThrow('there is no evidence to merge');
  const one = evidence(0, 1, [step('a', [[said('x')]])]);
  expect(merge(one)).toBe(one);
});

describe('the later answer counts', () => {
  const early = evidence(0, 1, [step('a', [[said('early')]])]);
  const late = (outputs: Output[][]) => evidence(2, 3, [step('a', outputs)]);
  it.each<[string, Output[][], string[][]]>([
    ['whole', [[said('late')]], [['late']]],
    ['though one of its samples was lost', [[said('late')], [lost]], [['late'], ['']]],
    ['though one of its questions was lost', [[said('late'), lost]], [['late', '']]],
    ['though the command ran out of time', [[said('late', { problem: 'timeout', problemAt: 'command' })]], [['late']]],
    ['unless the host was not reached', [[lost]], [['early']]],
    ['unless it was not asked', [[never]], [['early']]],
    ['unless it was neither reached nor asked', [[lost], [never]], [['early']]],
    ['unless it has none', [], [['early']]],
  ])('%s', (_, outputs, expected) => {
    for (const all of [
      [early, late(outputs)],
      [late(outputs), early],
    ])
      expect(answer(merge(...all))).toEqual(expected);
  });

  it('what neither was told stays as the later has it', () => {
    const merged = merge(evidence(0, 1, [step('a', [[never]])]), late([[lost]]));
    expect(merged.steps[0]?.outputs).toEqual([[lost]]);
  });

  it('where both asked from one place, none is taken back', () => {
    const two = (text: string) => [step('a', [[said(text)]], { asks: ['here'] })];
    expect(answer(merge(evidence(0, 1, two('x')), evidence(2, 3, two('y'))))).toEqual([['y']]);
  });

  it('where both asked from two places, neither is believed, unless one of them was told nothing', () => {
    const of = (host: string, outputs: Output[][]) => [step('a', outputs, { asks: [host] })];
    const [one, other] = [evidence(0, 1, of('left', [[said('x')]])), evidence(2, 3, of('right', [[said('y')]]))];
    expect(answer(merge(one, other))).toEqual([['asked from two places, which may have met two endpoints']]);
    expect(answer(merge(one, evidence(2, 3, of('right', [[lost]]))))).toEqual([['x']]);
    expect(answer(merge(evidence(0, 1, of('left', [[lost]])), other))).toEqual([['y']]);
    expect(merge(one, other).steps[0]?.outputs[0]?.[0]).toMatchObject({
      exit: null,
      problem: 'not-run',
      problemAt: 'command',
    });
  });
});

describe('clocks', () => {
  const clock = (outputs: Output[][]) => step('c', outputs, { probe: 'clock' });
  const other = step('a', [[said('x')]]);

  it('of one place are kept, of two they are not comparable', () => {
    const asked = (from: number) => evidence(from, from + 1, [clock([[said('1')]]), other]);
    expect(answer(merge(asked(0), evidence(2, 3, [clock([[lost]]), other])), 'c')).toEqual([['1']]);
    expect(answer(merge(evidence(0, 1, [clock([[never]]), other]), asked(2)), 'c')).toEqual([['1']]);
    expect(answer(merge(evidence(0, 1, [other]), asked(2)), 'c')).toEqual([['1']]);
    const both = merge(asked(0), asked(2));
    expect(answer(both, 'c')).toEqual([['measured against different clocks']]);
    expect(answer(both)).toEqual([['x']]);
  });
});

describe('the run', () => {
  it('began with the first of them and ended with the last', () => {
    for (const all of [
      [evidence(0, 1, []), evidence(2, 9, []), evidence(3, 4, [])],
      [evidence(3, 4, []), evidence(2, 9, []), evidence(0, 1, [])],
    ])
      expect(merge(...all)).toMatchObject({ takenAt: minute(0), finishedAt: minute(9) });
  });

  it('was interrupted where one of them was', () => {
    const cut = (from: number) =>
      evidence(from, from + 1, [], {
        run: { phases: ['verify'], selection: { only: [], skip: [] }, interrupted: true },
      });
    expect(merge(evidence(0, 1, []), cut(2)).run.interrupted).toBe(true);
    expect(merge(cut(0), evidence(2, 3, [])).run.interrupted).toBe(true);
    expect(merge(evidence(0, 1, []), evidence(2, 3, [])).run).not.toHaveProperty('interrupted');
  });

  it('may take a quarter of an hour from the end of one to the beginning of the next', () => {
    expect(merge(evidence(0, 1, []), evidence(16, 17, [])).finishedAt).toBe(minute(17));
    expect(() => merge(evidence(0, 1, []), evidence(17, 18, []))).toThrow(
      `0.json was taken at ${minute(0)} and 1.json at ${minute(17)}; collect both within 15 minutes`,
    );
  });

  it('has the connection that was used, of each host', () => {
    const refused = { problem: { problem: 'denied', problemAt: 'host', message: 'no' } };
    const first = [connection('left', { shells: 0 }), connection('right', refused)];
    const second = [connection('right', { shells: 3 }), connection('left', { ...refused, shells: 2 })];
    const merged = merge(evidence(0, 1, [], { connections: first }), evidence(2, 3, [], { connections: second }));
    expect(merged.connections).toEqual([second[0], second[1]]);
    const again = merge(
      evidence(0, 1, [], { connections: [connection('left', { shells: 4 })] }),
      evidence(2, 3, [], { connections: second }),
    );
    expect(again.connections).toEqual([second[0], connection('left', { shells: 4 })]);
    expect(merge(evidence(0, 1, []), evidence(2, 3, [])).connections).toEqual([]);
  });
});

describe('what is of another run is refused', () => {
  const of = (over: object) => evidence(2, 3, [], over);
  const plain = evidence(0, 1, []);
  it.each<[string, object]>([
    ['name', { inventory: { ...plain.inventory, name: 'other' } }],
    ['pack', { packs: [{ name: 'p', version: '2' }] }],
    ['phase', { run: { ...plain.run, phases: ['preflight'] } }],
    ['selection', { run: { ...plain.run, selection: { only: ['x'], skip: [] } } }],
    ['release', { run: { ...plain.run, release: '1.0' } }],
    ['hosts', { inventory: { ...plain.inventory, hosts: [] } }],
    ['settings', { inventory: { ...plain.inventory, settings: { a: 1 } } }],
    ['ports', { inventory: { ...plain.inventory, ports: [{ port: 1 }] } }],
    ['waivers', { inventory: { ...plain.inventory, waivers: [{ rule: 'r' }] } }],
  ])('another %s', (what, over) => {
    expect(() => merge(plain, of(over))).toThrow(`1.json: has another ${what} than 0.json`);
    expect(() => merge(plain, plain, of(over))).toThrow(`2.json: has another ${what} than 0.json`);
  });

  it('declared hosts', () => {
    const declared = of({ run: { ...plain.run, declared: { sources: [] } } });
    expect(() => merge(plain, declared)).toThrow('1.json: is declared, and stands alone');
    expect(() => merge(declared, plain)).toThrow('0.json: is declared, and stands alone');
  });

  it('another baseline, where two have one', () => {
    const based = (from: number, name: string) => evidence(from, from + 1, [], { baseline: { takenAt: name } });
    expect(merge(plain, based(2, 'x')).baseline).toEqual({ takenAt: 'x' });
    expect(merge(based(0, 'x'), plain, based(2, 'x')).baseline).toEqual({ takenAt: 'x' });
    expect(merge(plain, plain)).not.toHaveProperty('baseline');
    expect(() => merge(plain, based(1, 'x'), based(2, 'y'))).toThrow('2.json: has another baseline than 1.json');
  });
});
