/** What the bench's figures mean: whether the script is a fair measure, which ratio is too high, which count is above its limit. */

/** How much more than its limit a ratio may be, since machines differ. */
const MACHINES_DIFFER_BY = 1.5;
/** The script costs a login and its commands; so much more is its own. */
const OWN_COST = 1.15;
/** A script that is not twice as quick as testinfra is none that one would write for its speed. */
const QUICKER_THAN_TESTINFRA = 2;

/** Milliseconds, each the median of its runs. */
export interface ScriptFigures {
  script: number;
  /** `ssh HOST true`, both hosts at once. */
  login: number;
  /** The script's commands on the hosts themselves, both at once. */
  onHosts: number;
  /** Absent where testinfra is not installed. */
  testinfra?: number | undefined;
}

/** Why the script is no measure for anything; empty where it is one. */
export function faultsOfScript({ script, login, onHosts, testinfra }: ScriptFigures): string[] {
  const faults: string[] = [];
  const own = script / (login + onHosts);
  if (!(own <= OWN_COST))
    faults.push(`the script takes ${own.toFixed(2)} times a login and its own commands, at most ${OWN_COST} is fair`);
  if (testinfra === undefined) return faults;
  const quicker = testinfra / script;
  if (!(quicker >= QUICKER_THAN_TESTINFRA))
    faults.push(
      `testinfra takes ${quicker.toFixed(2)} times the script, a fair script is ${QUICKER_THAN_TESTINFRA} times as quick`,
    );
  return faults;
}

/** A ratio that no difference between machines explains. */
export function isBeyond(ratio: number, limit: number): boolean {
  return !(ratio <= limit * MACHINES_DIFFER_BY);
}

/** What a run cost, in what no machine's speed changes. Lists have one number for each host. */
export interface Counts {
  logins: readonly number[];
  programs: readonly number[];
  /** How often in a row the wire was waited for; absent where the way does not count it. */
  waits?: readonly number[] | undefined;
  bytes: number;
  memoryMiB: number;
}

/** The most that is allowed of each, for each host where a host is counted. */
export type Limits = { readonly [What in keyof Counts]-?: number };

/** The counts that are above their limits, or are none. */
export function countsBeyond(counts: Counts, limits: Limits): string[] {
  return (Object.keys(limits) as (keyof Counts)[]).filter((what) => {
    const counted = counts[what];
    if (counted === undefined) return false;
    const each = typeof counted === 'number' ? [counted] : counted;
    return each.length === 0 || !each.every((count) => count <= limits[what]);
  });
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
