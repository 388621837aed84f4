/** Reports of an earlier run: where a run does not come about, none of them must be left to be taken for its own. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UsageError } from '../core/errors.js';
import { whyUnread } from '../core/file-error.js';
import { isFolder } from '../core/folder.js';
import { didNotRun } from '../reporters/prometheus.js';
import { DEFAULT_INVENTORY } from './options.js';
import { identityOf, openOutput } from './output-file.js';
import { OneFile, removeOld } from './run-files.js';

/**
 * Removes the report files that a command line names, whatever else is wrong with it; metrics say that nothing was run. A file
 * that it names as something else too (what is read, evidence), or that the mistake is about, stays.
 */
export async function removeNamedReports(args: readonly string[], mistake: unknown): Promise<void> {
  const reports = new Map<string, string>();
  const others = [DEFAULT_INVENTORY, ...(mistake instanceof OneFile ? [mistake.path] : [])];
  for (const [at, word] of args.entries()) {
    const [, spec] = args[at - 1] === '--report' ? ['', word] : (/^--report=(.*)$/s.exec(word) ?? []);
    const [, format = '', path] = /^([a-z]+)=(.+)$/s.exec(spec ?? '') ?? [];
    if (path !== undefined) reports.set(path, format);
    else others.push(word, word.slice(word.indexOf('=') + 1));
  }
  const kept = new Set(others.map(identityOf));
  for (const [path, format] of reports) {
    if (kept.has(identityOf(path))) continue;
    if (format === 'prometheus') await sayThatNothingRan(path, mistake);
    else removeOld(path);
  }
}

/** Keeps the file's mode: whoever collects metrics is somebody else. */
async function sayThatNothingRan(path: string, mistake: unknown): Promise<void> {
  try {
    const before = isFolder(dirname(path)) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    const old = before?.isFile() ? readFileSync(path, 'utf8') : '';
    const output = await openOutput(path, before?.isFile() ? before.mode & 0o777 : 0o644);
    await output.write(didNotRun(basename(path, '.prom'), old));
  } catch (error) {
    const problem = error instanceof UsageError ? error.message : `${path}: ${whyUnread(error)}`;
    if (problem !== (mistake as Error).message) process.stderr.write(`pairflight: ${problem}\n`);
  }
}
