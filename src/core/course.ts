/** The course of a series: what a value does from one sample to the next, and the words for it. Pure. */
import { lengthInWords, secondsInWords, showValue } from './format.js';
import type { Verdict } from './model.js';

/** One value of a series: a number, what was said in its place, or undefined where it could not be read. */
export interface Point {
  at: string;
  value: number | string | undefined;
}

/** What a series does. `small` looks at its end alone; every other word at all of it. */
export type Course = 'small' | 'falling' | 'rising' | 'stuck' | 'mixed' | 'not_a_number';

/** What a rule makes of each course. */
export interface CourseVerdicts extends Record<Exclude<Course, 'small'>, Verdict> {
  /** What does not need to fall any more, in the unit of the series. */
  small: number;
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
  return points.every(({ at }, index) => !(Date.parse(at) <= Date.parse(points[index - 1]?.at ?? '')));
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
    case undefined: {
      if (points.length === 0) return 'no samples were taken, and one value shows no trend';
      const unread = points.filter(({ value }) => value === undefined).length;
      if (unread > 0) return `${unread} of ${points.length} samples could not be read`;
      if (points.length === 1) return `${show(last)}: one sample shows no trend`;
      return 'the samples are not in the order of their times';
    }
  }
}

/** From there on a year has more than four digits. */
const YEAR_10000_MS = Date.UTC(10_000, 0);

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
  const when = end < YEAR_10000_MS ? ` (${new Date(end).toISOString().slice(0, 16)}Z)` : '';
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
