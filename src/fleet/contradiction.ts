/** Whether what is saved of a pair can all be true: its event, its report and its evidence, which is judged again. Pure. */
import type { Evidence, Report } from '../core/model.js';
import { checkEvidence } from '../evidence/evidence.js';
import { judgeEvidence } from '../judge/report.js';
import { exitCode } from '../judge/verdict.js';
import type { Pack } from '../pack/pack.js';
import { scopeOfEvidence } from '../plan/scope.js';
import type { FleetRun, PairEvent } from './events.js';
import { hashOf } from './fleet.js';
import { instancesOf } from './instances.js';

/** What a run says of a pair, and what it has saved. */
export interface SavedPair {
  /** What the run was asked. */
  run: FleetRun;
  event: Omit<PairEvent, 'event'>;
  report: Report;
  evidence: Evidence;
}

/** What a pair's files say that cannot all be true; `pack` is the one that the pair was judged by. @throws UsageError for evidence that no run takes */
export function contradictionIn({ run: asked, event, report, evidence }: SavedPair, pack: Pack): string | undefined {
  const { run, selection } = report;
  if (run.pair !== event.pair) return `its report is of ${run.pair}`;
  if (evidence.inventory.name !== event.pair)
    return `its evidence is of ${evidence.inventory.name ?? 'a pair without a name'}`;
  if (run.gate !== event.outcome || run.exitCode !== exitCode(run.gate))
    return `its report is ${run.gate} (exit code ${run.exitCode}), and the run says ${event.outcome}`;
  const times = (['startedAt', 'finishedAt', 'durationMs'] as const).every((key) => run[key] === event[key]);
  const tookMs = Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  if (
    !times ||
    tookMs !== run.durationMs ||
    evidence.takenAt !== event.startedAt ||
    evidence.finishedAt !== event.finishedAt
  )
    return 'its report, its evidence and its run are of different times';
  if (run.failOn !== asked.failOn) return `its report was judged with --fail-on ${run.failOn}`;
  if (run.phase !== asked.phases.join(',') || hashOf(selection) !== hashOf(asked.selection))
    return 'its report judges other rules than the run';
  if (hashOf(askedOf(evidence)) !== hashOf(askedOf({ ...evidence, ...wantedOf(asked, evidence) })))
    return 'its evidence was taken with other settings than the run';
  checkEvidence(evidence, pack, 'its evidence');
  const scope = scopeOfEvidence(pack, evidence);
  if (hashOf(instancesOf(scope)) !== hashOf(event.instances ?? null))
    return 'its evidence is of other instances than the run';
  const again = judgeEvidence(scope, evidence, run.failOn);
  if (again.run.gate !== run.gate) return `its report says ${run.gate}, and its evidence says ${again.run.gate}`;
  return hashOf(judgementOf(again)) === hashOf(judgementOf(report))
    ? undefined
    : 'its report is not what its evidence says';
}

/** What evidence says that it was taken with. */
const askedOf = ({ run, inventory }: Pick<Evidence, 'run' | 'inventory'>) => ({
  phases: run.phases,
  selection: run.selection,
  release: run.release ?? null,
  provePorts: run.provePorts ?? false,
  allowCommands: run.allowCommands ?? [],
  interrupted: run.interrupted ?? false,
  settings: inventory.settings,
});

/** What evidence of a run was taken with: a release and settings that the run does not name are the pair's own. */
function wantedOf(asked: FleetRun, { run, inventory }: Evidence): Pick<Evidence, 'run' | 'inventory'> {
  const { interrupted: _, ...own } = run;
  return {
    run: {
      ...own,
      phases: asked.phases,
      selection: asked.selection,
      ...(asked.release !== undefined && { release: asked.release }),
      provePorts: asked.provePorts === true,
      allowCommands: asked.allowCommand ?? [],
    },
    inventory: { ...inventory, settings: { ...inventory.settings, ...asked.settings } },
  };
}

/** All of a report that a verdict rests on; how it words them is left aside. */
const judgementOf = ({
  run,
  selection,
  settings,
  product,
  hosts,
  summary,
  findings,
  waivers,
  notVerified,
}: Report) => ({
  run: [run.phase, run.gate, run.interrupted ?? false, run.allowCommands ?? []],
  selection,
  settings,
  product,
  hosts: hosts.map(({ name, role, address }) => [name, role, address]),
  summary,
  findings: findings.map(({ key, rule, verdict, severity, waivedBy = null, known = false, declared = null }) => [
    ...[key, rule, verdict, severity, waivedBy, known, declared],
  ]),
  waivers: (waivers ?? []).map(({ rule, state, waives }) => [rule, state, waives]),
  notVerified: notVerified.map(({ id }) => id),
});
