/** Running the product itself, as a user does: the built command line. */
import { fileURLToPath } from 'node:url';
import { type Ran, type RunOptions, run } from './command.js';

const bin = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));

/** The words that start `pairflight` with the given words. */
export function pairflightWords(args: readonly string[]): string[] {
  return [process.execPath, bin, ...args];
}

/** Runs `pairflight` with the given words; ends it after 150 s, longer than any step may take, unless told otherwise. */
export function pairflight(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(pairflightWords(args), {
    timeoutMs: 150_000,
    env: { ...process.env, NO_COLOR: '1' },
    ...options,
  });
}
