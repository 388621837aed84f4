/** `evaluate`: judges saved evidence again, offline. */
import { checkEvidence, readEvidence } from '../evidence.js';
import { mergeEvidence } from '../merge.js';
import { loadPack, packDir } from '../packs.js';
import { scopeOfEvidence } from '../scope.js';
import { judgeEvidence } from './check.js';
import type { ReportOptions } from './options.js';
import { deliver, reportTargets } from './outputs.js';

/** Judges evidence under today's rules, several files as one; the same findings, reports and exit code as live. */
export async function evaluateCommand(options: ReportOptions & { files: string[]; pack?: string }): Promise<number> {
  const evidence = mergeEvidence(options.files.map((file) => ({ file, evidence: readEvidence(file) })));
  const reports = reportTargets(options.report);
  const pack = loadPack(options.pack ?? packDir(evidence.inventory.product));
  checkEvidence(evidence, pack, options.files.join(', '));
  const scope = scopeOfEvidence(pack, evidence);
  const report = judgeEvidence(scope, evidence, options.failOn);
  await deliver(report, reports, options.color);
  return report.run.exitCode;
}
