/** `evaluate`: judges saved evidence again, offline. */
import { readEvidence } from '../evidence.js';
import { UsageError } from '../errors.js';
import { loadPack, packDir } from '../packs.js';
import { scopeOfEvidence } from '../scope.js';
import { judgeEvidence } from './check.js';
import type { ReportOptions } from './options.js';
import { deliver, reportTargets } from './outputs.js';

/** Judges an evidence file under today's rules; the same findings, reports and exit code as live. */
export async function evaluateCommand(options: ReportOptions & { files: string[]; pack?: string }): Promise<number> {
  const [file, ...others] = options.files;
  if (file === undefined) throw new UsageError('evaluate needs an evidence file; pairflight collect -o evidence.json makes one');
  if (others.length > 0) throw new UsageError('evaluate takes one evidence file');
  const evidence = readEvidence(file);
  const reports = reportTargets(options.report);
  const scope = scopeOfEvidence(loadPack(options.pack ?? packDir(evidence.inventory.product)), evidence);
  const report = judgeEvidence(scope, evidence, options.failOn);
  await deliver(report, reports, options.color);
  return report.run.exitCode;
}
