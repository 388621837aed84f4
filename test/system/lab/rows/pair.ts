/** What the rows of a pair that was set up have in common. */
import type { Overrides } from '../inventory.js';
import { pairSettings } from '../pair/pair.js';
import type { Scenario } from '../scenario.js';

/** The lag asked twice in a moment: enough where it is no trend that is judged. */
const settings = { ...pairSettings, lagSamples: 2, lagEveryMs: 300 };

/** The inventory of a pair in the lab. */
export const pairInventory = (): Overrides => ({ settings });

/** Words that let the lag be followed over some seconds; the standby reports once a second. */
export const followed = ['--set', 'lagSamples=3', '--set', 'lagEveryMs=1600'];

/** A row of a phase after the setup. */
export function afterSetup(phase: 'verify' | 'failover', row: Omit<Scenario, 'phase'>): Scenario {
  return { inventory: pairInventory, ...row, phase };
}
