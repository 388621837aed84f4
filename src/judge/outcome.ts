/** What judging comes to, and the words for it. */

import { lastProperty } from '../core/fact-path.js';
import { shorten, showValue } from '../core/format.js';
import type { Condition, Expectation, Series, Severity, Verdict } from '../core/model.js';
import { isRead, type Unread } from '../evidence/read-answer.js';
import type { HostValue } from './values.js';
import { badness } from './verdict.js';

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
  /** The word, or the course of a series, that decided: a rule may have a sentence for each. */
  found?: string;
  /** What to do next, where the reason alone tells it. */
  next?: string;
}

/** The part of an outcome that the judging itself makes. */
export type Ruling = Pick<Outcome, 'verdict' | 'message' | 'expected' | 'found' | 'next'>;

/** The worst first: what decides when several values are judged by one condition. */
export const worst: Verdict[] = ['fail', 'error', 'unknown', 'pass', 'skip'];

/** What a value says to a reader: itself, or why there is none, and what was expected instead. */
export function wordsOf(
  condition: Condition,
  { label, subject, reading }: HostValue,
  verdict: Verdict,
  says: string,
): string {
  const whose = subject ? label : 'this row';
  if (!isRead(reading)) return `${whose}: ${reading.unread.reason}`;
  const value = shownIn(condition, reading, LONGEST_VALUE);
  if (verdict === 'pass' || verdict === 'skip') return `${whose}: ${value}`;
  if (verdict === 'error') return `${whose}: ${value} cannot be compared with ${says}`;
  return verdict === 'unknown'
    ? `${whose}: ${value} decides nothing; expected ${says}`
    : `${whose}: ${value}, expected ${says}`;
}

/** A value as a message shows it, with what a reader of it has to know. */
export function shownIn(
  condition: Condition,
  { value, note }: { value: unknown; note?: string },
  longest?: number,
): string {
  const shown = showValue(propertyOf(condition), value);
  return `${longest === undefined ? shown : shorten(shown, longest)}${note === undefined ? '' : ` (${note})`}`;
}

/** The property that is judged; its name carries the unit. */
export function propertyOf(condition: Condition): string {
  return condition.its ?? lastProperty(condition.path);
}

/** What came of one expectation, with the weight that it has. */
export type Judged = Outcome & {
  severity: Severity;
  /** What it was given did not hold: somebody has to change something before it can be judged. */
  notGiven?: true;
  /** Whose fault and remedy are told. */
  expectation?: Expectation;
};

/** The worst outcome decides; what else did not pass is said beside it. */
export function decisive(outcomes: Judged[], severity: Severity): Judged {
  const sorted = outcomes.toSorted((a, b) => badness(b.verdict, b.severity) - badness(a.verdict, a.severity));
  // Of what passed, the value that tells most is shown: a series, then a path rather than that it exists.
  const [worst] = sorted;
  const first =
    worst?.verdict === 'pass'
      ? (outcomes.find((one) => one.verdict === 'pass' && one.series) ??
        outcomes.find((one) => one.verdict === 'pass' && !isFlag(one.actual)) ??
        worst)
      : worst;
  if (!first) throw new Error('a rule without outcomes has no worst one');
  const telling =
    first.verdict === 'pass' || first.verdict === 'skip'
      ? [first]
      : sorted.filter((one) => !['pass', 'skip'].includes(one.verdict));
  return {
    ...first,
    severity: first.verdict === 'pass' || first.verdict === 'skip' ? severity : first.severity,
    message: [...new Set(rootCausesOnce(telling).map((one) => one.message))].join('; '),
    steps: [...new Set(outcomes.flatMap((one) => one.steps))],
    unread: telling.flatMap((one) => one.unread),
    series: outcomes.flatMap((one) => one.series ?? []),
  };
}

function isFlag(actual: unknown): boolean {
  return (
    actual !== null &&
    typeof actual === 'object' &&
    Object.values(actual).every((value) => typeof value === 'boolean' || value === null)
  );
}

/** What a host's own trouble made unreadable is told once: the first cause explains the rest. */
function rootCausesOnce(outcomes: Judged[]): Judged[] {
  const told = new Set<string>();
  return outcomes.filter(({ unread, verdict }) => {
    const host =
      verdict === 'unknown' ? unread.find((cause) => cause.at === 'host' || cause.at === 'context')?.host : undefined;
    if (host === undefined) return true;
    const first = !told.has(host);
    told.add(host);
    return first;
  });
}
