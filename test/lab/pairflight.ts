/** Running the product itself, as a user does: the built command line. */
import { fileURLToPath } from 'node:url';
import { type Ran, type RunOptions, run } from './command.js';

const bin = fileURLToPath(new URL('../../bin/pairflight.js', import.meta.url));

/** Runs `pairflight` with the given words; ends it after 150 s, longer than any step may take, unless told otherwise. */
export function pairflight(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run([process.execPath, bin, ...args], {
    timeoutMs: 150_000,
    env: { ...process.env, NO_COLOR: '1' },
    ...options,
  });
}
