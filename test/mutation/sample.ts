/** Which mutants a sample tries: the same for the same seed, spread over files. */
import { createHash } from 'node:crypto';

/** How many files: each group of tests has to run once before its first mutant. */
const FILES = 8;
/** On a machine that has nothing else to do a mutant takes a quarter of that. */
const SECONDS_EACH = 0.5;

/** Sorts by a seed: no order is likelier than another, and the same seed gives the same. */
export function shuffled<T>(seed: string, some: readonly T[], name: (one: T) => string): T[] {
  const rank = (one: T) =>
    createHash('sha256')
      .update(`${seed}\n${name(one)}`)
      .digest('hex');
  return some
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ one }) => one);
}

/** The files of a sample. */
export const sampledFiles = <T extends { file: string }>(seed: string, rows: readonly T[]): T[] =>
  shuffled(seed, rows, ({ file }) => file).slice(0, FILES);

/** The mutants of a sample: as many as some seconds allow for. */
export const sampledMutants = <T extends { file: string; change: string }>(
  seed: string,
  mutants: readonly T[],
  seconds: number,
): T[] =>
  shuffled(seed, mutants, ({ file, change }) => `${file}\n${change}`).slice(
    0,
    Math.max(1, Math.floor(seconds / SECONDS_EACH)),
  );
