/** Facts: what a rule may know of a subject, read from outputs or stated by a case, and what is derived from it. Pure. */

import { factNamed, ownProperty, propertiesOf, roleNamed, valueBelow } from '../core/fact-path.js';
import { severalTimes } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { FactDefinition, HostRef, Rule, Subject } from '../core/model.js';
import { isHostProperty, sourcesOf } from '../pack/derivations.js';
import { declaredAt, wholeDeclared } from './declared.js';
import { derive } from './derive.js';
import { isRead, type Reading } from './read-answer.js';

/** Where facts come from: evidence, or the cases of a rule. */
export interface FactSource {
  /** The reading of a fact that a probe gives, or that a case states; of the last sample unless another is meant. */
  stated(rule: Rule, name: string, subject: Subject, sample?: number): Reading | undefined;
  define(rule: Rule, name: string): FactDefinition | undefined;
  /** When a probe's fact was asked (ISO 8601): once for each sample, in order. */
  times(rule: Rule, name: string, subject: Subject): string[];
  /** The hosts of a role. */
  hostsOf(role: string): readonly HostRef[];
  /** Where it gives the facts of one sample: what gives those of all. */
  whole?: FactSource;
  /** The same facts in an earlier run, where one was given. */
  before?: FactSource;
  /** Nobody was asked: hosts are declared. */
  declared?: boolean;
}

/** The facts as one sample told them; what was asked less often keeps its last answer. */
export function atSample(source: FactSource, index: number): FactSource {
  const whole = source.whole ?? source;
  return {
    whole,
    ...(whole.declared && { declared: true }),
    define: (rule, name) => whole.define(rule, name),
    times: (rule, name, subject) => whole.times(rule, name, subject),
    hostsOf: (role) => whole.hostsOf(role),
    stated: (rule, name, subject) => whole.stated(rule, name, subject, index),
  };
}

/** When the probes at the bottom of a fact were asked; of several the one that was asked most often. */
export function timesOf(source: FactSource, rule: Rule, name: string, subject: Subject): string[] {
  const own = source.times(rule, name, subject);
  const definition = source.define(rule, name);
  const origins = definition ? sourcesOf(definition) : [];
  const all = [
    own,
    ...origins.flatMap((path) =>
      ownersOf(source, path, subject).map((owner) => timesOf(source, rule, factNamed(path), owner)),
    ),
  ];
  return all.reduce((most, one) => (one.length > most.length ? one : most));
}

/** A fact's reading: as stated, else derived from what is stated. */
export function readFact(source: FactSource, rule: Rule, name: string, subject: Subject): Reading {
  const stated = source.stated(rule, name, subject);
  if (stated) return stated;
  const definition = source.define(rule, name);
  if (!definition || 'probe' in definition)
    return { unread: { reason: `${name} was not read`, problem: 'not-run' }, steps: [] };
  return derive(
    definition,
    (path) => readSource(source, rule, path, subject, 'together' in definition),
    (path) => seriesOf(source, rule, path, subject),
  );
}

/** Whose fact a path means: the subject's own, or that of a role's host. */
function ownersOf(source: FactSource, path: string, subject: Subject): Subject[] {
  const role = roleNamed(path);
  return role === undefined ? [subject] : source.hostsOf(role).map(({ name: host }) => ({ kind: 'host', host }));
}

/** What a derived fact takes of one source; a host that the inventory does not have tells nothing. `together`: of whole answers. */
function readSource(source: FactSource, rule: Rule, path: string, subject: Subject, together = false): Reading {
  const [owner] = ownersOf(source, path, subject);
  if (!owner) return { unread: { reason: `the inventory has no host of the role ${roleNamed(path)}` }, steps: [] };
  if (!isHostProperty(path)) {
    const whole =
      together && propertiesOf(path).length === 0 ? readFact(source, rule, factNamed(path), owner) : undefined;
    if (whole && isRead(whole) && whole.properties) return wholeDeclared(whole.properties, whole.steps);
    return readPath(source, rule, path, owner);
  }
  const [host] = source.hostsOf(roleNamed(path) ?? '');
  return { value: ownProperty(host, factNamed(path)), steps: [] };
}

/** The values of one source at every sample of it; `undefined` where it could not be read. */
function seriesOf(source: FactSource, rule: Rule, path: string, subject: Subject): unknown[] {
  const [owner] = ownersOf(source, path, subject);
  const whole = source.whole ?? source;
  const times = owner && !isHostProperty(path) ? timesOf(whole, rule, factNamed(path), owner) : [];
  return times.map((_, index) => {
    const reading = readSource(atSample(whole, index), rule, path, subject);
    return isRead(reading) ? reading.value : undefined;
  });
}

/** The value at `fact.property...`; a property that is not there leaves it unread. */
export function readPath(source: FactSource, rule: Rule, path: string, subject: Subject): Reading {
  const reading = readFact(source, rule, factNamed(path), subject);
  if (!isRead(reading)) return reading;
  if (reading.properties) return declaredAt(reading.properties, path, reading.steps);
  const unsure = unsureAt(reading.value, path);
  if (unsure !== undefined) return { unread: { reason: unsure, next: plainly }, steps: reading.steps };
  const value = valueBelow(reading.value, propertiesOf(path));
  if (value !== undefined) return { value, steps: reading.steps, ...noteOn(reading.value, path) };
  const definition = source.declared ? source.define(rule, factNamed(path)) : undefined;
  if (definition && 'together' in definition)
    return { unread: { reason: `${path} cannot be told by what is declared alone` }, steps: reading.steps };
  const missing = ownProperty(reading.value, 'exists') === false;
  const reason = missing ? `${path}: there is no such file or directory` : `${path} is not in the answer`;
  return { unread: { reason, absent: true }, steps: reading.steps };
}

const plainly = 'write a plain value into the file at this place, or judge what rests on it by hand';

/** Why a key of a file has no sure value; of all keys together, why one of them has none. */
function unsureAt(value: unknown, path: string): string | undefined {
  const [within, name] = propertiesOf(path);
  const unsure = ownProperty(value, 'unsure');
  if (!isRecord(unsure) || (within !== undefined && within !== 'keys')) return undefined;
  const reason = name === undefined ? Object.values(unsure)[0] : ownProperty(unsure, name);
  return typeof reason === 'string' ? reason : undefined;
}

/** A key of a file that stands there several times, of which the last counts. */
function noteOn(value: unknown, path: string): { note?: string } {
  const [within, name = ''] = propertiesOf(path);
  const repeated = ownProperty(value, 'repeated');
  const meant = within === 'keys' && Array.isArray(repeated) && repeated.includes(name);
  return meant ? { note: severalTimes } : {};
}

/** Where a build comes from, besides facts: the releases that gate rules. */
export interface ReleaseSource {
  buildOf(host: string): { text: string; release: import('../pack/releases.js').Release } | undefined;
}
