/** Whether a matcher's argument can be judged at all: one of the wrong form would pass, or never judge, on every host. */

import { check } from '../core/check-schema.js';
import { isRecord } from '../core/json.js';
import type { JsonSchema } from '../core/model.js';
import { matchers } from './matchers.js';
import { isReference } from './references.js';

interface Form {
  fits(arg: unknown): boolean;
  /** What would be right. */
  right: string;
}

const limit: Form = {
  fits: (arg) => (typeof arg === 'number' && Number.isFinite(arg)) || isLater(arg),
  right: 'a number, a setting or a reference: { every: space.freeBytes, at_least: 8000000000 }',
};

const forms: Record<string, Form> = {
  at_least: limit,
  at_most: limit,
  tolerance_percent: limit,
  absent: { fits: (arg) => typeof arg === 'boolean', right: '{ every: cache.line, absent: true }' },
  one_of: {
    fits: (arg) => (Array.isArray(arg) && arg.length > 0) || isLater(arg),
    right: '{ every: mode.value, one_of: [standalone, master] }',
  },
  matches: {
    fits: (arg) => typeof arg === 'string' && (isReference(arg) || isPattern(arg.replace(/\$\{\w+\}/g, 'x'))),
    right: 'a regular expression: { every: build.value, matches: "^\\\\d+" }',
  },
  in_network: {
    fits: (arg) => isLater(arg) || matchers.in_network.judge('0.0.0.0', arg) !== 'error',
    right: '{ every: address.value, in_network: 10.0.0.0/8 }',
  },
  verdicts: {
    fits: (arg) => isRecord(arg) && Object.keys(arg).length > 0,
    right: '{ every: mode.value, verdicts: { master: pass, slave: fail } }',
  },
  numeric: { fits: (arg) => typeof arg === 'boolean', right: '{ every: answer.value, numeric: true }' },
  trend: {
    fits: isTrend,
    right:
      '{ primary: lag.bytes, trend: { small: 16777216, falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail } }',
  },
  schema: {
    fits: (arg) => isRecord(arg) && schemaFault(arg) === undefined,
    right: 'a JSON schema: { every: cluster.value, schema: { type: object, required: [nodes] } }',
  },
  count: { fits: isCount, right: 'whole numbers: { every: programs.found, count: { at_least: 1, at_most: 3 } }' },
};

/** Why a matcher cannot judge with this argument, and what would be right; undefined when it can. */
export function argumentFault(name: string, arg: unknown): string | undefined {
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (arg === null) return `${name} has no value`;
  if (!form || form.fits(arg)) return undefined;
  return `${name} cannot judge with ${JSON.stringify(arg)}; right is ${form.right}`;
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

/** Whether the value is known only when the rule is judged: a setting or a reference. */
function isLater(arg: unknown): boolean {
  return typeof arg === 'string' && (/^\$\{\w+\}$/.test(arg) || isReference(arg));
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** Every course has its verdict, or a new one would be judged by nobody. */
function isTrend(arg: unknown): boolean {
  if (!isRecord(arg)) return false;
  const { small, written, ...courses } = arg;
  const named = ['falling', 'rising', 'stuck', 'mixed', 'not_a_number'];
  return (
    limit.fits(small) &&
    (written === undefined || (typeof written === 'string' && isReference(written))) &&
    named.length === Object.keys(courses).length &&
    named.every((name) => ['pass', 'fail', 'unknown'].includes(String(courses[name])))
  );
}

function isCount(arg: unknown): boolean {
  if (!isRecord(arg)) return false;
  // A limit that is known later counts as one of the right form.
  const settled = Object.fromEntries(Object.entries(arg).map(([word, value]) => [word, isLater(value) ? 0 : value]));
  return matchers.count.judge([], settled) !== 'error' && Object.values(settled).every((value) => Number(value) >= 0);
}
