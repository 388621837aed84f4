/** The closed set of matchers: what each demands of a value, in words and in code. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { check } from '../core/check-schema.js';
import { ipv4 } from '../core/ipv4.js';
import { pointValue } from '../core/json.js';
import type { JsonSchema, Verdict } from '../core/model.js';

/** A matcher refuses a value of the wrong type with `error`: a rule that compares text with a number makes no sense. */
export interface Matcher {
  judge(actual: unknown, arg: unknown): Verdict;
  says(arg: unknown): string;
}

/** A number that is only known to lie between two bounds. */
export interface Interval {
  low: number;
  high: number;
}

const isVerdict = (word: unknown): word is Verdict =>
  typeof word === 'string' && ['pass', 'fail', 'unknown', 'error', 'skip'].includes(word);

const yes = (holds: boolean): Verdict => (holds ? 'pass' : 'fail');

/** Reads a number or an interval; a plain number is the interval of itself. */
export function intervalOf(value: unknown): Interval | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return { low: value, high: value };
  const { low, high } = (value ?? {}) as Partial<Interval>;
  return typeof low === 'number' && typeof high === 'number' && low <= high ? { low, high } : undefined;
}

/** A limit decides an interval only when all of it lies on one side. */
function limit(holds: (value: number, arg: number) => boolean): Matcher['judge'] {
  return (actual, arg) => {
    const interval = intervalOf(actual);
    if (!interval || typeof arg !== 'number') return 'error';
    const [low, high] = [holds(interval.low, arg), holds(interval.high, arg)];
    return low === high ? yes(low) : 'unknown';
  };
}

/** Two values of different kinds can be neither equal nor compared. */
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Whether a list may hold such an element at all: `excludes: 22` says nothing about a list of texts. */
function couldHold(list: unknown, element: unknown): list is unknown[] {
  return element !== undefined && Array.isArray(list) && list.every((one) => kindOf(one) === kindOf(element));
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const matchers = {
  equals: {
    judge: (actual, arg) => (kindOf(actual) !== kindOf(arg) ? 'error' : yes(isDeepStrictEqual(actual, arg))),
    says: (arg) => show(arg),
  },
  differs_from: {
    judge: (actual, arg) => (typeof actual !== typeof arg ? 'error' : yes(!isDeepStrictEqual(actual, arg))),
    says: (arg) => `other than ${show(arg)}`,
  },
  one_of: {
    judge: (actual, arg) =>
      Array.isArray(arg) && arg.some((one) => kindOf(one) === kindOf(actual))
        ? yes(arg.some((one) => isDeepStrictEqual(one, actual)))
        : 'error',
    says: (arg) => `one of ${Array.isArray(arg) ? arg.map(show).join(', ') : show(arg)}`,
  },
  matches: {
    judge: (actual, arg) =>
      typeof actual !== 'string' || typeof arg !== 'string'
        ? 'error'
        : actual.length > 4096
          ? 'unknown'
          : yes(new RegExp(arg, 'u').test(actual)),
    says: (arg) => `text that matches ${show(arg)}`,
  },
  at_least: { judge: limit((value, arg) => value >= arg), says: (arg) => `at least ${show(arg)}` },
  at_most: { judge: limit((value, arg) => value <= arg), says: (arg) => `at most ${show(arg)}` },
  in_network: {
    judge: (actual, arg) => {
      const [address, network] = [ipv4(actual), cidr(arg)];
      if (address === undefined || network === undefined) return 'error';
      return yes((address & network.mask) >>> 0 === (network.base & network.mask) >>> 0);
    },
    says: (arg) => `an address in ${show(arg)}`,
  },
  includes: {
    judge: (actual, arg) => (couldHold(actual, arg) ? yes(actual.some((one) => isDeepStrictEqual(one, arg))) : 'error'),
    says: (arg) => `${show(arg)} among them`,
  },
  excludes: {
    judge: (actual, arg) =>
      couldHold(actual, arg) ? yes(!actual.some((one) => isDeepStrictEqual(one, arg))) : 'error',
    says: (arg) => `no ${show(arg)} among them`,
  },
  verdicts: {
    judge: (actual, arg) => {
      if (typeof actual !== 'string' || arg === null || typeof arg !== 'object') return 'error';
      // A word that nobody listed proves nothing either way.
      if (!Object.hasOwn(arg, actual)) return 'unknown';
      const verdict = (arg as Record<string, unknown>)[actual];
      return isVerdict(verdict) ? verdict : 'error';
    },
    says: (arg) =>
      Object.entries(arg ?? {})
        .filter(([, verdict]) => verdict === 'pass')
        .map(([word]) => word)
        .join(' or ') || 'none of the listed words',
  },
  numeric: {
    judge: (actual, arg) =>
      typeof arg === 'boolean' ? yes((typeof pointValue(actual) === 'number') === arg) : 'error',
    says: (arg) => (arg === false ? 'no number' : 'a number'),
  },
  trend: {
    // One value shows no trend; a series is judged by judge-trend.ts.
    judge: () => 'unknown',
    says: () => 'small at the end, or falling',
  },
  schema: {
    judge: (actual, arg) =>
      arg !== null && typeof arg === 'object' ? yes(check(arg as JsonSchema, actual).length === 0) : 'error',
    says: () => 'the documented form',
  },
  count: {
    judge: (actual, arg) => {
      const limits = Object.entries(arg !== null && typeof arg === 'object' ? arg : {});
      // A misspelt or missing limit would let every number pass.
      const known = limits.every(
        ([word, number]) => (word === 'at_least' || word === 'at_most') && Number.isInteger(number),
      );
      if (!Array.isArray(actual) || limits.length === 0 || !known) return 'error';
      return yes(
        limits.every(([word, number]) => (word === 'at_least' ? actual.length >= number : actual.length <= number)),
      );
    },
    says: (arg) =>
      Object.entries(arg ?? {})
        .map(([word, number]) => `${word.replace('_', ' ')} ${number}`)
        .join(' and '),
  },
} satisfies Record<string, Matcher>;

export type MatcherName = keyof typeof matchers;

/** Judges by name; a matcher that does not exist cannot get past the loading of a pack. */
export function match(name: string, actual: unknown, arg: unknown): { verdict: Verdict; says: string } {
  const matcher: Matcher | undefined = Object.hasOwn(matchers, name) ? matchers[name as MatcherName] : undefined;
  if (!matcher) return { verdict: 'error', says: `the matcher ${name}` };
  return { verdict: matcher.judge(actual, arg), says: matcher.says(arg) };
}

function cidr(value: unknown): { base: number; mask: number } | undefined {
  const [, address, length = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(typeof value === 'string' ? value : '') ?? [];
  const base = ipv4(address);
  const bits = Number(length);
  if (base === undefined || bits > 32) return undefined;
  return { base, mask: bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0 };
}
