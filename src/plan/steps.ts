/** The plan: every step of a run, made from the scope alone. It touches no host and never depends on one's answer. */

import { factNamed } from '../core/fact-path.js';
import type { Ask, Condition, Expectation, FactDefinition, Rule, Step, Subject } from '../core/model.js';
import { type PlacedFact, type ProbeFact, probeFactsUnder } from '../pack/derivations.js';
import { conditionsOf, factOf, referencesOf } from '../pack/expectation.js';
import { quantifierOf } from '../pack/quantifiers.js';
import { referencesToldIn, sentencesOf } from '../pack/sentences.js';
import { bindFact } from './bind.js';
import { directionsOf, hostsOf, type Scope } from './scope.js';

/** All steps that the scope's rules want, each once; `timeoutMs` replaces the probes' ordinary time limits. @throws UsageError for parameters that a probe refuses. */
export function planSteps(scope: Scope, timeoutMs?: number): Step[] {
  const steps = new Map<string, Step>();
  // Whatever was selected: what the hosts run decides which rules are meant.
  const { build } = scope.pack;
  const everyRule = scope.rules.map((rule) => rule.id);
  for (const step of build === undefined ? [] : planFacts(scope, [build], 'layouts'))
    steps.set(step.id, { ...step, wantedBy: [...everyRule] });
  for (const rule of scope.rules) {
    if (scope.release && scope.pack.releases.decide(rule.releases, scope.release) === 'no') continue;
    for (const { fact, subject } of questionsOf(scope, rule)) {
      for (const { step } of bindFact(scope, rule, fact, subject)) {
        const known = steps.get(step.id);
        if (!known) {
          steps.set(step.id, { ...step, wantedBy: [rule.id] });
          continue;
        }
        // One rule may want a trend of what another wants once.
        if (step.sample && step.sample.times > (known.sample?.times ?? 1)) known.sample = step.sample;
        if (!known.wantedBy.includes(rule.id)) known.wantedBy.push(rule.id);
      }
    }
  }
  return [...steps.values()].map((step) =>
    timeoutMs === undefined ? step : { ...step, asks: step.asks.map((one) => limited(one, timeoutMs)) },
  );
}

/** Measuring a tree takes what it takes, and a listener ends by itself: their limits are not for a user to change. */
function limited<T extends { ask: Ask }>(one: T, timeoutMs: number): T {
  const ordinary = one.ask.kind === 'exec' && one.ask.effect === 'read' && one.ask.timeoutMs <= 60_000;
  return ordinary ? { ...one, ask: { ...one.ask, timeoutMs } } : one;
}

/** The probes' facts that a rule needs in these phases, on each host or direction it needs them on. */
function questionsOf(scope: Scope, rule: Rule): { fact: ProbeFact; subject: Subject }[] {
  const found = new Map<string, { fact: ProbeFact; subject: Subject }>();
  for (const expectation of expectationsOf(rule, scope.phases)) {
    for (const condition of conditionsOf(expectation)) {
      const add = (name: string, subjects: (fact: ProbeFact) => Subject[]) => {
        for (const { fact, role } of probeFacts(scope, rule, name)) {
          for (const subject of role === undefined ? subjects(fact) : hostSubjects(scope, [role]))
            found.set(`${JSON.stringify(fact)} ${JSON.stringify(subject)}`, { fact, subject });
        }
      };
      const name = factOf(condition);
      if (name !== undefined) add(name, (fact) => subjectsOf(scope, rule, expectation, condition, fact));
      for (const { who, path } of referencesOf(condition)) {
        const roles = who === 'self' || who === 'peer' ? (rule.hosts ?? scope.pack.pair) : [who];
        add(factNamed(path), () => hostSubjects(scope, roles));
      }
    }
  }
  for (const { who, path } of sentencesOf(rule).flatMap(referencesToldIn)) {
    const roles = who === 'self' || who === 'peer' ? (rule.hosts ?? scope.pack.pair) : [who];
    for (const { fact, role } of probeFacts(scope, rule, factNamed(path))) {
      for (const subject of hostSubjects(scope, role === undefined ? roles : [role]))
        found.set(`${JSON.stringify(fact)} ${JSON.stringify(subject)}`, { fact, subject });
    }
  }
  return [...found.values()];
}

function hostSubjects(scope: Scope, roles: readonly string[]): Subject[] {
  return hostsOf(scope, roles).map(({ name: host }) => ({ kind: 'host', host }));
}

/** A rule that owns no facts: it asks for the pack's, on behalf of nobody. */
export function packFacts(scope: Scope): Rule {
  const [rule] = scope.pack.rules;
  if (!rule) throw new Error('a pack without rules cannot be loaded');
  return { ...rule, facts: {} };
}

/** The steps that read some facts of the pack, by path, on every host of the pair. */
export function planFacts(scope: Scope, paths: readonly string[], under: 'variants' | 'layouts' = 'variants'): Step[] {
  const rule = packFacts(scope);
  const steps = new Map<string, Step>();
  for (const { fact } of paths.flatMap((path) => probeFacts(scope, rule, factNamed(path)))) {
    for (const host of hostsOf(scope, scope.pack.pair)) {
      for (const { step } of bindFact(scope, rule, fact, { kind: 'host', host: host.name }, under))
        steps.set(step.id, { ...step, wantedBy: [] });
    }
  }
  return [...steps.values()];
}

/** The expectations of a rule that mean one of the phases. */
export function expectationsOf(rule: Rule, phases: string[]): Expectation[] {
  return rule.expect.filter((one) => !one.phases || one.phases.some((phase) => phases.includes(phase)));
}

/** The definition of a rule's fact: its own, else the pack's. */
export function definitionOf(scope: Scope, rule: Rule, name: string): FactDefinition | undefined {
  return rule.facts[name] ?? scope.pack.facts[name];
}

/** The probes at the bottom of a fact, through what it is derived from. */
function probeFacts(scope: Scope, rule: Rule, name: string): PlacedFact[] {
  return probeFactsUnder(name, (one) => definitionOf(scope, rule, one));
}

function subjectsOf(
  scope: Scope,
  rule: Rule,
  expectation: Expectation,
  condition: Condition,
  fact: ProbeFact,
): Subject[] {
  const all = hostsOf(scope, rule.hosts ?? scope.pack.pair);
  if (scope.pack.probes.get(fact.probe)?.on === 'pair') {
    return directionsOf(all).map(({ from, to }) => ({ kind: 'pair', from: from.name, to: to.name }));
  }
  const hosts =
    condition.role !== undefined
      ? hostsOf(scope, [condition.role])
      : expectation.hosts && quantifierOf(condition).compares !== 'other' && rule.per !== 'direction'
        ? all.filter((host) => expectation.hosts?.includes(host.role))
        : all;
  return hosts
    .filter((host) => fact.hosts?.includes(host.role) ?? true)
    .map((host) => ({ kind: 'host', host: host.name }));
}
