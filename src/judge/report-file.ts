/** Saved reports, and the schema that they are read by. */
import { readFileSync } from 'node:fs';
import { readCapped } from '../core/capped-file.js';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Gate, Report, Verdict } from '../core/model.js';
import type { Schema } from '../core/schema.js';
import { savedIn } from '../evidence/upgrade.js';
import { exitCode, gateOf, isGating, summarize } from './verdict.js';

/** The command that a report to be rendered comes from. */
const REPORTING = 'pairflight preflight --report json=run.json';

/** Bytes of a saved report, or of a bundle. */
const MOST_BYTES = 256 * 1024 * 1024;

let published: Schema | undefined;

/** The schema of a report, as it is published; one object, however often it is asked for: its `$id` may be compiled once. */
export function reportSchema(): Schema {
  published ??= JSON.parse(
    readFileSync(new URL('../../reports/report.schema.json', import.meta.url), 'utf8'),
  ) as Schema;
  return published;
}

/** Reads a saved report. @throws UsageError when it is none, or contradicts itself. */
export function readReport(file: string): Report {
  return reportIn(() => readCapped(file, MOST_BYTES), file);
}

/** The report in the bytes of a file or of a bundle. @throws UsageError when it is none, or contradicts itself. */
export function reportIn(bytes: () => Buffer, file: string): Report {
  const value = savedIn(bytes, 'report', file, REPORTING);
  const { schema } = Object(value) as { schema?: unknown };
  if (typeof schema === 'string' && schema.startsWith('pairflight/evidence/'))
    throw new UsageError(`${file}: is evidence, not a report`, `pairflight evaluate ${file}`);
  const [mistake] = check(reportSchema(), value);
  if (mistake) throw new UsageError(`${file}: is not a pairflight report: ${mistake.message}`, REPORTING);
  const report = value as Report;
  refuseContradiction(report, file);
  // What is counted of the findings is what they are.
  return { ...report, summary: { ...report.summary, ...summarize(report.findings) } };
}

/** The verdicts that no gating finding has where the gate ended so. */
const denies: Record<Gate, Verdict[]> = {
  passed: ['fail', 'unknown', 'error'],
  declared: ['fail', 'unknown', 'error'],
  incomplete: ['fail'],
  failed: [],
};

/** A report that says two things of which one cannot be. */
export class EditedReport extends UsageError {}

/** A report that was edited must not look better than its findings. */
function refuseContradiction({ run, findings }: Report, file: string): void {
  // What was interrupted ended with its signal's code.
  const ended = run.interrupted === true && [130, 143].includes(run.exitCode);
  if (!ended && run.exitCode !== exitCode(run.gate))
    throw new EditedReport(
      `${file}: the gate is ${run.gate}, and the exit code ${run.exitCode}: one of them was edited`,
    );
  const open = findings.find((finding) => isGating(finding, run.failOn) && denies[run.gate].includes(finding.verdict));
  if (open)
    throw new EditedReport(
      `${file}: the gate is ${run.gate}, and ${open.key} is ${open.verdict}: one of them was edited`,
    );
  // Which of its rules are guards a report does not say; one of which nothing was judged has not passed whatever they are.
  const gate = gateOf(findings, [], run.failOn);
  if (run.interrupted && run.exitCode === 0)
    throw new EditedReport(`${file}: the run was interrupted, and the exit code is 0: one of them was edited`);
  if (run.gate === 'passed' && gate !== run.gate)
    throw new EditedReport(`${file}: the gate is ${run.gate}, and its findings say ${gate}: one of them was edited`);
  const keys = new Set<string>();
  const twice = findings.find(({ key }) => keys.size === keys.add(key).size)?.key;
  if (twice !== undefined) throw new EditedReport(`${file}: has the finding ${twice} twice`);
}
