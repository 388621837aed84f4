/** Facts out of saved evidence: which step answers a rule's question under the release that the host runs, and its reading. */

import type { Evidence, ExecAsk, Output, Rule, Step, Subject } from '../core/model.js';
import type { Release } from '../pack/releases.js';
import { type Variant, variantHolds } from '../pack/settings.js';
import { type Binding, bindFact, unsetSetting } from '../plan/bind.js';
import { askedFrom } from '../plan/endpoints.js';
import { hostsOf, makeScope, type Scope } from '../plan/scope.js';
import { definitionOf, packFacts } from '../plan/steps.js';
import { declaredProperties, notInPlan, stepNotInPlan } from './declared.js';
import { type FactSource, readPath } from './facts.js';
import { askedAtThePath } from './followed-in-evidence.js';
import { isRead, nameRelease, type Reading, readAnswer, type Unread } from './read-answer.js';

/** What a host says it runs. */
interface Build {
  text: string;
  release: Release;
}

/** Reads evidence under a scope; every step is read once. */
export class EvidenceFacts implements FactSource {
  private readonly steps: Map<string, Evidence['steps'][number]>;
  private readonly byQuestion: Map<string, Evidence['steps'][number]>;
  private readonly readings = new Map<string, Reading>();
  private readonly builds = new Map<string, Build | undefined>();
  private readonly meant = new Map<Binding[], Binding | undefined>();
  private forced: Variant | undefined;
  /** The facts of the evidence's baseline; beside what is declared it explains differences, and answers nothing. */
  readonly before?: EvidenceFacts;
  readonly declared: boolean;

  constructor(
    private readonly scope: Scope,
    evidence: Evidence,
  ) {
    this.steps = new Map(evidence.steps.map((step) => [step.id, step]));
    this.byQuestion = new Map(evidence.steps.map((step) => [questionOf(step), step]));
    this.declared = scope.declared !== undefined;
    if (evidence.baseline && !evidence.baseline.run.declared && !this.declared)
      this.before = new EvidenceFacts(scopeOfBaseline(scope, evidence.baseline), evidence.baseline);
  }

  hostsOf(role: string) {
    return hostsOf(this.scope, [role]);
  }

  define(rule: Rule, name: string) {
    return definitionOf(this.scope, rule, name);
  }

  stated(rule: Rule, name: string, subject: Subject, sample?: number): Reading | undefined {
    const bindings = this.bindingsOf(rule, name, subject);
    if (!bindings) return undefined;
    const host = hostOf(subject);
    const definition = this.define(rule, name);
    const unset =
      bindings.length === 0 && subject.kind !== 'set' && definition && 'probe' in definition
        ? unsetSetting(this.scope, definition, host)
        : undefined;
    if (this.declared && bindings.length === 0) return { unread: notInPlan(name), steps: [] };
    if (unset !== undefined)
      return {
        unread: { reason: `set settings.${unset} to have it asked`, next: `run again with --set ${unset}=VALUE` },
        steps: [],
      };
    if (bindings.length === 0 && !this.scope.provePorts) {
      return {
        unread: {
          reason: 'proven on request only, with --prove-ports',
          problem: 'not-run',
          next: 'run again with --prove-ports (it listens for five seconds)',
        },
        steps: [],
      };
    }
    return this.choose(bindings, host, (step) => this.readStep(step, sample));
  }

  times(rule: Rule, name: string, subject: Subject): string[] {
    const steps = (this.bindingsOf(rule, name, subject) ?? []).flatMap(({ step }) => this.savedOf(step) ?? []);
    const samples = steps.map(({ outputs, sample }) =>
      Array.from(
        { length: Math.max(outputs.length, sample?.times ?? 1) },
        (_, at) => outputs[at]?.[0]?.startedAt ?? '',
      ),
    );
    return samples.reduce((most, one) => (one.length > most.length ? one : most), []);
  }

  /** The steps of a probe's fact, one for each layout that is still possible. */
  private bindingsOf(rule: Rule, name: string, subject: Subject): Binding[] | undefined {
    const definition = this.define(rule, name);
    if (!definition || !('probe' in definition)) return undefined;
    return bindFact(this.scope, rule, definition, subject, this.forced ? 'layouts' : 'variants');
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

  private choose(bindings: Binding[], host: string, read: (step: Binding['step']) => Reading): Reading {
    const [only, second] = bindings;
    if (!only) return { unread: { reason: 'the question cannot be asked here', problem: 'not-run' }, steps: [] };
    if (!second) return read(only.step);
    if (this.forced) {
      const gates = JSON.stringify(this.forced.gates);
      const forced = bindings.find((binding) => JSON.stringify(binding.variant.gates) === gates);
      return read((forced ?? only).step);
    }
    const meant = this.meantOf(bindings, host);
    if (meant) return read(meant.step);
    return this.undecided(
      bindings.map((binding) => read(binding.step)),
      host,
    );
  }

  /** The one of several that the release decides for, once for each list of them. */
  private meantOf(bindings: Binding[], host: string): Binding | undefined {
    if (this.meant.has(bindings)) return this.meant.get(bindings);
    const release = this.releaseFor(host);
    const meant = bindings.filter(({ variant }) => variantHolds(variant, this.scope.pack.releases, release) === 'yes');
    const only = meant.length === 1 ? meant[0] : undefined;
    this.meant.set(bindings, only);
    return only;
  }

  /** Without a release nothing may be taken for an answer; where every layout fails alike, that failure is the reason. */
  private undecided(readings: Reading[], host: string): Reading {
    const steps = readings.flatMap((reading) => reading.steps);
    const causes = readings.flatMap((reading) => (isRead(reading) ? [] : [reading.unread]));
    const common =
      causes.length === readings.length
        ? causes.find(({ at, declared }) => at === 'host' || at === 'context' || declared === 'not-in-plan')
        : undefined;
    return {
      unread: common ?? {
        reason: 'the installed release is not known; give --release',
        next: nameRelease,
        ...this.causeOf(host),
      },
      steps,
    };
  }

  /** The trouble of the host itself, if that is why its build is not known. */
  private causeOf(host: string): Pick<Unread, 'at' | 'host'> {
    const { build } = this.scope.pack;
    if (build === undefined) return {};
    this.forced = this.scope.layouts[0];
    const reading = readPath(this, packFacts(this.scope), build, { kind: 'host', host });
    this.forced = undefined;
    const at = isRead(reading) ? undefined : reading.unread.at;
    return at === 'host' || at === 'context' ? { at, host } : {};
  }

  /** The host's own build, else the named release, else what another host runs. */
  private releaseFor(host: string): Release | undefined {
    const others = () => this.scope.hosts.map(({ name }) => this.buildOf(name)?.release);
    return this.buildOf(host)?.release ?? this.scope.release ?? others().find((release) => release !== undefined);
  }

  private readStep(step: Omit<Step, 'wantedBy'>, sample?: number): Reading {
    const key = `${step.id} ${sample ?? ''}`;
    const known = this.readings.get(key);
    if (known) return known;
    const reading = this.readOutputs(step, sample);
    this.readings.set(key, reading);
    return reading;
  }

  /**
   * The saved step of a question. One of the engine's own questions may have been asked in other words by another release: what was asked
   * for is the same, and its probe reads what it knows.
   */
  private savedOf(step: Omit<Step, 'wantedBy'>): Evidence['steps'][number] | undefined {
    const exact = this.steps.get(step.id);
    if (exact || this.scope.pack.declared.has(step.probe)) return exact;
    return this.byQuestion.get(questionOf(step));
  }

  /** Whose trouble it is when nothing comes back: the host that was asked, which of an endpoint is another one. */
  private askedOn(subject: Subject): string {
    const name = hostOf(subject);
    const host = this.scope.hosts.find((one) => one.name === name);
    return host ? askedFrom(host) : name;
  }

  private readOutputs(step: Omit<Step, 'wantedBy'>, sample?: number): Reading {
    const saved = this.savedOf(step);
    const probe = this.scope.pack.probes.get(step.probe);
    const steps = [step.id];
    const host = this.askedOn(step.subject);
    const unread = (cause: Omit<Unread, 'host'>): Reading => ({ unread: { ...cause, host }, steps });
    if (!probe) return unread({ reason: `there is no probe ${step.probe}` });
    const before = saved ? undefined : askedAtThePath(step, this.steps.values());
    if (before) {
      const { value, steps: asked } = this.readOutputs(before.step, sample) as { value?: object; steps: string[] };
      if (value !== undefined) return { value: { ...value, ...before.value }, steps: asked };
    }
    const outputs = saved ? sampleOf(saved, sample) : step.asks.length === 0 ? [] : undefined;
    if (saved?.declared) {
      const file = outputs?.length ? readAnswer(probe, step.params, outputs) : undefined;
      return { value: undefined, steps, properties: declaredProperties(saved.declared, probe.value, file) };
    }
    if (!outputs && this.declared) return unread(stepNotInPlan(step));
    if (!outputs)
      return unread({
        reason: 'was not asked when the evidence was taken',
        problem: 'not-run',
        next: 'collect the evidence anew: today more is asked',
      });
    const read = readAnswer(probe, step.params, outputs);
    return 'value' in read
      ? { ...read, steps }
      : unread({ ...read, reason: `${subjectOf(step, read.at)}${read.reason}` });
  }
}

/** The outputs of one sample; of what is not sampled the last. A sample that was lost is no other sample. */
function sampleOf({ outputs, sample }: Evidence['steps'][number], at: number | undefined): Output[] | undefined {
  return at === undefined || (at >= outputs.length && sample === undefined) ? outputs.at(-1) : outputs[at];
}

/** What is asked of whom, and in which contexts, whatever the words. */
function questionOf({ probe, params, subject, asks }: Omit<Step, 'wantedBy'>): string {
  const contexts = asks.map(({ host, ask }) => {
    const { as, enter } = ask as Partial<ExecAsk>;
    return [host, as, enter];
  });
  return JSON.stringify([probe, params, subject, contexts]);
}

/** The host that is asked; nothing is asked of a set. */
function hostOf(subject: Subject): string {
  const { host, from } = subject as { host?: string; from?: string };
  return host ?? from ?? '';
}

/** The scope that an earlier run was made in; which phases and rules it was for does not matter, only what was asked. */
function scopeOfBaseline({ pack, phases }: Scope, { run, inventory }: NonNullable<Evidence['baseline']>): Scope {
  return makeScope(pack, { ...run, phases, selection: { only: [], skip: [] } }, inventory);
}

/** What a problem is about, in words: sudo, the shell of a context; the host itself and a command speak for themselves. */
function subjectOf(step: Omit<Step, 'wantedBy'>, at: Unread['at']): string {
  if (at !== 'context') return '';
  const [as] = step.asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask.as] : []));
  return as === 'root' ? 'sudo ' : `the ${as} shell `;
}
