/** Judges a trend: the same condition on every sample of its facts, and what the values do from one to the next. Pure. */

import { lengthInWords, secondsInWords, showValue } from '../core/format.js';
import { pointValue } from '../core/json.js';
import type { Condition, Series, Subject, Verdict } from '../core/model.js';
import { atSample, timesOf } from '../evidence/facts.js';
import { isRead } from '../evidence/read-answer.js';
import { referencesIn } from '../pack/references.js';
import { type Judgement, propertyOf, worst } from './outcome.js';
import { type Context, type HostValue, pickElements, referred, valuesOf } from './values.js';

/** Judges the series of each value that the condition names; `samples` are those of the last asking. */
export function judgeTrend(
  condition: Condition,
  samples: HostValue[],
  here: Context,
): Judgement & { series: Series[]; actual: unknown } {
  const { written, ...limits } = (condition.matcher?.arg ?? {}) as TrendArgument;
  const argument = referred(limits, undefined, here) as TrendArgument;
  const judged = samples.map((sample) => {
    const points = pointsOf(condition, sample, here);
    const course = courseOf(points, argument.small);
    const told = tellCourse(course, points, argument.small, propertyOf(condition));
    const besides =
      course === 'small' && written !== undefined
        ? `; ${tellWritten(writtenPoints(written, here), points.at(-1)?.value)}`
        : '';
    const verdict: Verdict = course === undefined ? 'unknown' : { ...argument, small: 'pass' as const }[course];
    const reason = isRead(sample.reading) ? `${told}${besides}` : sample.reading.unread.reason;
    return {
      verdict,
      message: `${sample.label}${isRead(sample.reading) ? ` ${propertyOf(condition)}` : ''}: ${reason}`,
      series: seriesOf(sample.label, propertyOf(condition), points),
    };
  });
  const verdict = worst.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  return {
    verdict,
    expected: `at most ${showValue(propertyOf(condition), argument.small)} at the end${argument.falling === 'pass' ? ', or falling' : ''}`,
    message: judged
      .filter((one) => one.verdict === verdict)
      .map((one) => one.message)
      .join('; '),
    series: judged.map((one) => one.series),
    // The last value as a number, whatever form it came in.
    actual: Object.fromEntries(
      samples.map(({ label, reading }) => [label, isRead(reading) ? (pointValue(reading.value) ?? null) : null]),
    ),
  };
}

/** The value at every asking: where the answer has several elements, or none, it could not be read then. */
function pointsOf(condition: Condition, { host, label }: HostValue, here: Context): Point[] {
  const [fact = ''] = condition.path.split('.');
  const subject = subjectOf(condition, label, host?.name, here);
  const times = timesOf(here.source, here.rule, fact, subject);
  return times.map((at, index) => {
    const then = { ...here, source: atSample(here.source, index) };
    const found = valuesOf(condition, then)
      .filter((sample) => sample.label === label)
      .flatMap((sample) => pickElements(condition, sample, then));
    const [only, second] = found;
    return { at, value: only && !second && isRead(only.reading) ? pointValue(only.reading.value) : undefined };
  });
}

function subjectOf({ quantifier }: Condition, label: string, host: string | undefined, here: Context): Subject {
  if (quantifier !== 'pair') return { kind: 'host', host: host ?? '' };
  const [from = '', to = ''] = here.direction
    ? [here.direction.from.name, here.direction.to.name]
    : label.split(' -> ');
  return { kind: 'pair', from, to };
}

/** The series of the position that grows with writes; empty where it cannot be read. */
function writtenPoints(reference: string, here: Context): Point[] {
  const [{ who, what: path } = { who: '', what: '' }] = referencesIn(reference);
  const host = who === 'self' ? here.self : who === 'peer' ? here.peer : here.hostsOf(who)[0];
  if (!host) return [];
  const condition: Condition = { quantifier: 'role', role: host.role, path };
  return pointsOf(condition, { label: host.name, host, reading: { value: null, steps: [] } }, here);
}

/** One value of a series: a number, what was said in its place, or undefined where it could not be read. */
export interface Point {
  at: string;
  value: number | string | undefined;
}

/** What a series does. `small` looks at its end alone; every other word at all of it. */
export type Course = 'small' | 'falling' | 'rising' | 'stuck' | 'mixed' | 'not_a_number';

/** What a rule makes of each course. */
export interface TrendArgument extends Record<Exclude<Course, 'small'>, Verdict> {
  /** What does not need to fall any more, in the unit of the series. */
  small: number;
  /** A position that grows while something is written: tells a series that stays small for lack of writes. */
  written?: string;
}

/** What the points do; undefined where one of them could not be read, or one alone shows no course. */
export function courseOf(points: readonly Point[], small: number): Course | undefined {
  const last = points.at(-1)?.value;
  if (last === undefined || points.some(({ value }) => value === undefined)) return undefined;
  if (!inOrder(points)) return undefined;
  if (typeof last === 'string') return 'not_a_number';
  const numbers = numbersOf(points);
  // What was no number a moment ago has come up, or comes and goes.
  if (numbers.length < points.length) return 'mixed';
  if (last <= small) return 'small';
  if (numbers.length < 2) return undefined;
  const steps = stepsOf(numbers);
  if (steps.every((step) => step < 0)) return 'falling';
  if (steps.every((step) => step === 0)) return 'stuck';
  // What stands still between its steps upwards never falls either.
  return steps.every((step) => step >= 0) ? 'rising' : 'mixed';
}

function numbersOf(points: readonly Point[]): number[] {
  return points.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
}

/** From each number to the next. */
function stepsOf(numbers: readonly number[]): number[] {
  return numbers.slice(1).map((value, index) => value - (numbers[index] ?? value));
}

/** Whether each point is later than the one before; a series in another order shows another course. */
function inOrder(points: readonly Point[]): boolean {
  return points.every(({ at }, index) => index === 0 || !(Date.parse(at) <= Date.parse(points[index - 1]?.at ?? '')));
}

/** What the course means for whoever waits, in words; `property` carries the unit. */
export function tellCourse(
  course: Course | undefined,
  points: readonly Point[],
  small: number,
  property: string,
): string {
  const numbers = numbersOf(points);
  const show = (value: number) => showValue(property, value);
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  const seconds = secondsOf(points);
  const span = `${points.length} samples over ${secondsInWords(seconds)}`;
  switch (course) {
    case 'small': {
      const steps = stepsOf(numbers);
      const rose = steps.length > 1 && steps.every((step) => step > 0) ? ', though it rose at every one' : '';
      return `${show(last)} at the end of ${span} (at most ${show(small)})${rose}`;
    }
    case 'falling':
      return `${show(last)}, falling at every one of ${span}${estimate(first, last, seconds, points, show)}`;
    case 'rising':
      return `${show(last)}, risen by ${show(last - first)} and never fallen in ${span}`;
    case 'stuck':
      return `${show(last)} at every one of ${span}: it does not move`;
    case 'mixed':
      return numbers.length < points.length
        ? `not always a number (${span})`
        : `between ${show(Math.min(...numbers))} and ${show(Math.max(...numbers))}, neither falling nor rising throughout (${span})`;
    case 'not_a_number':
      return `"${points.at(-1)?.value}" instead of a number`;
    case undefined:
      if (points.length < 2) return `${show(last)}: one sample shows no trend`;
      if (!inOrder(points)) return 'the samples are not in the order of their times';
      return `${points.filter(({ value }) => value === undefined).length} of ${points.length} samples could not be read`;
  }
}

/** How fast it falls and when it reaches zero, if it goes on like that. */
function estimate(
  first: number,
  last: number,
  seconds: number,
  points: readonly Point[],
  show: (value: number) => string,
): string {
  if (seconds <= 0) return '';
  const perSecond = (first - last) / seconds;
  const left = last / perSecond;
  const end = Date.parse(points.at(-1)?.at ?? '') + left * 1000;
  const when = Number.isFinite(end) && Math.abs(end) < 8e15 ? ` (${new Date(end).toISOString().slice(0, 16)}Z)` : '';
  return `, by ${show(Math.max(1, Math.round(perSecond)))} a second; at that rate it reaches zero in about ${lengthInWords(Math.max(1, Math.round(left)))}${when}`;
}

function secondsOf(points: readonly Point[]): number {
  const [from, to] = [Date.parse(points[0]?.at ?? ''), Date.parse(points.at(-1)?.at ?? '')];
  return Number.isFinite(to - from) ? Math.max(0, to - from) / 1000 : 0;
}

/** Whether something was written while the samples of a series were taken that ended with `last`, in words. */
export function tellWritten(points: readonly Point[], last: Point['value']): string {
  const numbers = numbersOf(points);
  if (numbers.length < 2 || numbers.length < points.length)
    return 'whether anything was written meanwhile is not known';
  const moved = (numbers.at(-1) ?? 0) - (numbers[0] ?? 0);
  return moved > 0
    ? `${showValue('bytes', moved)} were written meanwhile`
    : `nothing was written meanwhile${last === 0 ? ', so this shows only that nothing was pending' : ''}`;
}

/** The points as a report keeps them: what is no number is null. */
export function seriesOf(label: string, property: string, points: readonly Point[]): Series {
  return {
    label,
    property,
    values: points.map(({ at, value }) => ({ at, value: typeof value === 'number' ? value : null })),
  };
}
