/** The closed set of matchers: each is one entry that says how it is written, what it takes, how it judges, and its words. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { check } from '../core/check-schema.js';
import { type CourseVerdicts, courseOf, type Point, tellCourse, tellWritten } from '../core/course.js';
import { inYaml } from '../core/format.js';
import { ipv4 } from '../core/ipv4.js';
import { isRecord, pointValue } from '../core/json.js';
import type { JsonSchema, Verdict } from '../core/model.js';
import { table, text } from '../core/schema.js';
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
  /** The argument limits a number, or holds numbers that do: a setting in it is one. */
  limit?: true;
  /** The argument is a pattern, in which an `@` may mean the letter. */
  pattern?: true;
  /** It looks at how many elements there are. */
  counts?: true;
  /** A property that was read to be absent is a value to it, `undefined`; to any other matcher it is unknown. */
  absence?: true;
  /** Judges a value that it takes with an argument that fits. */
  judge(actual: unknown, arg: unknown): Verdict;
  /** Judges the values of all samples instead; `written` is the series of the argument's `written`, where it names one. */
  judgeSeries?(points: Point[], arg: unknown, property: string, written?: Point[]): { verdict: Verdict; says: string };
  /** What is demanded, in words; for any argument, even one that does not fit. */
  says(arg: unknown, show: Show): string;
  /** What each word comes to, where words have verdicts of their own; `rest` is what any other word comes to. */
  words?(arg: unknown, show: Show): { listed: [word: string, verdict: unknown][]; rest?: string };
}

/** A number that is only known to lie between two bounds. */
export interface Interval {
  low: number;
  high: number;
}

/** Reads a number or an interval; a plain number is the interval of itself. */
export function intervalOf(value: unknown): Interval | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return { low: value, high: value };
  const { low, high } = (value ?? {}) as Partial<Interval>;
  return typeof low === 'number' && typeof high === 'number' && low <= high ? { low, high } : undefined;
}

/** A kind of values. */
export interface Kind {
  says: string;
  has(actual: unknown, arg: unknown): boolean;
}

/** Two values of different types can be neither equal nor compared. */
const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** The kinds of values that matchers take. */
export const kinds = {
  any: { says: 'any value', has: () => true },
  text: { says: 'a text', has: (actual) => typeof actual === 'string' },
  number: { says: 'a number', has: (actual) => intervalOf(actual) !== undefined },
  list: { says: 'a list', has: (actual) => Array.isArray(actual) },
  alike: { says: 'a value of the same type', has: (actual, arg) => typeOf(actual) === typeOf(arg) },
  listed: {
    says: 'a value of a type that is listed',
    has: (actual, arg) => Array.isArray(arg) && arg.some((one) => typeOf(one) === typeOf(actual)),
  },
  // `excludes: 22` says nothing about a list of texts.
  elements: {
    says: 'a list of such values',
    has: (actual, arg) =>
      arg !== undefined && Array.isArray(actual) && actual.every((one) => typeOf(one) === typeOf(arg)),
  },
} satisfies Record<string, Kind>;

const yes = (holds: boolean): Verdict => (holds ? 'pass' : 'fail');

/** A limit decides an interval only when all of it lies on one side. */
function limit(holds: (value: number, arg: number) => boolean) {
  return {
    schema: { type: ['number', 'string'] },
    form: 'a number, a setting or a reference',
    fits: Number.isFinite,
    takes: kinds.number,
    limit: true,
    judge: (actual, arg) => {
      const { low, high } = intervalOf(actual) as Interval;
      const [least, most] = [holds(low, arg as number), holds(high, arg as number)];
      return least === most ? yes(least) : 'unknown';
    },
  } satisfies Partial<Matcher>;
}

const has = (list: unknown, element: unknown): boolean =>
  (list as unknown[]).some((one) => isDeepStrictEqual(one, element));

const isBoolean = (arg: unknown): boolean => typeof arg === 'boolean';

const bounds = {
  at_least: (length: number, number: number) => length >= number,
  at_most: (length: number, number: number) => length <= number,
};

/** The courses that a rule gives verdicts to; a series that is small at its end passes. */
const courses = ['falling', 'rising', 'stuck', 'mixed', 'not_a_number'] as const;

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
    says: (arg, show) => `one of ${Array.isArray(arg) ? arg.map(show).join(', ') : show(arg)}`,
  },
  matches: {
    schema: text,
    example: { every: 'build.value', matches: '^\\d+' },
    form: 'a regular expression',
    fits: isPattern,
    takes: kinds.text,
    pattern: true,
    judge: (actual, arg) =>
      (actual as string).length > 4096 ? 'unknown' : yes(new RegExp(arg as string, 'u').test(actual as string)),
    says: (arg) => `text that matches ${arg}`,
  },
  at_least: {
    ...limit((value, arg) => value >= arg),
    example: { every: 'space.freeBytes', at_least: 8000000000 },
    says: (arg, show) => `at least ${show(arg)}`,
  },
  at_most: {
    ...limit((value, arg) => value <= arg),
    example: { every: 'space.usedPercent', at_most: 90 },
    says: (arg, show) => `at most ${show(arg)}`,
  },
  in_network: {
    schema: text,
    example: { every: 'address.value', in_network: '10.0.0.0/8' },
    fits: (arg) => cidr(arg) !== undefined,
    takes: { says: 'an IPv4 address', has: (actual) => ipv4(actual) !== undefined },
    judge: (actual, arg) => {
      const [address, { base, mask }] = [ipv4(actual) as number, cidr(arg) as Network];
      return yes((address & mask) >>> 0 === (base & mask) >>> 0);
    },
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
    schema: table({ enum: ['pass', 'fail', 'unknown', 'skip'] }, { type: 'string' }),
    example: { every: 'mode.value', verdicts: { master: 'pass', slave: 'fail' } },
    fits: (arg) => isRecord(arg) && Object.keys(arg).length > 0 && Object.values(arg).every((word) => isVerdict(word)),
    takes: kinds.text,
    // A word that nobody listed proves nothing either way.
    judge: (actual, arg) =>
      Object.hasOwn(arg as object, actual as string)
        ? ((arg as Record<string, Verdict>)[actual as string] as Verdict)
        : 'unknown',
    says: (arg) =>
      Object.entries(arg ?? {})
        .filter(([, verdict]) => verdict === 'pass')
        .map(([word]) => word)
        .join(' or ') || 'none of the listed words',
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
    schema: {
      type: 'object',
      properties: {
        // A position that grows while something is written: tells a series that stays small for lack of writes.
        written: {
          type: 'string',
          pattern: reference.source,
          description: 'a reference',
          examples: ['@primary.wal.bytes'],
        },
      },
    },
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
    fits: isTrend,
    takes: kinds.any,
    limit: true,
    // One value shows no trend.
    judge: () => 'unknown',
    judgeSeries: (points, arg, property, written) => {
      const { small, ...verdicts } = arg as CourseVerdicts;
      const course = courseOf(points, small);
      const meanwhile = course === 'small' && written ? `; ${tellWritten(written, points.at(-1)?.value)}` : '';
      return {
        verdict: course === undefined ? 'unknown' : course === 'small' ? 'pass' : verdicts[course],
        says: `${tellCourse(course, points, small, property)}${meanwhile}`,
      };
    },
    says: (arg, show) => {
      const { small, falling } = (arg ?? {}) as Partial<CourseVerdicts>;
      return `at most ${show(small)} at the end${falling === 'pass' ? ', or falling' : ''}`;
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
    schema: { type: 'object' },
    example: { every: 'programs.found', count: { at_least: 1, at_most: 3 } },
    form: 'whole numbers',
    fits: (arg) =>
      isRecord(arg) &&
      Object.keys(arg).length > 0 &&
      // A misspelt limit would let every number pass.
      Object.entries(arg).every(
        ([word, number]) => Object.hasOwn(bounds, word) && Number.isInteger(number) && Number(number) >= 0,
      ),
    takes: kinds.list,
    limit: true,
    counts: true,
    judge: (actual, arg) =>
      yes(
        Object.entries(arg as Record<keyof typeof bounds, number>).every(([word, number]) =>
          bounds[word as keyof typeof bounds]((actual as unknown[]).length, number),
        ),
      ),
    says: (arg, show) =>
      Object.entries(arg ?? {})
        .map(([word, number]) => `${word.replace('_', ' ')} ${show(number)}`)
        .join(' and '),
  },
} satisfies Record<string, Matcher>;

/** The matcher of a name; none of a name that every object has. */
export function matcherNamed(name: string | undefined): Matcher | undefined {
  return name !== undefined && Object.hasOwn(matchers, name) ? matchers[name as keyof typeof matchers] : undefined;
}

/** Judges by name; a matcher that does not exist cannot get past the loading of a pack. */
export function match(name: string, actual: unknown, arg: unknown): { verdict: Verdict; says: string } {
  const matcher = matcherNamed(name);
  if (!matcher) return { verdict: 'error', says: `the matcher ${name}` };
  const verdict =
    (matcher.fits?.(arg) ?? true) && matcher.takes.has(actual, arg) ? matcher.judge(actual, arg) : 'error';
  return { verdict, says: matcher.says(arg, plainly) };
}

/** Judges a series by name, as `match` judges a value. */
export function matchSeries(
  name: string,
  points: Point[],
  arg: unknown,
  property: string,
  written?: Point[],
): { verdict: Verdict; says: string } {
  const matcher = matcherNamed(name);
  if (!matcher?.judgeSeries || !matcher.fits?.(arg))
    return { verdict: 'error', says: `nothing to judge by with ${name}` };
  return matcher.judgeSeries(points, arg, property, written);
}

const plainly: Show = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

/** Why a matcher cannot judge with this argument, and what would be right: it would pass, or never judge, on every host. */
export function argumentFault(name: string, arg: unknown): string | undefined {
  return matcherNamed(name) && formFault(name, arg, matchers[name as keyof typeof matchers]);
}

/** The same for the tolerance of `same`, which is a limit too. */
export function toleranceFault(arg: unknown): string | undefined {
  return formFault('tolerance_percent', arg, {
    ...matchers.at_most,
    example: { same: 'space.bytes', tolerance_percent: 1 },
  });
}

function formFault(name: string, arg: unknown, { schema, form, fits, example }: Matcher): string | undefined {
  if (arg === null) return `${name} has no value`;
  if (check(schema, arg).length === 0 && (isLater(arg) || !fits || fits(settled(arg)))) return undefined;
  return `${name} cannot judge with ${JSON.stringify(arg)}; right is ${form === undefined ? '' : `${form}: `}${inYaml(example)}`;
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
  if ('$id' in schema) return 'a schema here has no $id';
  try {
    check(schema, {});
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isPattern(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function isVerdict(word: unknown): word is Verdict {
  return ['pass', 'fail', 'unknown', 'error', 'skip'].includes(String(word));
}

/** Every course has its verdict, or a new one would be judged by nobody. */
function isTrend(arg: unknown): boolean {
  if (!isRecord(arg)) return false;
  const { small, written: _, ...verdicts } = arg;
  return (
    Number.isFinite(small) &&
    courses.length === Object.keys(verdicts).length &&
    courses.every((course) => ['pass', 'fail', 'unknown'].includes(String(verdicts[course])))
  );
}

interface Network {
  base: number;
  mask: number;
}

function cidr(value: unknown): Network | undefined {
  const [, address, length = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(typeof value === 'string' ? value : '') ?? [];
  const base = ipv4(address);
  const bits = Number(length);
  if (base === undefined || bits > 32) return undefined;
  return { base, mask: bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0 };
}
