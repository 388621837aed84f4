/** What every probe reads with: single answers, numbers, sizes, and why there is no value. */
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { Unreadable } from '../../src/core/errors.js';
import type { Output } from '../../src/core/model.js';
import {
  answer,
  closed,
  firstLine,
  groupsOf,
  neverRan,
  oneLine,
  parseJson,
  ran,
  saysMissing,
  sizeOf,
  wholeNumber,
} from '../../src/probes/define.js';
import { failed, said } from './support.js';

/** Why there is no value: the words, the problem, and what it is about. */
function whyNot(doing: () => unknown): unknown[] {
  try {
    return ['a value', doing()];
  } catch (error) {
    const { message, problem, at } = error as Unreadable;
    return [message, problem, at].filter((one) => one !== undefined);
  }
}

describe('an answer', () => {
  it('is the whole text of a command that ended well and said something', () => {
    expect(answer([said(' a\nb\n')])).toBe(' a\nb\n');
    expect(answer([said('a'), said('b')], 1)).toBe('b');
  });

  test.each([
    ['', 'the answer is empty'],
    [' \n\t\n', 'the answer is empty'],
  ])('%j is none', (text, why) => {
    expect(whyNot(() => answer([said(text)]))).toEqual([why]);
  });

  test.each<[string, number | null, string, unknown[]]>([
    ['', 2, '', ['ended with exit 2']],
    ['text', 2, '\n cat: odd\t\u001b[2Jthing \nmore\n', ['ended with exit 2: cat: odd  [2Jthing']],
    ['text', null, '', ['ended with exit null']],
    ['text', 1, 'a: permission denied\n', ['a: permission denied', 'denied', 'command']],
    ['text', 1, 'odd\nls: /x: Operation not permitted\n', ['odd', 'denied', 'command']],
  ])('%j with exit %j and %j is none', (stdout, exit, stderr, why) => {
    expect(whyNot(() => answer([said(stdout, exit, stderr)]))).toEqual(why);
  });
});

describe('an output with a problem', () => {
  test.each<[NonNullable<Output['problem']>, string]>([
    ['unreachable', 'could not be reached'],
    ['denied', 'was refused'],
    ['not-found', 'is not there'],
    ['timeout', 'did not answer in time'],
    ['truncated', 'gave more output than is read'],
    ['not-run', 'was not run'],
  ])('%s is never read', (problem, words) => {
    const output = { ...said('text'), problem, problemAt: 'host' as const };
    expect(whyNot(() => ran([output]))).toEqual([words, problem, 'host']);
    expect(whyNot(() => ran([{ ...output, stderr: ' \nssh: why\n' }]))).toEqual([
      `${words}: ssh: why`,
      problem,
      'host',
    ]);
  });

  it('that was not asked is no output', () => {
    expect(whyNot(() => ran([said('a')], 1))).toEqual(['was not asked', 'not-run']);
    expect(ran([failed('odd')])).toEqual(failed('odd'));
  });
});

describe('JSON', () => {
  it('is read as it stands', () => {
    expect(parseJson('{"a":[1,"x",null]}')).toEqual({ a: [1, 'x', null] });
  });

  test.each([
    ['{"a":1,"a":2}', /^the answer has /],
    ['1e999', /^the answer holds /],
    [`${'['.repeat(1000)}${']'.repeat(1000)}`, /^the answer is nested/],
    ['{', /^the answer is not JSON$/],
    ['This is no answer', /^the answer is not JSON$/],
    ['', /^the answer is not JSON$/],
  ])('%j is none', (text, why) => {
    expect(whyNot(() => parseJson(text))).toEqual([expect.stringMatching(why)]);
  });
});

describe('a whole number', () => {
  it('is one that equals no other', () => {
    expect(wholeNumber('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(wholeNumber('7', 1024)).toBe(7168);
    expect(wholeNumber('0')).toBe(0);
  });

  test.each([
    ['9007199254740992', '9007199254740992'],
    ['1.5', '1.5'],
    ['x', 'x'],
    [undefined, 'nothing'],
    ['9'.repeat(60), '9'.repeat(40)],
  ])('%j is none', (digits, shown) => {
    expect(whyNot(() => wholeNumber(digits))).toEqual([`${shown} is not a number that can be compared`]);
  });
});

describe('a size', () => {
  test.each<[string, number, unknown]>([
    ['0', 1024, 0],
    ['12', 1024, 12288],
    ['9007199254740991', 1, 9007199254740991],
    ['9007199254740992', 1, { low: 9007199254740992, high: 9007199254740994 }],
    ['9007199254740993', 1, { low: 9007199254740992, high: 9007199254740994 }],
    ['9007199254740995', 1, { low: 9007199254740994, high: 9007199254740996 }],
    ['18014398509481985', 1, { low: 18014398509481984, high: 18014398509481988 }],
    ['9007199254740993', 1024, { low: 2 ** 63, high: 2 ** 63 + 2048 }],
    ['18446744073709551616', 1, { low: 2 ** 64, high: 2 ** 64 + 4096 }],
  ])('%s times %d is exact, or the nearest numbers on its sides', (digits, unit, bytes) => {
    expect(sizeOf(digits, unit)).toEqual(bytes);
  });

  test.each<[string | undefined, number]>([
    ['18446744073709551617', 1],
    ['18014398509481985', 1024],
    ['1'.repeat(21), 1],
    ['-1', 1],
    ['1x', 1],
    ['x1', 1],
    ['1.5', 1],
    ['', 1],
    [undefined, 1],
  ])('%j times %d is none', (digits, unit) => {
    expect(whyNot(() => sizeOf(digits, unit))).toEqual([
      `${(digits ?? 'nothing').slice(0, 40)} is not a number that can be compared`,
    ]);
  });
});

describe('a line', () => {
  test.each([
    ['a b\n', 'a b'],
    ['a b', 'a b'],
    [' \n', ' '],
  ])('%j', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  test.each(['', '\n', 'a\nb\n', '\na', 'a\n\n', 'a\tb', '\u0000', 'a\u009bb'])('%j is none', (text) => {
    expect(whyNot(() => oneLine(text))).toEqual(['the answer is not one line of text']);
  });

  test.each([
    ['', ''],
    ['\n \n  a b \n c', 'a b'],
    ['a\u0007\tb', 'a  b'],
  ])('the first that says something in %j', (text, line) => {
    expect(firstLine(text)).toBe(line);
  });
});

describe('a pattern', () => {
  it('gives its groups, and says why there are none', () => {
    expect(groupsOf(/^(a)(b)?$/, 'a', 'no')).toEqual(['a', undefined]);
    expect(whyNot(() => groupsOf(/^(a)$/, 'b', 'no a'))).toEqual(['no a']);
  });
});

describe('an object that is closed', () => {
  it('has all that is not optional, and nothing else', () => {
    const schema = closed({ a: { type: 'string' }, b: { type: 'string' } }, ['b']);
    for (const value of [{ a: '' }, { a: '', b: '' }]) expect(check(schema, value)).toEqual([]);
    for (const value of [{}, { b: '' }, { a: '', c: '' }, [], 'a', { a: 1 }])
      expect(check(schema, value)).not.toEqual([]);
    expect(check(closed({ a: { type: 'string' }, b: {} }), { a: '' })).not.toEqual([]);
    expect(closed({ a: {} })).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: { a: {} },
      required: ['a'],
    });
  });
});

describe('a program that says that a file is not there', () => {
  const gone = failed('cat: /x: No such file or directory');
  it.each([gone, { ...gone, stdout: ' \n' }, failed('\nodd\ncat: /x: No such file or directory\n')])('%j', (output) => {
    expect(saysMissing(output, 'cat')).toBe(true);
  });

  it.each<Output>([
    { ...gone, exit: 0 },
    { ...gone, exit: 2 },
    { ...gone, exit: null },
    { ...gone, stdout: 'text' },
    failed('cat: /y: Permission denied\ncat: /x: No such file or directory'),
    failed('cat: /x: No such file or directory or so'),
    failed('xcat: /x: No such file or directory'),
    failed('cat: /x: Input/output error'),
    failed('timeout: /x: No such file or directory'),
    failed(': No such file or directory cat: '),
    failed(''),
  ])('%j does not', (output) => {
    expect(saysMissing(output, 'cat')).toBe(false);
  });
});

test.each<[number | null, boolean]>([
  [0, false],
  [1, false],
  [125, false],
  [126, true],
  [127, true],
  [128, false],
  [null, false],
])('with exit %j a command did not run: %j', (exit, never) => {
  expect(neverRan({ exit })).toBe(never);
});
