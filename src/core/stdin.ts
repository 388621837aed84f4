/** Standard input as a whole: what the program before the pipe wrote. */
import { readSync } from 'node:fs';
import { UsageError } from './errors.js';

/** Milliseconds between two looks at a pipe that has nothing yet. */
const PAUSE_MS = 20;

/** All of standard input, however late it comes. @throws UsageError where it is empty: the program before the pipe has failed. */
export function readStdin(): string {
  const buffer = Buffer.alloc(65_536);
  const chunks: Buffer[] = [];
  for (;;) {
    const size = readSome(buffer);
    if (size === 0) break;
    chunks.push(Buffer.from(buffer.subarray(0, size)));
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '')
    throw new UsageError(
      '<stdin>: nothing came; did the command before the pipe fail? run it alone and look at its output',
    );
  return text;
}

/** A pipe may be set not to block by whoever else holds it: then "nothing yet" comes as an error. */
function readSome(buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(0, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
