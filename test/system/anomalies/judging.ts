/**
 * Judges evidence that was changed in places. Judging is pure, so a rule that never looked at the answers of a step comes to
 * the same findings when only that step is changed: only the others are judged again. And since rules see what is read out of
 * answers, not the answers: what reads as something that was judged before is not judged again.
 */
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { Evidence, Finding, Rule } from '../../../src/core/model.js';
import { EvidenceFacts } from '../../../src/evidence/facts-in-evidence.js';
import { readAnswer } from '../../../src/evidence/read-answer.js';
import { evaluate, judgedAlone, settled } from '../../../src/judge/evaluate.js';
import { loadPack, packDir } from '../../../src/pack/load.js';
import type { Pack } from '../../../src/pack/pack.js';
import { type Scope, scopeOfEvidence } from '../../../src/plan/scope.js';

type AnsweredStep = Evidence['steps'][number];

const packs = new Map<string, Pack>();

/** The findings on some evidence, and on others that differ from it in their steps. */
export class Judging {
  readonly before: Finding[];
  /** By the id of a rule: its findings by itself. */
  readonly #unmoved: Map<string, Finding[]>;
  readonly #evidence: Evidence;
  readonly #scope: Scope;
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
    this.#unmoved = this.#alone(this.#scope.rules, evidence);
    this.before = this.wholly(evidence);
  }

  /** The findings on changed evidence, with every rule judged. */
  wholly(changed: Evidence): Finding[] {
    return evaluate(this.#scope, new EvidenceFacts(this.#scope, changed), changed.takenAt);
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

  /** What guards block is settled anew: they say what becomes of findings that rest on nothing that they look at. */
  #afterMoved(changed: Evidence, moved: AnsweredStep[]): Finding[] {
    const watchers = new Set(moved.flatMap(({ id }) => [...this.#watchersOf(id)]));
    if (watchers.size === 0) return this.before;
    const again = this.#alone(
      this.#scope.rules.filter(({ id }) => watchers.has(id)),
      changed,
    );
    const findings = this.#scope.rules.flatMap(({ id }) => (again.has(id) ? again : this.#unmoved).get(id) ?? []);
    return settled(this.#scope, findings, changed.takenAt);
  }

  /** The findings of rules by their ids, each rule judged by itself. */
  #alone(rules: Rule[], evidence: Evidence): Map<string, Finding[]> {
    const facts = new EvidenceFacts(this.#scope, evidence);
    return new Map(rules.map((rule) => [rule.id, judgedAlone(this.#scope, [rule], facts)]));
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
    this.#alone([rule], { ...this.#evidence, steps });
  }
}
