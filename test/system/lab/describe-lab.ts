/** `describe` for tests that need the lab, which says why where there is none. */
import { describe } from 'vitest';
import { whyNoLab, whyNoPair } from './requirements.js';

/**
 * `describe` for tests that need the lab. Where the lab cannot run they are skipped with the reason in their name, unless
 * PAIRFLIGHT_LAB_REQUIRED=1 demands it: then the run fails.
 */
export const describeLab = describer(await whyNoLab());

/** The same for tests that need a replicating pair in it. */
export const describePair = describer(await whyNoPair());

/** Gives such a `describe` for the reason why something cannot run; without one it is the plain one. */
export function describer(reason: string | undefined): (name: string, tests: () => void) => void {
  return (name, tests) => {
    if (reason === undefined) {
      describe(name, tests);
    } else if (process.env.PAIRFLIGHT_LAB_REQUIRED === '1') {
      throw new Error(`PAIRFLIGHT_LAB_REQUIRED=1, but the lab cannot run: ${reason}`);
    } else {
      describe.skip(`${name} (skipped: ${reason})`, tests);
    }
  };
}
