/** What a process is to try, and where it says what came of it: files of one folder. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instrumented } from './instrument.js';

/** Mutants, the instrumented code, and the tests that judge it. */
export interface Todo extends Instrumented {
  /** The mutants to try, by id, in order. */
  wanted: string[];
  tests: string[];
  /** Tests that are not run: file and name. */
  tooLong: string[];
  /** When to end, in milliseconds since 1970. */
  until: number;
}

/** What came of a mutant: a test failed, none did, none comes by it, or it only makes a difference while its file is loaded. */
export type Came = 'noticed' | 'survived' | 'not reached' | 'left out';

/** A line of what was done; `spoilt`: a test no longer passes with the code as it is. */
export type Done =
  | { begun: string }
  | { spoilt: string }
  | { unrepeatable: string }
  | { id: string; came: Came; by?: string };

/** The file that grows while mutants are tried. */
export const doneFile = (folder: string): string => join(folder, 'done.jsonl');

/** Lays out what is to be done. */
export function writeTodo(folder: string, todo: Todo): void {
  writeFileSync(join(folder, 'todo.json'), JSON.stringify(todo));
  writeFileSync(doneFile(folder), '');
}

/** What is to be done. */
export const readTodo = (folder: string): Todo => JSON.parse(readFileSync(join(folder, 'todo.json'), 'utf8')) as Todo;

/** Says what was done. */
export const sayDone = (folder: string, done: Done): void =>
  appendFileSync(doneFile(folder), `${JSON.stringify(done)}\n`);

/** All that was said. */
export const readDone = (folder: string): Done[] =>
  readFileSync(doneFile(folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Done);

/** The folder of this process. */
export function todoFolder(): string {
  const folder = process.env.PAIRFLIGHT_MUTATION;
  if (folder === undefined) throw new Error('PAIRFLIGHT_MUTATION names no folder');
  return folder;
}
