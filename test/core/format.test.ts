import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import {
  cutInWords,
  hex,
  inputInWords,
  inYaml,
  latestDayAt,
  lengthInWords,
  list,
  oneLine,
  pairName,
  plural,
  secondsInWords,
  shorten,
  showRow,
  showValue,
  subjectInWords,
  unicodeEscape,
  unitBehind,
} from '../../src/core/format.js';
import type { Subject } from '../../src/core/model.js';

it.each<[string, unknown, string]>([
  ['bytes', 53687091200, '50 GiB (53687091200 bytes)'],
  ['bytes', 0, '0 bytes'],
  ['bytes', 1023, '1023 bytes'],
  ['bytes', 1024, '1 KiB (1024 bytes)'],
  ['bytes', 1536, '1.5 KiB (1536 bytes)'],
  ['bytes', 1048575, '1024 KiB (1048575 bytes)'],
  ['bytes', 1046000, '1021 KiB (1046000 bytes)'],
  ['bytes', 2 ** 50, '1 PiB (1125899906842624 bytes)'],
  ['freeBytes', 2048, '2 KiB (2048 bytes)'],
  ['kilobytes', 2048, '2048'],
  ['offsetMs', 12, '12 ms'],
  ['ms', 12, '12 ms'],
  ['lag_bytes', 2048, '2 KiB (2048 bytes)'],
  ['bytes', 1, '1 byte'],
  ['waitedMs', 90_000, '2 min (90000 ms)'],
  ['readTimeoutInMillis', 300, '300 ms'],
  ['replayAgeSeconds', 60, '60 s'],
  ['sessionTTLInSecond', 7200, '2 h (7200 s)'],
  ['queryTimeoutInMin', 5, '5 min'],
  ['ageHours', 5, '5 h'],
  ['ageHours', 72, '3 days (72 h)'],
  ['ageDays', 5, '5 days'],
  ['ageDays', 1, '1 day'],
  ['ageDays', 0.5, '12 h (0.5 days)'],
  ['bytes', [1024, 0], '1 KiB (1024 bytes), 0 bytes'],
  ['items', 12, '12'],
  ['usedPercent', 0, '0 %'],
  ['value', '', '(empty)'],
  ['value', [], 'none'],
  ['value', ['a', 1, ''], 'a, 1, (empty)'],
  ['value', null, 'null'],
  ['value', undefined, 'nothing'],
  ['value', false, 'false'],
  ['value', { low: 1 }, '{"low":1}'],
  ['value', { high: 1 }, '{"high":1}'],
  ['value', { low: 'a', high: 1 }, '{"low":"a","high":1}'],
  ['items', { low: 1, high: 2 }, '1 to 2'],
  ['offsetMs', { low: 1, high: 2 }, '1 to 2 ms'],
  ['bytes', { low: 1024, high: 2048 }, '1 KiB (1024 bytes) to 2 KiB (2048 bytes)'],
  ['bytes', 1234, '1.21 KiB (1234 bytes)'],
  ['exit', 1, 'exit 1'],
  ['exit', 'none', 'none'],
  ['code', 1, '1'],
  ['value', ' \n', '(empty)'],
  ['value', 'a\n\n  b \n', 'a / b'],
  ['waitedMs', 9999, '9999 ms'],
  ['waitedMs', 10_000, '10 s (10000 ms)'],
  ['seconds', 600, '600 s'],
  ['seconds', 601, '10 min (601 s)'],
  ['seconds', 0.5, '0.5 s'],
  ['seconds', 0.26, '0.3 s (0.26 s)'],
  ['seconds', -0.5, '-0.5 s'],
  // The unit is a word of its own, and the last one.
  ...[
    ...['bytesLeft', 'msLeft', 'secondsLeft', 'minimum', 'minutesLeft', 'waitMinutesLeft', 'hoursLeft', 'daysLeft'],
    ...['percentFree', 'milliseconds', 'admin', 'xhours', 'holidays', 'xpercent'],
  ].map((property): [string, unknown, string] => [property, 5, '5']),
  ['minutes', 5, '5 min'],
  ['waitMinutes', 5, '5 min'],
])('%s %j is shown as %s', (property, value, shown) => {
  expect(showValue(property, value)).toBe(shown);
});

it.each([
  ['50 GiB (53687091200 bytes)', 53687091200, 'bytes'],
  ['1 byte', 1, 'bytes'],
  ['28.8 h (1.2 days)', 1.2, 'days'],
  ['12 ms', 12, 'ms'],
  ['112 ms', 12, ''],
  ['99.5 % used', 99.5, 'percent'],
  ['12 minutes', 12, ''],
])('%s: the unit of %j', (text, value, unit) => {
  expect(unitBehind(value, text)).toBe(unit);
});

test('sizes that differ are never shown alike', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), fc.nat(2 ** 31 - 1), (a, b) => {
      expect(showValue('bytes', a) === showValue('bytes', b)).toBe(a === b);
    }),
  );
});

test('no size is shown in powers of ten', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      expect(showValue('bytes', bytes)).not.toMatch(/e\+/);
    }),
  );
});

test('a long text is cut to what was asked, keeping both ends', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 301, maxLength: 2000 }), (text) => {
      const short = shorten(text);
      expect(short.length).toBeLessThanOrEqual(300);
      expect(short.startsWith(text.slice(0, 200)) && short.endsWith(text.slice(-50))).toBe(true);
    }),
  );
  expect(shorten('x'.repeat(300))).toBe('x'.repeat(300));
});

test('a text that is cut to little keeps a quarter at its end', () => {
  expect(shorten(`${'a'.repeat(100)}${'b'.repeat(100)}`, 80)).toBe(`${'a'.repeat(50)} ... ${'b'.repeat(20)}`);
});

test('a text on one line', () => {
  expect(oneLine('  a \n\t b\r\nc ')).toBe('a b c');
});

test('a character as JSON writes it where it must not stand itself', () => {
  expect([hex(10, 2), hex(0x1f600, 4)]).toEqual(['0a', '1f600']);
  expect(['\u001b', '\u{1f600}'].map(unicodeEscape)).toEqual(['\\u001b', '\\ud83d\\ude00']);
});

it.each([
  [0, '0 s', '0 s'],
  [-3, '-3 s', '0 s'],
  [0.26, '0.3 s', '0.3 s'],
  [9.96, '10 s', '10 s'],
  [10.4, '10 s', '10 s'],
  [89, '89 s', '89 s'],
  [90, '90 s', '2 min'],
  [5399, '5399 s', '90 min'],
  [5400, '5400 s', '1.5 h'],
  [172_799, '172799 s', '48 h'],
  [172_800, '172800 s', '2 days'],
])('%d seconds are %s, or %s', (seconds, exact, length) => {
  expect([secondsInWords(seconds), lengthInWords(seconds)]).toEqual([exact, length]);
});

test('what a command is given is told without its secret', () => {
  expect(inputInWords({ line: 'user {secret}', env: 'P$&' })).toBe('user $P$&');
});

test('what an excerpt leaves out is told, and nothing below a whole answer', () => {
  expect([undefined, 0, 7].map(cutInWords)).toEqual([
    '',
    '... 0 more characters, in the evidence',
    '... 7 more characters, in the evidence',
  ]);
});

test('it is tomorrow already where days begin first', () => {
  expect(['09:59:59', '10:00:00'].map((time) => latestDayAt(new Date(`2026-11-20T${time}Z`)))).toEqual([
    '2026-11-20',
    '2026-11-21',
  ]);
});

test('a pair is called by its name, else by its addresses in one order', () => {
  const hosts = [{ address: 'b' }, { address: 'a' }];
  expect([pairName({ name: 'billing', hosts }), pairName({ hosts }), pairName({ hosts: hosts.toReversed() })]).toEqual([
    'billing',
    'a+b',
    'a+b',
  ]);
});

it.each([
  ['word', 'word'],
  ['/a/path.d', '/a/path.d'],
  ['a b', '"a b"'],
  ['1a', '"1a"'],
  ['', '""'],
  ['a:', '"a:"'],
  [' a', '" a"'],
  [5, '5'],
  [true, 'true'],
  [null, 'null'],
  [{}, '{}'],
  [{ a: 1, b: ['x', { c: 'y z' }] }, '{ a: 1, b: [x, { c: "y z" }] }'],
  [[], '[]'],
])('%j in YAML is %s', (value, text) => {
  expect(inYaml(value)).toBe(text);
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j in words is "%s"', (words, text) => {
  expect(list(words)).toBe(text);
});

it.each([
  [0, '0 findings'],
  [1, '1 finding'],
  [2, '2 findings'],
])('%i is %s', (count, text) => {
  expect(plural(count, 'finding')).toBe(text);
});

it.each<[string, number[], string[]]>([
  ['bytes', [53687091200, 1536, 0], ['50 GiB', '1.5 KiB', '0 bytes']],
  ['lag_bytes', [1073741824, 1073741825], ['1073741824 bytes', '1073741825 bytes']],
  ['bytes', [1073741824, 1073741824], ['1 GiB', '1 GiB']],
  ['offsetMs', [12, 7], ['12 ms', '7 ms']],
  ['items', [12], ['12']],
  ['bytes', [], []],
])('a row of %s %j is shown as %j', (property, numbers, shown) => {
  expect(showRow(property, numbers)).toEqual(shown);
});

test('numbers of a row that differ are never shown alike', () => {
  const near = fc.tuple(fc.nat(2 ** 40), fc.nat(2000)).map(([from, more]) => [from, from + more]);
  fc.assert(
    fc.property(near, fc.constantFrom('bytes', 'ms', 'items'), (numbers, property) => {
      expect(new Set(showRow(property, numbers)).size).toBe(new Set(numbers).size);
    }),
  );
});

it.each<[Subject, string]>([
  [{ kind: 'host', host: 'a' }, 'a'],
  [{ kind: 'pair', from: 'a', to: 'b' }, 'a -> b'],
  [{ kind: 'set', hosts: ['a', 'b'] }, 'a, b'],
])('%j is "%s"', (subject, text) => {
  expect(subjectInWords(subject)).toBe(text);
});
