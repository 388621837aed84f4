/** The rounds of a run that waits: which comes next and when, and how the waiting ends. Pure. */
import type { Prospect } from './prospects.js';

/** How a run waits; milliseconds, and the deadline counts from the start. */
export interface Pace {
  everyMs: number;
  longestMs: number;
  deadlineMs: number;
}

/** What became of a round, in milliseconds since the start. */
export interface Look {
  /** Whether every step of the plan was asked. */
  full: boolean;
  beganMs: number;
  endedMs: number;
  passed: boolean;
  /** What may become of the findings that did not pass. */
  prospects: readonly Prospect[];
  /** Whether a verdict is another than in the round before; for a full round, than in the full round before. */
  changed: boolean;
  /** Whether every host could be reached. */
  connected: boolean;
}

/** What the rounds up to now leave for the next. */
export interface Rhythm {
  intervalMs: number;
  /** Rounds in a row in which a host could not be reached. */
  failedConnects: number;
}

/** Why the waiting ends; in every case the last full round decides. */
export type End = 'passed' | 'hopeless' | 'deadline';

/** The next round, or the end. */
export type Next = { end: End } | { full: boolean; atMs: number; rhythm: Rhythm };

/** The longest time between two rounds, unless a person asks for more. */
export const LONGEST_MS = 600_000;
const SLOWER = 1.5;
/** As many failed connections in a row look like an attack to some hosts: from then on nothing makes us quicker. */
const PATIENT_CONNECTS = 3;

/** What follows a round; `before` is absent after the first. Only a full round that passed ends the waiting well. */
export function nextRound(look: Look, before: Rhythm | undefined, pace: Pace): Next {
  const { full, prospects, beganMs, endedMs } = look;
  if (full && look.passed) return { end: 'passed' };
  const askable = prospects.includes('askable');
  if (full && !askable && !prospects.includes('costly')) return { end: 'hopeless' };
  const rhythm = rhythmAfter(look, before, pace);
  // Nothing that can be asked again stands in the way: all is asked, now. Failing then must not make the next time come sooner.
  if (!full && !askable) {
    const kept = { ...rhythm, intervalMs: before?.intervalMs ?? pace.everyMs };
    return inTime({ full: true, atMs: endedMs, rhythm: kept }, pace);
  }
  if (!askable) return inTime({ full: true, atMs: Math.max(beganMs + pace.longestMs, endedMs), rhythm }, pace);
  return inTime(
    { full: false, atMs: lastChance(Math.max(beganMs + rhythm.intervalMs, endedMs), look, pace), rhythm },
    pace,
  );
}

function rhythmAfter({ changed, connected }: Look, before: Rhythm | undefined, pace: Pace): Rhythm {
  const failedConnects = connected ? 0 : (before?.failedConnects ?? 0) + 1;
  const first = !before || (changed && failedConnects < PATIENT_CONNECTS);
  const intervalMs = first ? pace.everyMs : Math.min(pace.longestMs, before.intervalMs * SLOWER);
  return { intervalMs, failedConnects };
}

/** The last small round comes early enough for the full one that it may call for. */
function lastChance(atMs: number, { beganMs, endedMs }: Look, { deadlineMs, everyMs }: Pace): number {
  const latest = deadlineMs - everyMs;
  return atMs > latest && latest >= Math.max(beganMs + everyMs, endedMs) ? latest : atMs;
}

function inTime(next: Extract<Next, { full: boolean }>, { deadlineMs }: Pace): Next {
  return next.atMs < deadlineMs ? next : { end: 'deadline' };
}
