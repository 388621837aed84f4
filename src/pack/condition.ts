/** The vocabulary of conditions: turns one as it is written into the form that is judged, and refuses every other word. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { inYaml, list } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Condition, JsonSchema } from '../core/model.js';
import { text } from '../core/schema.js';
import { argumentFault, kinds, type Matcher, matcherNamed, matchers } from './matchers.js';
import { type Quantifier, quantifiers, quantifierWords } from './quantifiers.js';
import { faultInCondition, isReference } from './references.js';
import { rowProperties } from './row-properties.js';

const matcherWords = Object.keys(matchers);

/** What picks the elements that are judged, and how near they have to be. */
const picking = {
  where: { type: ['object', 'string', 'number', 'boolean', 'array'] },
  its: text,
  tolerance_percent: matchers.at_most.schema,
};

/** What an expectation says beside its condition. */
export const circumstances = [
  'phases',
  'hosts',
  'releases',
  'severity',
  'when',
  'unless',
  'given',
  'says',
  'fault',
  'remedy',
];

/** Words that mean something in an expectation or a reference: a role cannot be called so. */
export const vocabulary: readonly string[] = [
  ...quantifierWords,
  ...matcherWords,
  ...Object.keys(picking),
  ...circumstances,
  'port',
  'ports',
];

/** The schemas of a condition's words. A role of the pack is a quantifier too, so other keys are judged when a condition is read. */
export const conditionProperties: Record<string, JsonSchema> = {
  ...Object.fromEntries(quantifierWords.map((name) => [name, text])),
  ...picking,
  ...Object.fromEntries(
    Object.entries<Matcher>(matchers).map(([name, { schema, example }]) => [
      name,
      // `count` is a quantifier with the path of a fact, and a matcher with limits.
      {
        ...schema,
        ...(quantifierWords.includes(name) && { type: ['string', schema.type] }),
        examples: [example[name]],
      },
    ]),
  ),
};

/** An expectation as YAML gives it, after ajv has checked the types. */
export type Written = Record<string, unknown>;

/** Where a key stands, by its path within the expectation. */
export type Place = (...path: string[]) => string;

/** Reads a condition; `besides` are the words that may stand beside it. @throws UsageError with its place and a correct example */
export function readCondition(written: Written, roles: string[], at: Place, besides: string[]): Condition {
  const asked = Object.keys(written).filter((key) => isQuantifier(key, written[key], roles));
  const judged = Object.keys(written).filter((key) => matcherWords.includes(key) && !asked.includes(key));
  const [word = '', second] = asked;
  const name = roles.includes(word) ? 'role' : (word as Condition['quantifier']);
  const faults = function* (): Generator<Fault> {
    const known = [...quantifierWords, ...roles, ...matcherWords, ...Object.keys(picking), ...besides];
    const strange = Object.keys(written).find((key) => !known.includes(key));
    if (strange !== undefined) yield [strange, strangeFault(strange, known)];
    const one = `needs exactly one quantifier (${[...quantifierWords, ...roles].join(', ')})`;
    if (word === '' || second !== undefined) yield [undefined, one, matchers.equals.example];
    yield* faultsOfMatcher(judged, word, quantifiers[name]);
    yield* faultsOfPath(written[word], word, quantifiers[name]);
    yield* faultsOfPicking(written, word, quantifiers[name]);
    for (const key of [...judged, ...Object.keys(picking)]) yield* faultsOfArgument(key, written[key], roles);
  };
  for (const [key, what, example] of faults()) {
    const right = example === undefined ? '' : `; right is ${inYaml(example)}`;
    throw new UsageError(`${key === undefined ? at() : at(key)}: ${what}${right}`);
  }
  const [matcher] = judged;
  return {
    quantifier: name,
    ...(name === 'role' && { role: word }),
    path: String(written[word]),
    ...pick(written, ['where', 'its', 'says']),
    ...(written.tolerance_percent === undefined ? {} : { tolerancePercent: written.tolerance_percent }),
    ...(matcher === undefined ? {} : { matcher: { name: matcher, arg: written[matcher] } }),
  };
}

/** The key it stands at, or the condition as a whole; what is wrong; and a condition that would be right. */
type Fault = [key: string | undefined, what: string, example?: Record<string, unknown>];

function strangeFault(key: string, known: string[]): string {
  return circumstances.includes(key)
    ? `"${key}" belongs to the expectation itself, not into its condition; right is { every: mode.value, equals: master, ${key}: ..., when: { every: link.exists, equals: true } }`
    : `unknown word "${key}"${suggestion(key, known)}; right is ${inYaml(quantifiers.same.example)}`;
}

/** One matcher that can judge what the quantifier looks at, or none beside one that judges by itself. */
function* faultsOfMatcher(
  [matcher, second]: string[],
  word: string,
  { matchers: fitting, example }: Quantifier,
): Generator<Fault> {
  if (fitting === 'none') {
    if (matcher !== undefined) yield [matcher, `"${word}" takes no matcher`, { [word]: 'space.bytes' }];
    return;
  }
  const right = { [word]: 'mode.value', equals: 'standalone' };
  if (matcher === undefined || second !== undefined)
    yield [undefined, `needs exactly one matcher (${matcherWords.join(', ')})`, right];
  const fit = matcherWords.filter((name) => fitting?.includes(matcherNamed(name)?.takes ?? kinds.any) ?? true);
  if (!fit.includes(matcher ?? ''))
    yield [matcher, `"${word}" is a number, which "${matcher}" cannot judge but ${list(fit)} can`, example];
}

/** A path names a fact's property, or one of a row. */
function* faultsOfPath(path: unknown, word: string, { asks, example }: Quantifier): Generator<Fault> {
  if (typeof path !== 'string') yield [word, `${word} names a fact's property`, example];
  const known = Object.keys(rowProperties);
  if (asks === 'row' && !known.includes(String(path)))
    yield [word, `a row has no "${path}"${suggestion(String(path), known)}`, example];
}

/** What picks elements or hosts goes with the quantifiers that look at such. */
function* faultsOfPicking(written: Written, word: string, { picks, tolerance, example }: Quantifier): Generator<Fault> {
  const { where, its, tolerance_percent: percent } = written;
  if (percent !== undefined && !tolerance)
    yield ['tolerance_percent', 'tolerance_percent goes with "same"', quantifiers.same.example];
  if (its !== undefined && picks) yield ['its', `"${word}" takes no "its": there are no elements`, example];
  if (where !== undefined && picks === 'nothing') yield ['where', `"${word}" has no elements to pick`, example];
  if (picks === 'hosts' && ![where].flat().every((one) => ['string', 'number', 'boolean'].includes(typeof one)))
    yield ['where', `"${word}" counts the hosts that have one value, or one of several`, example];
  if (where !== undefined && !picks && !isRecord(where))
    yield ['where', 'where picks elements by their fields', quantifiers.pair.example];
}

function* faultsOfArgument(key: string, arg: unknown, roles: string[]): Generator<Fault> {
  if (arg === undefined) return;
  const matcher =
    key === 'tolerance_percent' ? { ...matchers.at_most, example: quantifiers.same.example } : matcherNamed(key);
  // A pattern may begin with @ and mean the letter.
  const isText = matcher?.pattern && !isReference(String(arg));
  const fault = (matcher && argumentFault(key, arg, matcher)) ?? (isText ? undefined : faultInCondition(arg, roles));
  if (fault !== undefined) yield [key, fault];
}

/** A word that is a matcher too, as `count`, is a quantifier where it names a path. */
function isQuantifier(key: string, value: unknown, roles: string[]): boolean {
  if (matcherWords.includes(key) && typeof value !== 'string') return false;
  return quantifierWords.includes(key) || roles.includes(key);
}

/** Those of some keys that have a value. */
export function pick(written: Written, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]]])));
}
