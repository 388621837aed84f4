/** Whether a fact can be had: its probe and parameters, or what it is derived from. */

import { check } from '../../core/check-schema.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { factNamed, roleNamed } from '../../core/fact-path.js';
import { inYaml } from '../../core/format.js';
import type { FactDefinition, Probe } from '../../core/model.js';
import { joints } from '../../probes/joints.js';
import { derivationOf, jointNamed, sourcesOf } from '../derivations.js';
import type { Pack } from '../pack.js';
import { faultInParameters, referencesIn, textsIn } from '../references.js';
import { settingsUsed } from '../settings.js';
import { checkPath, type Facts, kindsOf } from './fact-value.js';
import { mustBeOne, mustKnow } from './refuse.js';

/** Refuses a fact that no host could ever give. @throws UsageError at `place` */
export function checkFact(pack: Pack, facts: Facts, name: string, place: string, within: string[] = []): void {
  const refuse = (what: string) => new UsageError(`${place}: ${what}`);
  const fact = facts[name];
  if (!fact) return;
  if (within.includes(name)) throw refuse(`facts are derived from each other: ${[...within, name].join(' from ')}`);
  checkKeys(name, fact, place);
  if ('probe' in fact) {
    checkParameters(pack, fact, place);
    return;
  }
  const sources = sourcesOf(fact);
  if (sources.length === 0) {
    throw refuse(`the fact "${name}" needs a probe or a source; right is { probe: filesystem, with: { path: /data } }`);
  }
  if ('together' in fact) checkTogether(pack, fact, place);
  for (const source of sources) {
    const origin = factNamed(source);
    // A rule's fact that is only a name means one of the pack's.
    if (!Object.hasOwn(facts, origin) || source === name) {
      const others = Object.keys(facts).filter((one) => one !== name);
      throw refuse(`unknown fact "${origin}"${suggestion(origin, others)}`);
    }
    if (origin === source)
      throw refuse(`"${source}" names no property of the fact; right is for example ${origin}.value`);
    checkFact(pack, facts, origin, place, [...within, name]);
    checkPath(pack, facts, source, place);
  }
  if (kindsOf(pack, facts, name).size > 1) {
    throw refuse(`the fact "${name}" is derived from what one host says and from what is asked of a direction`);
  }
}

/** Answers of several hosts are read together in a known way, each of a role that there is one host of. */
function checkTogether(pack: Pack, { together, by }: { together: Record<string, string>; by: string }, place: string) {
  const joint = jointNamed(by);
  mustKnow(by, Object.keys(joints), place, 'way to read facts together');
  for (const [name, source] of Object.entries(together)) {
    mustKnow(name, [...(joint?.sources ?? [])], place, 'source');
    mustKnow(roleNamed(source) ?? '', Object.keys(pack.roles), place, 'role');
    mustBeOne(pack, roleNamed(source) ?? '', source, place);
  }
}

/** One way to obtain a fact, and what belongs to it: what stands beside it would be ignored. */
function checkKeys(name: string, fact: FactDefinition, place: string): void {
  const derivation = 'probe' in fact ? undefined : derivationOf(fact);
  const [way, beside] =
    'probe' in fact ? ['probe', ['with', 'hosts', 'sample']] : [derivation?.word, derivation?.beside as string[]];
  const stray = Object.keys(fact).find((key) => way !== undefined && key !== way && !beside?.includes(key));
  if (stray === undefined) return;
  const right = derivation ? `; right is ${inYaml(derivation.example)}` : '';
  throw new UsageError(`${place}: the fact "${name}" has "${way}"; "${stray}" does not go with it${right}`);
}

function checkParameters(pack: Pack, fact: Extract<FactDefinition, { probe: string }>, place: string): void {
  const probe = pack.probes.get(fact.probe);
  if (!probe)
    throw new UsageError(`${place}: unknown probe "${fact.probe}"${suggestion(fact.probe, [...pack.probes.keys()])}`);
  const refuse = (what: string) =>
    new UsageError(`${place}: ${probe.id}: ${what}; its parameters: ${parametersOf(probe)}`);
  // A fact of the pack without parameters is never completed by a rule.
  if (fact.with === undefined) throw refuse('"with" is missing; right is with: {}');
  const roles = Object.keys(pack.roles);
  const role = fact.hosts?.find((one) => !roles.includes(one));
  if (role !== undefined) throw new UsageError(`${place}: unknown role "${role}"${suggestion(role, roles)}`);
  usesSettings(pack, [fact.with, fact.sample], place);
  const fault = faultInParameters(fact.with, roles, Object.keys(pack.settings), probe.on);
  if (fault !== undefined) throw new UsageError(`${place}: ${fault}`);
  for (const { who, text } of referencesIn([fact.with, fact.sample])) mustBeOne(pack, who, text, place);
  const known = Object.keys(probe.params.properties ?? {});
  for (const { path, message } of check(probe.params, fact.with)) {
    const key = String(path[0]);
    // What a setting or a reference stands for is judged when it is known.
    if (!known.includes(key) || !isOpen(fact.with[key])) throw refuse(message);
  }
  const { as } = fact.with;
  const contexts = ['login', 'root', ...Object.keys(pack.contexts)];
  if (typeof as === 'string' && known.includes('as') && !isOpen(as) && !contexts.includes(as)) {
    throw new UsageError(`${place}: unknown context "${as}"${suggestion(as, contexts)}`);
  }
}

function parametersOf(probe: Pick<Probe, 'params'>): string {
  return Object.keys(probe.params.properties ?? {}).join(', ') || 'none';
}

function isOpen(value: unknown): boolean {
  return textsIn(value).some((text) => text.includes('${') || text.includes('@{') || text.startsWith('@'));
}

/** Refuses `${name}` of settings that the pack does not declare. @throws UsageError at `place` */
export function usesSettings(pack: Pack, value: unknown, place: string, besides: string[] = []): void {
  const known = [...Object.keys(pack.settings), ...besides];
  const broken = textsIn(value).find((text) => /\$\{(?!\w+\})/.test(text));
  if (broken !== undefined)
    throw new UsageError(`${place}: "${broken}" names no setting; right is "\${${known[0] ?? 'dataDisk'}}"`);
  for (const name of settingsUsed(value)) {
    if (!known.includes(name)) throw new UsageError(`${place}: unknown setting "${name}"${suggestion(name, known)}`);
  }
}
