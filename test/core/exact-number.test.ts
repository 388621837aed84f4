/** Numbers of hosts' answers: exact, or none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactNumber } from '../../src/core/exact-number.js';

describe('a number', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['-0.0', 0],
    ['007', 7],
    ['1.10', 1.1],
    ['0.1', 0.1],
    ['100', 100],
    ['1e2', 100],
    ['1E-2', 0.01],
    ['1.5e3', 1500],
    ['9007199254740992', 9007199254740992],
    ['100000000000000000000', 1e20],
  ])('is read: %s', (text, number) => {
    expect(Object.is(exactNumber(text), number)).toBe(true);
  });

  it.each([
    '12345678901234567890',
    '12345678901234567891',
    '9007199254740993',
    '0.10000000000000000555',
    '1e400',
    '1e-400',
    '',
    '-',
    '.5',
    '5.',
    '0x10',
    '1_000',
    '1,5',
    ' 1',
    'NaN',
    'Infinity',
    '1e99999',
  ])('is not read: %j', (text) => {
    expect(exactNumber(text)).toBeUndefined();
  });

  it('of one spelling and another are equal only if they are one number', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,24}$/);
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const [one, other] = [exactNumber(a), exactNumber(b)];
        if (one !== undefined && one === other) expect(BigInt(a)).toBe(BigInt(b));
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(exactNumber(String(number))).toBe(number + 0);
      }),
    );
  });
});
