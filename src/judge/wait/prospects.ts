/** Whether waiting can help: what may become of a finding that does not pass, and which steps are worth asking again. Pure. */
import type { Evidence, Finding, Problem, Severity, Step } from '../../core/model.js';
import { isActive } from '../../plan/questions.js';
import type { Scope } from '../../plan/scope.js';
import { isGating, isOpen } from '../verdict.js';

/**
 * `askable`: it may pass, and what it rests on can be asked again at little cost. `costly`: it may pass, but only a full
 * round can tell. `hopeless`: it stays as it is until somebody does something about it.
 */
export type Prospect = 'askable' | 'costly' | 'hopeless';

/** A finding that keeps the gate from passing. */
export interface Awaited {
  finding: Finding;
  prospect: Prospect;
}

/** The problems that pass by themselves. */
const passing: Problem[] = ['unreachable', 'timeout', 'not-run'];

/** The findings that keep the gate from passing, each with its prospect; `steps` with the answers that they were judged by. */
export function awaitedOf(
  scope: Scope,
  findings: readonly Finding[],
  steps: Evidence['steps'],
  failOn: Severity,
): Awaited[] {
  const looking = new Looking(scope, findings, steps);
  return findings
    .filter((finding) => isGating(finding, failOn) && isOpen(finding))
    .map((finding) => ({ finding, prospect: looking.at(finding) }));
}

/**
 * The smaller plan of a round between two full ones: what the awaited findings want, and what the guards need, so that a
 * host that was lost or exchanged is noticed. Never a costly step, and never an active one.
 */
export function smallerPlan(scope: Scope, steps: readonly Step[], awaited: readonly Awaited[]): Step[] {
  const guards = scope.rules.filter((rule) => rule.guard).map((rule) => rule.id);
  const waiting = awaited.filter(({ prospect }) => prospect !== 'hopeless').map(({ finding }) => finding.rule);
  const wanted = new Set([...guards, ...waiting]);
  return steps.filter((step) => !isCostly(scope, step) && step.wantedBy.some((rule) => wanted.has(rule)));
}

function isCostly(scope: Scope, step: Pick<Step, 'probe' | 'asks'>): boolean {
  return scope.pack.probes.get(step.probe)?.costly === true || isActive(step);
}

type Answered = Evidence['steps'][number];

/** Looks at findings, with the steps that they rest on. */
class Looking {
  readonly #scope: Scope;
  readonly #findings: Map<string, Finding>;
  readonly #steps: Map<string, Answered>;

  constructor(scope: Scope, findings: readonly Finding[], steps: Evidence['steps']) {
    this.#scope = scope;
    this.#findings = new Map(findings.map((finding) => [finding.key, finding]));
    this.#steps = new Map(steps.map((step) => [step.id, step]));
  }

  at(finding: Finding): Prospect {
    if (finding.verdict === 'error') return 'hopeless';
    // What a guard keeps from being judged is as hopeful as the guard.
    const guard = this.#guardOf(finding);
    if (guard) return this.at(guard);
    const steps = this.#askedFor(finding);
    const open = finding.verdict === 'fail' ? steps : this.#mayPass(finding, steps) ? steps : [];
    if (open.length === 0) return 'hopeless';
    return open.some((step) => isCostly(this.#scope, step)) ? 'costly' : 'askable';
  }

  /** The finding that keeps this one from being judged; of two guards that keep each other each stands for itself. */
  #guardOf({ key, blockedBy }: Finding): Finding | undefined {
    const guard = this.#findings.get(blockedBy ?? '');
    return guard?.blockedBy === key ? undefined : guard;
  }

  /** The steps that a finding rests on and that somebody answers here: not what the inventory says, nor hosts asked elsewhere. */
  #askedFor({ because }: Finding): Answered[] {
    const elsewhere = this.#scope.hosts.filter((host) => host.connection === 'none').map((host) => host.name);
    return because
      .flatMap((id) => this.#steps.get(id) ?? [])
      .filter(({ asks }) => asks.some(({ host }) => !elsewhere.includes(host)));
  }

  #mayPass({ problem, undecided, samples = [] }: Finding, steps: Answered[]): boolean {
    // A server that starts, a series that wavers: the next answer may decide.
    if (undecided) return true;
    // Nothing was asked in vain where nothing was asked: no baseline was given, or a proof was not wanted.
    if (problem === 'not-run') return steps.some((step) => step.outputs.flat().some((one) => one.problem === problem));
    if (problem !== undefined) return passing.includes(problem);
    return samples.some(({ values }) => values.some(({ value }) => value !== null));
  }
}
