/** Binding: from a fact's definition to the step that asks for it on one subject, under the settings and the release that hold there. Pure. */
import { createHash } from 'node:crypto';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Ask, HostRef, Rule, Sampling, Step, Subject } from '../core/model.js';
import { asAllowed } from '../pack/allowed-commands.js';
import { declaredAsks } from '../pack/declared.js';
import type { ProbeFact } from '../pack/derivations.js';
import { expand, settingsUsed, type Variant } from '../pack/settings.js';
import { askedFrom, HERE } from './endpoints.js';
import { hostNamed, hostsOf, isGiven, portRows, type Scope, settingOn } from './scope.js';

/** A step as one variant of the release-dependent settings would have it. */
export interface Binding {
  variant: Variant;
  step: Omit<Step, 'wantedBy'>;
}

/** Planning and judging ask for the same facts, and rules share them: by scope, fact, layouts and subject. */
const bound = new WeakMap<Scope, Map<ProbeFact, Map<string, Binding[]>>>();

/**
 * The step of a fact on a subject, once for each variant in which its words differ: those still possible, or every layout. Worked out
 * once for each scope.
 */
export function bindFact(
  scope: Scope,
  rule: Rule,
  fact: ProbeFact,
  subject: Subject,
  under: 'variants' | 'layouts' = 'variants',
): Binding[] {
  const ofScope = bound.get(scope) ?? new Map<ProbeFact, Map<string, Binding[]>>();
  bound.set(scope, ofScope);
  const ofFact = ofScope.get(fact) ?? new Map<string, Binding[]>();
  ofScope.set(fact, ofFact);
  const key = `${under} ${JSON.stringify(subject)}`;
  const bindings = ofFact.get(key) ?? bindUnder(scope, rule, fact, subject, scope[under]);
  ofFact.set(key, bindings);
  return bindings;
}

function bindUnder(
  scope: Scope,
  rule: Rule,
  fact: ProbeFact,
  subject: Subject,
  layouts: readonly Variant[],
): Binding[] {
  const bindings = new Map<string, Binding>();
  const distinct = dependsOnRelease(scope, fact) ? layouts : layouts.slice(0, 1);
  for (const variant of distinct) {
    const step = stepFor(scope, rule, fact, subject, variant);
    if (step && !bindings.has(step.id))
      bindings.set(step.id, { variant: distinct.length > 1 ? variant : { gates: [], values: {} }, step });
  }
  return [...bindings.values()];
}

/** Whether any word of the fact's questions is a setting whose default the release decides. */
function dependsOnRelease(scope: Scope, fact: ProbeFact): boolean {
  const dependent = new Set(scope.layouts.flatMap((variant) => Object.keys(variant.values)));
  if (dependent.size === 0) return false;
  const asks = declaredAsks(scope.pack, fact.probe);
  const contexts = [fact.with.as, ...asks.map((ask) => ask.as)];
  const words = [fact.with, asks, ...contexts.map((name) => scope.pack.contexts[String(name)])];
  return settingsUsed(words).some((name) => dependent.has(name));
}

function stepFor(
  scope: Scope,
  rule: Rule,
  fact: ProbeFact,
  subject: Subject,
  variant: Variant,
): Binding['step'] | undefined {
  const probe = scope.pack.probes.get(fact.probe);
  if (!probe || subject.kind === 'set') return undefined;
  const self = hostNamed(scope, subject.kind === 'host' ? subject.host : subject.from);
  const peer = subject.kind === 'pair' ? hostNamed(scope, subject.to) : undefined;
  const lookup = (name: string) => settingOn(scope, self, variant, name);
  const refer = (reference: string) => referTo(scope, reference, self, peer);
  if (unsetSetting(scope, fact, self.name) !== undefined) return undefined;
  const params = expand(fact.with, lookup, refer) as Record<string, unknown>;
  // A direction for which no port is named has nothing to be asked.
  if (fact.with.ports === '@ports' && Array.isArray(params.ports) && params.ports.length === 0) return undefined;
  const [mistake] = check(probe.params, params);
  if (mistake) {
    throw new UsageError(`${rule.at}: ${rule.id} asks ${probe.id} on ${self.name}: ${mistake.message}`);
  }
  const asks = probe
    .ask(params, self, peer)
    .map((ask) => ({ host: runsOn(ask, self, peer), ask: entered(scope, ask, lookup) }));
  // An active step opens a port for a moment: it exists on request only.
  if (!scope.provePorts && asks.some(({ ask }) => ask.kind === 'exec' && ask.effect === 'listen')) return undefined;
  // Caps on time and size, and the way to a host, are not part of what is asked: evidence taken with others still answers.
  const words = asks.flatMap(({ ask }) =>
    ask.kind === 'exec' && (ask.enter || scope.pack.declared.has(probe.id))
      ? [[ask.as, ask.enter ?? [], ask.argv]]
      : [],
  );
  const identity = JSON.stringify([probe.id, params, subject, words]);
  const id = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const sample = fact.sample && samplingOf(rule, expand(fact.sample, lookup, refer));
  return { id, probe: probe.id, params, subject, asks, ...(sample && { sample }) };
}

/** How often a fact is asked, once the settings in it are known. @throws UsageError */
function samplingOf({ at, id }: Rule, written: unknown): Sampling {
  const { times, every_ms: everyMs } = written as { times: unknown; every_ms: unknown };
  const between = (value: unknown, least: number, most: number): value is number =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  if (!between(times, 1, 100) || !between(everyMs, 100, 600_000)) {
    throw new UsageError(
      `${at}: ${id} is sampled ${String(times)} times, ${String(everyMs)} ms apart; right is 1 to 100 times, 100 to 600000 ms apart`,
    );
  }
  return { times, everyMs };
}

/** A setting that the fact's question cannot be made without and that nobody gave and that has no default. */
export function unsetSetting(scope: Scope, fact: ProbeFact, host: string): string | undefined {
  const own = hostNamed(scope, host);
  return settingsUsed(fact.with).find(
    (name) =>
      scope.pack.settings[name]?.optional !== true &&
      scope.layouts.every((variant) => settingOn(scope, own, variant, name) === undefined),
  );
}

/** Who answers: this machine, the direction's other host, the subject itself, or who asks an endpoint. */
function runsOn(ask: Ask, self: HostRef, peer: HostRef | undefined): string {
  if (ask.kind === 'ping') return HERE;
  return ask.kind === 'exec' && ask.on === 'peer' && peer ? peer.name : askedFrom(self);
}

/** Fills settings into a declared command's words, and adds the words that enter a pack's context and the user that it is. */
function entered(scope: Scope, ask: Ask, lookup: (name: string) => unknown): Ask {
  if (ask.kind !== 'exec') return ask;
  const words = (list: readonly string[]) =>
    list.map((word) => String(expand(word, lookup, () => word))) as [string, ...string[]];
  const context = scope.pack.contexts[ask.as];
  const allowed = (argv: [string, ...string[]]) => asAllowed(scope.pack, argv);
  const argv = ask.argv[0] === '/bin/sh' ? ask.argv : allowed(words(ask.argv));
  if (!context) return { ...ask, argv };
  const [user] = words([context.user]);
  return { ...ask, argv, enter: allowed(words(context.enter)), user };
}

/** What `@self.address`, `@peer.role`, `@secondary.address` or `@ports` mean in a probe's parameters. */
function referTo(scope: Scope, reference: string, self: HostRef, peer: HostRef | undefined): unknown {
  const [who = '', what = ''] = reference.split('.');
  if (reference === 'ports') {
    const rows = peer ? portRows(scope, self, peer) : [];
    const meant = rows.filter(
      (row) => !scope.release || scope.pack.releases.decide(row.releases ?? '*', scope.release) !== 'no',
    );
    return [...new Set(meant.map((row) => row.port))].sort((a, b) => a - b);
  }
  if (who === 'given') return isGiven(scope, self.name, what);
  const host =
    who === 'self'
      ? self
      : who === 'peer'
        ? (peer ?? hostsOf(scope, scope.pack.pair).find((one) => one.name !== self.name))
        : hostsOf(scope, [who])[0];
  return (host as Record<string, unknown> | undefined)?.[what];
}
