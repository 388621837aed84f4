/** Files and folders that somebody named: what they hold, or in words why that is not known. */
import { readdirSync, readFileSync } from 'node:fs';
import { UsageError } from './errors.js';
import { whyUnread } from './file-error.js';

/** The text of a file, which messages call `shown`. @throws UsageError */
export function readText(path: string, shown = path): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${shown}: ${whyUnread(error)}`);
  }
}

/** The names of what is in a folder, which messages call `shown`. @throws UsageError */
export function namesIn(path: string, shown = path): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw new UsageError(`${shown}: ${whyUnread(error, 'folder')}`);
  }
}
