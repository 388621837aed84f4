/** `--wait` and `--every`: how long a run waits, and how often it asks. */
import { UsageError } from '../core/errors.js';
import { readDuration } from '../core/format.js';
import { LONGEST_MS, type Pace } from '../judge/wait/schedule.js';
import type { WaitOptions } from './options.js';

/** Between two rounds where `--every` is not given. */
const EVERY = '60s';

/** `--wait` and `--every` as a pace; undefined without `--wait`. @throws UsageError */
export function paceOf({ wait, every }: WaitOptions): Pace | undefined {
  if (wait === undefined) {
    if (every !== undefined) throw new UsageError('--every needs --wait, for example --wait 6h');
    return undefined;
  }
  const deadlineMs = readDuration('--wait', wait);
  const everyMs = readDuration('--every', every ?? EVERY);
  if (everyMs >= deadlineMs) {
    throw new UsageError(
      `--wait ${wait}: ends before the second round, which starts ${every ?? EVERY} after the first; ` +
        'wait longer, or use for example --every 10s',
    );
  }
  return { everyMs, longestMs: Math.max(everyMs, LONGEST_MS), deadlineMs };
}
