/** A run on hosts: plan, collect, judge, report. */
import { systemClock } from '../core/clock.js';
import { UsageError } from '../core/errors.js';
import type { Evidence, Severity, Step } from '../core/model.js';
import { evidenceText } from '../evidence/evidence.js';
import type { Pace } from '../judge/wait/schedule.js';
import { planSteps } from '../plan/steps.js';
import { checkDeclared, declaredInputs, isDeclared, judgeDeclared } from './declared.js';
import { deliver } from './deliver.js';
import type { Piece } from './lull.js';
import {
  checkFailOnNew,
  type DeclaredOptions,
  type ReachOptions,
  type RegressionOptions,
  type ReportOptions,
  type TargetOptions,
  type WaitOptions,
} from './options.js';
import { paceOf } from './pace.js';
import { type Input, inputsOf, openOutputs } from './run-files.js';
import { type Meanwhile, Session, type Signal, timeoutOf } from './session.js';
import { type RunTarget, readTarget } from './target.js';

/** How a run ended: its evidence, and the signal that ended it early. */
export interface Run {
  evidence: Evidence;
  signal?: Signal;
}

/** Options of a run that is judged. */
export type CheckOptions = TargetOptions &
  DeclaredOptions &
  ReachOptions &
  ReportOptions &
  RegressionOptions &
  WaitOptions & { evidence?: string };

/** Judges hosts by the rules of some phases, and reports; resolves to the exit code. */
export async function checkHosts(options: CheckOptions, phases: string[]): Promise<number> {
  const pace = paceOf(options);
  checkFailOnNew(options, options.baseline !== undefined);
  checkDeclared(options);
  const target = readTarget(options, phases);
  if (options.failOnNew && target.baseline?.run.declared)
    throw new UsageError(
      '--fail-on-new looks at an earlier run on these hosts, and the one that is given was declared',
    );
  const inputs = inputsOf(target, options);
  if (isDeclared(options)) return judgeDeclared(target, options, [...inputs, ...declaredInputs(options)]);
  return judgeTarget(target, options, inputs, pace);
}

/** Collects a target's evidence, judges it and reports; with a pace, as often as it takes. `inputs`: the files that it was made of. */
export async function judgeTarget(
  target: RunTarget,
  options: Omit<CheckOptions, keyof TargetOptions>,
  inputs: readonly Input[] = [],
  pace?: Pace,
): Promise<number> {
  const outputs = await openOutputs(options, inputs);
  const { failOn } = options;
  const meanwhile: Meanwhile = (soFar) => ahead(target, failOn, soFar);
  const run = await (pace ? waitOnTarget(target, options, pace) : runTarget(target, options, undefined, meanwhile));
  const { judgeEvidence } = await import('../judge/report.js');
  // What was collected goes to the disk while it is judged.
  const saved = outputs.evidence?.write(evidenceText(run.evidence));
  const judged = async () => judgeEvidence(target.scope, run.evidence, failOn, options.failOnNew);
  const [report] = await Promise.all([judged(), saved]);
  // The report says what the process ends with.
  const code = exitCodeOf(run, report.run.exitCode);
  await deliver({ ...report, run: { ...report.run, exitCode: code } }, outputs.reports, options);
  return code;
}

/** Judging ahead, once most answers are there: what it needs is loaded then, not while hosts are entered. */
async function* ahead({ scope }: RunTarget, failOn: Severity, soFar: () => Evidence): AsyncIterable<Piece> {
  const { judgeAhead } = await import('./judge-ahead.js');
  yield* judgeAhead(scope, soFar(), failOn);
}

/**
 * Collects a target's evidence, with progress and a clean end on Ctrl-C; `chosen` steps instead of the whole plan. `meanwhile` is
 * done while hosts work.
 */
export async function runTarget(
  target: RunTarget,
  options: ReachOptions,
  chosen?: Step[],
  meanwhile?: Meanwhile,
): Promise<Run> {
  const timeoutMs = timeoutOf(options);
  return inSession(target, options, (session) => session.only(chosen ?? planSteps(target.scope, timeoutMs), meanwhile));
}

/** The evidence of the last full round of a run that waits. */
async function waitOnTarget(
  target: RunTarget,
  options: ReachOptions & ReportOptions & RegressionOptions,
  pace: Pace,
): Promise<Run> {
  const [{ judgeEvidence }, { waitForPass }] = await Promise.all([
    import('../judge/report.js'),
    import('../judge/wait/wait.js'),
  ]);
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
  target: RunTarget,
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

/** The exit code of a run: of the signal that ended it, or else the one that its report or its hosts deserve. */
export function exitCodeOf({ signal }: Pick<Run, 'signal'>, code: number): number {
  if (signal === 'SIGINT') return 130;
  return signal === 'SIGTERM' ? 143 : code;
}
