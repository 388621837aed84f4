import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { readDuration, showDuration } from '../../src/core/format.js';

describe('a duration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['30m', 1800],
    ['6h', 21_600],
    ['2d', 172_800],
    ['1h30m', 5400],
    ['1m30', 90],
    ['6d23h59m60s', 604_800],
    ['7d', 604_800],
    ['07d', 604_800],
  ])('%s is read', (text, seconds) => {
    expect(readDuration('--wait', text)).toBe(seconds * 1000);
  });

  it.each(['', 'h', '6 h', '1.5h', '-3', '6H', '30m1h', '1h1h', 's', '1w', '٣h', '1e3'])('"%s" is none', (text) => {
    expect(() => readDuration('--wait', text)).toThrow(UsageError);
    expect(() => readDuration('--wait', text)).toThrow(/^--wait .*right is for example 90s, 30m, 6h, 2d or 1h30m$/);
  });

  it.each(['0', '0s', '0h0m', '8d', '7d1s', '99999999999999999999'])('%s is not allowed', (text) => {
    expect(() => readDuration('--every', text)).toThrow(/^--every .*at most 7d, for example 6h$/);
  });

  it.each([
    [0, '0s'],
    [-5, '0s'],
    [999, '0s'],
    [42_500, '42s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [3_661_000, '1h1m'],
    [183_600_000, '2d3h'],
  ])('of %i ms is shown as %s', (ms, text) => {
    expect(showDuration(ms)).toBe(text);
  });

  it('is shown as it is read, but for what is too small to matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 604_800 }), (seconds) => {
        const shown = readDuration('--wait', showDuration(seconds * 1000)) / 1000;
        expect(shown).toBeLessThanOrEqual(seconds);
        expect(seconds - shown).toBeLessThan(seconds < 3600 ? 1 : seconds < 86_400 ? 60 : 3600);
      }),
    );
  });
});
