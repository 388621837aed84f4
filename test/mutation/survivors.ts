/** The changes that no test notices and that are known: test/mutation/survivors.yaml. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Mutant } from './instrument.js';

/** A change that no test notices. */
export interface Survivor {
  change: string;
  /** Why it does no harm. */
  reason: string;
  /** Nothing can tell it from the code as it is: it does not count. */
  equal?: boolean;
}

/** The list: rows by file. */
export const survivors = parse(readFileSync('test/mutation/survivors.yaml', 'utf8')) as Record<string, Survivor[]>;

/** The row of a mutant, if there is one. */
export const survivorOf = ({ file, change }: Pick<Mutant, 'file' | 'change'>): Survivor | undefined =>
  survivors[file]?.find((row) => row.change === change);
