/** `diff`: two saved runs on one pair, compared offline. */

import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import type { Evidence } from '../../core/model.js';
import { tool } from '../../core/version.js';
import { checkBaseline } from '../../evidence/baseline.js';
import { checkEvidence, readEvidence } from '../../evidence/evidence.js';
import { type Comparison, compareRuns } from '../../judge/diff.js';
import { loadPack, packDir } from '../../pack/load.js';
import type { Pack } from '../../pack/pack.js';
import { scopeOfEvidence } from '../../plan/scope.js';
import { forLog } from '../../reporters/github/command.js';
import { json } from '../../reporters/json.js';
import { comparisonTable } from '../../reporters/terminal/diff.js';
import { reportTargets, write, writePrivate } from '../deliver.js';

/** Options of `diff`. */
export interface DiffOptions {
  before: string;
  after: string;
  report?: string[];
  pack?: string;
  color?: boolean;
}

/** Compares two runs; resolves to 1 when something is new or worse, else 0. @throws UsageError for runs that cannot be compared */
export async function diffCommand(options: DiffOptions): Promise<number> {
  const [before, after] = [readEvidence(options.before), readEvidence(options.after)];
  const targets = reportTargets(options.report);
  const other = targets.find(({ format }) => format !== 'table' && format !== 'json');
  if (other) throw new UsageError(`--report ${other.format}: a diff is shown as table or json`);
  const pack = loadPack(options.pack ?? packDir(after.inventory.product));
  checkRuns(before, after, pack, options);
  if (before.run.phases.join() !== after.run.phases.join()) {
    const [was, is] = [before, after].map(({ run }) => run.phases.join(', '));
    process.stderr.write(
      `pairflight: ${escapeForTerminal(`${options.before} is of the phase ${was}; both are judged as ${is}, and what only ${was} asks is not compared`)}\n`,
    );
  }
  const comparison = compareRuns(scopeOfEvidence(pack, after), before, after, tool());
  for (const { format, path } of targets) {
    const text = format === 'json' ? forLog('json', json(comparison)) : onPage(comparison, path, options.color);
    await (path === undefined ? write(text) : writePrivate(path, text));
  }
  return comparison.exitCode;
}

function checkRuns(before: Evidence, after: Evidence, pack: Pack, files: DiffOptions): void {
  checkEvidence(after, pack, files.after);
  if (Date.parse(before.takenAt) > Date.parse(after.takenAt)) {
    throw new UsageError(
      `${files.before}: was taken after ${files.after}`,
      `pairflight diff ${files.after} ${files.before}`,
    );
  }
  // A run may be compared with itself: their order was looked at above.
  const takenAt = new Date(Date.parse(before.takenAt) + 1).toISOString();
  checkBaseline(before, { inventory: after.inventory, takenAt }, pack, files.before);
  // Waivers and attestations are the later run's: the earlier one's may be about rules that have gone.
  checkEvidence({ ...before, inventory: { ...before.inventory, waivers: [], attest: [] } }, pack, files.before);
}

function onPage(comparison: Comparison, path: string | undefined, wantColor: boolean | undefined): string {
  const toTerminal = path === undefined && process.stdout.isTTY === true;
  const color = path === undefined && (wantColor ?? (toTerminal && !process.env.NO_COLOR));
  const columns = toTerminal ? process.stdout.columns : Number(process.env.COLUMNS) || 100;
  return comparisonTable(comparison, { color, columns });
}
