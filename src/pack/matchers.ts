/** The closed set of matchers: each is one entry that says how it is written, what it takes, how it judges, and its words. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { check } from '../core/check-schema.js';
import { type CourseVerdicts, courseOf, type Point, tellCourse, tellWritten } from '../core/course.js';
import { ownProperty } from '../core/fact-path.js';
import { inYaml, showValue } from '../core/format.js';
import { ipv4 } from '../core/ipv4.js';
import { isRecord, pointValue } from '../core/json.js';
import type { JsonSchema, Verdict } from '../core/model.js';
import { object, table, text } from '../core/schema.js';
import { isReference, reference } from './references.js';

/** Puts a value, or a part of an argument, into words. */
export type Show = (value: unknown) => string;

/** What a condition demands of a value. */
export interface Matcher {
  /** The argument as it is written; where a text may stand, a setting or a reference may. */
  schema: JsonSchema;
  /** A condition that is right. */
  example: Record<string, unknown>;
  /** The argument in words, where the example alone does not show what it may be. */
  form?: string;
  /** Whether the argument can be judged with, as far as its schema does not say; settings in it are filled in. */
  fits?(arg: unknown): boolean;
  /** The values that it can judge; any other is an `error`: a rule that compares text with a number makes no sense. */
  takes: Kind;
  /** The numbers in its argument that limit another; a setting in the place of one is a number. */
  limits?(arg: unknown): Limit[];
  /** The argument is a pattern, in which an `@` may mean the letter. */
  pattern?: true;
  /** It looks at how many elements there are. */
  counts?: true;
  /** A property that was read to be absent is a value to it, `undefined`; to any other matcher it is unknown. */
  absence?: true;
  /** Judges a value that it takes with an argument that fits. */
  judge(actual: unknown, arg: unknown): Verdict;
  /** Judges the values of all samples instead; `written` is the series of the argument's `written`, where it names one. */
  judgeSeries?(
    points: Point[],
    arg: unknown,
    property: string,
    written?: Point[],
  ): { verdict: Verdict; says: string; found?: string };
  /** What is demanded, in words; for any argument, even one that does not fit. */
  says(arg: unknown, show: Show): string;
  /** What each word comes to, where words have verdicts of their own; `rest` is what any other word comes to. */
  words?(arg: unknown, show: Show): { listed: [word: string, verdict: unknown][]; rest?: string };
}

/** A number that limits another. */
export interface Limit {
  name: string;
  limit: unknown;
  /** Which way it lets more pass; absent where it counts things, and a step is all that can be missed. */
  kinder?: 'larger' | 'smaller';
  /** The argument with another number in its place. */
  put(limit: unknown): unknown;
}

/** A number that is only known to lie between two bounds. */
export interface Interval {
  low: number;
  high: number;
}

/** Reads a number or an interval; a plain number is the interval of itself, and what says more than its bounds is no number. */
export function intervalOf(value: unknown): Interval | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return { low: value, high: value };
  const { low, high, ...more } = (value ?? {}) as Partial<Interval>;
  if (Object.keys(more).length > 0) return undefined;
  return typeof low === 'number' && typeof high === 'number' && low <= high ? { low, high } : undefined;
}

/** A kind of values: what it is in words, and whether a value is of it. */
export interface Kind {
  says: string;
  has(actual: unknown, arg: unknown): boolean;
}

/** Two values of different types can be neither equal nor compared: `excludes: 22` says nothing about a list of texts. */
const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

const allLike = (list: unknown, one: unknown): boolean =>
  one !== undefined && Array.isArray(list) && list.every((element) => typeOf(element) === typeOf(one));

/** The kinds of values that matchers take. */
export const kinds = {
  any: { says: 'any value', has: () => true },
  text: { says: 'a text', has: (actual) => typeof actual === 'string' },
  number: { says: 'a number', has: (actual) => intervalOf(actual) !== undefined },
  address: { says: 'an IPv4 address', has: (actual) => ipv4(actual) !== undefined },
  list: { says: 'a list', has: (actual) => Array.isArray(actual) },
  alike: { says: "a value of its argument's type", has: (actual, arg) => typeOf(actual) === typeOf(arg) },
  listed: {
    says: 'a value of a listed type',
    has: (actual, arg) => [arg].flat().some((one) => typeOf(one) === typeOf(actual)),
  },
  elements: { says: 'a list of such values', has: allLike },
} satisfies Record<string, Kind>;

const isBoolean = (arg: unknown): boolean => typeof arg === 'boolean';

const yes = (holds: boolean): Verdict => (holds ? 'pass' : 'fail');

const has = (list: unknown, element: unknown): boolean =>
  (list as unknown[]).some((one) => isDeepStrictEqual(one, element));

const limits = {
  at_least: (value: number, limit: number) => value >= limit,
  at_most: (value: number, limit: number) => value <= limit,
};

const verdict: JsonSchema = { enum: ['pass', 'fail', 'unknown'] };
// A text stands for a number that is known later.
const number: JsonSchema = { type: ['number', 'string'] };
const whole: JsonSchema = { type: ['integer', 'string'], minimum: 0 };

/** A limit decides an interval only when all of it lies on one side. */
const limit = (word: keyof typeof limits, example: Record<string, unknown>): Matcher => ({
  schema: number,
  example,
  form: 'a number, a setting or a reference',
  fits: Number.isFinite,
  takes: kinds.number,
  limits: (arg) => [
    { name: word.replace('_', ' '), limit: arg, kinder: word === 'at_least' ? 'smaller' : 'larger', put: (one) => one },
  ],
  judge: (actual, arg) => {
    const { low, high } = intervalOf(actual) as Interval;
    const [least, most] = [limits[word](low, arg as number), limits[word](high, arg as number)];
    return least === most ? yes(least) : 'unknown';
  },
  says: (arg, show) => `${word.replace('_', ' ')} ${show(arg)}`,
});

export const matchers = {
  equals: {
    schema: {},
    example: { every: 'mode.value', equals: 'standalone' },
    takes: kinds.alike,
    judge: (actual, arg) => yes(isDeepStrictEqual(actual, arg)),
    says: (arg, show) => show(arg),
  },
  differs_from: {
    schema: {},
    example: { every: 'mode.value', differs_from: 'standalone' },
    takes: kinds.alike,
    judge: (actual, arg) => yes(!isDeepStrictEqual(actual, arg)),
    says: (arg, show) => `other than ${show(arg)}`,
  },
  one_of: {
    schema: { type: ['array', 'string'] },
    example: { every: 'mode.value', one_of: ['standalone', 'master'] },
    fits: (arg) => Array.isArray(arg) && arg.length > 0,
    takes: kinds.listed,
    judge: (actual, arg) => yes(has(arg, actual)),
    says: (arg, show) => `one of ${[arg].flat().map(show).join(', ')}`,
  },
  matches: {
    schema: text,
    example: { every: 'build.value', matches: '^\\d+' },
    form: 'a regular expression',
    fits: (arg) => typeof arg === 'string' && faultOf(() => new RegExp(arg, 'u')) === undefined,
    takes: kinds.text,
    pattern: true,
    judge: (actual, arg) =>
      String(actual).length > 4096 ? 'unknown' : yes(new RegExp(String(arg), 'u').test(String(actual))),
    says: (arg) => `text that matches ${arg}`,
  },
  at_least: limit('at_least', { every: 'space.freeBytes', at_least: 8000000000 }),
  at_most: limit('at_most', { every: 'space.usedPercent', at_most: 90 }),
  in_network: {
    schema: text,
    example: { every: 'address.value', in_network: '10.0.0.0/8' },
    fits: (arg) => networkOf(arg) !== undefined,
    takes: kinds.address,
    judge: (actual, arg) => yes(networkOf(`${actual}/${networkOf(arg)?.bits}`)?.base === networkOf(arg)?.base),
    says: (arg, show) => `an address in ${show(arg)}`,
  },
  includes: {
    schema: {},
    example: { every: 'user.groups', includes: 'wheel' },
    takes: kinds.elements,
    judge: (actual, arg) => yes(has(actual, arg)),
    says: (arg, show) => `${show(arg)} among them`,
  },
  excludes: {
    schema: {},
    example: { peer: 'listening.ports', excludes: 5432 },
    takes: kinds.elements,
    judge: (actual, arg) => yes(!has(actual, arg)),
    says: (arg, show) => `no ${show(arg)} among them`,
  },
  absent: {
    schema: { type: 'boolean' },
    example: { every: 'cache.line', absent: true },
    fits: isBoolean,
    takes: kinds.any,
    absence: true,
    judge: (actual, arg) => yes((actual === undefined) === arg),
    says: (arg) => (arg === false ? 'there' : 'not there'),
  },
  verdicts: {
    schema: { ...table({ enum: ['pass', 'fail', 'unknown', 'skip'] }, { type: 'string' }), minProperties: 1 },
    example: { every: 'mode.value', verdicts: { master: 'pass', slave: 'fail' } },
    fits: isRecord,
    takes: kinds.text,
    // A word that nobody listed proves nothing either way.
    judge: (actual, arg) => (ownProperty(arg, String(actual)) as Verdict | undefined) ?? 'unknown',
    says: (arg) => {
      const passing = Object.entries(arg ?? {}).filter(([, verdict]) => verdict === 'pass');
      return passing.map(([word]) => word).join(' or ') || 'none of the listed words';
    },
    words: (arg) => ({ listed: Object.entries(arg ?? {}), rest: 'any other word is unknown' }),
  },
  numeric: {
    schema: { type: 'boolean' },
    example: { every: 'answer.value', numeric: true },
    fits: isBoolean,
    takes: kinds.any,
    judge: (actual, arg) => yes((typeof pointValue(actual) === 'number') === arg),
    says: (arg) => (arg === false ? 'no number' : 'a number'),
  },
  trend: {
    // Every course has its verdict, or a new one would be judged by nobody.
    schema: object(
      {
        small: number,
        ...{ falling: verdict, rising: verdict, stuck: verdict, mixed: verdict, not_a_number: verdict },
        // A position that grows while something is written: tells a series that stays small for lack of writes.
        written: {
          type: 'string',
          pattern: reference.source,
          description: 'a reference',
          examples: ['@primary.wal.bytes'],
        },
      },
      ['small', 'falling', 'rising', 'stuck', 'mixed', 'not_a_number'],
    ),
    example: {
      primary: 'lag.bytes',
      trend: {
        small: 16777216,
        falling: 'pass',
        rising: 'fail',
        stuck: 'fail',
        mixed: 'unknown',
        not_a_number: 'fail',
      },
    },
    fits: (arg) => Number.isFinite(ownProperty(arg, 'small')),
    takes: kinds.any,
    limits: (arg) => [
      {
        name: 'small',
        limit: ownProperty(arg, 'small'),
        kinder: 'larger',
        put: (small) => ({ ...Object(arg), small }),
      },
    ],
    // One value shows no trend.
    judge: () => 'unknown',
    judgeSeries: (points, arg, property, written) => {
      const { small, ...verdicts } = arg as CourseVerdicts;
      const course = courseOf(points, small);
      const meanwhile = course === 'small' && written ? `; ${tellWritten(written, points.at(-1)?.value)}` : '';
      return {
        verdict: course === undefined ? 'unknown' : course === 'small' ? 'pass' : verdicts[course],
        says: `${tellCourse(course, points, small, property)}${meanwhile}`,
        ...(course !== undefined && { found: course }),
      };
    },
    says: (arg, show) => {
      const falling = ownProperty(arg, 'falling') === 'pass' ? ', or falling' : '';
      return `at most ${show(ownProperty(arg, 'small'))} at the end${falling}`;
    },
    words: (arg, show) => {
      const { small, written: _, ...verdicts } = Object(arg) as Record<string, unknown>;
      return { listed: [[`small, at most ${show(small)},`, 'pass'], ...Object.entries(verdicts)] };
    },
  },
  schema: {
    schema: { type: 'object' },
    example: { every: 'cluster.value', schema: { type: 'object', required: ['nodes'] } },
    form: 'a JSON schema',
    fits: (arg) => isRecord(arg) && schemaFault(arg) === undefined,
    takes: kinds.any,
    judge: (actual, arg) => yes(check(arg as JsonSchema, actual).length === 0),
    says: () => 'the documented form',
  },
  count: {
    // A misspelt or missing limit would let every number pass.
    schema: { ...object({ at_least: whole, at_most: whole }), minProperties: 1 },
    example: { every: 'programs.found', count: { at_least: 1, at_most: 3 } },
    form: 'whole numbers',
    fits: (arg) => isRecord(arg) && Object.values(arg).every(Number.isInteger),
    takes: kinds.list,
    limits: (arg) =>
      Object.entries(Object(arg) as Record<string, unknown>).map(([word, one]) => ({
        name: word.replace('_', ' '),
        limit: one,
        put: (other) => ({ ...Object(arg), [word]: other }),
      })),
    counts: true,
    judge: (actual, arg) => {
      const { length } = actual as unknown[];
      const { at_least: least = 0, at_most: most = length } = arg as { at_least?: number; at_most?: number };
      return yes(length >= least && length <= most);
    },
    says: (arg, show) => {
      const bounds = Object.entries(arg ?? {}).map(([word, number]) => `${word.replace('_', ' ')} ${show(number)}`);
      return bounds.join(' and ');
    },
  },
} satisfies Record<string, Matcher>;

/** The matcher of a name; none of a name that every object has. */
export function matcherNamed(name: string | undefined): Matcher | undefined {
  return name === undefined ? undefined : (ownProperty(matchers, name) as Matcher | undefined);
}

/** Judges by name; `property` carries the unit of its numbers. A matcher that does not exist cannot get past the loading of a pack. */
export function match(name: string, actual: unknown, arg: unknown, property = ''): { verdict: Verdict; says: string } {
  const matcher = matcherNamed(name);
  if (!matcher) return { verdict: 'error', says: `the matcher ${name}` };
  const verdict = fits(matcher, arg) && matcher.takes.has(actual, arg) ? matcher.judge(actual, arg) : 'error';
  const show: Show = (value) => (typeof value === 'number' ? showValue(property, value) : plainly(value));
  return { verdict, says: matcher.says(arg, show) };
}

const plainly: Show = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

/** Whether a matcher can judge with an argument in which everything is known; for a single value no schema is worth compiling. */
export function fits(matcher: Matcher, arg: unknown): boolean {
  return (matcher.fits?.(arg) ?? true) && (!isRecord(arg) || check(matcher.schema, arg).length === 0);
}

/** Why a matcher cannot judge with this argument, and what would be right: it would pass, or never judge, on every host. */
export function argumentFault(name: string, arg: unknown, matcher = matcherNamed(name)): string | undefined {
  if (arg === null) return `${name} has no value`;
  if (!matcher || (check(matcher.schema, arg).length === 0 && (isLater(arg) || (matcher.fits?.(settled(arg)) ?? true))))
    return undefined;
  const form = matcher.form === undefined ? '' : `${matcher.form}: `;
  return `${name} cannot judge with ${JSON.stringify(arg)}; right is ${form}${inYaml(matcher.example)}`;
}

/** A value of each type of a JSON schema, that every matcher takes which takes any of the type. */
const ofType = {
  string: '0.0.0.0',
  number: 0,
  integer: 0,
  boolean: true,
  null: null,
  array: [],
  object: { low: 0, high: 0 },
};

/** Whether a matcher takes some value of a schema; an argument that is known later only may turn out to be of any type. */
export function takesSome({ takes }: Matcher, { type, enum: listed }: JsonSchema = {}, arg: unknown): boolean {
  const values: unknown[] = listed ?? [type ?? []].flat().map((one: keyof typeof ofType) => ofType[one]);
  return values.length === 0 || [arg].flat().some(isLater) || values.some((value) => takes.has(value, arg));
}

/** Whether a value is known only when the rule is judged: a setting or a reference. */
function isLater(arg: unknown): boolean {
  return typeof arg === 'string' && (/^\$\{\w+\}$/.test(arg) || isReference(arg));
}

/** An argument of which parts are known later only, with parts of the right form in their place. */
function settled(arg: unknown): unknown {
  if (typeof arg === 'string') return arg.replace(/\$\{\w+\}/g, 'x');
  if (!isRecord(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([word, value]) => [word, isLater(value) ? 0 : value]));
}

/** Why ajv does not take a schema; undefined when it does. */
export function schemaFault(schema: JsonSchema): string | undefined {
  // A schema with an id cannot be compiled twice.
  return '$id' in schema ? 'a schema here has no $id' : faultOf(() => check(schema, {}));
}

function faultOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The first address of a network as a number, and how many bits of it count. */
function networkOf(value: unknown): { base: number; bits: number } | undefined {
  const [, address, length = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(typeof value === 'string' ? value : '') ?? [];
  const [number, bits] = [ipv4(address), Number(length)];
  if (number === undefined || bits > 32) return undefined;
  return { base: bits === 0 ? 0 : (number & (0xffffffff << (32 - bits))) >>> 0, bits };
}
