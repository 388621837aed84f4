import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { list, plural, shorten, showRow, showValue, subjectInWords } from '../../src/core/format.js';
import type { Subject } from '../../src/core/model.js';

it.each([
  ['bytes', 53687091200, '53687091200 bytes (50 GiB)'],
  ['bytes', 0, '0 bytes'],
  ['bytes', 1023, '1023 bytes'],
  ['bytes', 1024, '1024 bytes (1 KiB)'],
  ['bytes', 1536, '1536 bytes (1.5 KiB)'],
  ['bytes', 1048575, '1048575 bytes (1024 KiB)'],
  ['bytes', 1046000, '1046000 bytes (1021 KiB)'],
  ['bytes', 2 ** 50, '1125899906842624 bytes (1 PiB)'],
  ['freeBytes', 2048, '2048 bytes (2 KiB)'],
  ['kilobytes', 2048, '2048'],
  ['offsetMs', 12, '12 ms'],
  ['ms', 12, '12 ms'],
  ['lag_bytes', 2048, '2048 bytes (2 KiB)'],
  ['items', 12, '12'],
  ['usedPercent', 0, '0 %'],
  ['value', '', '(empty)'],
  ['value', [], 'none'],
  ['value', ['a', 1, ''], 'a, 1, (empty)'],
  ['value', null, 'null'],
  ['value', undefined, 'nothing'],
  ['value', false, 'false'],
  ['value', { low: 1 }, '{"low":1}'],
])('%s %j is shown as %s', (property, value, shown) => {
  expect(showValue(property, value)).toBe(shown);
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
