/** The committed scores: what came of each file's mutants when all of them were tried last. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Mutant } from './instrument.js';
import { type Survivor, survivorOf, survivors } from './survivors.js';
import type { Came } from './todo.js';

/** A file's mutants by what came of them. */
export interface Score {
  noticed: number;
  /** Survivors that are listed with a reason, and count. */
  listed: number;
  /** Survivors that are not listed. */
  open: number;
  /** Those that are proven to change nothing. */
  equal: number;
  /** Those that only make a difference while their file is loaded. */
  leftOut: number;
}

const FILE = 'test/mutation/scores.json';

/** At most so many of a file's mutants may be listed. */
const LISTED_AT_MOST = 0.05;

/** The scores by file. */
export const readScores = () => JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Score>;

/** Whether a mutant lives on. */
export const lives = (came: Came | undefined): boolean => came === 'survived' || came === 'not reached';

/** A file's score, its survivors that are not listed, and the rows of the list that are none. */
export function scoreOf(file: string, mutants: readonly Mutant[], came: Map<string, Came>) {
  const alive = mutants.filter(({ id }) => lives(came.get(id)));
  const open = alive.filter((one) => !survivorOf(one));
  const equal = alive.filter((one) => survivorOf(one)?.equal === true).length;
  const leftOut = mutants.filter(({ id }) => came.get(id) === 'left out').length;
  const noticed = mutants.length - leftOut - alive.length;
  const score: Score = { noticed, listed: alive.length - open.length - equal, open: open.length, equal, leftOut };
  const gone: Survivor[] = (survivors[file] ?? []).filter((row) => !alive.some(({ change }) => change === row.change));
  return { score, open, gone };
}

/** How many mutants can be told from the code as it is. */
export const counted = ({ noticed, listed, open }: Score): number => noticed + listed + open;

/** Whether a file is held to its list: all its survivors are on it, and they are few. */
export const isHeld = (score: Score): boolean => score.open === 0 && score.listed <= counted(score) * LISTED_AT_MOST;

/** A share in percent, rounded down. */
export const percent = (part: number, whole: number): number =>
  whole === 0 ? 100 : Math.floor((part / whole) * 1000) / 10;

/** The share of all mutants that have to be noticed, in percent. */
export const AT_LEAST = 92;

/** What the scores of some files come to. */
export function reached(scores: readonly Score[]): {
  noticed: number;
  mutants: number;
  percent: number;
  holds: boolean;
} {
  const sum = (of: (score: Score) => number) => scores.reduce((total, one) => total + of(one), 0);
  const [noticed, mutants] = [sum((one) => one.noticed), sum(counted)];
  const share = percent(noticed, mutants);
  return { noticed, mutants, percent: share, holds: share >= AT_LEAST };
}

/** Writes down a file's score beside those of the others; files that are mutated no more are taken off. */
export function writeScore(file: string, score: Score, files: readonly string[]): void {
  const all: Record<string, Score> = { ...readScores(), [file]: score };
  const rows = files.flatMap((one) => {
    const found = all[one];
    if (!found) return [];
    const words = Object.entries(found).map(([name, count]) => `"${name}": ${count}`);
    return [`  ${JSON.stringify(one)}: { ${words.join(', ')} }`];
  });
  writeFileSync(FILE, `{\n${rows.join(',\n')}\n}\n`);
}
