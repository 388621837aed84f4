/** The axes of a plot: round numbers from zero upwards, and seconds since the first sample. */
import type { Series } from '../../core/model.js';

/** Where values and times stand in a plot, in percent from its top and its left. */
export interface Axis {
  /** From the largest down: the order in which they stand below each other. */
  ticks: number[];
  seconds: number;
  yOf(value: number): number;
  xOf(at: string): number;
  secondsAt(at: string): number;
}

const steps = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 250, 500];
/** Ticks besides zero. */
const mostTicks = 4;

/** What a property counts, by the last word of its name. */
export function unitOf(property: string): string {
  return /(bytes|ms|percent)$/i.exec(property)?.[1]?.toLowerCase() ?? property;
}

/** Axes on which all of the series find room. */
export function axisFor(series: readonly Series[]): Axis {
  const numbers = series.flatMap(({ values }) => values.flatMap(({ value }) => value ?? []));
  const times = series.flatMap(({ values }) => values.map(({ at }) => Date.parse(at))).filter(Number.isFinite);
  const step = stepFor(numbers, unitOf(series[0]?.property ?? '') === 'bytes' ? 1024 : 1000);
  const least = Math.floor(Math.min(0, ...numbers) / step);
  const most = Math.max(least + 1, Math.ceil(Math.max(0, ...numbers) / step));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const secondsAt = (at: string) => (Date.parse(at) - start) / 1000 || 0;
  const seconds = times.length > 0 ? (end - start) / 1000 : 0;
  return {
    ticks: Array.from({ length: most - least + 1 }, (_, at) => (most - at) * step),
    seconds,
    secondsAt,
    yOf: (value) => round(100 - ((value / step - least) / (most - least)) * 100),
    xOf: (at) => round(seconds > 0 ? (secondsAt(at) / seconds) * 100 : 50),
  };
}

/** The distance of two ticks: round in the unit that the largest number is told in. */
function stepFor(numbers: readonly number[], base: 1000 | 1024): number {
  const span = Math.max(0, ...numbers) - Math.min(0, ...numbers);
  if (!(span > 0)) return 1;
  const unit = base ** Math.floor(Math.log(span) / Math.log(base));
  return unit * (steps.find((step) => span / (step * unit) <= mostTicks) ?? 1);
}

/** Two places are less than a pixel, and the same on every machine. */
function round(number: number): number {
  return Math.round(number * 100) / 100;
}
