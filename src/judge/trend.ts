/** Judges a trend: the same condition on every sample of its facts, and what the values do from one to the next. Pure. */

import { showValue } from '../core/format.js';
import type { Condition, Series, Subject, Verdict } from '../core/model.js';
import { atSample, timesOf } from '../evidence/facts.js';
import { isRead } from '../evidence/read-answer.js';
import { referencesIn } from '../pack/references.js';
import { courseOf, type Point, pointValue, seriesOf, type TrendArgument, tellCourse, tellWritten } from '../trend.js';
import { type Judgement, propertyOf, worst } from './outcome.js';
import { type Circumstance, pickElements, referred, type Sample, samplesOf } from './values.js';

/** Judges the series of each value that the condition names; `samples` are those of the last asking. */
export function judgeTrend(
  condition: Condition,
  samples: Sample[],
  here: Circumstance,
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
function pointsOf(condition: Condition, { host, label }: Sample, here: Circumstance): Point[] {
  const [fact = ''] = condition.path.split('.');
  const subject = subjectOf(condition, label, host?.name, here);
  const times = timesOf(here.source, here.rule, fact, subject);
  return times.map((at, index) => {
    const then = { ...here, source: atSample(here.source, index) };
    const found = samplesOf(condition, then)
      .filter((sample) => sample.label === label)
      .flatMap((sample) => pickElements(condition, sample, then));
    const [only, second] = found;
    return { at, value: only && !second && isRead(only.reading) ? pointValue(only.reading.value) : undefined };
  });
}

function subjectOf({ quantifier }: Condition, label: string, host: string | undefined, here: Circumstance): Subject {
  if (quantifier !== 'pair') return { kind: 'host', host: host ?? '' };
  const [from = '', to = ''] = here.direction
    ? [here.direction.from.name, here.direction.to.name]
    : label.split(' -> ');
  return { kind: 'pair', from, to };
}

/** The series of the position that grows with writes; empty where it cannot be read. */
function writtenPoints(reference: string, here: Circumstance): Point[] {
  const [{ who, what: path } = { who: '', what: '' }] = referencesIn(reference);
  const host = who === 'self' ? here.self : who === 'peer' ? here.peer : here.hostsOf(who)[0];
  if (!host) return [];
  const condition: Condition = { quantifier: 'role', role: host.role, path };
  return pointsOf(condition, { label: host.name, host, reading: { value: null, steps: [] } }, here);
}
