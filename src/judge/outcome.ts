/** What judging comes to, and the words for it. */

import { shorten, showValue } from '../core/format.js';
import type { Condition, Series, Verdict } from '../core/model.js';
import { isRead, type Unread } from '../evidence/read-answer.js';
import type { Sample } from './values.js';

/** Characters of one value in a message: a page of HTML there would hide what is said of it. */
const LONGEST_VALUE = 160;

/** What came of judging: `actual` by host, `expected` in words, the steps it rests on, and what could not be read. */
export interface Outcome {
  verdict: Verdict;
  message: string;
  actual?: unknown;
  expected?: unknown;
  steps: string[];
  unread: Unread[];
  /** What a trend was judged by. */
  series?: Series[];
}

/** The part of an outcome that the judging itself makes. */
export type Judgement = Pick<Outcome, 'verdict' | 'message' | 'expected'>;

/** The worst first: what decides when several values are judged by one condition. */
export const worst: Verdict[] = ['fail', 'error', 'unknown', 'pass', 'skip'];

/** What a sample says to a reader: its value, or why there is none, and what was expected instead. */
export function wordsOf(condition: Condition, sample: Sample, verdict: Verdict, says: string): string {
  const label = sample.label === 'row' ? 'this row' : sample.label;
  if (!isRead(sample.reading)) return `${label}: ${sample.reading.unread.reason}`;
  const value = shorten(showValue(propertyOf(condition), sample.reading.value), LONGEST_VALUE);
  if (verdict === 'pass' || verdict === 'skip') return `${label}: ${value}`;
  if (verdict === 'error') return `${label}: ${value} cannot be compared with ${says}`;
  return verdict === 'unknown'
    ? `${label}: ${value} decides nothing; expected ${says}`
    : `${label}: ${value}, expected ${says}`;
}

/** The property that is judged; its name carries the unit. */
export function propertyOf(condition: Condition): string {
  return condition.its ?? condition.path.split('.').at(-1) ?? '';
}
