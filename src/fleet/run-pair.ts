/** One pair of a fleet: exactly the run that it would have by itself. */
import { collect } from '../collect/collector.js';
import type { Collecting } from '../collect/options.js';
import { UsageError } from '../core/errors.js';
import type { Evidence, Host, Report, Severity, Step } from '../core/model.js';
import { makeEvidence } from '../evidence/evidence.js';
import { judgeEvidence } from '../judge/report.js';
import type { Choices } from '../plan/scope.js';
import { planSteps } from '../plan/steps.js';
import type { FleetPair } from './fleet.js';
import { type Instance, instancesOf } from './instances.js';
import { type PackNamed, targetOf } from './prepare.js';

/** How the pairs of a run are asked and judged. */
export interface PairRunning {
  choices: Choices;
  failOn: Severity;
  timeoutMs?: number | undefined;
  /** The packs that the fleet was proven with: the same for each pair. */
  packs: readonly PackNamed[];
  /** What collecting needs, for the hosts of a pair; told of the steps before any is asked. @throws UsageError */
  collecting(pair: FleetPair, hosts: readonly Host[], steps: readonly Step[]): Collecting;
}

/** Does some work under a signal of its own, which ends with the run's: what listens to it goes with the work. */
async function underOwnSignal<T>(run: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const stop = () => own.abort();
  run?.addEventListener('abort', stop, { once: true });
  if (run?.aborted) stop();
  try {
    return await work(own.signal);
  } finally {
    run?.removeEventListener('abort', stop);
  }
}

/** What a pair came to; all of it is let go once it is written. */
export interface PairResult {
  report: Report;
  evidence: Evidence;
  pack: PackNamed;
  instances: Record<string, Instance>;
}

/** Asks and judges one pair. @throws UsageError where it cannot be asked as it is configured */
export async function runPair(pair: FleetPair, how: PairRunning): Promise<PairResult> {
  const { scope, hosts } = targetOf(pair, how.choices);
  const { name, version, sha256 } = scope.pack;
  if (!how.packs.some((pack) => pack.name === name && pack.sha256 === sha256))
    throw new UsageError(`${scope.pack.dir}: the pack has changed since the run began`);
  const steps = planSteps(scope, how.timeoutMs);
  const takenAt = new Date();
  const collecting = how.collecting(pair, hosts, steps);
  const collected = await underOwnSignal(collecting.signal, (signal) =>
    collect(scope.pack, hosts, steps, { ...collecting, signal }),
  );
  const evidence = makeEvidence(scope, collected, takenAt, new Date(), false);
  const report = judgeEvidence(scope, evidence, how.failOn);
  return { report, evidence, pack: { name, version, sha256 }, instances: instancesOf(scope) };
}
