/** Facts: what a rule may know of a subject, read from outputs or stated by a case, and what is derived from it. Pure. */
import { Unreadable } from './errors.js';
import { sourcesOf } from './expectation.js';
import type { FactDefinition, Problem, Rule, Subject } from './model.js';
import { addressesIn, capturesOf } from './probes/command.js';
import { pointValue } from './trend.js';

/** Why a fact has no value. `host` with `at` host or context names the root cause that a guard reports. */
export interface Unread {
  reason: string;
  problem?: Problem;
  at?: 'host' | 'context' | 'command';
  host?: string;
  /** The answer was read, and what is looked for is not there: a second source may be asked instead. */
  absent?: true;
}

/** A fact's value, or why there is none, and the steps it rests on. */
export type Reading = { value: unknown; steps: string[] } | { unread: Unread; steps: string[] };

/** Whether a reading has a value. */
export function isRead(reading: Reading): reading is { value: unknown; steps: string[] } {
  return 'value' in reading;
}

/** Where facts come from: evidence, or the cases of a rule. */
export interface FactSource {
  /** The reading of a fact that a probe gives, or that a case states; of the last sample unless another is meant. */
  stated(rule: Rule, name: string, subject: Subject, sample?: number): Reading | undefined;
  define(rule: Rule, name: string): FactDefinition | undefined;
  /** When a probe's fact was asked (ISO 8601): once for each sample, in order. */
  times(rule: Rule, name: string, subject: Subject): string[];
  /** The same facts in an earlier run, where one was given. */
  before?: FactSource;
}

/** The facts as one sample told them; what was asked less often keeps its last answer. */
export function atSample(source: FactSource, index: number): FactSource {
  return {
    define: (rule, name) => source.define(rule, name),
    times: (rule, name, subject) => source.times(rule, name, subject),
    stated: (rule, name, subject) => source.stated(rule, name, subject, index),
  };
}

/** When the probes at the bottom of a fact were asked; of several the one that was asked most often. */
export function timesOf(source: FactSource, rule: Rule, name: string, subject: Subject): string[] {
  const own = source.times(rule, name, subject);
  const definition = source.define(rule, name);
  const origins = own.length > 0 || !definition ? [] : sourcesOf(definition);
  const all = [own, ...origins.map((path) => timesOf(source, rule, path.split('.')[0] ?? '', subject))];
  return all.reduce((most, one) => (one.length > most.length ? one : most));
}

/** A fact's reading: as stated, else derived from what is stated. */
export function readFact(source: FactSource, rule: Rule, name: string, subject: Subject): Reading {
  const stated = source.stated(rule, name, subject);
  if (stated) return stated;
  const definition = source.define(rule, name);
  if (!definition || 'probe' in definition)
    return { unread: { reason: `${name} was not read`, problem: 'not-run' }, steps: [] };
  if ('first' in definition)
    return firstOf(
      definition.first.map((path) => readPath(source, rule, path, subject)),
      unitOf(definition.first),
    );
  if ('template' in definition) return fillTemplate(source, rule, definition.template, subject);
  if ('sum' in definition)
    return arithmetic(
      definition.sum.map((path) => readPath(source, rule, path, subject)),
      unitOf(definition.sum),
      (numbers) => numbers.reduce((a, b) => a + b, 0),
    );
  if ('quotient' in definition) {
    return arithmetic(
      definition.quotient.map((path) => readPath(source, rule, path, subject)),
      'value',
      ([above = 0, below = 0]) => (below === 0 ? undefined : above / below),
    );
  }
  const origin = readPath(source, rule, definition.from, subject);
  if (!isRead(origin)) return origin;
  if ('number' in definition) return numberFrom(origin.value, origin.steps);
  if ('entries' in definition) return entriesOf(origin.value, origin.steps, definition.entries);
  return derive(origin.value, origin.steps, definition);
}

/** The value at `fact.property...`; a property that is not there leaves it unread. */
export function readPath(source: FactSource, rule: Rule, path: string, subject: Subject): Reading {
  const [name = '', ...properties] = path.split('.');
  const reading = readFact(source, rule, name, subject);
  if (!isRead(reading)) return reading;
  let value = reading.value;
  for (const property of properties) {
    // A group of a pattern that took no part in the match is there, and undefined.
    const next =
      value !== null && typeof value === 'object' && Object.hasOwn(value, property)
        ? (value as Record<string, unknown>)[property]
        : undefined;
    if (next === undefined)
      return { unread: { reason: absence(path, reading.value), absent: true }, steps: reading.steps };
    value = next;
  }
  return { value, steps: reading.steps };
}

function absence(path: string, value: unknown): string {
  const missing = value !== null && typeof value === 'object' && (value as { exists?: unknown }).exists === false;
  return missing ? `${path}: there is no such file or directory` : `${path} is not in the answer`;
}

/**
 * The first source that has a value. A later one stands in only for a source that was read and does not have it: one that
 * could not be asked might have said something else.
 */
function firstOf(readings: Reading[], property: string): Reading {
  const steps: string[] = [];
  let unread: Unread = { reason: 'nothing was read' };
  for (const reading of readings) {
    steps.push(...reading.steps);
    if (isRead(reading))
      return { value: { value: reading.value, [property]: reading.value }, steps: [...new Set(steps)] };
    unread = reading.unread;
    if (!unread.absent) break;
  }
  return { unread, steps: [...new Set(steps)] };
}

function fillTemplate(source: FactSource, rule: Rule, template: string, subject: Subject): Reading {
  const steps: string[] = [];
  let unread: Unread | undefined;
  const value = template.replace(/\{([\w.-]+)\}/g, (_, path: string) => {
    const part = readPath(source, rule, path, subject);
    steps.push(...part.steps);
    if (!isRead(part)) {
      unread ??= part.unread;
      return '';
    }
    if (typeof part.value === 'object') unread ??= { reason: `${path} is not a text` };
    return String(part.value);
  });
  const all = [...new Set(steps)];
  return unread ? { unread, steps: all } : { value: { value }, steps: all };
}

/** A number out of numbers; undefined where there is none. */
function arithmetic(
  readings: Reading[],
  property: string,
  compute: (numbers: number[]) => number | undefined,
): Reading {
  const steps = [...new Set(readings.flatMap((reading) => reading.steps))];
  const unread = readings.find((reading): reading is Extract<Reading, { unread: Unread }> => !isRead(reading));
  if (unread) return { unread: unread.unread, steps };
  const numbers = readings.flatMap((reading) =>
    isRead(reading) && typeof reading.value === 'number' ? [reading.value] : [],
  );
  const value = numbers.length === readings.length ? compute(numbers) : undefined;
  return value === undefined || !Number.isFinite(value)
    ? { unread: { reason: 'there is nothing to calculate with' }, steps }
    : { value: { [property]: value }, steps };
}

/** What is made of several values is named for the first of them, too: bytes stay bytes. */
function unitOf([first = '']: string[]): string {
  return first.split('.').at(-1) ?? 'value';
}

/** An object that is kept by some name (an address, say) as a list whose elements hold that name as a field. */
function entriesOf(value: unknown, steps: string[], key: string): Reading {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { unread: { reason: 'the answer has no entries' }, steps };
  const entries = Object.entries(value).filter(
    ([, entry]) => entry !== null && typeof entry === 'object' && !Array.isArray(entry),
  );
  return { value: { entries: entries.map(([name, entry]) => ({ ...entry, [key]: name })) }, steps };
}

/** A text of digits as the number that it stands for. */
function numberFrom(value: unknown, steps: string[]): Reading {
  const number = pointValue(value);
  return typeof number === 'number'
    ? { value: { value: number }, steps }
    : { unread: { reason: 'the answer is not a number' }, steps };
}

function derive(
  value: unknown,
  steps: string[],
  how: { captures?: string; decode?: 'base64'; addresses?: true },
): Reading {
  if (typeof value !== 'string') return { unread: { reason: 'the answer is not a text' }, steps };
  if (how.addresses) return { value: { addresses: addressesIn(value) }, steps };
  const text = how.decode === 'base64' ? decoded(value) : value;
  if (text === undefined) return { unread: { reason: 'the answer is not text in base64' }, steps };
  if (how.captures === undefined) return { value: { value: text }, steps };
  try {
    return { value: capturesOf(text, how.captures), steps };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { unread: { reason: error.message }, steps };
  }
}

/** Base64 as text; lenient decoding would make different bytes look the same. */
function decoded(value: string): string | undefined {
  const packed = value.replace(/\s/g, '');
  if (packed === '' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed))
    return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'));
  } catch {
    return undefined;
  }
}
