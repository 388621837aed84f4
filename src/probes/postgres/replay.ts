/** Whether a standby applies what it received, and what keeps it from doing so. */
import { isRecord } from '../../core/json.js';
import { limitsBelow } from './limits.js';
import type { Server } from './server.js';

/** What the process that replays waits for while it has nothing to do, by its name in any version from 10 on. */
const idle = /^(RecoveryWal(All|Stream)|RecoveryRetrieveRetryInterval|WalReceiver\w*)$/;

/**
 * `paused by limits`: it paused by itself, since a limit is below the primary's; resumed, it shuts down. `paused`: somebody paused it.
 * `delayed`: it waits on purpose. `held`: it waits for a lock or a query for as long as that takes, or did not move while it was watched;
 * `waiting`: no longer than `max_standby_streaming_delay` lets it, or it was not watched for long enough.
 */
export function replayOf(
  standby: Server,
  primary: Server | undefined,
  series: readonly unknown[] | undefined,
): { replay?: string; waits?: string } {
  const { replayWaits, pendingBytes, replayedPosition, conflictDelayMs } = standby;
  const waits = replayWaits === undefined ? {} : { waits: replayWaits };
  if (standby.replay === 'paused' || replayWaits === 'RecoveryPause') {
    const below = primary?.state === 'up' ? limitsBelow(primary, standby).below : undefined;
    // Who paused it cannot be told without the primary's limits.
    return { replay: Array.isArray(below) && below.length > 0 ? 'paused by limits' : 'paused', ...waits };
  }
  if (standby.replay === undefined) return waits;
  const conflict =
    replayWaits !== undefined && !idle.test(replayWaits) && /^(Lock: |RecoveryConflict|BufferPin)/.test(replayWaits);
  // One that waits on purpose may be held up by a query beside that.
  const delayed = replayWaits === 'RecoveryApplyDelay' || (standby.applyDelayMs ?? 0) > 0;
  if (delayed && !conflict) return { replay: 'delayed', ...waits };
  if (pendingBytes === undefined) return waits;
  if (pendingBytes === 0) return { replay: 'applied', ...waits };
  const first = (series ?? []).find(isRecord) as Server | undefined;
  const watched = watchedMs(series, standby);
  const stood =
    first !== undefined &&
    watched > 0 &&
    first.replayedPosition === replayedPosition &&
    (first.receivedPosition ?? 0) > (replayedPosition ?? 0);
  if (!stood && !conflict) return { replay: 'applying', ...waits };
  // What does not move for a moment may move in the next.
  if (!conflict && watched < WATCHED_MS) return { replay: 'waiting', ...waits };
  const bounded = conflict && conflictDelayMs !== undefined && conflictDelayMs >= 0 && conflictDelayMs <= BOUNDED_MS;
  return { replay: bounded ? 'waiting' : 'held', ...waits };
}

/** How long a server has to be watched before something that does not move counts as standing. */
export const WATCHED_MS = 5000;

/** How long it was watched, by its own clock. */
function watchedMs(series: readonly unknown[] | undefined, { now }: Server): number {
  const first = (series ?? []).find(isRecord) as Server | undefined;
  return first?.now === undefined || now === undefined ? 0 : now - first.now;
}

/** A conflict that the server ends by itself within this time is none that a promotion would wait for. */
const BOUNDED_MS = 300_000;
