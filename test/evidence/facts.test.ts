import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredProperty, FactDefinition, HostRef, Rule, Subject } from '../../src/core/model.js';
import { derive } from '../../src/evidence/derive.js';
import { atSample, type FactSource, readFact, readPath, timesOf } from '../../src/evidence/facts.js';
import { isRead, type Reading } from '../../src/evidence/read-answer.js';
import type { DerivedFact } from '../../src/pack/derivations.js';
import type { Joint } from '../../src/probes/joint.js';
import { joints } from '../../src/probes/joints.js';

const rule = {} as Rule;
const host: Subject = { kind: 'host', host: 'h' };

function source(
  stated: Record<string, unknown>,
  defined: Record<string, FactDefinition> = {},
  gone: Record<string, Reading> = {},
): FactSource {
  return {
    stated: (_, name) => gone[name] ?? (name in stated ? { value: stated[name], steps: [`step-${name}`] } : undefined),
    define: (_, name) => defined[name],
    times: () => [],
    hostsOf: () => [],
  };
}
const valueAt = (from: FactSource, path: string) => {
  const reading = readPath(from, rule, path, host);
  return isRead(reading) ? { value: reading.value } : { reason: reading.unread.reason };
};
const denied: Reading = {
  unread: { reason: 'was refused', problem: 'denied', at: 'context', host: 'h' },
  steps: ['step-gone'],
};

describe('a word that is mapped', () => {
  const definition: FactDefinition = { from: 'mode.text', map: { master: 'leads', null: 'none', true: 'yes' } };
  it.each<[unknown, { value: unknown } | { reason: string }]>([
    ['master', { value: 'leads' }],
    [true, { value: 'yes' }],
    ['slave', { reason: 'the answer is none of master, null, true' }],
    ['toString', { reason: 'the answer is none of master, null, true' }],
    // A list, or nothing, is no word, though it may be written like one.
    [['master'], { reason: 'the answer is none of master, null, true' }],
    [null, { reason: 'the answer is none of master, null, true' }],
  ])('%j: %j', (text, found) => {
    expect(valueAt(source({ mode: { text } }, { mapped: definition }), 'mapped.value')).toEqual(found);
  });
});

describe('a path leads to a value, or to the reason why there is none', () => {
  const facts = source({ a: { b: { c: 1 }, list: [5], none: null, zero: 0, empty: '' }, gone: { exists: false } });
  it.each([
    ['a.b.c', { value: 1 }],
    ['a.b', { value: { c: 1 } }],
    ['a.zero', { value: 0 }],
    ['a.empty', { value: '' }],
    ['a.none', { value: null }],
    ['a.list.0', { value: 5 }],
    ['a.x', { reason: 'a.x is not in the answer' }],
    ['a.none.x', { reason: 'a.none.x is not in the answer' }],
    ['a.b.c.d', { reason: 'a.b.c.d is not in the answer' }],
    ['a.toString', { reason: 'a.toString is not in the answer' }],
    ['a.constructor.name', { reason: 'a.constructor.name is not in the answer' }],
    ['gone.text', { reason: 'gone.text: there is no such file or directory' }],
    ['gone.exists', { value: false }],
    ['nothing.x', { reason: 'nothing was not read' }],
  ])('%s', (path, found) => {
    expect(valueAt(facts, path)).toEqual(found);
  });

  it('the steps it rests on come with it, read or not', () => {
    expect(readPath(facts, rule, 'a.b', host).steps).toEqual(['step-a']);
    expect(readPath(facts, rule, 'a.x', host).steps).toEqual(['step-a']);
  });
});

describe('derived facts', () => {
  const text = (value: unknown, how: { captures?: string; decode?: 'base64' }) =>
    valueAt(source({ f: { text: value } }, { d: { from: 'f.text', ...how } }), how.captures ? 'd.v' : 'd.value');
  const packed = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
  it.each([
    ['V = 5\n', { captures: '^V = (?<v>\\d+)$' }, { value: '5' }],
    ['x\nV = 5\ny', { captures: '^V = (?<v>\\d+)$' }, { value: '5' }],
    ['W = 5', { captures: '^V = (?<v>\\d+)$' }, { reason: 'the answer does not match ^V = (?<v>\\d+)$' }],
    ['V = ', { captures: '^V = (?<v>\\d+)?' }, { reason: 'd.v is not in the answer' }],
    [packed('hello'), { decode: 'base64' as const }, { value: 'hello' }],
    [packed('abc'), { decode: 'base64' as const }, { value: 'abc' }],
    [`${packed('hello')}\n`, { decode: 'base64' as const }, { value: 'hello' }],
    ['not base64!', { decode: 'base64' as const }, { reason: 'the answer is not text in base64' }],
    ['abc', { decode: 'base64' as const }, { reason: 'the answer is not text in base64' }],
    ['', { decode: 'base64' as const }, { reason: 'the answer is not text in base64' }],
    [5, { captures: '(?<v>.)' }, { reason: 'the answer is not a text' }],
  ])('%j %j', (value, how, found) => {
    expect(text(value, how)).toEqual(found);
  });

  it('different bytes never decode to the same text', () => {
    expect(text(packed(Uint8Array.of(0xff)), { decode: 'base64' })).toEqual({
      reason: 'the answer is not text in base64',
    });
    expect(text(packed(Uint8Array.of(0xfe)), { decode: 'base64' })).toEqual({
      reason: 'the answer is not text in base64',
    });
  });

  it('a template needs all of its parts', () => {
    const define: Record<string, FactDefinition> = { t: { template: '{a.x}.{b.x}' } };
    expect(valueAt(source({ a: { x: 1 }, b: { x: 2 } }, define), 't.value')).toEqual({ value: '1.2' });
    expect(valueAt(source({ a: { x: 1 }, b: {} }, define), 't.value')).toEqual({ reason: 'b.x is not in the answer' });
    expect(valueAt(source({ a: { x: 1 }, b: { x: {} } }, define), 't.value')).toEqual({ reason: 'b.x is not a text' });
    expect(readPath(source({ a: { x: 1 }, b: { x: 2 } }, define), rule, 't.value', host).steps).toEqual([
      'step-a',
      'step-b',
    ]);
  });

  it('a second source stands in for one that was read and does not have it, not for one that could not be asked', () => {
    const define: Record<string, FactDefinition> = { d: { first: ['a.x', 'b.x'] } };
    expect(valueAt(source({ a: { x: 1 }, b: { x: 2 } }, define), 'd.value')).toEqual({ value: 1 });
    expect(valueAt(source({ a: {}, b: { x: 2 } }, define), 'd.value')).toEqual({ value: 2 });
    expect(valueAt(source({ a: { exists: false }, b: { x: 2 } }, define), 'd.value')).toEqual({ value: 2 });
    expect(valueAt(source({ b: { x: 2 } }, define, { a: denied }), 'd.value')).toEqual({ reason: 'was refused' });
    expect(valueAt(source({ a: {}, b: {} }, define), 'd.value')).toEqual({ reason: 'b.x is not in the answer' });
  });

  it('a quotient of nothing by nothing is no value, and neither is one of texts', () => {
    const define: Record<string, FactDefinition> = { q: { quotient: ['a.x', 'b.x'] } };
    expect(valueAt(source({ a: { x: 1 }, b: { x: 4 } }, define), 'q.value')).toEqual({ value: 0.25 });
    for (const [above, below] of [
      [0, 0],
      [1, 0],
      ['1', 4],
      [null, 4],
    ]) {
      expect(valueAt(source({ a: { x: above }, b: { x: below } }, define), 'q.value')).toHaveProperty('reason');
    }
    expect(valueAt(source({ b: { x: 4 } }, define, { a: denied }), 'q.value')).toEqual({ reason: 'was refused' });
  });

  it('the reason why the origin has no value is kept, root cause and all', () => {
    const reading = readFact(
      source({}, { d: { from: 'a.text', captures: '(?<v>.)' } }, { a: denied }),
      rule,
      'd',
      host,
    );
    expect(reading).toEqual(denied);
  });
});

it('a fact may be called as a property of hosts is', () => {
  expect(valueAt(source({ name: { text: 'x' } }, { d: { from: 'name.text' } }), 'd.value')).toEqual({ value: 'x' });
});

it('what a case or evidence states goes before what could be derived', () => {
  expect(valueAt(source({ d: { value: 'stated' } }, { d: { template: 'derived' } }), 'd.value')).toEqual({
    value: 'stated',
  });
});

describe('facts of several hosts, read together', () => {
  const hosts = { one: 'a', other: 'b' };
  const words = {
    by: 'postgres-stream',
    together: { primary: '@one.server', standby: '@other.server', primaryAddress: '@one.address' },
  };
  const up = { state: 'up', version: 150014 };
  const limits = Object.fromEntries(
    ['max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions'].map((name) => [
      name,
      8,
    ]),
  );
  const primary = { ...up, role: 'primary', senders: [], limits: { ...limits, max_locks_per_transaction: 64 } };
  const standby = { ...up, role: 'standby', receiver: 'none', limits: { ...limits, max_locks_per_transaction: 8 } };

  /** What each host said, sample by sample. */
  function told(samples: Record<string, readonly unknown[]>): FactSource {
    const readingOf = (value: unknown, at: string): Reading =>
      value === undefined ? { unread: { reason: `${at} is gone`, host: at }, steps: [at] } : { value, steps: [at] };
    return {
      define: (_, name) => (name === 'stream' ? words : { probe: 'postgres', with: {} }),
      times: (_, name, subject) =>
        name === 'server' && subject.kind === 'host'
          ? (samples[subject.host] ?? []).map((_, index) => `t${index}`)
          : [],
      hostsOf: (role) =>
        role in hosts ? [{ name: hosts[role as 'one'], role, address: '10.0.0.1', connection: 'ssh' as const }] : [],
      stated: (_, name, subject, sample) => {
        const at = subject.kind === 'host' ? subject.host : '';
        const list = samples[at] ?? [];
        return name === 'server' ? readingOf(sample === undefined ? list.at(-1) : list[sample], at) : undefined;
      },
    };
  }

  it("are each their own host's, whoever is judged", () => {
    const reading = readFact(told({ a: [primary], b: [standby] }), rule, 'stream', host);
    expect(reading).toMatchObject({
      value: { state: 'none', below: ['max_locks_per_transaction'] },
      steps: ['a', 'b'],
    });
  });

  it('are made of what could be read', () => {
    expect(readFact(told({ a: [primary] }), rule, 'stream', host)).toMatchObject({ value: { state: 'none' } });
    expect(readFact(told({}), rule, 'stream', host)).toEqual({
      unread: { reason: 'a is gone', host: 'a' },
      steps: ['a', 'b'],
    });
  });

  it('know every sample, also while one of them is judged', () => {
    const streaming = { ...standby, receiver: 'streaming' };
    const source = told({ a: [primary, primary], b: [standby, streaming] });
    expect(timesOf(source, rule, 'stream', host)).toEqual(['t0', 't1']);
    for (const one of [source, atSample(source, 1), atSample(atSample(source, 0), 1)])
      expect(readFact(one, rule, 'stream', host)).toMatchObject({ value: { receiver: 'none', state: 'none' } });
  });
});

describe('what is made of several hosts', () => {
  const echo: Joint = {
    title: 'what was read, as it was read',
    sources: ['one', 'other', 'address'],
    value: {},
    make: (values, series) => ({ values, series: series() }),
  };
  beforeAll(() => {
    Object.assign(joints, { echo });
  });
  afterAll(() => {
    Reflect.deleteProperty(joints, 'echo');
  });
  const words: FactDefinition = {
    by: 'echo',
    together: { one: '@left.f', other: '@right.f.v', address: '@left.address' },
  };
  const steps = (name: string) => [`step-${name}`];
  const host: Subject = { kind: 'host', host: 'left' };
  const hostOf = (name: string): HostRef => ({ name, role: name, address: `${name}'s`, connection: 'ssh' });

  /** What both hosts said at each of some samples; the last counts. */
  const saying = (left: Reading[], right: Reading[], over: Partial<FactSource> = {}): FactSource => ({
    define: (_, name) => (name === 'both' ? words : { probe: 'p', with: {} }),
    hostsOf: (role) => ['left', 'right'].filter((name) => name === role).map(hostOf),
    times: (_, name, subject) => {
      if (subject.kind !== 'host') throw new Error('no host');
      return name === 'f' ? (subject.host === 'left' ? left : right).map((_, index) => `${subject.host} ${index}`) : [];
    },
    stated: (_, name, subject, sample) => {
      const all = subject.kind === 'host' && subject.host === 'left' ? left : right;
      return name === 'f' ? (sample === undefined ? all.at(-1) : all[sample]) : undefined;
    },
    ...over,
  });
  const value = (v: unknown, name: string): Reading => ({ value: { v }, steps: steps(name) });
  const both = (source: FactSource) => readFact(source, rule, 'both', host);

  it('are the values of every source, of addresses too, and of each sample', () => {
    expect(both(saying([value(1, 'a'), denied, value(3, 'a')], [value(4, 'b')]))).toEqual({
      value: {
        values: { one: { v: 3 }, other: 4, address: "left's" },
        series: { one: [{ v: 1 }, undefined, { v: 3 }], other: [4], address: [] },
      },
      steps: ['step-a', 'step-b'],
    });
  });

  it('are of the host that there is', () => {
    const alone = saying([value(1, 'a')], [], { hostsOf: (role) => (role === 'left' ? [hostOf(role)] : []) });
    expect(both(alone)).toMatchObject({
      value: { values: { one: { v: 1 }, other: undefined }, series: { other: [] } },
    });
    expect(timesOf(alone, rule, 'both', host)).toEqual(['left 0']);
  });

  it('say which host is missing where nothing can be made of the others', () => {
    const origin: FactDefinition = { from: '@right.f.v' };
    const source = saying([], [], { define: () => origin, hostsOf: () => [], stated: () => undefined });
    expect(readFact(source, rule, 'both', host)).toEqual({
      unread: { reason: 'the inventory has no host of the role right' },
      steps: [],
    });
  });

  it('were asked as often as the one that was asked most', () => {
    const times = (left: Reading[], right: Reading[]) => timesOf(saying(left, right), rule, 'both', host);
    const [a, b] = [value(1, 'a'), value(2, 'b')];
    expect(times([a, a], [b])).toEqual(['left 0', 'left 1']);
    expect(times([a], [b, b])).toEqual(['right 0', 'right 1']);
    expect(times([a], [b])).toEqual(['left 0']);
    const sample = atSample(saying([a, a], [b]), 0);
    expect(timesOf(sample, rule, 'both', host)).toEqual(['left 0', 'left 1']);
  });

  describe('of which some are declared', () => {
    const declared = (...properties: DeclaredProperty[]): Reading => ({
      value: undefined,
      properties,
      steps: ['plan'],
    });
    const of = (property: string, v: unknown, more: Partial<DeclaredProperty> = {}): DeclaredProperty => ({
      property,
      may: 'both',
      from: 'a plan',
      value: v,
      ...more,
    });

    it('take what a whole answer is declared to hold, and of a property its value', () => {
      const source = saying([declared(of('a', 1), of('b.c', 2))], [declared(of('v', 3))]);
      // Nobody was asked, so there is no series of answers.
      expect(both(source)).toEqual({
        value: {
          values: { one: { a: 1, b: { c: 2 } }, other: 3, address: "left's" },
          series: { one: [undefined], other: [3], address: [] },
        },
        steps: ['plan'],
      });
    });

    it('take nothing of what is sensitive or only to be compared', () => {
      const secret = saying([value(1, 'a')], [declared(of('v', 3, { sensitive: true }))]);
      expect(both(secret)).toMatchObject({ value: { values: { one: { v: 1 }, other: undefined } } });
      const kind = saying([value(1, 'a')], [declared(of('v', 3, { may: 'same-only' }))]);
      expect(both(kind)).toMatchObject({ value: { values: { one: { v: 1 }, other: undefined } } });
    });

    it('say of what is not in it that declarations alone cannot tell', () => {
      const answers = { stated: () => undefined, declared: true as const };
      const define = (_: Rule, name: string): FactDefinition => (name === 'both' ? words : { template: 'x' });
      const source = saying([], [], { ...answers, define });
      const unread = { reason: 'both.x cannot be told by what is declared alone' };
      for (const one of [source, atSample(source, 0)])
        expect(readPath(one, rule, 'both.x', host)).toMatchObject({ unread });
      expect(readPath(source, rule, 'text.x', host)).toMatchObject({
        unread: { reason: 'text.x is not in the answer' },
      });
      expect(readPath({ ...source, declared: false }, rule, 'both.x', host)).toMatchObject({
        unread: { reason: 'both.x is not in the answer', absent: true },
      });
      expect(atSample(saying([], []), 0)).not.toHaveProperty('declared');
    });
  });

  describe('or of one', () => {
    const origin = (fact: FactDefinition, ...properties: DeclaredProperty[]) => {
      const define = (_: Rule, name: string) => (name === 'd' ? fact : undefined);
      const source = saying([], [], {
        define,
        stated: (_, name) => (name === 'f' ? { value: undefined, properties, steps: ['plan'] } : undefined),
      });
      return readPath(source, rule, 'd.value', host);
    };
    const of = (more: Partial<DeclaredProperty>): DeclaredProperty => ({
      property: 'v',
      may: 'both',
      from: 'a plan',
      value: '5',
      ...more,
    });

    it("a declared value serves as a host's own, or not at all", () => {
      const fact: FactDefinition = { from: 'f.v', number: true };
      expect(origin(fact, of({}))).toEqual({ value: 5, steps: ['plan'] });
      expect(origin(fact, of({ sensitive: true }))).toEqual({
        unread: { reason: 'f.v is sensitive, and nothing can be made of it' },
        steps: ['plan'],
      });
      expect(origin(fact, of({ may: 'same-only' }))).toEqual({
        unread: { reason: 'f.v is declared only to be compared', problem: 'not-run', declared: 'not-in-plan' },
        steps: ['plan'],
      });
      expect(origin(fact, of({ may: 'fail-only' }))).toMatchObject({ unread: { declared: 'not-in-plan' } });
    });

    it('the first reason is told', () => {
      const reason = (template: string) => origin({ template }, of({ sensitive: true }));
      expect(reason('{f.v} {g.v}')).toMatchObject({
        unread: { reason: 'f.v is sensitive, and nothing can be made of it' },
      });
      expect(reason('{g.v} {f.v}')).toMatchObject({ unread: { reason: 'g was not read' } });
      expect(reason('{f.v} {f.x}')).toMatchObject({
        unread: { reason: 'f.v is sensitive, and nothing can be made of it' },
      });
    });
  });
});

describe('a derived fact', () => {
  it('without a way, or of a word that is none, was not read', () => {
    expect(
      derive(
        {} as DerivedFact,
        () => denied,
        () => [],
      ),
    ).toEqual({ unread: { reason: 'nothing was read' }, steps: [] });
  });

  it('keeps the steps of what nothing could be made of', () => {
    const facts = source({ a: { x: 'many' }, b: { x: 1 } }, { q: { quotient: ['a.x', 'b.x'] } });
    expect(readFact(facts, rule, 'q', host)).toEqual({
      unread: { reason: 'there is nothing to calculate with' },
      steps: ['step-a', 'step-b'],
    });
  });

  it('hides no fault of the program', () => {
    const fact = { by: 'postgres-stream', together: { primary: '@a.f', standby: '@b.f' } } as DerivedFact;
    const up: Reading = { value: { state: 'up', role: 'standby', receiver: 'streaming' }, steps: [] };
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => derive(fact, () => up, broken)).toThrow(new TypeError('broken'));
  });
});

describe('the keys of a file', () => {
  const file = {
    exists: true,
    keys: { a: '1', b: '2' },
    unsure: { b: 'it stands in a block that may not count' },
    repeated: ['a'],
  };
  const at = (path: string, value: unknown = file) => readPath(source({ f: value }), rule, path, host);
  const reason = 'it stands in a block that may not count';
  const next = 'write a plain value into the file at this place, or judge what rests on it by hand';
  const note = 'the key stands in the file several times, and the last counts';

  it.each<[string, object]>([
    ['f.keys.a', { value: '1', note }],
    ['f.keys.b', { unread: { reason, next } }],
    // Of all keys together one is unsure.
    ['f', { unread: { reason, next } }],
    ['f.keys', { unread: { reason, next } }],
    ['f.exists', { value: true }],
    ['f.repeated', { value: ['a'] }],
    ['f.exists.a', { unread: { reason: 'f.exists.a is not in the answer', absent: true } }],
  ])('%s', (path, found) => {
    expect(at(path)).toEqual({ ...found, steps: ['step-f'] });
  });

  it('of which all are sure, or of another form, are values', () => {
    expect(at('f.keys.b', { ...file, unsure: {} })).toEqual({ value: '2', steps: ['step-f'] });
    expect(at('f.keys', { ...file, unsure: {} })).toEqual({ value: file.keys, steps: ['step-f'] });
    expect(at('f.keys.a', { ...file, unsure: { a: 1 }, repeated: 'a' })).toEqual({ value: '1', steps: ['step-f'] });
    expect(at('f.keys.a', { ...file, unsure: ['a'], repeated: ['b'] })).toEqual({ value: '1', steps: ['step-f'] });
    expect(at('f.text.a', { text: { a: '1' }, repeated: ['a'] })).toEqual({ value: '1', steps: ['step-f'] });
  });
});
