/** `preflight`, `check`: plan, collect, judge, report. */
import { homedir } from 'node:os';
import { collect } from '../collect.js';
import { UsageError } from '../errors.js';
import { evaluate } from '../evaluate.js';
import { makeEvidence } from '../evidence.js';
import { EvidenceFacts } from '../evidence-facts.js';
import type { Evidence, Report, Step } from '../model.js';
import { planSteps } from '../plan.js';
import { makeReport } from '../report.js';
import type { Scope } from '../scope.js';
import { openTransport, type TransportOptions } from '../transport/index.js';
import { prepare } from '../validation.js';
import type { ReachOptions, ReportOptions, TargetOptions } from './options.js';
import { claim, deliver, reportTargets, writePrivate } from './outputs.js';
import { startProgress } from './progress.js';
import { makeSecrets } from './secrets.js';
import { readTarget, type Target } from './target.js';

/** Milliseconds until a connection counts as unreachable, unless `--timeout` says otherwise. */
const CONNECT_MS = 15_000;

/** How a run ended: its evidence, and the signal that ended it early. */
export interface Run {
  evidence: Evidence;
  signal?: 'SIGINT' | 'SIGTERM';
}

/** Runs a phase on the hosts and reports; resolves to the exit code. */
export async function checkCommand(
  options: TargetOptions & ReachOptions & ReportOptions & { evidence?: string },
  phases: string[],
): Promise<number> {
  const target = readTarget(options, phases);
  const reports = reportTargets(options.report);
  if (options.evidence !== undefined) claim(options.evidence);
  const run = await runTarget(target, options);
  if (options.evidence !== undefined) writePrivate(options.evidence, `${JSON.stringify(run.evidence)}\n`);
  const report = judgeEvidence(target.scope, run.evidence, options.failOn);
  await deliver(report, reports, options.color);
  return codeOf(report, run.signal);
}

/** Collects a target's evidence, with progress and a clean end on Ctrl-C; `chosen` steps instead of the whole plan. */
export async function runTarget({ scope, hosts }: Target, options: ReachOptions, chosen?: Step[]): Promise<Run> {
  const timeoutMs = timeoutOf(options);
  const steps = chosen ?? planSteps(scope, timeoutMs);
  const secrets = makeSecrets(options.sudoPasswordEnv, hosts);
  const transport: TransportOptions = {
    ...(options.identity === undefined ? {} : { identityFile: atHome(options.identity) }),
    ...(options.knownHosts === undefined ? {} : { knownHostsFile: atHome(options.knownHosts) }),
    ...(options.sshConfig === undefined ? {} : { sshConfigFile: atHome(options.sshConfig) }),
    acceptNewHostKeys: options.acceptNewHostKeys,
    connectTimeoutMs: timeoutMs ?? CONNECT_MS,
    password: secrets.password,
    passphrase: secrets.passphrase,
    sudoPassword: secrets.sudoPassword,
    warn: (message) => void process.stderr.write(`pairflight: ${message}\n`),
  };
  const ending = new AbortController();
  let signal: Run['signal'];
  const stop = (name: 'SIGINT' | 'SIGTERM') => {
    // The second time the user means it: the default takes over.
    process.off('SIGINT', stop).off('SIGTERM', stop);
    signal = name;
    ending.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const progress = await startProgress();
  const takenAt = new Date();
  try {
    const collecting = collect(scope.pack, hosts, steps, {
      open: (host) => openTransport(host, transport),
      signal: ending.signal,
      progress: progress.update,
      secrets: secrets.given,
    });
    const [collected] = await Promise.all([collecting, prepareJudging(scope, steps)]);
    const evidence = makeEvidence(scope, collected, takenAt, new Date(), signal !== undefined);
    return signal === undefined ? { evidence } : { evidence, signal };
  } finally {
    progress.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Compiles, while the hosts are thinking, the schemas that their answers will be checked by. */
async function prepareJudging(scope: Scope, steps: readonly Step[]): Promise<void> {
  for (const id of new Set(steps.map((step) => step.probe))) {
    // A turn of the loop between any two: an answer that has come is read first.
    await new Promise((resolve) => setImmediate(resolve));
    const probe = scope.pack.probes.get(id);
    if (probe) prepare(probe.value);
  }
}

/** Findings and report of evidence: the same for a live run and for a replay. */
export function judgeEvidence(scope: Scope, evidence: Evidence, failOn: ReportOptions['failOn']): Report {
  const facts = new EvidenceFacts(scope, evidence);
  return makeReport(scope, evidence, evaluate(scope, facts, evidence.takenAt), facts, failOn);
}

/** The exit code of a report, or of the signal that ended its run. */
export function codeOf(report: Report, signal?: Run['signal']): number {
  if (signal === 'SIGINT') return 130;
  return signal === 'SIGTERM' ? 143 : report.run.exitCode;
}

/** `--timeout` in milliseconds. @throws UsageError */
export function timeoutOf({ timeout }: Pick<ReachOptions, 'timeout'>): number | undefined {
  if (timeout === undefined) return undefined;
  if (!(timeout >= 1 && timeout <= 3600)) throw new UsageError('--timeout: must be between 1 and 3600 seconds');
  return timeout * 1000;
}

function atHome(path: string): string {
  return path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
}
