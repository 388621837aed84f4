/** A fleet: many pairs under their names, each an inventory, and the pairs that cannot be read. */

import type { SshTarget } from '../core/model.js';
import { sha256 } from '../core/sha256.js';
import type { Inventory } from '../plan/inventory.js';

/** One pair of a fleet. */
export interface FleetPair {
  name: string;
  labels: Record<string, string>;
  /** Its inventory, whose name is the pair's; what hosts log in by is still without `ssh`. */
  inventory: Inventory;
  /** How the hosts that are logged in to are reached where they do not say it themselves. */
  ssh: SshTarget;
  sudoPasswordEnv?: string;
  /** Of all that is written of it: two runs on one definition ask the same of the same hosts. */
  definition: string;
  /** Where it is written: file, line and column. */
  place: string;
}

/** A pair that cannot be read, and why. */
export interface PairFault {
  pair: string;
  message: string;
}

/** All that a fleet's files say, by name. */
export interface Fleet {
  name: string;
  pairs: FleetPair[];
  faults: PairFault[];
}

/** The SHA-256 of a value whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return sha256(JSON.stringify(value, sorted));
}

const sorted = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The order of names everywhere in a fleet: by their characters, whatever the language of the machine. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
