/**
 * Judges evidence that was changed in places. Judging is pure, so a rule that never looked at the answers of a step comes to
 * the same findings when only that step is changed: only the others are judged again. And since rules see what is read out of
 * answers, not the answers: what reads as something that was judged before is not judged again.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import type { Evidence, Finding, Rule } from '../../../src/core/model.js';
import { EvidenceFacts } from '../../../src/evidence/facts-in-evidence.js';
import { readAnswer } from '../../../src/evidence/read-answer.js';
import { evaluate } from '../../../src/judge/evaluate.js';
import { loadPack, packDir } from '../../../src/pack/load.js';
import type { Pack } from '../../../src/pack/pack.js';
import { type Scope, scopeOfEvidence } from '../../../src/plan/scope.js';

type AnsweredStep = Evidence['steps'][number];

const packs = new Map<string, Pack>();

/** The findings on some evidence, and on others that differ from it in their steps. */
export class Judging {
  readonly before: Finding[];
  readonly #evidence: Evidence;
  readonly #scope: Scope;
  readonly #scopes = new Map<string, Scope>();
  /** By the id of a step: the ids of the rules that look at it. */
  readonly #watchers = new Map<string, Set<string>>();
  /** By what is read out of the steps that differ. */
  readonly #known = new Map<string, Finding[]>();

  constructor(evidence: Evidence) {
    const { product } = evidence.inventory;
    const pack = packs.get(product) ?? loadPack(packDir(product));
    packs.set(product, pack);
    this.#evidence = evidence;
    this.#scope = scopeOfEvidence(pack, evidence);
    this.before = this.wholly(evidence);
  }

  /** The findings on changed evidence, with every rule judged. */
  wholly(changed: Evidence): Finding[] {
    return this.#judge(this.#scope.rules, changed);
  }

  /** The findings on changed evidence; a step that is the same object as before is taken for unchanged. */
  after(changed: Evidence): Finding[] {
    const now = new Map(changed.steps.map((step) => [step.id, step]));
    const moved = this.#evidence.steps.filter((step) => now.get(step.id) !== step);
    const read = moved.map(({ id }) => `${id} ${this.#readIn(now.get(id))}`).join(' ');
    const known = this.#known.get(read) ?? this.#afterMoved(changed, moved);
    this.#known.set(read, known);
    return known;
  }

  /** All that judging sees of a step: what is read out of each of its samples, and when they were taken. */
  #readIn(step: AnsweredStep | undefined): string {
    const probe = step && this.#scope.pack.probes.get(step.probe);
    if (!probe) return 'nothing';
    const samples = step.outputs.map((outputs) => [
      readAnswer(probe, step.params, outputs),
      outputs.map(({ startedAt }) => startedAt),
    ]);
    return createHash('sha256').update(serialize(samples)).digest('base64');
  }

  #afterMoved(changed: Evidence, moved: AnsweredStep[]): Finding[] {
    const watchers = new Set(moved.flatMap(({ id }) => [...this.#watchersOf(id)]));
    const again = this.#judge(
      this.#scope.rules.filter(({ id, guard }) => guard || watchers.has(id)),
      changed,
    );
    // Guards say what becomes of findings that rest on nothing that they look at.
    if (this.#guards(again).some((one, index) => !isDeepStrictEqual(one, this.#guards(this.before)[index])))
      return this.wholly(changed);
    const found = new Set(again.map(({ rule }) => rule));
    return this.#scope.rules.flatMap(({ id }) =>
      (found.has(id) ? again : this.before).filter(({ rule }) => rule === id),
    );
  }

  #judge(rules: Rule[], evidence: Evidence): Finding[] {
    const scope = this.#scopeOf(rules);
    return evaluate(scope, new EvidenceFacts(scope, evidence), evidence.takenAt);
  }

  /** One scope for the same rules: what to ask for their facts is worked out once for each scope. */
  #scopeOf(rules: Rule[]): Scope {
    const key = rules.map(({ id }) => id).join(' ');
    const scope = this.#scopes.get(key) ?? { ...this.#scope, rules };
    this.#scopes.set(key, scope);
    return scope;
  }

  #guards(findings: Finding[]): Finding[] {
    const guards = new Set(this.#scope.rules.filter(({ guard }) => guard).map(({ id }) => id));
    return findings.filter(({ rule }) => guards.has(rule));
  }

  #watchersOf(step: string): Set<string> {
    if (this.#watchers.size === 0) for (const rule of this.#scope.rules) this.#watch(rule);
    return this.#watchers.get(step) ?? new Set();
  }

  /** Each rule is judged with readings of its own, or it would be given what another has looked at. */
  #watch(rule: Rule): void {
    const steps = this.#evidence.steps.map((step) => {
      const watchers = this.#watchers.get(step.id) ?? new Set();
      this.#watchers.set(step.id, watchers);
      return {
        ...step,
        get outputs() {
          watchers.add(rule.id);
          return step.outputs;
        },
      };
    });
    this.#judge([rule], { ...this.#evidence, steps });
  }
}
