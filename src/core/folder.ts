/** Folders: whether a path leads to one, and those that are made. */
import { existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NO_COMMAND, UsageError } from './errors.js';
import { systemReason } from './file-error.js';

/** Whether a path leads to a folder; one below a file, or a link that leads nowhere or round in a circle, does not. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Makes a folder and those above it, one after the other: Node's own `recursive` never ends where one cannot be made in /proc.
 * @throws Error of the system, or one that says that the path is a file
 */
export function makeFolder(folder: string, mode = 0o700): void {
  if (isFolder(folder)) return;
  if (existsSync(folder)) throw new Error(`${folder} is not a folder`);
  const above = dirname(folder);
  if (above !== folder) makeFolder(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

/** Makes a folder of this program's own among the system's temporary ones. @throws UsageError where there is no place for it */
export function makeTemporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw new UsageError(
      `${tmpdir()}: no temporary folder can be made in it: ${systemReason(error)}; set TMPDIR to a folder that can be written`,
      NO_COMMAND,
    );
  }
}
