import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ipv4 } from '../../src/core/ipv4.js';
import { intervalOf, match, matchers } from '../../src/pack/matchers.js';

const verdictOf = (name: string, actual: unknown, arg: unknown) => match(name, actual, arg).verdict;

describe('each matcher on values of the right type', () => {
  it.each([
    ['equals', 'standalone', 'standalone', 'pass'],
    ['equals', 'master', 'standalone', 'fail'],
    ['equals', 0, 0, 'pass'],
    ['equals', false, true, 'fail'],
    ['equals', [], [], 'pass'],
    ['equals', ['a'], [], 'fail'],
    ['equals', { a: [1] }, { a: [1] }, 'pass'],
    ['equals', null, null, 'pass'],
    ['one_of', 'b', ['a', 'b'], 'pass'],
    ['one_of', 'c', ['a', 'b'], 'fail'],
    ['matches', '/data\n', '^/[^\\s]*\\n?$', 'pass'],
    ['matches', 'data', '^/', 'fail'],
    ['matches', 'x'.repeat(4096), 'x', 'pass'],
    ['matches', 'x'.repeat(4097), 'x', 'unknown'],
    ['at_least', 5, 5, 'pass'],
    ['at_least', 4, 5, 'fail'],
    ['at_most', 5, 5, 'pass'],
    ['at_most', 5.01, 5, 'fail'],
    ['in_network', '10.1.2.3', '10.1.0.0/16', 'pass'],
    ['in_network', '10.2.2.3', '10.1.0.0/16', 'fail'],
    ['in_network', '10.1.2.3', '10.1.2.3', 'pass'],
    ['in_network', '10.1.2.4', '10.1.2.3', 'fail'],
    ['in_network', '255.255.255.255', '0.0.0.0/0', 'pass'],
    ['in_network', '192.168.255.1', '192.168.0.0/17', 'fail'],
    ['includes', [22, 5432], 22, 'pass'],
    ['includes', [22], 5432, 'fail'],
    ['includes', [], 22, 'fail'],
    ['excludes', [22], 5432, 'pass'],
    ['excludes', [22], 22, 'fail'],
    ['excludes', [], 22, 'pass'],
    ['includes', [{ a: 1 }], { a: 1 }, 'pass'],
    ['verdicts', 'slave', { slave: 'pass', master: 'fail' }, 'pass'],
    ['verdicts', 'master', { slave: 'pass', master: 'fail' }, 'fail'],
    ['verdicts', 'limbo', { slave: 'pass', master: 'fail' }, 'unknown'],
    ['verdicts', 'constructor', { slave: 'pass' }, 'unknown'],
    ['schema', { a: 1 }, { type: 'object', required: ['a'] }, 'pass'],
    ['schema', {}, { type: 'object', required: ['a'] }, 'fail'],
    ['count', ['x'], { at_least: 1 }, 'pass'],
    ['count', [], { at_least: 1 }, 'fail'],
    ['count', ['x', 'y'], { at_least: 1, at_most: 1 }, 'fail'],
  ])('%s: %j against %j is %s', (name, actual, arg, verdict) => {
    expect(verdictOf(name, actual, arg)).toBe(verdict);
  });
});

describe('a value or an argument of the wrong type is an error, never a verdict', () => {
  it.each([
    ['equals', '5', 5],
    ['equals', 'true', true],
    ['equals', {}, []],
    ['equals', null, {}],
    ['equals', 'x', undefined],
    ['one_of', 5, ['5']],
    ['one_of', 'a', 'a'],
    ['one_of', 'a', []],
    ['matches', 5, '5'],
    ['matches', '5', 5],
    ['at_least', '5', 5],
    ['at_least', 5, '5'],
    ['at_most', null, 5],
    ['at_most', Number.POSITIVE_INFINITY, 5],
    ['at_most', Number.NaN, 5],
    ['at_most', { low: 2, high: 1 }, 5],
    ['at_most', { low: 1 }, 5],
    ['at_most', { low: 1, high: 2, of: 'a disk' }, 5],
    ['in_network', 'db-a', '10.0.0.0/8'],
    ['in_network', '10.0.0.1', '10.0.0.0/33'],
    ['in_network', '10.0.0.1', '10.0.0.0/'],
    ['in_network', '10.0.0.1', '10.0.0.0/0x8'],
    ['in_network', '10.0.0.1', '10.0.0.0/8/9'],
    ['in_network', '10.0.0.1', '10.0.0.0/ 8'],
    ['in_network', '10.0.0.1', '10.0.0.0/-1'],
    ['includes', 'a22', '22'],
    ['includes', ['22'], 22],
    ['excludes', ['5432'], 5432],
    ['excludes', [5432], '5432'],
    ['excludes', [22], undefined],
    ['excludes', [], undefined],
    ['includes', [null], undefined],
    ['verdicts', 1, { 1: 'pass' }],
    ['verdicts', 'x', undefined],
    ['schema', {}, 'object'],
    ['count', 'abc', { at_least: 1 }],
    ['count', ['x'], {}],
    ['count', ['x'], { at_leest: 1 }],
    ['count', [], { at_least: null }],
    ['count', [], { at_most: '0' }],
    ['count', ['x'], undefined],
    ['no_such_matcher', 1, 1],
    ['toString', 1, 1],
  ])('%s: %j against %j', (name, actual, arg) => {
    expect(verdictOf(name, actual, arg)).toBe('error');
  });
});

describe('intervals', () => {
  it.each([
    ['at_most', { low: 1, high: 9 }, 9, 'pass'],
    ['at_most', { low: 1, high: 9 }, 8, 'unknown'],
    ['at_most', { low: 1, high: 9 }, 0, 'fail'],
    ['at_least', { low: 1, high: 9 }, 1, 'pass'],
    ['at_least', { low: 1, high: 9 }, 2, 'unknown'],
    ['at_least', { low: 1, high: 9 }, 10, 'fail'],
  ])('%s: %j against %j is %s', (name, actual, arg, verdict) => {
    expect(verdictOf(name, actual, arg)).toBe(verdict);
  });

  const span = fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(50))
    .map(([low, width]) => ({ low, high: low + width }));
  test('an interval passes only if each of its values passes, fails only if each fails, and is unknown otherwise', () => {
    fc.assert(
      fc.property(
        span,
        fc.integer({ min: -60, max: 110 }),
        fc.constantFrom('at_least', 'at_most'),
        (interval, limit, name) => {
          const each = new Set(
            Array.from({ length: interval.high - interval.low + 1 }, (_, step) =>
              verdictOf(name, interval.low + step, limit),
            ),
          );
          expect(verdictOf(name, interval, limit)).toBe(each.size === 1 ? [...each][0] : 'unknown');
        },
      ),
    );
  });

  it('a plain number is the interval of itself', () => {
    expect(intervalOf(3)).toEqual({ low: 3, high: 3 });
    expect(intervalOf({ low: Number.NaN, high: 1 })).toBeUndefined();
  });
});

test('no matcher throws, whatever it is given, and each says something', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.constantFrom('10.0.0.1', '10.0.0.0/8', { at_least: 1 }, ['a'], undefined),
  );
  const names = Object.keys(matchers).filter((name) => name !== 'matches' && name !== 'schema');
  fc.assert(
    fc.property(fc.constantFrom(...names), anything, fc.jsonValue(), (name, actual, arg) => {
      const { verdict, says } = match(name, actual, arg);
      expect(['pass', 'fail', 'unknown', 'error', 'skip']).toContain(verdict);
      expect(typeof says).toBe('string');
    }),
    { numRuns: 500 },
  );
});

test('includes and excludes are opposites wherever they decide', () => {
  const element = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('0', '1', 'a'), fc.boolean());
  fc.assert(
    fc.property(fc.array(element, { maxLength: 4 }), element, (list, wanted) => {
      const pair = [verdictOf('includes', list, wanted), verdictOf('excludes', list, wanted)].sort();
      expect([
        ['error', 'error'],
        ['fail', 'pass'],
      ]).toContainEqual(pair);
    }),
  );
});

it.each([
  ['equals', 'x', 'x'],
  ['one_of', ['a', 'b'], 'one of a, b'],
  ['at_least', 5, 'at least 5'],
  ['at_most', 5, 'at most 5'],
  ['in_network', '10.0.0.0/8', 'an address in 10.0.0.0/8'],
  ['includes', 22, '22 among them'],
  ['excludes', 22, 'no 22 among them'],
  ['verdicts', { a: 'pass', b: 'fail', c: 'pass' }, 'a or c'],
  ['verdicts', { a: 'fail' }, 'none of the listed words'],
  ['count', { at_least: 1, at_most: 3 }, 'at least 1 and at most 3'],
])('%s %j says "%s"', (name, arg, says) => {
  expect(match(name, 'x', arg).says).toBe(says);
});

describe('IPv4 addresses', () => {
  it.each([
    '10.0.0.256',
    '10.0.0',
    '10.0.0.1 ',
    '10.0.0.1\n',
    '::1',
    'a.b.c.d',
    '1.2.3.4.5',
    '-1.0.0.0',
    '1e1.0.0.0',
    '',
    1,
    null,
  ])('%j is none', (text) => {
    expect(ipv4(text)).toBeUndefined();
  });

  test('each address has a number of its own, in order', () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        expect(ipv4([a, b, c, d].join('.'))).toBe(((a * 256 + b) * 256 + c) * 256 + d);
      }),
    );
  });
});
