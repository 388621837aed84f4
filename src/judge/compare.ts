/** Comparing hosts with each other: the same, distinct, a difference, a count. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { list, showValue } from '../core/format.js';
import type { Condition } from '../core/model.js';
import { keyOfToken } from '../core/secret-token.js';
import { isRead } from '../evidence/read-answer.js';
import { type Interval, intervalOf, match } from '../pack/matchers.js';
import { type Judgement, propertyOf, wordsOf, worst } from './outcome.js';
import { type Context, type HostValue, referred } from './values.js';

/** Compares the values of all hosts with each other; what one host could not tell leaves it open, unless two others decide it. */
export function compareAll(condition: Condition, samples: HostValue[], here: Context): Judgement {
  const expected = { same: 'the same', distinct: 'different', difference: '' }[
    condition.quantifier as 'same'
  ] as string;
  const gaps = samples.filter((sample) => !isRead(sample.reading));
  if (gaps.length > 0) {
    // Two hosts that differ, or are equal where they must not be, stay so whatever the third would have said.
    const rest = samples.filter((sample) => isRead(sample.reading));
    const partial = rest.length < 2 ? undefined : compareAll(condition, rest, here);
    if (partial?.verdict === 'fail') return partial;
    return {
      verdict: 'unknown',
      expected,
      message: gaps.map((sample) => wordsOf(condition, sample, 'unknown', '')).join('; '),
    };
  }
  const values = samples.map((sample) => (isRead(sample.reading) ? sample.reading.value : undefined));
  const shown = list(
    samples.map((sample, index) => `${sample.label} ${showValue(propertyOf(condition), values[index])}`),
  );
  if (samples.length < 2)
    return { verdict: 'unknown', expected, message: `there is nothing to compare with: ${shown}` };
  if (new Set(values.flatMap((value) => keyOfToken(value) ?? [])).size > 1) {
    return {
      verdict: 'unknown',
      expected,
      message: 'secrets that were collected in different runs cannot be compared',
    };
  }
  if (condition.quantifier === 'difference') return difference(condition, values, shown, here);
  const tolerance = referred(condition.tolerancePercent, undefined, here);
  if (tolerance !== undefined) return within(values, shown, tolerance);
  const distinct = values.filter(
    (value, index) => values.findIndex((other) => isDeepStrictEqual(other, value)) === index,
  ).length;
  const what = isOneOfMany(condition, here) ? `${propertyOf(condition)} ` : '';
  if (condition.quantifier === 'distinct') {
    const holds = distinct === values.length;
    return { verdict: holds ? 'pass' : 'fail', expected, message: `${what}${holds ? 'different' : 'equal'}: ${shown}` };
  }
  return distinct === 1
    ? { verdict: 'pass', expected, message: `${what}the same: ${shown}` }
    : { verdict: 'fail', expected, message: `${what}differs: ${shown}` };
}

/** Whether its rule compares other properties, too, without saying which: then the message has to. */
function isOneOfMany({ quantifier }: Condition, { rule }: Context): boolean {
  return rule.expect.filter((one) => one.quantifier === quantifier && one.says === undefined).length > 1;
}

function within(values: unknown[], shown: string, tolerance: unknown): Judgement {
  const expected = `the same within ${tolerance} %`;
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length !== values.length || typeof tolerance !== 'number')
    return { verdict: 'error', expected, message: `not numbers: ${shown}` };
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const holds = most - least <= (Math.max(Math.abs(most), Math.abs(least)) * tolerance) / 100;
  return {
    verdict: holds ? 'pass' : 'fail',
    expected,
    message: `${holds ? (least === most ? 'the same' : expected) : 'differs'}: ${shown}`,
  };
}

/** The difference of two intervals is an interval: only when all of it lies on one side of the limit is it decided. */
function difference(condition: Condition, values: unknown[], shown: string, here: Context): Judgement {
  const intervals = values.map(intervalOf);
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const bounds = intervals.flatMap((a, i) => intervals.slice(i + 1).map((b) => ({ a, b })));
  const spans = bounds.map(({ a, b }) => {
    if (!a || !b) return undefined;
    const [low, high] = [a.low - b.high, a.high - b.low];
    return {
      low: low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
      high: Math.max(Math.abs(low), Math.abs(high)),
    };
  });
  const judged = spans.map((span) => match(name, span, referred(arg, undefined, here)));
  const verdict = worst.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const apart = spans.map((span) => (span ? showSpan(propertyOf(condition), span) : 'none')).join(', ');
  return { verdict, expected: `a difference of ${judged[0]?.says}`, message: `${apart} apart: ${shown}` };
}

/** How many hosts have the value; those that could not be asked may or may not be among them. */
export function countHosts(condition: Condition, samples: HostValue[], here: Context): Judgement {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const having = samples.filter(
    (sample) =>
      isRead(sample.reading) && [referred(condition.where, sample.host, here)].flat().includes(sample.reading.value),
  );
  const wanted = [condition.where].flat().map(String).join(' or ');
  const unread = samples.filter((sample) => !isRead(sample.reading));
  const counts = Array.from({ length: unread.length + 1 }, (_, more) =>
    match(name, having.length + more, referred(arg, undefined, here)),
  );
  const verdicts = new Set(counts.map((one) => one.verdict));
  const [only] = verdicts;
  const nobody = unread.length > 0 ? 'no host that answered' : 'no host';
  const who = having.length === 0 ? nobody : list(having.map((sample) => sample.label));
  const gaps = unread.map((sample) => `; ${wordsOf(condition, sample, 'unknown', '')}`).join('');
  return {
    verdict: verdicts.size === 1 && only ? only : 'unknown',
    expected: `${counts[0]?.says} with ${wanted}`,
    message: `${wanted} on ${who}${gaps}`,
  };
}

/** A difference as one number where it is exact. */
function showSpan(property: string, span: Interval): string {
  return showValue(property, span.low === span.high ? span.low : span);
}
