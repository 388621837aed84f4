/** The folder of the known_hosts file that new keys are written to: there before anybody is connected to, or the run ends. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../core/errors.js';
import type { TransportOptions } from './transport.js';

/** @throws UsageError where a key could not be remembered because there is no such folder, and none can be made */
export function demandFolder({
  knownHostsFile: file,
  acceptNewHostKeys,
}: Pick<TransportOptions, 'knownHostsFile' | 'acceptNewHostKeys'>): void {
  if (!acceptNewHostKeys || file === undefined) return;
  try {
    makeFolder(dirname(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--known-hosts ${file}: its folder cannot be made: ${why}`);
  }
}

/** Makes a folder and those above it, one after the other: Node's own `recursive` never ends where one cannot be made in /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
    return;
  }
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder, { mode: 0o700 });
}
