/** Facts out of saved evidence: which step answers a rule's question under the release that the host runs, and its reading. */
import { Unreadable } from './errors.js';
import { type FactSource, isRead, type Reading, readPath, type Unread } from './facts.js';
import type { Evidence, FactDefinition, Rule, Step, Subject } from './model.js';
import { type Binding, bindFact, definitionOf, packFacts } from './plan.js';
import type { Release } from './releases.js';
import type { Scope } from './scope.js';
import { type Variant, variantHolds } from './settings.js';
import { check } from './validation.js';

/** What a host says it runs. */
export interface Build {
  text: string;
  release: Release;
}

/** Reads evidence under a scope; every step is read once. */
export class EvidenceFacts implements FactSource {
  private readonly steps: Map<string, Evidence['steps'][number]>;
  private readonly readings = new Map<string, Reading>();
  private readonly builds = new Map<string, Build | undefined>();
  private readonly bindings = new Map<FactDefinition, Map<string, Binding[]>>();
  private forced: Variant | undefined;

  constructor(
    private readonly scope: Scope,
    evidence: Evidence,
  ) {
    this.steps = new Map(evidence.steps.map((step) => [step.id, step]));
  }

  define(rule: Rule, name: string) {
    return definitionOf(this.scope, rule, name);
  }

  stated(rule: Rule, name: string, subject: Subject): Reading | undefined {
    const definition = this.define(rule, name);
    if (!definition || !('probe' in definition)) return undefined;
    const bindings = this.forced
      ? bindFact(this.scope, rule, definition, subject, this.scope.layouts)
      : this.bind(rule, definition, subject);
    if (bindings.length === 0 && !this.scope.provePorts) {
      return { unread: { reason: 'is proven on request only, with --prove-ports', problem: 'not-run' }, steps: [] };
    }
    const host = subject.kind === 'host' ? subject.host : subject.kind === 'pair' ? subject.from : undefined;
    return this.choose(bindings, host);
  }

  /** Rules share facts and subjects; what to ask is worked out once for each. */
  private bind(rule: Rule, definition: Extract<FactDefinition, { probe: string }>, subject: Subject): Binding[] {
    const known = this.bindings.get(definition) ?? new Map<string, Binding[]>();
    this.bindings.set(definition, known);
    const key = JSON.stringify(subject);
    const bindings = known.get(key) ?? bindFact(this.scope, rule, definition, subject);
    known.set(key, bindings);
    return bindings;
  }

  /** The build that a host's own files name, under the one layout in which they agree with themselves. */
  buildOf(host: string): Build | undefined {
    if (!this.builds.has(host)) this.builds.set(host, this.findBuild(host));
    return this.builds.get(host);
  }

  private findBuild(host: string): Build | undefined {
    const { build } = this.scope.pack;
    if (build === undefined) return undefined;
    const asking = packFacts(this.scope);
    const found = this.scope.layouts.flatMap((variant) => {
      this.forced = variant;
      const reading = readPath(this, asking, build, { kind: 'host', host });
      this.forced = undefined;
      if (!isRead(reading) || typeof reading.value !== 'string') return [];
      const release = this.scope.pack.releases.parse(reading.value);
      if (!release || variantHolds(variant, this.scope.pack.releases, release) !== 'yes') return [];
      return [{ text: reading.value, release }];
    });
    return found.length === 1 ? found[0] : undefined;
  }

  private choose(bindings: Binding[], host: string | undefined): Reading {
    const [only, second] = bindings;
    if (!only) return { unread: { reason: 'the question cannot be asked here', problem: 'not-run' }, steps: [] };
    if (!second) return this.readStep(only.step);
    if (this.forced) {
      const gates = JSON.stringify(this.forced.gates);
      const forced = bindings.find((binding) => JSON.stringify(binding.variant.gates) === gates);
      return this.readStep((forced ?? only).step);
    }
    const release = this.releaseFor(host);
    const meant = bindings.filter(
      (binding) => variantHolds(binding.variant, this.scope.pack.releases, release) === 'yes',
    );
    if (meant[0] && meant.length === 1) return this.readStep(meant[0].step);
    return this.undecided(
      bindings.map((binding) => this.readStep(binding.step)),
      host,
    );
  }

  /** Without a release nothing may be taken for an answer; where every layout fails alike, that failure is the reason. */
  private undecided(readings: Reading[], host: string | undefined): Reading {
    const steps = readings.flatMap((reading) => reading.steps);
    const causes = readings.flatMap((reading) => (isRead(reading) ? [] : [reading.unread]));
    const common =
      causes.length === readings.length
        ? causes.find((cause) => cause.at === 'host' || cause.at === 'context')
        : undefined;
    return {
      unread: common ?? { reason: 'the installed release is not known; give --release', ...this.causeOf(host) },
      steps,
    };
  }

  /** The trouble of the host itself, if that is why its build is not known. */
  private causeOf(host: string | undefined): Pick<Unread, 'at' | 'host'> {
    const { build } = this.scope.pack;
    if (host === undefined || build === undefined) return {};
    this.forced = this.scope.layouts[0];
    const reading = readPath(this, packFacts(this.scope), build, { kind: 'host', host });
    this.forced = undefined;
    const at = isRead(reading) ? undefined : reading.unread.at;
    return at === 'host' || at === 'context' ? { at, host } : {};
  }

  /** The host's own build, else the named release, else what another host runs. */
  private releaseFor(host: string | undefined): Release | undefined {
    const own = host === undefined ? undefined : this.buildOf(host)?.release;
    if (own ?? this.scope.release) return own ?? this.scope.release;
    return this.scope.hosts.map((other) => this.buildOf(other.name)?.release).find((release) => release !== undefined);
  }

  private readStep(step: Omit<Step, 'wantedBy'>): Reading {
    const known = this.readings.get(step.id);
    if (known) return known;
    const reading = this.readOutputs(step);
    this.readings.set(step.id, reading);
    return reading;
  }

  private readOutputs(step: Omit<Step, 'wantedBy'>): Reading {
    const saved = this.steps.get(step.id);
    const probe = this.scope.pack.probes.get(step.probe);
    const steps = [step.id];
    const host =
      step.subject.kind === 'pair' ? step.subject.from : step.subject.kind === 'host' ? step.subject.host : '';
    const unread = (cause: Omit<Unread, 'host'>): Reading => ({ unread: { ...cause, host }, steps });
    if (!probe) return unread({ reason: `there is no probe ${step.probe}` });
    const outputs = saved ? saved.outputs.at(-1) : step.asks.length === 0 ? [] : undefined;
    if (!outputs) return unread({ reason: 'was not asked when the evidence was taken', problem: 'not-run' });
    try {
      const value = probe.read(outputs, step.params);
      const [mistake] = check(probe.value, value);
      if (mistake) return unread({ reason: `the answer has an unknown form: ${mistake.message}` });
      return { value, steps };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const { problem, at } = error;
      return unread({
        reason: `${subjectOf(step, at)}${error.message}`,
        ...(problem && { problem }),
        ...(at && { at }),
      });
    }
  }
}

/** What a problem is about, in words: sudo, the shell of a context; the host itself and a command speak for themselves. */
function subjectOf(step: Omit<Step, 'wantedBy'>, at: Unread['at']): string {
  if (at !== 'context') return '';
  const [as] = step.asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask.as] : []));
  return as === 'root' ? 'sudo ' : `the ${as} shell `;
}
