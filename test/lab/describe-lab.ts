/** `describe` for tests that need the lab, which says why where there is none. */
import { describe } from 'vitest';
import { whyNoLab } from './requirements.js';

const reason = await whyNoLab();

/**
 * `describe` for tests that need the lab. Where the lab cannot run they are skipped with the reason in their name, unless
 * PAIRFLIGHT_LAB_REQUIRED=1 demands it: then the run fails.
 */
export function describeLab(name: string, tests: () => void): void {
  if (reason === undefined) {
    describe(name, tests);
  } else if (process.env.PAIRFLIGHT_LAB_REQUIRED === '1') {
    throw new Error(`PAIRFLIGHT_LAB_REQUIRED=1, but the lab cannot run: ${reason}`);
  } else {
    describe.skip(`${name} (skipped: ${reason})`, tests);
  }
}
