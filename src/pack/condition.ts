/** The vocabulary of conditions: turns one as it is written into the form that is judged, and refuses every other word. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { isRecord } from '../core/json.js';
import type { Condition } from '../core/model.js';
import { argumentFault } from './matcher-check.js';
import { matchers } from './matchers.js';
import { faultInCondition, isReference, rowProperties } from './references.js';

const quantifiers = [
  'every',
  'any',
  'same',
  'distinct',
  'difference',
  'pair',
  'self',
  'peer',
  'before',
  'row',
] as const;
const matcherWords = [...Object.keys(matchers), 'absent'];
const picking = ['where', 'its', 'tolerance_percent'];

/** What an expectation says beside its condition. */
export const circumstances = ['phases', 'hosts', 'releases', 'severity', 'when', 'unless', 'given', 'says'];

/** Words that mean something in an expectation or a reference: a role cannot be called so. */
export const vocabulary: readonly string[] = [
  ...quantifiers,
  ...matcherWords,
  ...picking,
  ...circumstances,
  'port',
  'ports',
];

/** The matchers that a number of hosts, or a difference, can be put to. */
const numeric: Record<string, string[]> = {
  count: ['equals', 'differs_from', 'one_of', 'at_least', 'at_most'],
  difference: ['at_least', 'at_most'],
};

/** An expectation as YAML gives it, after ajv has checked the types. */
export type Written = Record<string, unknown>;

/** Where a key stands, by its path within the expectation. */
export type Place = (...path: string[]) => string;

/** Reads a condition; `besides` are the words that may stand beside it. @throws UsageError with its place and a correct example */
export function readCondition(written: Written, roles: string[], at: Place, besides: string[]): Condition {
  const asked = Object.keys(written).filter((key) => isQuantifier(key, written[key], roles));
  const judged = Object.keys(written).filter((key) => matcherWords.includes(key) && !asked.includes(key));
  const must = (holds: boolean, key: string | undefined, what: string) => {
    if (!holds) throw new UsageError(`${key === undefined ? at() : at(key)}: ${what}`);
  };
  for (const key of Object.keys(written)) {
    if (asked.includes(key) || judged.includes(key) || picking.includes(key) || besides.includes(key)) continue;
    must(
      !circumstances.includes(key),
      key,
      `"${key}" belongs to the expectation itself, not into its condition; right is { every: mode.value, equals: master, ${key}: ..., when: { every: link.exists, equals: true } }`,
    );
    const known = [...quantifiers, ...roles, ...matcherWords, ...picking, ...besides];
    must(
      false,
      key,
      `unknown word "${key}"${suggestion(key, known)}; right is { same: space.bytes, tolerance_percent: 1 }`,
    );
  }
  const [quantifier = '', ...others] = asked;
  must(
    quantifier !== '' && others.length === 0,
    undefined,
    `needs exactly one quantifier (${[...quantifiers, 'count', ...roles].join(', ')}); right is { every: mode.value, equals: standalone }`,
  );
  const [matcher] = judged;
  if (quantifier === 'same' || quantifier === 'distinct') {
    must(matcher === undefined, matcher, `"${quantifier}" takes no matcher; right is { ${quantifier}: space.bytes }`);
  } else {
    must(
      judged.length === 1,
      undefined,
      `needs exactly one matcher (${matcherWords.join(', ')}); right is { ${quantifier}: mode.value, equals: standalone }`,
    );
  }
  const fitting = numeric[quantifier];
  must(
    !fitting || matcher === undefined || fitting.includes(matcher),
    matcher,
    `"${quantifier}" is a number, which "${matcher}" cannot judge; right are ${fitting?.join(', ')}`,
  );
  checkWords(written, quantifier, must);
  for (const key of [...judged, ...picking.filter((word) => written[word] !== undefined)]) {
    // A pattern may begin with @ and mean the letter.
    const fault =
      argumentFault(key, written[key]) ??
      (key === 'matches' && !isReference(String(written[key])) ? undefined : faultInCondition(written[key], roles));
    must(fault === undefined, key, fault ?? '');
  }
  return {
    ...(roles.includes(quantifier)
      ? { quantifier: 'role' as const, role: quantifier }
      : { quantifier: quantifier as Condition['quantifier'] }),
    path: String(written[quantifier]),
    ...pick(written, ['where', 'its', 'says']),
    ...(written.tolerance_percent === undefined ? {} : { tolerancePercent: written.tolerance_percent }),
    ...(matcher === undefined ? {} : { matcher: { name: matcher, arg: written[matcher] } }),
  };
}

/** What goes with one quantifier only. */
function checkWords(
  written: Written,
  quantifier: string,
  must: (holds: boolean, key: string, what: string) => void,
): void {
  const { where, its } = written;
  const path = written[quantifier];
  must(
    typeof path === 'string',
    quantifier,
    `${quantifier} names a fact's property; right is { ${quantifier}: space.bytes }`,
  );
  must(
    written.tolerance_percent === undefined || quantifier === 'same',
    'tolerance_percent',
    'tolerance_percent goes with "same"; right is { same: space.bytes, tolerance_percent: 1 }',
  );
  if (quantifier === 'count') {
    const right = 'right is { count: mode.value, where: master, equals: 1 }';
    must(
      where !== undefined && [where].flat().every((one) => ['string', 'number', 'boolean'].includes(typeof one)),
      'where',
      `"count" counts the hosts that have one value, or one of several; ${right}`,
    );
    must(its === undefined, 'its', `"count" takes no "its"; ${right}`);
    return;
  }
  const fields = where === undefined || isRecord(where);
  must(
    fields,
    'where',
    'where picks elements by their fields; right is { every: tcp.ports, where: { port: 22 }, its: state, equals: open }',
  );
  if (quantifier !== 'row') return;
  const row = String(path);
  must(
    rowProperties.includes(row),
    'row',
    `a row has no "${row}"${suggestion(row, [...rowProperties])}; right is { row: must_listen, equals: true }`,
  );
  must(
    where === undefined && its === undefined,
    where === undefined ? 'its' : 'where',
    'a row has no elements to pick',
  );
}

/** `count` names a path as a quantifier, and limits as a matcher. */
function isQuantifier(key: string, value: unknown, roles: string[]): boolean {
  if (key === 'count') return typeof value === 'string';
  return (quantifiers as readonly string[]).includes(key) || roles.includes(key);
}

/** Those of some keys that have a value. */
export function pick(written: Written, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]]])));
}
