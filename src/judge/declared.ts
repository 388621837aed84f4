/** What declared values may tell, enforced: those that are good for comparing only prove that hosts are equal, and others only that a rule fails. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { list, shorten, showValue } from '../core/format.js';
import type { Condition, Finding } from '../core/model.js';
import { notInPlan } from '../evidence/declared.js';
import { isRead, type Read, type Unread } from '../evidence/read-answer.js';
import type { Scope } from '../plan/scope.js';
import type { Judged, Outcome } from './outcome.js';
import { propertyOf, wordsOf } from './outcome.js';
import type { HostValue } from './values.js';

type Limited = Pick<Outcome, 'verdict' | 'message' | 'expected' | 'unread'>;

/** Judges values among which one may only be compared, or is a token; undefined where there is none. */
export function judgeLimited(condition: Condition, values: HostValue[]): Limited | undefined {
  const read = values.flatMap(({ reading }) => (isRead(reading) ? [reading] : []));
  if (!read.some(({ may, sensitive }) => may === 'same-only' || sensitive)) return undefined;
  const ruling = { verdict: 'unknown' as const, expected: 'the same' };
  const gaps = values.filter(({ reading }) => !isRead(reading));
  if (gaps.length > 0)
    return { ...ruling, message: gaps.map((value) => wordsOf(condition, value, 'unknown', '')).join('; '), unread: [] };
  const shown = list(values.map(({ label, reading }) => `${label} ${shownOf(condition, reading as Read)}`));
  const { quantifier, tolerancePercent } = condition;
  if (quantifier !== 'same' || values.length < 2) {
    const reason = `${propertyOf(condition)} is declared only to be compared: ${shown}`;
    // Whether a pack declares no more than this stands in the pack; whether a value is sensitive stands in the plan.
    const unread: Unread = read.every(({ sensitive }) => !sensitive) ? { ...notInPlan(''), reason } : { reason };
    return { ...ruling, message: reason, unread: [unread] };
  }
  const alike = read.every(
    (one) => isDeepStrictEqual(kindOf(one), kindOf(read[0])) && isDeepStrictEqual(one.value, read[0]?.value),
  );
  if (alike) return { verdict: 'pass', expected: 'the same', message: `the same: ${shown}`, unread: [] };
  const differs =
    tolerancePercent === undefined && read.every(({ may, sensitive }) => sensitive && may !== 'same-only');
  if (differs) return { verdict: 'fail', expected: 'the same', message: `differs: ${shown}`, unread: [] };
  const reason = `${propertyOf(condition)} cannot be told from what is declared: ${shown}`;
  return { ...ruling, message: reason, unread: [{ reason }] };
}

function kindOf(reading: Read | undefined): unknown {
  return [reading?.may, reading?.sensitive];
}

function shownOf(condition: Condition, { value, may, sensitive }: Read): string {
  if (sensitive) return 'a sensitive value';
  const words =
    may === 'same-only' ? [value].flat().map((one) => showValue('', one)) : [showValue(propertyOf(condition), value)];
  return shorten(words.join(' and '));
}

/** A value that may only show that a rule fails never makes it pass. */
export function neverByFailOnly(values: HostValue[], outcome: Outcome): Outcome {
  const limited = values.filter(({ reading }) => isRead(reading) && reading.may === 'fail-only');
  if (limited.length === 0 || outcome.verdict === 'fail') return outcome;
  const reason = `${outcome.message}; what is declared could only show that it fails`;
  return { ...outcome, verdict: 'unknown', message: reason, unread: [...outcome.unread, { ...notInPlan(''), reason }] };
}

/** Why a finding has no answer where hosts are declared: in every part that has none, nothing could answer, or nothing before apply. */
export function declaredStanding(
  { declared }: Pick<Scope, 'declared'>,
  open: readonly Pick<Judged, 'verdict' | 'unread'>[],
): Pick<Finding, 'declared'> {
  if (!declared || open.length === 0) return {};
  if (!open.every(({ verdict, unread }) => verdict === 'unknown' && unread.length > 0)) return {};
  const causes = open.flatMap(({ unread }) => unread.map((one) => one.declared));
  if (causes.every((cause) => cause === 'not-in-plan')) return { declared: 'not-in-plan' };
  const known = causes.every((cause) => cause !== undefined);
  return known && declared.defer ? { declared: 'deferred' } : {};
}
