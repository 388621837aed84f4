/** `preflight`, `check`, `verify`: plan, collect, judge, report. */
import { systemClock } from '../../core/clock.js';
import type { Evidence, Report, Step } from '../../core/model.js';
import { judgeEvidence } from '../../judge/report.js';
import type { Pace } from '../../judge/wait/schedule.js';
import { waitForPass } from '../../judge/wait/wait.js';
import { planSteps } from '../../plan/steps.js';
import { claim, deliver, reportTargets, writePrivate } from '../deliver.js';
import {
  checkFailOnNew,
  paceOf,
  type ReachOptions,
  type RegressionOptions,
  type ReportOptions,
  type TargetOptions,
  type WaitOptions,
} from '../options.js';
import { Session, type Signal, timeoutOf } from '../session.js';
import { readTarget, type Target } from '../target.js';

/** How a run ended: its evidence, and the signal that ended it early. */
export interface Run {
  evidence: Evidence;
  signal?: Signal;
}

/** Options of a run that is judged. */
export type CheckOptions = TargetOptions &
  ReachOptions &
  ReportOptions &
  RegressionOptions &
  WaitOptions & { evidence?: string };

/** Runs a phase on the hosts and reports; resolves to the exit code. */
export async function checkCommand(options: CheckOptions, phases: string[]): Promise<number> {
  const pace = paceOf(options);
  checkFailOnNew(options, options.baseline !== undefined);
  const target = readTarget(options, phases);
  const reports = reportTargets(options.report);
  if (options.evidence !== undefined) claim(options.evidence);
  const run = await (pace ? waitOnTarget(target, options, pace) : runTarget(target, options));
  if (options.evidence !== undefined) writePrivate(options.evidence, `${JSON.stringify(run.evidence)}\n`);
  const report = judgeEvidence(target.scope, run.evidence, options.failOn, options.failOnNew);
  await deliver(report, reports, options.color);
  return codeOf(report, run.signal);
}

/** Collects a target's evidence, with progress and a clean end on Ctrl-C; `chosen` steps instead of the whole plan. */
export async function runTarget(target: Target, options: ReachOptions, chosen?: Step[]): Promise<Run> {
  const timeoutMs = timeoutOf(options);
  const steps = chosen ?? planSteps(target.scope, timeoutMs);
  return inSession(target, options, (session) => session.only(steps));
}

/** The evidence of the last full round of a run that waits. */
function waitOnTarget(
  target: Target,
  options: ReachOptions & ReportOptions & RegressionOptions,
  pace: Pace,
): Promise<Run> {
  const { scope } = target;
  const steps = planSteps(scope, timeoutOf(options));
  return inSession(target, options, (session) =>
    waitForPass({
      scope,
      steps,
      pace,
      failOn: options.failOn,
      round: (some) => session.round(some),
      judge: (evidence) => judgeEvidence(scope, evidence, options.failOn, options.failOnNew),
      clock: systemClock,
      signal: session.signal,
      say: session.progress.say,
      countDown: session.progress.countDown,
    }),
  );
}

async function inSession(
  target: Target,
  options: ReachOptions,
  use: (session: Session) => Promise<Evidence>,
): Promise<Run> {
  const session = await Session.start(target, options);
  try {
    const evidence = await use(session);
    const signal = session.endedBy;
    return signal === undefined ? { evidence } : { evidence, signal };
  } finally {
    await session.end();
  }
}

/** The exit code of a report, or of the signal that ended its run. */
export function codeOf(report: Report, signal?: Signal): number {
  if (signal === 'SIGINT') return 130;
  return signal === 'SIGTERM' ? 143 : report.run.exitCode;
}
