/** The time that passes, for what has to wait: injectable, so that no test does. */
import { setTimeout as after } from 'node:timers/promises';

/** Tells how much time has passed, and lets some pass. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal ends the run. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock, the one that nobody can set. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    // It rejects for the signal alone, and whoever waits looks at that himself.
    await after(Math.max(0, ms), undefined, signal ? { signal } : {}).catch(() => {});
  },
};
