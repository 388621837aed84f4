/** Comparing hosts with each other: the same, distinct, a difference, a count. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { list, showValue } from '../core/format.js';
import type { Condition } from '../core/model.js';
import { keyOfToken } from '../core/secret-token.js';
import { isRead } from '../evidence/read-answer.js';
import { intervalOf, match } from '../pack/matchers.js';
import { propertyOf, type Ruling, shownIn, wordsOf, worst } from './outcome.js';
import { type Context, type HostValue, referred } from './values.js';

/** How a quantifier judges that holds hosts against each other. */
type Judging<V> = (condition: Condition, values: V, context: Context) => Ruling;

/** Values that were all read, and how a message shows them. */
interface Compared {
  values: unknown[];
  shown: string;
}

/** The quantifiers that judge the values of all hosts together; every other one judges each by itself. */
export const judgedTogether: Partial<Record<Condition['quantifier'], Judging<HostValue[]>>> = {
  same: allRead('the same', (condition, compared, context) => {
    const tolerance = referred(condition.tolerancePercent, undefined, context);
    if (tolerance !== undefined) return within(compared, tolerance);
    const equal = pairsOf(compared);
    const holds = equal.includes(false) ? false : equal.includes(undefined) ? undefined : true;
    return alike(condition, compared, context, holds, ['the same', 'differs']);
  }),
  distinct: allRead('different', (condition, compared, context) => {
    const equal = pairsOf(compared);
    const holds = equal.includes(true) ? false : equal.includes(undefined) ? undefined : true;
    return alike(condition, compared, context, holds, ['different', 'equal']);
  }),
  difference: allRead('', difference),
  count: countHosts,
};

const anotherHost = 'name another host of its role in the inventory, then run again';

/** Compares values when all were read; what one host could not tell leaves it open, unless two others decide it. */
function allRead(expected: string, compare: Judging<Compared>): Judging<HostValue[]> {
  return function judge(condition, values, context): Ruling {
    const unknown = (message: string): Ruling => ({ verdict: 'unknown', expected, message });
    const gaps = values.filter(({ reading }) => !isRead(reading));
    if (gaps.length > 0) {
      // Two hosts that differ, or are equal where they must not be, stay so whatever the third would have said.
      const rest = values.filter(({ reading }) => isRead(reading));
      const partial = rest.length < 2 ? undefined : judge(condition, rest, context);
      if (partial?.verdict === 'fail') return partial;
      return unknown(gaps.map((value) => wordsOf(condition, value, 'unknown', '')).join('; '));
    }
    const read = values.map(({ reading }) => (isRead(reading) ? reading.value : undefined));
    const shown = list(
      values.map(({ label, reading }) => `${label} ${isRead(reading) ? shownIn(condition, reading) : ''}`),
    );
    const [only, ...others] = values;
    // Told alike of every value: it is one cause, however many values it leaves without one to be compared with.
    if (only && others.length === 0)
      return { ...unknown(`there is nothing to compare ${only.label} with`), next: anotherHost };
    if (new Set(read.flatMap((value) => keyOfToken(value) ?? [])).size > 1)
      return unknown('secrets that were collected in different runs cannot be compared');
    return { expected, ...compare(condition, { values: read, shown }, context) };
  };
}

/** Of each two values whether they are equal; undefined where one is known by its bounds alone, and they may be. */
function pairsOf({ values: all }: Compared): (boolean | undefined)[] {
  // Of many hosts most say the same: two of each are compared with the others.
  const seen = new Map<string, { value: unknown; times: number }>();
  const values = all.filter((value) => {
    const text = JSON.stringify(value) ?? '';
    const known = seen.get(text);
    if (!known) seen.set(text, { value, times: 1 });
    // Of one text there may be two values: 0 and -0.
    return !known || !isDeepStrictEqual(value, known.value) || ++known.times <= 2;
  });
  return values.flatMap((a, index) => values.slice(index + 1).map((b) => areEqual(a, b)));
}

/** Whether two values are equal; undefined where one is known by its bounds alone, and they may be. */
function areEqual(a: unknown, b: unknown): boolean | undefined {
  const [one, other] = [intervalOf(a), intervalOf(b)];
  if (!one || !other) return isDeepStrictEqual(a, b);
  if (one.high < other.low || other.high < one.low) return false;
  // A number may also be written as bounds that are alike: both are that number.
  return one.low === one.high && other.low === other.high ? true : undefined;
}

function alike(
  condition: Condition,
  { shown }: Compared,
  context: Context,
  holds: boolean | undefined,
  [held, broken]: [string, string],
): Ruling {
  if (holds === undefined) return { verdict: 'unknown', message: `known too roughly to be compared: ${shown}` };
  // Where its rule compares other properties, too, without saying which, the message has to.
  const like = context.rule.expect.filter((one) => one.quantifier === condition.quantifier && one.says === undefined);
  const what = like.length > 1 ? `${propertyOf(condition)} ` : '';
  return { verdict: holds ? 'pass' : 'fail', message: `${what}${holds ? held : broken}: ${shown}` };
}

function within({ values, shown }: Compared, tolerance: unknown): Ruling {
  const expected = `the same within ${tolerance} %`;
  const known = values.flatMap((value) => intervalOf(value) ?? []);
  if (known.length !== values.length || typeof tolerance !== 'number')
    return { verdict: 'error', expected, message: `not numbers: ${shown}` };
  const [lows, highs] = [known.map(({ low }) => low), known.map(({ high }) => high)];
  const allowed = (bounds: number[]) => (Math.max(...bounds.map(Math.abs)) * tolerance) / 100;
  const [nearest, farthest] = [Math.max(...lows) - Math.min(...highs), Math.max(...highs) - Math.min(...lows)];
  if (farthest <= allowed(lows))
    return { verdict: 'pass', expected, message: `${farthest === 0 ? 'the same' : expected}: ${shown}` };
  if (nearest > allowed(highs)) return { verdict: 'fail', expected, message: `differs: ${shown}` };
  return { verdict: 'unknown', expected, message: `known too roughly to be compared: ${shown}` };
}

/** The difference of two intervals is an interval: only when all of it lies on one side of the limit is it decided. */
function difference(condition: Condition, { values, shown }: Compared, context: Context): Ruling {
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
  const judged = spans.map((span) => match(name, span, referred(arg, undefined, context), propertyOf(condition)));
  const verdict = worst.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const apart = spans
    .map((span) => (span ? showValue(propertyOf(condition), span.low === span.high ? span.low : span) : 'none'))
    .join(', ');
  return { verdict, expected: `a difference of ${judged[0]?.says}`, message: `${apart} apart: ${shown}` };
}

/** How many hosts have the value; those that could not be asked, or told bounds around it, may or may not be among them. */
function countHosts(condition: Condition, values: HostValue[], context: Context): Ruling {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const told = values.map((value) => {
    const { reading, host } = value;
    const meant = [referred(condition.where, host, context)].flat();
    const equal = isRead(reading) ? meant.map((one) => areEqual(one, reading.value)) : [undefined];
    return { value, has: equal.includes(true) ? true : equal.includes(undefined) ? undefined : false };
  });
  const having = told.flatMap(({ value, has }) => (has ? [value] : []));
  const open = told.flatMap(({ value, has }) => (has === undefined ? [value] : []));
  const wanted = [condition.where].flat().map(String).join(' or ');
  const counts = Array.from({ length: open.length + 1 }, (_, more) =>
    match(name, having.length + more, referred(arg, undefined, context)),
  );
  const verdicts = new Set(counts.map((one) => one.verdict));
  const [only] = verdicts;
  const nobody = open.some(({ reading }) => !isRead(reading)) ? 'no host that answered' : 'no host';
  const who = having.length === 0 ? nobody : list(having.map(({ label }) => label));
  const gaps = open.map((value) => `; ${wordsOf(condition, value, 'unknown', wanted)}`).join('');
  return {
    verdict: verdicts.size === 1 && only ? only : 'unknown',
    expected: `${counts[0]?.says} with ${wanted}`,
    message: `${wanted} on ${who}${gaps}`,
    ...(open.length === 0 && { found: String(having.length) }),
  };
}
