/** The rules' vocabulary: turns an expectation as it is written into the form that is judged, and refuses every other word. */
import { UsageError } from './errors.js';
import { matchers } from './matchers.js';
import type { Condition, Expectation, FactDefinition } from './model.js';
import { suggestion } from './validation.js';

const quantifiers = ['every', 'any', 'same', 'distinct', 'difference', 'pair', 'self', 'peer', 'row'] as const;
const matcherWords = [...Object.keys(matchers), 'absent'];
const modifiers = ['phases', 'hosts', 'releases', 'severity', 'when', 'given', 'says', 'where', 'its', 'tolerance_percent'];

/** An expectation as YAML gives it, after ajv has checked the types. */
type Written = Record<string, unknown>;

/** Reads one expectation. `refuse` makes the error with its place and a correct example. */
export function readExpectation(written: Written, roles: string[], at: (key?: string) => string): Expectation {
  const condition = readCondition(written, roles, at);
  const part = (key: 'when' | 'given') =>
    written[key] === undefined ? {} : { [key]: readCondition(written[key] as Written, roles, () => at(key)) };
  return {
    ...condition,
    ...part('when'),
    ...part('given'),
    ...pick(written, ['phases', 'hosts', 'releases', 'severity', 'says']),
  } as Expectation;
}

function readCondition(written: Written, roles: string[], at: (key?: string) => string): Condition {
  const asked = Object.keys(written).filter((key) => isQuantifier(key, written[key], roles));
  const judged = Object.keys(written).filter((key) => matcherWords.includes(key) && !asked.includes(key));
  for (const key of Object.keys(written)) {
    if (asked.includes(key) || judged.includes(key) || modifiers.includes(key)) continue;
    const known = [...quantifiers, 'count', ...roles, ...matcherWords, ...modifiers];
    throw new UsageError(`${at(key)}: unknown word "${key}"${suggestion(key, known)}; right is { same: space.bytes, tolerance_percent: 1 }`);
  }
  const [quantifier, ...others] = asked;
  if (quantifier === undefined || others.length > 0) {
    throw new UsageError(`${at()}: needs exactly one quantifier (${[...quantifiers, 'count', ...roles].join(', ')}); right is { every: mode.value, equals: standalone }`);
  }
  const needsNone = quantifier === 'same' || quantifier === 'distinct';
  if (needsNone ? judged.length > 0 : judged.length !== 1) {
    throw new UsageError(
      needsNone
        ? `${at(judged[0])}: "${quantifier}" takes no matcher; right is { ${quantifier}: space.bytes }`
        : `${at()}: needs exactly one matcher (${matcherWords.join(', ')}); right is { ${quantifier}: mode.value, equals: standalone }`,
    );
  }
  if (written.tolerance_percent !== undefined && quantifier !== 'same') {
    throw new UsageError(`${at('tolerance_percent')}: tolerance_percent goes with "same"; right is { same: space.bytes, tolerance_percent: 1 }`);
  }
  if (quantifier === 'count' && !['string', 'number', 'boolean'].includes(typeof written.where)) {
    throw new UsageError(`${at('where')}: "count" counts the hosts that have one value; right is { count: mode.value, where: master, equals: 1 }`);
  }
  const [matcher] = judged;
  return {
    ...(roles.includes(quantifier)
      ? { quantifier: 'role' as const, role: quantifier }
      : { quantifier: quantifier as Condition['quantifier'] }),
    path: String(written[quantifier]),
    ...pick(written, ['where', 'its']),
    ...(written.tolerance_percent === undefined ? {} : { tolerancePercent: written.tolerance_percent }),
    ...(matcher === undefined ? {} : { matcher: { name: matcher, arg: written[matcher] } }),
  };
}

/** `count` names a path as a quantifier, and limits as a matcher. */
function isQuantifier(key: string, value: unknown, roles: string[]): boolean {
  if (key === 'count') return typeof value === 'string';
  return (quantifiers as readonly string[]).includes(key) || roles.includes(key);
}

function pick(written: Written, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]]])));
}

/** The conditions of an expectation: itself, its `when`, its `given`. */
export function conditionsOf(expectation: Expectation): Condition[] {
  return [expectation, expectation.when, expectation.given].filter((one): one is Condition => one !== undefined);
}

/** The fact that a condition reads; none for the row of a table. */
export function factOf(condition: Condition): string | undefined {
  return condition.quantifier === 'row' ? undefined : condition.path.split('.')[0];
}

/** A `@host.fact.property` in an argument: whose fact is meant, and which. */
export interface FactReference {
  who: string;
  path: string;
}

/** What a host is known by without asking it: `@self.address` is no reference to a fact. */
const ownProperties = ['address', 'name', 'role'];

/** The references to facts of hosts in a condition's arguments. */
export function referencesOf(condition: Condition): FactReference[] {
  const text = JSON.stringify([condition.where ?? null, condition.matcher?.arg ?? null, condition.tolerancePercent ?? null]);
  return [...text.matchAll(/"@([a-z][\w-]*)\.([A-Za-z]\w*(?:\.\w+)*)"/g)].flatMap(([, who = '', path = '']) =>
    ['port', 'given', 'before'].includes(who) || ownProperties.includes(path) ? [] : [{ who, path }],
  );
}

/** Whether a finding of this expectation compares hosts, and so is worthless while both names may lead to one machine. */
export function comparesHosts(expectation: Expectation): boolean {
  return conditionsOf(expectation).some(
    (condition) =>
      ['same', 'distinct', 'difference', 'count', 'pair', 'peer'].includes(condition.quantifier) ||
      referencesOf(condition).some(({ who }) => who !== 'self' && who !== condition.role),
  );
}

/** The facts that a derived fact is made of, each with the property that it takes; none for a probe's fact. */
export function sourcesOf(definition: FactDefinition): string[] {
  if ('from' in definition) return [definition.from];
  if ('first' in definition) return definition.first;
  if ('sum' in definition) return definition.sum;
  if ('quotient' in definition) return definition.quotient;
  if ('template' in definition) return [...definition.template.matchAll(/\{([\w.-]+)\}/g)].map((match) => match[1] ?? '');
  return [];
}
