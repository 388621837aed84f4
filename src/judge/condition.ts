/** Judges one condition on one subject: puts each value it names to its matcher, and says what came of it. Pure. */

import type { Condition, Verdict } from '../core/model.js';
import { isRead, type Unread } from '../evidence/read-answer.js';
import { match } from '../pack/matchers.js';
import { compareAll, countHosts } from './compare.js';
import { type Judgement, type Outcome, wordsOf, worst } from './outcome.js';
import { judgeTrend } from './trend.js';
import {
  BrokenReference,
  type Context,
  type HostValue,
  pickElements,
  referred,
  UnreadReference,
  valuesOf,
} from './values.js';

/** Judges a condition; one that rests on a fact without a value, be it in an argument, is unknown. */
export function judge(condition: Condition, here: Context): Outcome {
  try {
    return judgeSamples(condition, here);
  } catch (error) {
    if (error instanceof BrokenReference) return { verdict: 'error', message: error.message, steps: [], unread: [] };
    if (!(error instanceof UnreadReference)) throw error;
    const { unread, steps } = error.reading;
    return { verdict: 'unknown', message: `${unread.host}: ${unread.reason}`, steps, unread: [unread] };
  }
}

function judgeSamples(condition: Condition, here: Context): Outcome {
  const samples = valuesOf(condition, here).flatMap((sample) => pickElements(condition, sample, here));
  const outcome = {
    steps: [...new Set(samples.flatMap((sample) => sample.reading.steps))],
    unread: unreadOf(samples),
    actual: actualOf(samples, condition),
  };
  if (samples.length === 0) return { ...outcome, verdict: 'unknown', message: 'there is no host to ask' };
  if (condition.matcher?.name === 'trend') return { ...outcome, ...judgeTrend(condition, samples, here) };
  switch (condition.quantifier) {
    case 'same':
    case 'distinct':
    case 'difference':
      return { ...outcome, ...compareAll(condition, samples, here) };
    case 'count':
      return { ...outcome, ...countHosts(condition, samples, here) };
    default:
      return { ...outcome, ...judgeEach(condition, samples, here) };
  }
}

function judgeEach(condition: Condition, samples: HostValue[], here: Context): Judgement {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const judged = samples.map((sample) => {
    const expected = referred(arg, sample.host, here);
    if (name === 'absent') return { sample, ...judgeAbsence(sample, expected !== false) };
    if (!isRead(sample.reading))
      return { sample, verdict: 'unknown' as const, says: match(name, undefined, expected).says };
    return { sample, ...match(name, sample.reading.value, expected) };
  });
  const order = condition.quantifier === 'any' ? (['pass', 'unknown', 'error', 'fail', 'skip'] as Verdict[]) : worst;
  const verdict = order.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const deciding = judged.filter((one) => one.verdict === verdict);
  const words = deciding.map(({ sample, says }) => wordsOf(condition, sample, verdict, says));
  return { verdict, message: words.join('; '), expected: [...new Set(judged.map((one) => one.says))].join('; ') };
}

/** An absent property is a value here: the answer was read and does not hold it. */
function judgeAbsence(sample: HostValue, absent: boolean): { verdict: Verdict; says: string } {
  const says = absent ? 'not there' : 'there';
  if (isRead(sample.reading)) return { verdict: absent ? 'fail' : 'pass', says };
  return { verdict: sample.reading.unread.absent ? (absent ? 'pass' : 'fail') : 'unknown', says };
}

function unreadOf(samples: HostValue[]): Unread[] {
  return samples.flatMap((sample) => (isRead(sample.reading) ? [] : [sample.reading.unread]));
}

function actualOf(samples: HostValue[], condition: Condition): unknown {
  const values = samples.map((sample) => [sample.label, isRead(sample.reading) ? sample.reading.value : null] as const);
  return condition.quantifier === 'pair' && values.length === 1 ? values[0]?.[1] : Object.fromEntries(values);
}
