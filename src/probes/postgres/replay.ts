/** Whether a standby applies what it received, and what keeps it from doing so. */
import { isRecord } from '../../core/json.js';
import { limitsBelow } from './limits.js';
import type { Server } from './server.js';

/**
 * `paused by limits`: it paused by itself, since a limit is below the primary's; resumed, it shuts down. `paused`: somebody paused it.
 * `delayed`: it waits on purpose. `held`: it waits for a lock or a query for as long as that takes, or did not move while it was watched;
 * `waiting`: no longer than `max_standby_streaming_delay` lets it, or it was not watched for long enough, or not at all.
 */
export function replayOf(
  standby: Server,
  primary: Server | undefined,
  series: readonly unknown[] | undefined,
): { replay?: string; waits?: string } {
  const { replayWaits, pendingBytes, replayedPosition, conflictDelayMs, now } = standby;
  const waits = replayWaits === undefined ? {} : { waits: replayWaits };
  if (standby.replay === 'paused' || replayWaits === 'RecoveryPause') {
    const below = primary?.state === 'up' ? limitsBelow(primary, standby).below : undefined;
    // Who paused it cannot be told without the primary's limits.
    return { replay: Array.isArray(below) && below.length > 0 ? 'paused by limits' : 'paused', ...waits };
  }
  if (standby.replay === undefined) return waits;
  const conflict = /^(Lock: |RecoveryConflict|BufferPin)/.test(replayWaits ?? '');
  // One that waits on purpose may be held up by a query beside that.
  const delayed = replayWaits === 'RecoveryApplyDelay' || (standby.applyDelayMs ?? 0) > 0;
  if (delayed && !conflict) return { replay: 'delayed', ...waits };
  if (pendingBytes === undefined) return waits;
  if (pendingBytes === 0) return { replay: 'applied', ...waits };
  const first = (series ?? []).slice(0, -1).find((one) => isRecord(one) && 'replayedPosition' in one) as
    | Server
    | undefined;
  const stood =
    first && first.replayedPosition === replayedPosition && (first.receivedPosition ?? 0) > (replayedPosition ?? 0);
  // Evidence of release 0.1 holds no times: what it shows is judged as it was.
  if (((first && !stood) || now === undefined) && !conflict) return { replay: 'applying', ...waits };
  // What does not move for a moment may move in the next.
  const watched = Number(now) - (first?.now ?? Number(now));
  if (!conflict && watched < WATCHED_MS) return { replay: 'waiting', ...waits };
  const delay = conflictDelayMs ?? -1;
  const bounded = conflict && delay >= 0 && delay <= BOUNDED_MS;
  return { replay: bounded ? 'waiting' : 'held', ...waits };
}

/** How long a server has to be watched before something that does not move counts as standing. */
export const WATCHED_MS = 5000;

/** A conflict that the server ends by itself within this time is none that a promotion would wait for. */
const BOUNDED_MS = 300_000;
