/** Files of strangers: no more of them is read than any right one has. */
import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from './errors.js';

const CHUNK = 1024 * 1024;
const MIB = 1024 * 1024;

/** The bytes of a file, or of a pipe or a device, up to a size. @throws UsageError where there are more; system errors as they are */
export function readCapped(file: string, mostBytes: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = readSync(descriptor, chunk);
      if (size === 0) return Buffer.concat(chunks, total);
      total += size;
      if (total > mostBytes)
        throw new UsageError(`${file}: is larger than ${Math.floor(mostBytes / MIB)} MiB; no such file is`);
      chunks.push(chunk.subarray(0, size));
    }
  } finally {
    closeSync(descriptor);
  }
}
