/** The folder of the known_hosts file that new keys are written to: there before anybody is connected to, or the run ends. */
import { dirname } from 'node:path';
import { UsageError } from '../../core/errors.js';
import { makeFolder } from '../../core/folder.js';
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
