/** `evaluate`: judges saved evidence again, offline. */
import { checkEvidence, readBaseline, readEvidence } from '../evidence.js';
import { mergeEvidence } from '../merge.js';
import type { Evidence } from '../model.js';
import { loadPack, packDir } from '../packs.js';
import { scopeOfEvidence } from '../scope.js';
import { judgeEvidence } from './check.js';
import type { ReportOptions } from './options.js';
import { deliver, reportTargets } from './outputs.js';

/** Judges evidence under today's rules, several files as one; the same findings, reports and exit code as live. */
export async function evaluateCommand(
  options: ReportOptions & { files: string[]; pack?: string; baseline?: string },
): Promise<number> {
  const merged = mergeEvidence(options.files.map((file) => ({ file, evidence: read(file, options.baseline) })));
  const reports = reportTargets(options.report);
  const pack = loadPack(options.pack ?? packDir(merged.inventory.product));
  const evidence =
    options.baseline === undefined ? merged : { ...merged, baseline: readBaseline(options.baseline, merged, pack) };
  checkEvidence(evidence, pack, options.files.join(', '));
  const scope = scopeOfEvidence(pack, evidence);
  const report = judgeEvidence(scope, evidence, options.failOn);
  await deliver(report, reports, options.color);
  return report.run.exitCode;
}

/** Another baseline takes the place of the file's own. */
function read(file: string, other: string | undefined): Evidence {
  const { baseline, ...evidence } = readEvidence(file);
  return other === undefined && baseline ? { ...evidence, baseline } : evidence;
}
