/** Judges a trend: the same condition on every sample of its facts, and what the values do from one to the next. Pure. */

import type { Point } from '../core/course.js';
import { factNamed } from '../core/fact-path.js';
import { showValue } from '../core/format.js';
import { pointValue } from '../core/json.js';
import type { Condition, Series } from '../core/model.js';
import { atSample, timesOf } from '../evidence/facts.js';
import { isRead } from '../evidence/read-answer.js';
import { fits, matcherNamed } from '../pack/matchers.js';
import { ownerOf } from '../pack/quantifiers.js';
import { referencesIn } from '../pack/references.js';
import { propertyOf, type Ruling, worst } from './outcome.js';
import { type Context, type HostValue, pickElements, referred, valuesOf } from './values.js';

/** Judges the series of each value that the condition names; `values` are those of the last sample. */
export function judgeTrend(
  condition: Condition,
  values: HostValue[],
  context: Context,
): Ruling & { series: Series[]; actual: unknown } {
  const { name, arg } = condition.matcher ?? {};
  const { written, ...limits } = Object(arg) as { written?: string };
  const argument = referred(limits, undefined, context);
  const property = propertyOf(condition);
  const matcher = matcherNamed(name);
  const judged = values.map((value) => {
    const points = pointsOf(condition, value, context);
    const meanwhile = written === undefined ? undefined : writtenPoints(written, context);
    const { verdict, says, found } =
      (matcher && fits(matcher, argument) && matcher.judgeSeries?.(points, argument, property, meanwhile)) || noLimit;
    const read = isRead(value.reading) ? ` ${property}: ${says}` : `: ${value.reading.unread.reason}`;
    return { verdict, found, message: `${value.label}${read}`, series: seriesOf(value.label, property, points) };
  });
  const verdict = worst.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const found = judged.find((one) => one.verdict === verdict)?.found;
  return {
    verdict,
    ...(found !== undefined && { found }),
    expected: matcher?.says(argument, (value) => showValue(property, value)),
    message: judged
      .filter((one) => one.verdict === verdict)
      .map((one) => one.message)
      .join('; '),
    series: judged.map((one) => one.series),
    // The last value as a number, whatever form it came in.
    actual: Object.fromEntries(
      values.map(({ label, reading }) => [label, isRead(reading) ? (pointValue(reading.value) ?? null) : null]),
    ),
  };
}

/** A limit that has no number, as of a setting that nobody gave. */
const noLimit = { verdict: 'error' as const, says: 'there is no limit to judge it by', found: undefined };

/** The value at every sample: where the answer has several elements, or none, it could not be read then. */
function pointsOf(condition: Condition, { label, subject }: HostValue, context: Context): Point[] {
  if (!subject) return [];
  const times = timesOf(context.source, context.rule, factNamed(condition.path), subject);
  return times.map((at, index) => {
    const then = { ...context, source: atSample(context.source, index) };
    const found = valuesOf(condition, then)
      .filter((value) => value.label === label)
      .flatMap((value) => pickElements(condition, value, then));
    const [only, second] = found;
    return { at, value: only && !second && isRead(only.reading) ? pointValue(only.reading.value) : undefined };
  });
}

/** The series of the position that grows with writes; empty where it cannot be read. */
function writtenPoints(reference: string, context: Context): Point[] {
  const [{ who, what: path } = { who: '', what: '' }] = referencesIn(reference);
  const host = who === 'self' ? context.self : who === 'peer' ? context.peer : context.hostsOf(who)[0];
  if (!host) return [];
  const condition: Condition = { quantifier: 'role', role: host.role, path };
  return pointsOf(condition, { ...ownerOf(host), reading: { value: null, steps: [] } }, context);
}

/** The points as a report keeps them: what is no number is null. */
export function seriesOf(label: string, property: string, points: readonly Point[]): Series {
  return {
    label,
    property,
    values: points.map(({ at, value }) => ({ at, value: typeof value === 'number' ? value : null })),
  };
}
