/** Conditions on pairs of values: the whole outcome, to the word, as fixtures/outcomes.txt keeps it. */
import { describe, it } from 'vitest';
import type { HostRef, Rule, Telling } from '../../src/core/model.js';
import type { FactSource } from '../../src/evidence/facts.js';
import type { Reading } from '../../src/evidence/read-answer.js';
import { judge } from '../../src/judge/condition.js';
import type { Context } from '../../src/judge/values.js';
import { readExpectation } from '../../src/pack/expectation.js';
import type { JudgedRow } from '../../src/pack/row-properties.js';
import { Kept } from '../kept.js';

const hostOf = (name: string, at: number): HostRef => ({
  name,
  role: name,
  address: `10.0.0.${at}`,
  connection: 'ssh',
});
const [left, right, third] = [hostOf('left', 1), hostOf('right', 2), hostOf('third', 3)];
const row = { port: 22, name: 'SSH', mustListen: true, basis: 'inferred', neededInPhase: true } as JudgedRow;

/** A fact is a reading, or the readings of three samples. */
type Facts = Record<string, Reading | Reading[]>;

const source = (facts: Facts, over: Partial<FactSource> = {}): FactSource => ({
  define: () => undefined,
  hostsOf: (role) => [left, right, third].filter((host) => host.role === role),
  times: (_, name, subject) => {
    const all = facts[placeOf(name, subject)];
    return Array.isArray(all) ? all.map((_, index) => `2026-01-01T00:00:0${index}.000Z`) : [];
  },
  stated: (_, name, subject, sample) => {
    const all = facts[placeOf(name, subject)];
    return Array.isArray(all) ? all[sample ?? all.length - 1] : all;
  },
  ...over,
});

const placeOf = (name: string, subject: Parameters<FactSource['stated']>[2]) =>
  `${subject.kind === 'host' ? subject.host : subject.kind === 'pair' ? `${subject.from}->${subject.to}` : ''} ${name}`;

function outcome(written: Record<string, unknown>, facts: Facts, over: Partial<Context> = {}, of = {}) {
  const condition = readExpectation(written, ['left', 'right', 'third'], () => 'f:1:1');
  const context: Context = {
    rule: { facts: {}, expect: [condition] } as unknown as Rule,
    source: source(facts, of),
    hosts: [left, right],
    hostsOf: (role) => [left, right, third].filter((host) => host.role === role),
    setting: (name) => ({ limit: 10 })[name],
    row,
    ...over,
  };
  return judge(condition, context);
}

const value = (v: unknown, more: object = {}): Reading => ({ value: { v }, steps: [], ...more });
/** A value that is declared, and may not tell everything. */
const declared = (v: unknown, { may = 'both', sensitive }: { may?: Telling; sensitive?: true }): Reading => ({
  value: {},
  steps: ['declared'],
  properties: [{ property: 'v', may, from: 'a plan', value: v, ...(sensitive && { sensitive }) }],
});
const unread = (reason: string, more: object = {}): Reading => ({ unread: { reason, ...more }, steps: ['asked'] });
const both = (a: Reading, b: Reading): Facts => ({ 'left x': a, 'right x': b });
const token = (key: string, of: string) => `secret:${key.repeat(16)}:${of.repeat(32)}`;

const pairs: Record<string, Facts> = {
  'equal numbers': both(value(1), value(1)),
  'a smaller one': both(value(1), value(12)),
  'a larger one': both(value(12), value(1)),
  'zero and less': both(value(0), value(-5)),
  'two zeros': both(value(0), value(-0)),
  'the same bounds': both(value({ low: 5, high: 9 }), value({ low: 5, high: 9 })),
  'bounds that touch': both(value({ low: 5, high: 9 }), value({ low: 9, high: 20 })),
  'bounds apart': both(value({ low: 5, high: 9 }), value({ low: 30, high: 40 })),
  'bounds apart, the higher first': both(value({ low: 30, high: 40 }), value({ low: 5, high: 9 })),
  'bounds that touch, the higher first': both(value({ low: 9, high: 20 }), value({ low: 5, high: 9 })),
  'bounds at the edge of a tolerance': both(value({ low: 85, high: 90 }), value(100)),
  'near numbers': both(value(100), value(95)),
  'a number within bounds': both(value(7), value({ low: 5, high: 9 })),
  'bounds around a number': both(value({ low: 5, high: 9 }), value(7)),
  'bounds of one number': both(value({ low: 5, high: 5 }), value(5)),
  'two texts': both(value('a'), value('b')),
  'one text': both(value('a'), value('a')),
  'a text and a number': both(value('a'), value(1)),
  flags: both(value(true), value(false)),
  nulls: both(value(null), value(1)),
  lists: both(value([1, 2]), value([2, 1])),
  'empty lists': both(value([]), value([])),
  elements: both(
    value([
      { port: 22, state: 'open' },
      { port: 9, state: 'shut' },
      { port: 22, state: 'open' },
    ]),
    value([{ port: 22, state: 'shut' }, { port: 22 }, null]),
  ),
  addresses: both(value('10.0.0.1'), value('10.0.0.1')),
  'not read': both(value(1), unread('timed out', { problem: 'timeout' })),
  'not read first': both(unread('timed out', { host: 'left' }), value(1)),
  'refused twice': both(
    unread('refused', { host: 'left', at: 'context' }),
    unread('refused', { host: 'right', at: 'host' }),
  ),
  'without it': both({ value: {}, steps: ['s'] }, { value: { v: 1 }, steps: ['s', 't'] }),
  'without both': both({ value: {}, steps: [] }, { value: {}, steps: [] }),
  'one secret': both(value(token('a', '1')), value(token('a', '1'))),
  'two secrets': both(value(token('a', '1')), value(token('a', '2'))),
  'secrets of two runs': both(value(token('a', '1')), value(token('b', '1'))),
  'secrets on one side': both(value(token('a', '1')), value('x')),
  'only to compare': both(declared('a', { may: 'same-only' }), declared('a', { may: 'same-only' })),
  'only to compare, one of them': both(declared('a', { may: 'same-only' }), value('a')),
  'only to compare, and different': both(
    declared(['a', 'b'], { may: 'same-only' }),
    declared(['c'], { may: 'same-only' }),
  ),
  'only to compare, a list on one side': both(declared(['a', 'b'], { may: 'same-only' }), value(['a', 'b'])),
  'only to compare, beside a sensitive one': both(
    declared('a', { may: 'same-only' }),
    declared('a', { sensitive: true }),
  ),
  'only to compare, not read': both(declared('a', { may: 'same-only' }), unread('gone')),
  sensitive: both(declared('a', { sensitive: true }), declared('a', { sensitive: true })),
  'sensitive, and different': both(declared('a', { sensitive: true }), declared('b', { sensitive: true })),
  'sensitive, one to compare': both(
    declared('a', { sensitive: true, may: 'same-only' }),
    declared('b', { sensitive: true }),
  ),
  'only to fail': both(declared(1, { may: 'fail-only' }), value(1)),
  'only to fail, different': both(value(1), declared(2, { may: 'fail-only' })),
};

const conditions: Record<string, unknown>[] = [
  { every: 'x.v', equals: 1 },
  { every: 'x.v', equals: 1, says: 'the one' },
  { any: 'x.v', equals: 1 },
  { every: 'x.v', at_least: 7 },
  { every: 'x.v', at_most: '${limit}' },
  { every: 'x.v', absent: true },
  { every: 'x.v', absent: false },
  { every: 'x.v', verdicts: { a: 'pass', b: 'fail', true: 'unknown' } },
  { every: 'x.v', verdicts: { a: 'skip', b: 'pass', true: 'skip', false: 'fail' } },
  { any: 'x.v', verdicts: { a: 'skip', b: 'pass', true: 'skip', false: 'fail' } },
  { every: 'x.v', equals: '@self.address' },
  { every: 'x.v', equals: '@peer.x.v' },
  { every: 'x.v', at_most: '@right.x.v' },
  { left: 'x.v', equals: '@before.x.v' },
  { same: 'x.v' },
  { same: 'x.v', tolerance_percent: 20 },
  { same: 'x.v', tolerance_percent: '${limit}' },
  { distinct: 'x.v' },
  { difference: 'x.v', at_most: 4 },
  { difference: 'x.v', at_least: 11 },
  { count: 'x.v', where: 1, equals: 1 },
  { count: 'x.v', where: ['a', 1], at_least: 1 },
  { count: 'x.v', where: 'a', at_most: 1 },
  { left: 'x.v', equals: 1 },
  { before: 'x.v', equals: 1 },
  { every: 'x.v', where: { port: 22 }, its: 'state', equals: 'open' },
  { every: 'x.v', where: { port: 22 }, count: { at_least: 2 } },
  { every: 'x.v', where: { port: 9 }, its: 'state', count: { at_most: 0 } },
  { every: 'x.v', where: { port: 80, state: 'open' }, its: 'state', equals: 'open' },
  { any: 'x.v', its: 'state', equals: 'open' },
  { every: 'x.v', where: { port: 22 }, excludes: 5 },
];

describe('conditions come out as they are kept', () => {
  const kept = new Kept(new URL('fixtures/outcomes.txt', import.meta.url));

  it.each(conditions)('%j', (condition) => {
    const scenes = Object.entries(pairs).map(([name, facts]) => [
      `${JSON.stringify(condition)} on ${name}`,
      outcome(condition, facts),
    ]);
    kept.expect(Object.fromEntries(scenes));
  });

  it('and no others are', () => {
    kept.expectNoMore();
  });
});

it('circumstances come out as they are kept', () => {
  const seen = pairs['a smaller one'] ?? {};
  const series = (...values: (number | string | undefined)[]) =>
    values.map((one) => (one === undefined ? unread('gone') : value(one)));
  const trend = { small: 16, falling: 'pass', rising: 'fail', stuck: 'fail', mixed: 'unknown', not_a_number: 'fail' };
  const direction = { direction: { from: left, to: right }, self: left, peer: right };
  const ways: Facts = { ...seen, 'left->right t': value(3), 'right->left t': value(4) };
  const three = { hosts: [left, right, third] };
  const onThree = (a: unknown, b: unknown, c?: unknown): Facts => ({
    ...both(value(a), value(b)),
    'third x': c === undefined ? unread('gone') : value(c),
  });
  const elements = (...lags: number[]) => value(lags.map((lag, index) => ({ name: `n${index}`, lag })));
  const of = (word: string, over: object = {}) => ({ [word]: 'x.v', ...over });
  const results: Record<string, unknown> = {
    'no host': outcome(of('every', { equals: 1 }), {}, { hosts: [] }),
    'one host, same': outcome(of('same'), seen, { hosts: [left] }),
    'one host, same, declared': outcome(of('same'), pairs['only to compare'] ?? {}, { hosts: [left] }),
    'one host, difference': outcome(of('difference', { at_most: 1 }), seen, { hosts: [left] }),
    'one host, self': outcome(of('self', { equals: 1 }), seen, { self: left }),
    'an end': outcome(of('self', { equals: 1 }), ways, direction),
    'the other end': outcome(of('peer', { equals: 1 }), ways, direction),
    'a direction': outcome({ pair: 't.v', equals: 3 }, ways, direction),
    'both directions': outcome({ pair: 't.v', equals: 3 }, ways),
    'a direction that was not asked': outcome({ pair: 't.v', equals: 3 }, seen, direction),
    'three, the same': outcome(of('same'), onThree(1, 1, 1), three),
    'three, one of them other': outcome(of('same'), onThree(1, 1, 2), three),
    'three, distinct': outcome(of('distinct'), onThree(1, 2, 3), three),
    'three, two alike': outcome(of('distinct'), onThree(1, 2, 1), three),
    'three, one not read': outcome(of('same'), onThree(1, 1), three),
    'three, two differ and one not read': outcome(of('same'), onThree(1, 2), three),
    'three, two alike and one not read': outcome(of('distinct'), onThree(1, 1), three),
    'three, distinct and one not read': outcome(of('distinct'), onThree(1, 2), three),
    'three, apart': outcome(of('difference', { at_most: 2 }), onThree(1, 2, 9), three),
    'three, near': outcome(of('difference', { at_most: 8 }), onThree(1, 2, 9), three),
    'three, counted': outcome(of('count', { where: 1, at_least: 2 }), onThree(1, 1), three),
    'three, counted too few': outcome(of('count', { where: 1, at_least: 3 }), onThree(1, 2), three),
    'three, perhaps': outcome(of('count', { where: 1, equals: 2 }), onThree(1, 2), three),
    'a role of two': outcome(of('every', { equals: '@left.x.v' }), seen, { hostsOf: () => [left, right] }),
    'a role of two that agree': outcome(of('every', { equals: '@left.x.v' }), pairs['equal numbers'] ?? {}, {
      hostsOf: () => [left, right],
    }),
    'a role of nobody': outcome(of('every', { equals: '@third.x.v' }), seen, { hostsOf: () => [] }),
    'nobody itself': outcome({ row: 'number', equals: '@self.address' }, seen),
    'nobody before': outcome({ row: 'number', equals: '@before.x.v' }, seen),
    'another that may only be compared': outcome(
      of('every', { equals: '@left.x.v' }),
      pairs['only to compare, one of them'] ?? {},
      {
        hosts: [right],
      },
    ),
    'another that is sensitive': outcome(of('every', { equals: '@left.x.v' }), pairs.sensitive ?? {}, {
      hosts: [right],
    }),
    'another that was not read': outcome(of('every', { equals: '@left.x.v' }), pairs['not read first'] ?? {}, {
      hosts: [right],
    }),
    'before, and there was': outcome(of('before', { equals: 1 }), seen, {}, { before: source(seen) }),
    'as before': outcome(of('every', { equals: '@before.x.v' }), seen, {}, { before: source(seen) }),
    'other than before': outcome(of('every', { equals: '@before.x.v' }), seen, {}, { before: source(onThree(1, 2)) }),
    'before, of declared hosts': outcome(of('before', { equals: 1 }), seen, {}, { declared: true }),
    'a row': outcome({ row: 'must_listen', equals: true }, {}),
    'a row without it': outcome({ row: 'severity', equals: 'advice' }, {}),
    'a row without it, absent': outcome({ row: 'severity', absent: true }, {}),
    'a row by its own port': outcome({ row: 'number', equals: '@port.number' }, {}),
    'no row': outcome({ row: 'number', equals: '@port.number' }, {}, { row: undefined } as unknown as Partial<Context>),
    'a setting that nobody gave': outcome(of('every', { at_most: '${unset}' }), seen),
    'a list among texts': outcome(of('every', { one_of: ['a', 'b'] }), pairs['two texts'] ?? {}),
  };
  const courses: Record<string, Facts> = {
    falling: { 'left x': series(90, 60, 30), 'right x': value(1) },
    rising: { 'left x': series(30, 60, 90), 'right x': series(1, 1, 1) },
    stuck: { 'left x': series(60, 60, 60), 'right x': value(1) },
    small: { 'left x': series(60, 10, 3), 'right x': series(5, 6, 7) },
    mixed: { 'left x': series(60, 90, 70), 'right x': value(1) },
    'no number': { 'left x': series('a', 'a', 'a'), 'right x': value(1) },
    'a gap': { 'left x': series(60, undefined, 3), 'right x': value(1) },
    'no end': { 'left x': series(60, 3, undefined), 'right x': value(1) },
    once: { 'left x': value(3), 'right x': value(1) },
  };
  for (const [name, facts] of Object.entries(courses)) {
    results[`trend, ${name}`] = outcome({ left: 'x.v', trend }, facts);
    results[`trend of both, ${name}`] = outcome(of('every', { trend }), facts);
    results[`trend, ${name}, while written`] = outcome(
      { left: 'x.v', trend: { ...trend, written: '@right.x.v' } },
      facts,
    );
    results[`trend, ${name}, while its own is written`] = outcome(
      { left: 'x.v', trend: { ...trend, written: '@self.x.v' } },
      facts,
      { self: right, peer: left },
    );
    results[`trend, ${name}, while the other's is written`] = outcome(
      { left: 'x.v', trend: { ...trend, written: '@peer.x.v' } },
      facts,
      { self: left, peer: right },
    );
  }
  results['trend, written by nobody'] = outcome(
    { left: 'x.v', trend: { ...trend, written: '@third.x.v' } },
    courses.small ?? {},
    { hostsOf: (role) => [left, right].filter((host) => host.role === role) },
  );
  results['trend without a limit'] = outcome(
    { left: 'x.v', trend: { ...trend, small: '${unset}' } },
    courses.small ?? {},
  );
  results['trend of a row'] = outcome({ row: 'number', trend }, {});
  const its = { where: { name: 'n0' }, its: 'lag', trend };
  results['trend of an element'] = outcome(
    { left: 'x.v', ...its },
    { 'left x': [elements(90), elements(60), elements(3)] },
  );
  results['trend of an element among others'] = outcome(
    { left: 'x.v', ...its },
    { 'left x': [elements(90, 1), elements(60, 2), elements(30, 3)] },
  );
  results['trend of two elements'] = outcome(
    { left: 'x.v', its: 'lag', trend },
    { 'left x': [elements(9, 8), elements(6, 7), elements(3, 90)] },
  );
  results['trend of an element that comes late'] = outcome(
    { left: 'x.v', ...its },
    { 'left x': [value([]), elements(6), elements(3)] },
  );
  const kept = new Kept(new URL('fixtures/circumstances.txt', import.meta.url));
  kept.expect(results);
  kept.expectNoMore();
});
