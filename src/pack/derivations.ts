/** The closed set of ways to derive a fact: each is one entry that says how it is written, what it makes of its sources, and its words. Pure. */
import { Unreadable } from '../core/errors.js';
import { factNamed, lastProperty, ownProperty, roleNamed } from '../core/fact-path.js';
import { list } from '../core/format.js';
import { isRecord, pointValue } from '../core/json.js';
import type { FactDefinition, JsonSchema } from '../core/model.js';
import { text } from '../core/schema.js';
import { addressesIn, capturesOf } from '../probes/command.js';
import type { Joint } from '../probes/joint.js';
import { joints } from '../probes/joints.js';
import type { Show } from './matchers.js';
import { hostProperties } from './references.js';

/** A fact that is made of others. */
export type DerivedFact = Exclude<FactDefinition, { probe: string }>;

/** A fact that a probe gives. */
export type ProbeFact = Extract<FactDefinition, { probe: string }>;

/** All of what may stand under the words of a derived fact: a way is only asked for a fact that has its words. */
type Words = AllOf<DerivedFact>;
type AllOf<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer All) => void ? All : never;

/** One way to derive a fact. */
export interface Derivation {
  /** What stands under its own word. */
  schema: JsonSchema;
  /** The words that may stand beside it; `from` has to. */
  beside?: readonly (keyof Words)[];
  /** A fact that is right. */
  example: Record<string, unknown>;
  /** What it is made of, `fact.property`, where that is not `from`. */
  sources?(fact: Words): string[];
  /** One source with a value is enough: the first that has one. */
  oneIsEnough?: true;
  /** It is made of what could be read; a source that could not is `undefined`. */
  ofWhatIsRead?: true;
  /** Its value, out of those of its sources, and of theirs at every sample. @throws Unreadable where they make none */
  make(values: readonly unknown[], fact: Words, series: () => readonly (readonly unknown[])[]): Record<string, unknown>;
  /** The schemas of the value's properties; one property `value` where this is not here. */
  value?(fact: Words): Record<string, JsonSchema>;
  says(fact: Words, show: Show): string;
}

const sources: JsonSchema = { type: 'array', items: text, minItems: 2 };

/** A text as it was read, decoded where that is asked for. */
const taken: Pick<Derivation, 'make' | 'says'> = {
  make: ([value], fact) => ({ value: asText(value, fact) }),
  says: textOf,
};

/** In the order in which they are looked for: `from`, which several have, comes last. */
export const derivations = {
  number: {
    schema: { const: true },
    beside: ['from'],
    example: { from: 'answer.text', number: true },
    make: ([value]) => {
      const number = pointValue(value);
      if (typeof number !== 'number') throw new Unreadable('the answer is not a number');
      return { value: number };
    },
    value: () => ({ value: { type: 'number' } }),
    says: ({ from }) => `${from} as a number`,
  },
  map: {
    schema: { type: 'object', minProperties: 1 },
    beside: ['from'],
    example: { from: 'mode.text', map: { on: true, off: false } },
    // A word that is not listed stands for nothing.
    make: ([value], { map }) => {
      if (typeof value === 'object' || !Object.hasOwn(map, String(value)))
        throw new Unreadable(`the answer is none of ${Object.keys(map).join(', ')}`);
      return { value: map[String(value)] };
    },
    says: ({ from, map }, show) => {
      const words = Object.entries(map).map(([word, value]) => `${word} is ${show(value)}`);
      return `${from} by a table: ${words.join(', ')}`;
    },
  },
  entries: {
    schema: { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$' },
    beside: ['from'],
    example: { from: 'http.json', entries: 'name' },
    // An object that is kept by some name (an address, say), as a list whose elements hold that name as a field.
    make: ([value], { entries: key }) => {
      if (!isRecord(value)) throw new Unreadable('the answer has no entries');
      const entries = Object.entries(value).flatMap(([name, one]) => (isRecord(one) ? [{ ...one, [key]: name }] : []));
      return { entries };
    },
    value: () => ({ entries: { type: 'array' } }),
    says: ({ from, entries }) => `the entries of ${from}, each with its ${entries}`,
  },
  addresses: {
    schema: { const: true },
    beside: ['from'],
    example: { from: 'hosts.text', addresses: true },
    make: ([value]) => ({ addresses: addressesIn(asText(value)) }),
    value: () => ({ addresses: { type: 'array', items: { type: 'string' } } }),
    says: ({ from }) => `the addresses in ${from}`,
  },
  captures: {
    // What takes parts out of a text: only named groups become properties.
    schema: {
      type: 'string',
      maxLength: 2000,
      format: 'regex',
      pattern: '\\(\\?<[A-Za-z_]',
      description: 'a regular expression with a named group',
      examples: ['(?<value>\\d+)'],
    },
    beside: ['from', 'decode'],
    example: { from: 'file.text', captures: '(?<value>\\d+)' },
    make: ([value], fact) => capturesOf(asText(value, fact), String(fact.captures)),
    value: ({ captures }) => {
      // Beside an empty alternative every text matches, and the groups are known by name.
      const groups = Object.keys(new RegExp(`${captures}|`).exec('')?.groups ?? {});
      return Object.fromEntries(groups.map((group) => [group, { type: 'string' }]));
    },
    says: (fact) => `${textOf(fact)}, what matches ${fact.captures}`,
  },
  first: {
    schema: { ...sources, minItems: 1 },
    example: { first: ['new.value', 'old.value'] },
    sources: ({ first }) => first,
    oneIsEnough: true,
    make: ([value], { first }) => ({ value, [unitOf(first)]: value }),
    value: ({ first }) => ({ [unitOf(first)]: {} }),
    says: ({ first }) => `the first that was read of ${list(first)}`,
  },
  template: {
    schema: text,
    example: { template: '{os.id} {os.version}' },
    sources: ({ template }) => [...template.matchAll(slot)].map((match) => match[1] ?? ''),
    make: (values, { template }) => {
      const parts = values.values();
      const value = template.replace(slot, (_, path: string) => {
        const part = parts.next().value;
        if (typeof part === 'object') throw new Unreadable(`${path} is not a text`);
        return String(part);
      });
      return { value };
    },
    says: ({ template }) => `made of ${template}`,
  },
  sum: {
    schema: sources,
    example: { sum: ['data.bytes', 'log.bytes'] },
    sources: ({ sum }) => sum,
    make: (values, { sum }) => ({ [unitOf(sum)]: number(values.map(number).reduce((a, b) => a + b, 0)) }),
    value: ({ sum }) => ({ [unitOf(sum)]: { type: 'number' } }),
    says: ({ sum }) => `the sum of ${list(sum)}`,
  },
  quotient: {
    schema: { ...sources, maxItems: 2 },
    example: { quotient: ['data.bytes', 'memory.bytes'] },
    sources: ({ quotient }) => quotient,
    make: ([above, below]) => ({ value: number(number(above) / number(below)) }),
    says: ({ quotient: [above, below] }) => `${above} divided by ${below}`,
  },
  together: {
    // What only several hosts' answers tell when they are held side by side.
    schema: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'string',
        pattern: '^@[a-z][\\w-]*\\.\\w+(\\.\\w+)*$',
        description: 'a fact of a role',
      },
    },
    beside: ['by'],
    example: { together: { primary: '@primary.server', standby: '@standby.server' }, by: 'postgres-stream' },
    sources: ({ together }) => Object.values(together),
    ofWhatIsRead: true,
    make: (values, { together, by }, series) => {
      const named = <T>(list: readonly T[]) =>
        Object.fromEntries(Object.keys(together).map((name, index) => [name, list[index]]));
      return jointNamed(by)?.make(named(values), () => named(series())) ?? {};
    },
    value: ({ by }) => jointNamed(by)?.value ?? {},
    says: ({ together, by }) => `${jointNamed(by)?.title ?? by}, out of ${list(Object.values(together))}`,
  },
  decode: {
    ...taken,
    schema: { enum: ['base64'] },
    beside: ['from'],
    example: { from: 'file.text', decode: 'base64' },
  },
  from: { ...taken, schema: text, example: { from: 'file.text' } },
} satisfies Record<string, Derivation>;

const byWord = Object.entries<Derivation>(derivations);

/** How a fact is derived, by which word, and what stands under its words; undefined for one that names no way. */
export function derivationOf(fact: FactDefinition): (Derivation & { word: string; words: Words }) | undefined {
  const words = fact as unknown as Words;
  const found = byWord.find(([word]) => Object.hasOwn(words, word));
  return found && { word: found[0], ...found[1], words };
}

/** How answers of several hosts are read together, by name. */
export function jointNamed(name: string): Joint | undefined {
  return ownProperty(joints, name) as Joint | undefined;
}

/** What a derived fact is made of: facts, each with the property that it takes, and what hosts are known by. */
export function everySourceOf(fact: FactDefinition): string[] {
  const { sources, words } = ('probe' in fact ? undefined : derivationOf(fact)) ?? {};
  return words ? (sources?.(words) ?? [words.from].filter((source) => source !== undefined)) : [];
}

/** The facts that a derived fact is made of, each with the property that it takes; none for a probe's fact. */
export function sourcesOf(fact: FactDefinition): string[] {
  return everySourceOf(fact).filter((path) => !isHostProperty(path));
}

/** Whether a path names what a host is known by without asking it: `@primary.address`. */
export function isHostProperty(path: string): boolean {
  return roleNamed(path) !== undefined && hostProperties.includes(factNamed(path));
}

/** Whether a fact is made of the answers of several hosts. */
export function isOfSeveralHosts(name: string, define: (name: string) => FactDefinition | undefined): boolean {
  const fact = define(name);
  if (!fact || 'probe' in fact) return false;
  const named = sourcesOf(fact);
  return (
    new Set(named.flatMap((path) => roleNamed(path) ?? [])).size > 1 ||
    named.some((path) => isOfSeveralHosts(factNamed(path), define))
  );
}

/** A probe's fact that another rests on, and the role whose host it is asked of where that is not the subject itself. */
export interface PlacedFact {
  fact: ProbeFact;
  role?: string;
}

/** The definitions at the bottom of a fact, through what it is derived from: those of the probes that it rests on. */
export function probeFactsUnder(
  name: string,
  define: (name: string) => FactDefinition | undefined,
  role?: string,
): PlacedFact[] {
  const fact = define(name);
  if (!fact) return [];
  if ('probe' in fact) return [{ fact, ...(role !== undefined && { role }) }];
  return sourcesOf(fact).flatMap((path) => probeFactsUnder(factNamed(path), define, roleNamed(path) ?? role));
}

/** A `{fact.property}` in a template. */
const slot = /\{([\w.-]+)\}/g;

/** What is made of several values is named for the first of them: bytes stay bytes. */
function unitOf([first = '']: string[]): string {
  return lastProperty(first);
}

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unreadable('there is nothing to calculate with');
  return value;
}

function textOf({ from, decode }: Words): string {
  return `out of ${from}${decode ? `, decoded from ${decode}` : ''}`;
}

/** A text, decoded where that is asked for; lenient decoding of base64 would make different bytes look the same. */
function asText(value: unknown, { decode }: Pick<Words, 'decode'> = {}): string {
  if (typeof value !== 'string') throw new Unreadable('the answer is not a text');
  if (decode === undefined) return value;
  const packed = value.replace(/\s/g, '');
  try {
    if (packed === '' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed))
      throw new TypeError();
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'));
  } catch {
    throw new Unreadable('the answer is not text in base64');
  }
}
