/** Keeps the memory of a long run flat: V8 lets garbage grow to several times of what lives before it looks. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Garbage, in bytes, that may lie about. */
const MOST_GARBAGE = 48 * 1024 * 1024;

/** What is to be called between two pairs: it has V8 look once there is as much garbage. */
export function tidier(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('typeof gc === "function" ? gc : undefined') as (() => void) | undefined;
  let living = process.memoryUsage().heapUsed;
  return () => {
    if (collect === undefined || process.memoryUsage().heapUsed < living + MOST_GARBAGE) return;
    collect();
    living = process.memoryUsage().heapUsed;
  };
}
