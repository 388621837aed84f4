/**
 * Which rows a run tries. `npm run test:postgresql` tries every row on every version that it is for. With
 * PAIRFLIGHT_POSTGRESQL=chosen, as `.ci/run` sets it, each row is tried on one of its versions: the commit chooses which.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type Major, majors } from './majors.js';

/** What the choice takes of a row. */
interface Chooses {
  name: string;
  on?: readonly Major[];
}

const whole = process.env.PAIRFLIGHT_POSTGRESQL !== 'chosen';

/** The rows that are tried on a version in this run. */
export function rowsFor<Row extends Chooses>(rows: readonly Row[], major: Major): Row[] {
  const commit = whole ? '' : execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  return rows.filter((row) => {
    const on = row.on ?? majors;
    return whole ? on.includes(major) : versionFor(row.name, on, commit) === major;
  });
}

/** One of the versions: the same for a row and a commit, and spread over both. */
export function versionFor(name: string, on: readonly Major[], commit: string): Major | undefined {
  const digest = createHash('sha256').update(`${commit} ${name}`).digest();
  return on[digest.readUInt32BE(0) % on.length];
}
