/** What is declared of an answer that nobody gave yet: which values come of it, and for which reasons there is none. */
import { describe, expect, it } from 'vitest';
import type { Ask, DeclaredProperty } from '../../src/core/model.js';
import {
  declaredAt,
  declaredProperties,
  fileAsked,
  notInPlan,
  stepNotInPlan,
  wholeDeclared,
} from '../../src/evidence/declared.js';
import type { Answer, Reading } from '../../src/evidence/read-answer.js';

const exec = (...argv: string[]) => ({ host: 'left', ask: { kind: 'exec', argv, as: 'login' } as unknown as Ask });
const ping = { host: 'left', ask: { kind: 'ping', to: '10.0.0.2', count: 1, timeoutMs: 1 } as Ask };

describe('the file that a step reads', () => {
  it.each([
    ['/etc/a', [exec('cat', '/etc/a')]],
    [undefined, [exec('cat', 'relative')]],
    [undefined, [exec('cat', '/etc/a', '/etc/b')]],
    [undefined, [exec('head', '/etc/a')]],
    [undefined, [exec('cat')]],
    [undefined, [exec('cat', '/etc/a'), exec('cat', '/etc/a')]],
    [undefined, [ping]],
    [undefined, []],
  ])('%j of %j', (file, asks) => {
    expect(fileAsked({ asks })).toBe(file);
  });
});

describe('a step that nothing is declared of', () => {
  const reasonOf = (asks: (typeof ping)[], params = {}) => stepNotInPlan({ asks, probe: 'filesystem', params });

  it.each([
    ['/etc/a is not in a plan; --declared-file left:/etc/a=FILE declares it', [exec('cat', '/etc/a')], {}],
    ['filesystem /data is not in a plan', [exec('df', '/data')], { path: '/data' }],
    ['filesystem is not in a plan', [ping], {}],
    ['filesystem is not in a plan', [], { path: { line_of: '/etc/a' } }],
  ])('%s', (reason, asks, params) => {
    expect(reasonOf(asks, params)).toEqual({ reason, problem: 'not-run', declared: 'not-in-plan' });
  });
});

const of = (property: string, value: unknown, more: Partial<DeclaredProperty> = {}): DeclaredProperty => ({
  property,
  may: 'both',
  from: `a plan's ${property}`,
  ...(value !== undefined && { value }),
  ...more,
});
const compared = { may: 'same-only' } as const;

describe('a declared property', () => {
  const schema = { type: 'object', properties: { bytes: { type: 'integer' } } };
  const checked = (properties: DeclaredProperty[], file?: Answer) => declaredProperties(properties, schema, file);

  it.each([
    ['of the type of the probe is kept', of('bytes', 5), of('bytes', 5)],
    [
      'of another type is none',
      of('bytes', 'five'),
      of('bytes', undefined, { why: 'a plan\'s bytes has another type: must be integer, not "five"' }),
    ],
    ['that the probe does not have is kept', of('inodes', 'five'), of('inodes', 'five')],
    [
      'that is sensitive is a token, whatever the type',
      of('bytes', 'x', { sensitive: true }),
      of('bytes', 'x', { sensitive: true }),
    ],
    ['that is only compared may be a kind of machine', of('bytes', 'm6i', compared), of('bytes', 'm6i', compared)],
    ['without a value keeps its reason', of('bytes', undefined, { why: 'w' }), of('bytes', undefined, { why: 'w' })],
    [
      'that is sensitive, without a value',
      of('bytes', undefined, { sensitive: true }),
      of('bytes', undefined, { sensitive: true }),
    ],
  ])('%s', (_, declared, found) => {
    const all = checked([declared]);
    expect(all).toEqual([found]);
    expect('value' in (all[0] ?? {})).toBe('value' in found);
  });

  it('stands beside what a rendered file says', () => {
    expect(checked([of('bytes', 5)], { value: { text: 'a', exists: true } })).toEqual([
      of('bytes', 5),
      of('text', 'a', { from: 'the rendered file' }),
      of('exists', true, { from: 'the rendered file' }),
    ]);
    expect(checked([of('bytes', 5)], { value: 'a' })).toEqual([of('bytes', 5)]);
  });

  it('is not believed alone where the rendered file of the same answer could not be read', () => {
    const all = checked([of('bytes', 5)], { reason: 'the file is no YAML' });
    expect(all).toEqual([
      of('bytes', 5),
      of('bytes', undefined, { from: 'the rendered file', why: 'the file is no YAML' }),
    ]);
    expect(declaredAt(all, 'space.bytes', [])).toEqual({ unread: { reason: 'the file is no YAML' }, steps: [] });
  });
});

describe('the reading at a path of a declared answer', () => {
  const steps = ['declared'];
  const value = (one: unknown, more = {}): Reading => ({ value: one, steps, ...more });
  const unread = (reason: string, more = {}): Reading => ({ unread: { reason, ...more }, steps });

  it.each<[string, DeclaredProperty[], string, Reading]>([
    ['a value', [of('bytes', 5)], 'space.bytes', value(5)],
    ['zero', [of('bytes', 0)], 'space.bytes', value(0)],
    ['a path that is declared whole', [of('settings.fsync', 'on')], 'db.settings.fsync', value('on')],
    ['a value within one', [of('settings', { fsync: { value: 'on' } })], 'db.settings.fsync.value', value('on')],
    ['one of several', [of('bytes', 5), of('inodes', 7)], 'space.inodes', value(7)],
    ['two sources that agree', [of('bytes', 5), of('bytes', 5, { from: 'a file' })], 'space.bytes', value(5)],
    [
      'two sources that do not',
      [of('bytes', 5), of('bytes', 6, { from: 'a file' })],
      'space.bytes',
      unread("a plan's bytes and a file contradict each other"),
    ],
    [
      'two sources of which one tells of more',
      [of('settings', { fsync: 'on' }), of('settings.fsync', 'on', { from: 'a file' })],
      'db.settings.fsync',
      unread("a plan's settings and a file contradict each other"),
    ],
    [
      'two sources of other depth that say the same word',
      [
        of('settings', { fsync: { fsync: 'on' } }),
        of('settings.fsync', { fsync: { fsync: 'on' } }, { from: 'a file' }),
      ],
      'db.settings.fsync',
      unread("a plan's settings and a file contradict each other"),
    ],
    ['what is not declared', [of('bytes', 5)], 'space.inodes', { unread: notInPlan('space.inodes'), steps }],
    ['what only begins like it', [of('byte', 5)], 'space.bytes', { unread: notInPlan('space.bytes'), steps }],
    [
      'what only ends like it',
      [of('fsync', 5)],
      'db.settings.fsync',
      { unread: notInPlan('db.settings.fsync'), steps },
    ],
    [
      'a whole of which a part is declared',
      [of('settings.fsync', 'on')],
      'db.settings',
      { unread: notInPlan('db.settings'), steps },
    ],
    [
      'a part that the whole does not have',
      [of('settings', { fsync: 'on' })],
      'db.settings.ssl',
      unread("db: a plan's settings has no ssl"),
    ],
    ['a reason', [of('bytes', undefined, { why: 'it is computed' })], 'space.bytes', unread('it is computed')],
    ['no value and no reason', [of('bytes', undefined)], 'space.bytes', unread("a plan's bytes has no value")],
    [
      'two reasons, both until apply',
      [
        of('bytes', undefined, { why: 'first', afterApply: true }),
        of('bytes', undefined, { why: 'second', afterApply: true }),
      ],
      'space.bytes',
      unread('first; second', { declared: 'after-apply' }),
    ],
    [
      'two reasons, of which apply ends one',
      [of('bytes', undefined, { why: 'first', afterApply: true }), of('bytes', undefined, { why: 'second' })],
      'space.bytes',
      unread('first; second'),
    ],
    [
      'a value beside a source without one',
      [of('bytes', 5), of('bytes', undefined, { why: 'second' })],
      'space.bytes',
      unread('second'),
    ],
    ['only to be compared', [of('bytes', 'm6i', compared)], 'space.bytes', value('m6i', compared)],
    [
      'two that are only compared: both together',
      [of('bytes', 'm6i', compared), of('bytes', 'x86', compared)],
      'space.bytes',
      value(['m6i', 'x86'], compared),
    ],
    [
      'a kind of machine beside a number: both together, to be compared',
      [of('bytes', 5), of('bytes', 'm6i', compared)],
      'space.bytes',
      value([5, 'm6i'], compared),
    ],
    [
      'two numbers that differ, beside a kind of machine',
      [of('bytes', 'm6i', compared), of('bytes', 5, { from: 'a' }), of('bytes', 6, { from: 'b' })],
      'space.bytes',
      unread('a and b contradict each other'),
    ],
    ['only to fail', [of('bytes', 5, { may: 'fail-only' })], 'space.bytes', value(5, { may: 'fail-only' })],
    [
      'one that may pass, beside one that may only fail',
      [of('bytes', 5), of('bytes', 5, { may: 'fail-only' })],
      'space.bytes',
      value(5, { may: 'fail-only' }),
    ],
    [
      'one that may only fail, beside one that is only compared',
      [of('bytes', 5, { may: 'fail-only' }), of('bytes', 'm6i', compared)],
      'space.bytes',
      value([5, 'm6i'], compared),
    ],
    [
      'one of two that is sensitive',
      [of('bytes', 5), of('bytes', 5, { sensitive: true })],
      'space.bytes',
      value(5, { sensitive: true }),
    ],
    [
      'one of two that stands in its file several times',
      [of('bytes', 5), of('bytes', 5, { repeated: true })],
      'space.bytes',
      value(5, { note: 'the key stands in the file several times, and the last counts' }),
    ],
  ])('%s', (_, declared, path, reading) => {
    expect(declaredAt(declared, path, steps)).toEqual(reading);
  });
});

describe('the whole of a declared answer', () => {
  it.each<[string, DeclaredProperty[], unknown]>([
    ['has what is declared', [of('a', 1), of('b', 0)], { a: 1, b: 0 }],
    ['puts a path where it belongs', [of('s.a', 1), of('s.b.c', 2), of('t', 3)], { s: { a: 1, b: { c: 2 } }, t: 3 }],
    ['has nothing of a whole of which a part is declared too', [of('s', { a: 1 }), of('s.a', 2), of('b', 1)], { b: 1 }],
    ['has nothing of a part of which the whole is declared later', [of('s.a', 2), of('s', { a: 1 })], {}],
    ['has what only begins alike', [of('s', 1), of('sa', 2)], { s: 1, sa: 2 }],
    ['has nothing of what has no value', [of('a', undefined), of('b', 1)], { b: 1 }],
    ['has nothing of what is only compared', [of('a', 1, compared)], {}],
    ['has nothing of what may only fail', [of('a', 1, { may: 'fail-only' })], {}],
    ['has nothing of what is sensitive', [of('a', 1, { sensitive: true })], {}],
    ['has nothing of what is declared twice, even alike', [of('a', 1), of('a', 1), of('b', 1)], { b: 1 }],
  ])('%s', (_, declared, value) => {
    expect(wholeDeclared(declared, ['declared'])).toStrictEqual({ value, steps: ['declared'] });
  });

  it('has a property of its own whatever a stranger calls it', () => {
    const whole = wholeDeclared([of('__proto__.exists', true)], []);
    expect('value' in whole && Object.keys(whole.value as object)).toEqual(['__proto__']);
    expect({}).not.toHaveProperty('exists');
  });
});
