/** The closed set of ways to derive a fact: each is one entry that says how it is written, what it makes of its sources, and its words. Pure. */
import { Unreadable } from '../core/errors.js';
import { lastProperty } from '../core/fact-path.js';
import { list } from '../core/format.js';
import { isRecord, pointValue } from '../core/json.js';
import type { FactDefinition, JsonSchema } from '../core/model.js';
import { text } from '../core/schema.js';
import { addressesIn, capturesOf } from '../probes/command.js';
import type { Show } from './matchers.js';

/** A fact that is made of others. */
export type DerivedFact = Exclude<FactDefinition, { probe: string }>;

/** One way to derive a fact. */
export interface Derivation<D = DerivedFact> {
  /** What stands under its own word. */
  schema: JsonSchema;
  /** The words that may stand beside it. */
  beside: readonly string[];
  /** A fact that is right. */
  example: Record<string, unknown>;
  /** What it is made of: `fact.property`. */
  sources(fact: D): string[];
  /** One source with a value is enough: the first that has one. */
  oneIsEnough?: true;
  /** The value, out of those of its sources. @throws Unreadable where they make none */
  make(values: readonly unknown[], fact: D): Record<string, unknown>;
  /** The schemas of the value's properties. */
  value(fact: D): Record<string, JsonSchema>;
  says(fact: D, show: Show): string;
}

const ofOne = { beside: ['from'], sources: ({ from }: { from: string }) => [from] };

type Taken = Extract<DerivedFact, { captures?: string }>;
type Several = 'first' | 'sum' | 'quotient';

const ofSeveral = <W extends Several>(word: W, amount: JsonSchema) => ({
  schema: { type: 'array', items: text, ...amount },
  beside: [],
  sources: (fact: Record<W, string[]>): string[] => fact[word],
});

/** In the order in which they are looked for: what several facts have, `from`, comes last. */
export const derivations = {
  number: {
    ...ofOne,
    schema: { const: true },
    example: { from: 'answer.text', number: true },
    make: ([value]) => {
      const number = pointValue(value);
      if (typeof number !== 'number') throw new Unreadable('the answer is not a number');
      return { value: number };
    },
    value: () => ({ value: { type: 'number' } }),
    says: ({ from }: { from: string }) => `${from} as a number`,
  },
  map: {
    ...ofOne,
    schema: { type: 'object', minProperties: 1 },
    example: { from: 'mode.text', map: { on: true, off: false } },
    // A word that is not listed stands for nothing.
    make: ([value], { map }: { map: Record<string, unknown> }) => {
      if (typeof value === 'object' || !Object.hasOwn(map, String(value)))
        throw new Unreadable(`the answer is none of ${Object.keys(map).join(', ')}`);
      return { value: map[String(value)] };
    },
    value: () => ({ value: {} }),
    says: ({ from, map }: { from: string; map: Record<string, unknown> }, show) =>
      `${from} by a table: ${Object.entries(map)
        .map(([word, value]) => `${word} is ${show(value)}`)
        .join(', ')}`,
  },
  entries: {
    ...ofOne,
    schema: { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$' },
    example: { from: 'http.json', entries: 'name' },
    // An object that is kept by some name (an address, say), as a list whose elements hold that name as a field.
    make: ([value], { entries: key }: { entries: string }) => {
      if (!isRecord(value)) throw new Unreadable('the answer has no entries');
      const entries = Object.entries(value).flatMap(([name, one]) => (isRecord(one) ? [{ ...one, [key]: name }] : []));
      return { entries };
    },
    value: () => ({ entries: { type: 'array' } }),
    says: ({ from, entries }: { from: string; entries: string }) => `the entries of ${from}, each with its ${entries}`,
  },
  addresses: {
    ...ofOne,
    schema: { const: true },
    example: { from: 'hosts.text', addresses: true },
    make: ([value]) => ({ addresses: addressesIn(asText(value)) }),
    value: () => ({ addresses: { type: 'array', items: { type: 'string' } } }),
    says: ({ from }: { from: string }) => `the addresses in ${from}`,
  },
  captures: {
    ...ofOne,
    beside: ['from', 'decode'],
    // What takes parts out of a text: only named groups become properties.
    schema: {
      type: 'string',
      maxLength: 2000,
      format: 'regex',
      pattern: '\\(\\?<[A-Za-z_]',
      description: 'a regular expression with a named group',
      examples: ['(?<value>\\d+)'],
    },
    example: { from: 'file.text', captures: '(?<value>\\d+)' },
    make: ([value], fact: Taken) => capturesOf(decoded(value, fact), fact.captures ?? ''),
    value: ({ captures }: Taken) => {
      // Beside an empty alternative every text matches, and the groups are known by name.
      const groups = Object.keys(new RegExp(`${captures}|`).exec('')?.groups ?? {});
      return Object.fromEntries(groups.map((group) => [group, { type: 'string' }]));
    },
    says: (fact: Taken) => `${decodedFrom(fact)}, what matches ${fact.captures}`,
  },
  decode: {
    ...ofOne,
    schema: { enum: ['base64'] },
    example: { from: 'file.text', decode: 'base64' },
    make: ([value], fact: Taken) => ({ value: decoded(value, fact) }),
    value: () => ({ value: {} }),
    says: (fact: Taken) => decodedFrom(fact),
  },
  first: {
    ...ofSeveral('first', { minItems: 1 }),
    example: { first: ['new.value', 'old.value'] },
    oneIsEnough: true,
    make: ([value], { first }: { first: string[] }) => ({ value, [unitOf(first)]: value }),
    value: ({ first }: { first: string[] }) => ({ [unitOf(first)]: {} }),
    says: ({ first }: { first: string[] }) => `the first that was read of ${list(first)}`,
  },
  template: {
    schema: text,
    beside: [],
    example: { template: '{os.id} {os.version}' },
    sources: ({ template }: { template: string }) => [...template.matchAll(slot)].map((match) => match[1] ?? ''),
    make: (values, { template }: { template: string }) => {
      let at = -1;
      const filled = template.replace(slot, (_, path: string) => {
        at += 1;
        if (typeof values[at] === 'object') throw new Unreadable(`${path} is not a text`);
        return String(values[at]);
      });
      return { value: filled };
    },
    value: () => ({ value: {} }),
    says: ({ template }: { template: string }) => `made of ${template}`,
  },
  sum: {
    ...ofSeveral('sum', { minItems: 2 }),
    example: { sum: ['data.bytes', 'log.bytes'] },
    make: (values, { sum }: { sum: string[] }) => ({
      [unitOf(sum)]: number(numbers(values).reduce((a, b) => a + b, 0)),
    }),
    value: ({ sum }: { sum: string[] }) => ({ [unitOf(sum)]: { type: 'number' } }),
    says: ({ sum }: { sum: string[] }) => `the sum of ${list(sum)}`,
  },
  quotient: {
    ...ofSeveral('quotient', { minItems: 2, maxItems: 2 }),
    example: { quotient: ['data.bytes', 'memory.bytes'] },
    make: (values) => {
      const [above = 0, below = 0] = numbers(values);
      return { value: number(above / below) };
    },
    value: () => ({ value: {} }),
    says: ({ quotient }: { quotient: string[] }) => `${quotient[0]} divided by ${quotient[1]}`,
  },
  from: {
    ...ofOne,
    beside: [],
    schema: text,
    example: { from: 'file.text' },
    make: ([value]) => ({ value: asText(value) }),
    value: () => ({ value: {} }),
    says: (fact: Taken) => decodedFrom(fact),
  },
} satisfies Record<string, Derivation<never>>;

/** How a fact is derived, and by which word; undefined for one that names no way. */
export function derivationOf(fact: FactDefinition): (Derivation & { word: string }) | undefined {
  const word = Object.keys(derivations).find((one) => Object.hasOwn(fact, one)) as keyof typeof derivations | undefined;
  return word && { word, ...(derivations[word] as Derivation<never> as Derivation) };
}

/** The facts that a derived fact is made of, each with the property that it takes; none for a probe's fact. */
export function sourcesOf(fact: FactDefinition): string[] {
  return 'probe' in fact ? [] : (derivationOf(fact)?.sources(fact) ?? []).filter((source) => source !== undefined);
}

/** A `{fact.property}` in a template. */
const slot = /\{([\w.-]+)\}/g;

/** What is made of several values is named for the first of them: bytes stay bytes. */
function unitOf([first = '']: string[]): string {
  return lastProperty(first);
}

const numbers = (values: readonly unknown[]): number[] => values.map(number);

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unreadable('there is nothing to calculate with');
  return value;
}

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new Unreadable('the answer is not a text');
  return value;
}

function decodedFrom({ from, decode }: Taken): string {
  return `out of ${from}${decode ? `, decoded from ${decode}` : ''}`;
}

/** Base64 as text; lenient decoding would make different bytes look the same. */
function decoded(value: unknown, { decode }: Taken): string {
  const written = asText(value);
  if (decode === undefined) return written;
  const packed = written.replace(/\s/g, '');
  try {
    if (packed === '' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed))
      throw new TypeError();
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'));
  } catch {
    throw new Unreadable('the answer is not text in base64');
  }
}
