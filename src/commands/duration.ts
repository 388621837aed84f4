/** Durations as a person writes and reads them: `90`, `90s`, `30m`, `6h`, `2d`, `1h30m`. */
import { UsageError } from '../core/errors.js';

const units = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** The longest time that a run may wait, in milliseconds. */
const MOST_MS = 7 * units.d * 1000;

/** The milliseconds of an option's duration; a bare number means seconds. @throws UsageError unless it is more than nothing and at most seven days. */
export function readDuration(option: string, text: string): number {
  const written = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text);
  if (!written || text === '') {
    throw new UsageError(`${option} ${text}: is not a duration; right is for example 90s, 30m, 6h, 2d or 1h30m`);
  }
  const [days, hours, minutes, seconds] = written.slice(1).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  const ms = (days * units.d + hours * units.h + minutes * units.m + seconds) * 1000;
  if (ms <= 0 || ms > MOST_MS)
    throw new UsageError(`${option} ${text}: must be more than nothing and at most 7d, for example 6h`);
  return ms;
}

/** The duration in its two largest units, `2d3h`, `1h5m`, `42s`; whole seconds, cut off. */
export function showDuration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts = Object.entries(units).map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return first < 0 ? '0s' : shown.map(({ unit, count }) => `${count}${unit}`).join('');
}
