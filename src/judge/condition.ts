/** Judges one condition on one subject: puts each value it names to its matcher, and says what came of it. Pure. */

import type { Condition, Verdict } from '../core/model.js';
import { isRead } from '../evidence/read-answer.js';
import { match, matcherNamed } from '../pack/matchers.js';
import { quantifierOf } from '../pack/quantifiers.js';
import { judgedTogether } from './compare.js';
import { judgeLimited, neverByFailOnly } from './declared.js';
import { type Outcome, propertyOf, type Ruling, wordsOf, worst } from './outcome.js';
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
export function judge(condition: Condition, context: Context): Outcome {
  try {
    return judgeValues(condition, context);
  } catch (error) {
    if (error instanceof BrokenReference) return { verdict: 'error', message: error.message, steps: [], unread: [] };
    if (!(error instanceof UnreadReference)) throw error;
    const { unread, steps } = error.reading;
    return { verdict: 'unknown', message: `${unread.host}: ${unread.reason}`, steps, unread: [unread] };
  }
}

function judgeValues(condition: Condition, context: Context): Outcome {
  const values = valuesOf(condition, context).flatMap((value) => pickElements(condition, value, context));
  const outcome = {
    steps: [...new Set(values.flatMap((value) => value.reading.steps))],
    unread: values.flatMap(({ reading }) => (isRead(reading) ? [] : [reading.unread])),
    actual: actualOf(values, condition),
  };
  if (values.length === 0) return { ...outcome, verdict: 'unknown', message: 'there is no host to ask' };
  const limited = judgeLimited(condition, values);
  if (limited) return { ...outcome, ...limited, unread: [...outcome.unread, ...limited.unread] };
  if (matcherNamed(condition.matcher?.name)?.judgeSeries)
    return { ...outcome, ...judgeTrend(condition, values, context) };
  const judge = judgedTogether[condition.quantifier] ?? judgeEach;
  return neverByFailOnly(values, { ...outcome, ...judge(condition, values, context) });
}

function judgeEach(condition: Condition, values: HostValue[], context: Context): Ruling {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const judged = values.map((value) => {
    const expected = referred(arg, value.host, context);
    const { verdict, says } = match(
      name,
      isRead(value.reading) ? value.reading.value : undefined,
      expected,
      propertyOf(condition),
    );
    return { value, says, verdict: canJudge(value, name) ? verdict : ('unknown' as const) };
  });
  const order: Verdict[] = quantifierOf(condition).oneIsEnough ? ['pass', 'unknown', 'error', 'fail', 'skip'] : worst;
  const verdict = order.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const deciding = judged.filter((one) => one.verdict === verdict);
  const words = deciding.map(({ value, says }) => wordsOf(condition, value, verdict, says));
  const [first] = deciding;
  const value = first && isRead(first.value.reading) ? first.value.reading.value : undefined;
  return {
    verdict,
    message: words.join('; '),
    expected: [...new Set(judged.map((one) => one.says))].join('; '),
    ...(value !== null && typeof value !== 'object' && value !== undefined && { found: String(value) }),
  };
}

/** Whether there is a value to judge; to a matcher of absence, what the answer does not hold is one. */
function canJudge({ reading }: HostValue, matcher: string): boolean {
  return isRead(reading) || (reading.unread.absent === true && matcherNamed(matcher)?.absence === true);
}

function actualOf(values: HostValue[], condition: Condition): unknown {
  const read = values.map(({ label, reading }) => [label, isRead(reading) ? reading.value : null] as const);
  return quantifierOf(condition).asks === 'direction' && read.length === 1 ? read[0]?.[1] : Object.fromEntries(read);
}
