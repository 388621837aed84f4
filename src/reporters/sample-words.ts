/** The series that a trend was judged by, in one line each. */

import { secondsInWords, showRow } from '../core/format.js';
import type { Series } from '../core/model.js';

/** Values that are shown at each end of a long series. */
const atEachEnd = 5;

/** `secondary bytes: 3.2 GiB, 2.9 GiB, no number, 1.8 GiB (4 samples over 15 s)`. */
export function seriesInWords({ label, property, values }: Series): string {
  const shown = showRow(
    property,
    values.flatMap(({ value }) => value ?? []),
  );
  const words = values.map(({ value }) => (value === null ? 'no number' : (shown.shift() ?? '')));
  const ends = words.length > 2 * atEachEnd ? [...words.slice(0, atEachEnd), '...', ...words.slice(-atEachEnd)] : words;
  const [first, last] = [values[0], values.at(-1)].map((one) => Date.parse(one?.at ?? ''));
  const seconds = ((last ?? Number.NaN) - (first ?? Number.NaN)) / 1000;
  const span = seconds > 0 ? ` over ${secondsInWords(seconds)}` : '';
  return `${label} ${property}: ${ends.join(', ')} (${values.length} ${values.length === 1 ? 'sample' : 'samples'}${span})`;
}
