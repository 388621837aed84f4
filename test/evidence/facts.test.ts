import { describe, expect, it } from 'vitest';
import type { FactDefinition, Rule, Subject } from '../../src/core/model.js';
import { atSample, type FactSource, readFact, readPath, timesOf } from '../../src/evidence/facts.js';
import { isRead, type Reading } from '../../src/evidence/read-answer.js';

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
