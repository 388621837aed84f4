/** The files that options name for every host: seen to before anybody is connected to, or the run ends. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../core/errors.js';
import { whyUnread } from '../../core/file-error.js';
import { isFolder, makeFolder } from '../../core/folder.js';
import type { TransportOptions } from './transport.js';

/** The one key for all hosts; beside its public part the key itself may be with an agent. @throws UsageError where it is not there */
export function demandKey(file: string): void {
  if (!existsSync(`${file}.pub`)) demandFile('--identity', file);
}

/** @throws UsageError for known_hosts that can be no file, and a folder that new keys cannot be remembered in */
export function demandKnownHosts({
  knownHostsFile,
  acceptNewHostKeys,
}: Pick<TransportOptions, 'knownHostsFile' | 'acceptNewHostKeys'>): void {
  if (knownHostsFile === undefined) return;
  if (acceptNewHostKeys) demandFolder(knownHostsFile);
  // One that is not there yet knows nobody, as with ssh.
  if (isFolder(dirname(knownHostsFile)) ? existsSync(knownHostsFile) : existsSync(dirname(knownHostsFile)))
    demandFile('--known-hosts', knownHostsFile);
}

function demandFile(option: string, file: string): void {
  try {
    if (!statSync(file).isDirectory()) return;
  } catch (error) {
    throw new UsageError(`${option} ${file}: ${whyUnread(error)}`);
  }
  throw new UsageError(`${option} ${file}: is a folder, not a file`);
}

function demandFolder(file: string): void {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--known-hosts ${file}: its folder cannot be made: ${why}`);
  }
}
