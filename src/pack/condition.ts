/** The vocabulary of conditions: turns one as it is written into the form that is judged, and refuses every other word. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { inYaml } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Condition, JsonSchema } from '../core/model.js';
import { text } from '../core/schema.js';
import { argumentFault, type Matcher, matcherNamed, matchers, toleranceFault } from './matchers.js';
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
export const circumstances = ['phases', 'hosts', 'releases', 'severity', 'when', 'unless', 'given', 'says'];

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
  const must: Must = (holds, key, what) => {
    if (!holds) throw new UsageError(`${key === undefined ? at() : at(key)}: ${what}`);
  };
  for (const key of Object.keys(written)) {
    if (asked.includes(key) || judged.includes(key) || Object.hasOwn(picking, key) || besides.includes(key)) continue;
    must(
      !circumstances.includes(key),
      key,
      `"${key}" belongs to the expectation itself, not into its condition; right is { every: mode.value, equals: master, ${key}: ..., when: { every: link.exists, equals: true } }`,
    );
    const known = [...quantifierWords, ...roles, ...matcherWords, ...Object.keys(picking), ...besides];
    must(false, key, `unknown word "${key}"${suggestion(key, known)}; right is ${inYaml(quantifiers.same.example)}`);
  }
  const [word = '', ...others] = asked;
  must(
    word !== '' && others.length === 0,
    undefined,
    `needs exactly one quantifier (${[...quantifierWords, ...roles].join(', ')}); right is ${inYaml(matchers.equals.example)}`,
  );
  const name = roles.includes(word) ? 'role' : (word as Condition['quantifier']);
  const quantifier: Quantifier = quantifiers[name];
  const [matcher] = judged;
  checkMatcher(judged, word, quantifier, must);
  checkPath(written[word], word, quantifier, must);
  checkPicking(written, word, quantifier, must);
  const faults = [
    ...judged.map((key) => [key, argumentFault(key, written[key])] as const),
    [
      'tolerance_percent',
      written.tolerance_percent === undefined ? undefined : toleranceFault(written.tolerance_percent),
    ] as const,
  ];
  for (const [key, fault] of faults) must(fault === undefined, key, fault ?? '');
  for (const key of [...judged, ...Object.keys(picking)]) {
    // A pattern may begin with @ and mean the letter.
    if (matcherNamed(key)?.pattern && !isReference(String(written[key]))) continue;
    const fault = faultInCondition(written[key], roles);
    must(fault === undefined, key, fault ?? '');
  }
  return {
    quantifier: name,
    ...(name === 'role' && { role: word }),
    path: String(written[word]),
    ...pick(written, ['where', 'its', 'says']),
    ...(written.tolerance_percent === undefined ? {} : { tolerancePercent: written.tolerance_percent }),
    ...(matcher === undefined ? {} : { matcher: { name: matcher, arg: written[matcher] } }),
  };
}

/** Refuses what does not hold of a key, or of the condition as a whole. */
type Must = (holds: boolean, key: string | undefined, what: string) => void;

/** One matcher that can judge what the quantifier looks at, or none beside one that judges by itself. */
function checkMatcher(judged: string[], word: string, { matchers: fitting, example }: Quantifier, must: Must): void {
  const [matcher] = judged;
  if (fitting === 'none') {
    must(matcher === undefined, matcher, `"${word}" takes no matcher; right is { ${word}: space.bytes }`);
    return;
  }
  must(
    judged.length === 1,
    undefined,
    `needs exactly one matcher (${matcherWords.join(', ')}); right is { ${word}: mode.value, equals: standalone }`,
  );
  if (fitting === 'any') return;
  const right = Object.entries<Matcher>(matchers).flatMap(([name, { takes }]) =>
    fitting.includes(takes) ? [name] : [],
  );
  must(
    right.includes(matcher ?? ''),
    matcher,
    `"${word}" is a number, which "${matcher}" cannot judge; right are ${right.join(', ')}: ${inYaml(example)}`,
  );
}

/** A path names a fact's property, or one of a row. */
function checkPath(path: unknown, word: string, { asks, example }: Quantifier, must: Must): void {
  const right = `right is ${inYaml(example)}`;
  must(typeof path === 'string', word, `${word} names a property by its path; ${right}`);
  const known = Object.hasOwn(rowProperties, String(path));
  must(
    asks !== 'row' || known,
    word,
    `a row has no "${path}"${suggestion(String(path), Object.keys(rowProperties))}; ${right}`,
  );
}

/** What picks elements or hosts goes with the quantifiers that look at such. */
function checkPicking(written: Written, word: string, { picks, tolerance, example }: Quantifier, must: Must): void {
  const { where, its } = written;
  must(
    written.tolerance_percent === undefined || tolerance === true,
    'tolerance_percent',
    `tolerance_percent goes with "same"; right is ${inYaml(quantifiers.same.example)}`,
  );
  const right = `right is ${inYaml(example)}`;
  must(
    its === undefined || picks === 'elements',
    'its',
    `"${word}" has no elements to pick, and so takes no "its"; ${right}`,
  );
  if (picks === 'hosts') {
    must(
      where !== undefined && [where].flat().every((one) => ['string', 'number', 'boolean'].includes(typeof one)),
      'where',
      `"${word}" counts the hosts that have one value, or one of several; ${right}`,
    );
    return;
  }
  must(where === undefined || picks !== undefined, 'where', `"${word}" has no elements to pick; ${right}`);
  must(
    where === undefined || isRecord(where),
    'where',
    `where picks elements by their fields; right is ${inYaml(quantifiers.pair.example)}`,
  );
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
