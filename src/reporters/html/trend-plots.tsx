/** Series as plots: what a trend was judged by. */

import { lengthInWords, showRow } from '../../core/format.js';
import type { Finding, Series } from '../../core/model.js';
import { headingOf, seriesInWords, standingOf, timeInWords } from '../words/finding.js';
import type { Page } from './anchors.js';
import { type Axis, axisFor, unitOf } from './axis.js';
import { Code, shown } from './text.js';
import { Mark } from './verdict-signs.js';

/** More points than that are small. */
const manyPoints = 60;

/** The fragment of a finding's plots. */
export function plotId(finding: Finding, page: Page): string {
  return `${page.idOf(finding)}-plot`;
}

/** The plots of every finding that was judged by samples, one for each series. */
export function Lag({ page }: { page: Page }) {
  const sampled = page.report.findings.filter(({ samples = [] }) => samples.length > 0);
  if (sampled.length === 0) return null;
  return (
    <section aria-labelledby="samples-title">
      <h2 id="samples-title">Samples over time</h2>
      {sampled.map((finding) => (
        <div class="sampled" id={plotId(finding, page)}>
          <h3>
            <Mark standing={standingOf(finding)} /> {shown(headingOf(finding))}
          </h3>
          <p>{shown(finding.message)}</p>
          <div class="plots">
            {(finding.samples ?? []).map((series) => (
              <Plot series={series} axis={axisFor(alike(series, finding.samples ?? []))} />
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

/** Series of one unit are drawn to one scale: they are meant to be compared. */
function alike({ property }: Series, all: readonly Series[]): Series[] {
  return all.filter((one) => unitOf(one.property) === unitOf(property));
}

/** A point of the plot, in percent of its width and height. */
interface Point {
  x: number;
  y: number;
  /** What stands beside it. */
  words: string;
}

function Plot({ series, axis }: { series: Series; axis: Axis }) {
  const { label, property, values } = series;
  const runs = runsOf(series, axis);
  const points = runs.flat();
  const ends = [points[0], ...(points.length > 1 ? [points.at(-1)] : [])];
  const gaps = values.filter(({ value }) => value === null).map(({ at }) => `+${lengthInWords(axis.secondsAt(at))}`);
  return (
    <figure class="plot">
      <figcaption>
        <b>{shown(`${label} ${property}`)}</b> <span class="dim">from {timeInWords(values[0]?.at ?? '')}</span>
      </figcaption>
      <div class="frame" aria-hidden="true">
        <div class="ticks-y">
          {showRow(property, axis.ticks).map((tick) => (
            <span>{shown(tick)}</span>
          ))}
        </div>
        <svg class="area" width="100%" height="160" aria-hidden="true">
          {axis.ticks.map((tick) => (
            <line class="grid" x1="0" x2="100%" y1={`${axis.yOf(tick)}%`} y2={`${axis.yOf(tick)}%`} />
          ))}
          <svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {runs.map((run) => (
              <polyline vector-effect="non-scaling-stroke" points={run.map(({ x, y }) => `${x},${y}`).join(' ')} />
            ))}
          </svg>
          {points.map(({ x, y }) => (
            <circle cx={`${x}%`} cy={`${y}%`} r={points.length > manyPoints ? 1.5 : 3.5} />
          ))}
          {ends.map(
            (point) =>
              point && (
                <text
                  x={`${point.x}%`}
                  y={`${point.y}%`}
                  dx={point.x < 50 ? 4 : -4}
                  dy={below(point, points) ? 18 : -9}
                  text-anchor={point.x < 50 ? 'start' : 'end'}
                >
                  {point.words}
                </text>
              ),
          )}
        </svg>
        <div class="ticks-x">
          <span>0 s</span>
          <span>+{lengthInWords(axis.seconds / 2)}</span>
          <span>+{lengthInWords(axis.seconds)}</span>
        </div>
      </div>
      <p class="dim">
        {shown(seriesInWords(series))}
        {gaps.length > 0 && `; no number at ${gaps.slice(0, 10).join(', ')}${gaps.length > 10 ? ', ...' : ''}`}
      </p>
      {points.length === 0 && <Code text="no number in any sample" />}
    </figure>
  );
}

/** A label stands on the side that the line does not go to. */
function below({ y }: Point, points: readonly Point[]): boolean {
  return y < 85 && points.some((other) => other.y < y - 5);
}

/** Neighbours with a number; a sample without one breaks the line. */
function runsOf({ property, values }: Series, axis: Axis): Point[][] {
  const words = showRow(
    property,
    values.flatMap(({ value }) => value ?? []),
  );
  const runs: Point[][] = [[]];
  for (const { at, value } of values) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: axis.xOf(at), y: axis.yOf(value), words: words.shift() ?? '' });
  }
  return runs.filter((run) => run.length > 0);
}
