/** `report`: turns a saved report into any format; nothing is judged again. */
import { readReport } from '../../judge/report-file.js';
import { deliver, reportTargets } from '../deliver.js';
import type { ReportOptions } from '../options.js';

/** Renders a saved JSON report, or that of a bundle; resolves to the exit code of its run. @throws UsageError */
export async function reportCommand({
  file,
  report,
  color,
}: Omit<ReportOptions, 'failOn'> & { file: string }): Promise<number> {
  const saved = readReport(file);
  await deliver(saved, reportTargets(report), color);
  return saved.run.exitCode;
}
