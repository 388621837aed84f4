import { expect, it } from 'vitest';
import { seriesInWords } from '../../src/reporters/words/finding.js';
import { makeSeries } from './report.js';

it.each<[string, (number | null)[], string, string]>([
  ['sizes', [3435973836, 2147483648], 'bytes', '3.2 GiB, 2 GiB (2 samples over 5 s)'],
  [
    'sizes that would look alike',
    [1073741824, 1073741825],
    'lag_bytes',
    '1073741824 bytes, 1073741825 bytes (2 samples over 5 s)',
  ],
  ['sizes that are alike', [1073741824, 1073741824], 'bytes', '1 GiB, 1 GiB (2 samples over 5 s)'],
  ['zero', [0, 512], 'bytes', '0 bytes, 512 bytes (2 samples over 5 s)'],
  ['times', [12, 7], 'replayAgeMs', '12 ms, 7 ms (2 samples over 5 s)'],
  ['bare numbers', [12, 7, 3], 'count', '12, 7, 3 (3 samples over 10 s)'],
  ['what was no number', [null, 7, null], 'count', 'no number, 7, no number (3 samples over 10 s)'],
  ['one sample', [7], 'count', '7 (1 sample)'],
  ['no sample', [], 'count', ' (0 samples)'],
  ['ten samples', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'count', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10 (10 samples over 45 s)'],
  [
    'many samples',
    [1, 2, 3, 4, 5, 6, 7, null, 9, 10, 11],
    'count',
    '1, 2, 3, 4, 5, ..., 7, no number, 9, 10, 11 (11 samples over 50 s)',
  ],
])('%s', (_, values, property, words) => {
  expect(seriesInWords(makeSeries(values, 'db', property))).toBe(`db ${property}: ${words}`);
});

it('does not tell a span that is not known', () => {
  const { values, ...rest } = makeSeries([1, 2]);
  expect(seriesInWords({ ...rest, values: values.map((one) => ({ ...one, at: '' })) })).toBe(
    'secondary bytes: 1 byte, 2 bytes (2 samples)',
  );
  expect(
    seriesInWords({ ...rest, values: values.map((one, at) => ({ ...one, at: `2026-11-21T04:41:00.${at}00Z` })) }),
  ).toContain('over 0.1 s');
});
