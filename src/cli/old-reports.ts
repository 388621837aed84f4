/** Reports of an earlier run: where a run does not come about, none of them must be left to be taken for its own. */
import { DEFAULT_INVENTORY } from './options.js';
import { identityOf } from './output-file.js';
import { OneFile, removeOld } from './outputs.js';

/**
 * Removes the report files that a command line names, whatever else is wrong with it. A file that it names as something else
 * too (what is read, evidence), or that the mistake is about, stays.
 */
export function removeNamedReports(args: readonly string[], mistake: unknown): void {
  const reports = new Set<string>();
  const others = [DEFAULT_INVENTORY, ...(mistake instanceof OneFile ? [mistake.path] : [])];
  for (const [at, word] of args.entries()) {
    const [, spec] = args[at - 1] === '--report' ? ['', word] : (/^--report=(.*)$/s.exec(word) ?? []);
    const [, path] = /^[a-z]+=(.+)$/s.exec(spec ?? '') ?? [];
    if (path !== undefined) reports.add(path);
    else others.push(word, word.slice(word.indexOf('=') + 1));
  }
  const kept = new Set(others.map(identityOf));
  for (const path of reports) if (!kept.has(identityOf(path))) removeOld(path);
}
