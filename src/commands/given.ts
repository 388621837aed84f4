/** What was given on the command line, as the commands take it. */
import { UsageError } from '../core/errors.js';

/** Takes a command's exit code, once it has one. */
export type Done = (result: Promise<number>) => Promise<void>;

/** Options that may be given several times. */
const repeatable = ['from', 'ids', 'host', 'only', 'skip', 'set', 'report', 'files', '_'];

/** The options that were given, under their long names; absent ones are absent, not undefined. @throws UsageError */
// biome-ignore lint/suspicious/noExplicitAny: each command declares what it takes, and yargs has checked the types
export function given(argv: object): any {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !repeatable.includes(name))
      throw new UsageError(`--${name} is given ${value.length} times; it takes one value`);
  }
  return Object.fromEntries(Object.entries(argv).filter(([, value]) => value !== undefined));
}
