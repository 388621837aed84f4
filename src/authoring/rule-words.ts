/** What a rule demands, in words: its expectations with their conditions, settings filled in with their defaults. Pure. */

import { list, showValue } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Condition, Expectation, FactDefinition, Rule, Verdict } from '../core/model.js';
import { matchers } from '../pack/matchers.js';
import type { Pack } from '../pack/pack.js';
import { isReference } from '../pack/references.js';
import { isMany } from '../pack/roles.js';

/** One expectation: what is expected of whom, what its words come to, and where it holds. */
export interface Demand {
  says: string;
  /** `open or refused passes`, where several words have verdicts of their own. */
  words: string[];
  /** `in phase verify`, `only where ...`. */
  holds: string[];
}

/** An expectation of a rule in words. */
export function demandInWords(pack: Pack, rule: Rule, expectation: Expectation): Demand {
  const { phases, hosts, releases, severity, when = [], unless = [], given = [] } = expectation;
  return {
    says: conditionInWords(pack, { ...rule, hosts: hosts ?? rule.hosts ?? pack.pair }, expectation, expectation.says),
    words: wordVerdicts(pack, expectation),
    holds: [
      ...(phases && phases.length < rule.phases.length ? [`in ${list(phases)}`] : []),
      ...(releases ? [`for releases ${releases}`] : []),
      ...(severity && severity !== rule.severity ? [`as ${severity}`] : []),
      ...when.map((one) => `only where ${conditionInWords(pack, rule, one, one.says)}`),
      ...unless.map((one) => `not where ${conditionInWords(pack, rule, one, one.says)}`),
      ...given.map((one) => `unknown unless ${conditionInWords(pack, rule, one, one.says)}`),
    ],
  };
}

/** A condition in words: `build.value is the same on primary and secondary`. */
export function conditionInWords(pack: Pack, rule: Rule, condition: Condition, says?: string): string {
  const { matcher, path, its, quantifier } = condition;
  const what = `${path}${whereInWords(pack, condition)}${its === undefined ? '' : `.${its}`}`;
  const subject = subjectInWords(pack, rule, condition);
  const property = its ?? path.split('.').at(-1) ?? '';
  if (quantifier === 'same' || quantifier === 'distinct') {
    const near = condition.tolerancePercent;
    const tolerance = near === undefined ? '' : `, within ${withDefaults(pack, near, 'percent')}`;
    const alike = quantifier === 'same' ? 'the same' : 'another';
    return `${what} is ${alike} on ${subject}${tolerance}${says === undefined ? '' : ` (${says})`}`;
  }
  const wanted = says ?? (matcher ? matcherInWords(pack, matcher, property) : 'there');
  if (quantifier === 'difference') return `${what} of ${subject} lies apart by ${wanted}`;
  if (quantifier === 'count') return `${wanted} of ${subject} have ${what}`;
  if (quantifier === 'row') return `this port's ${what} is ${wanted}`;
  return `${what} on ${subject}: ${wanted}`;
}

function subjectInWords({ pair, roles }: Pack, { hosts = pair }: Rule, { quantifier, role = '' }: Condition): string {
  switch (quantifier) {
    case 'role':
      return role;
    case 'any':
      return hosts.length > 1 ? `one of ${hosts.join(', ')}` : severalOf(roles, hosts[0] ?? '');
    case 'pair':
      return 'the way from one to the other';
    case 'self':
      return 'the host that asks';
    case 'peer':
      return 'the host that is asked';
    case 'before':
      return 'the hosts in the earlier run';
    default:
      return rolesInWords(roles, hosts);
  }
}

/** `any instance`, where a role has several hosts. */
function severalOf(roles: Pack['roles'], role: string): string {
  return roles[role] && isMany(roles[role]) ? `any ${role}` : role;
}

/** `primary and secondary`; of a role that may have several hosts, each of them. */
export function rolesInWords(roles: Pack['roles'], names: readonly string[]): string {
  return list(names.map((name) => (roles[name] && isMany(roles[name]) ? `every ${name}` : name)));
}

function whereInWords(pack: Pack, { where }: Condition): string {
  if (where === undefined) return '';
  if (typeof where !== 'object') return `[${withDefaults(pack, where, '')}]`;
  if (Array.isArray(where)) return `[${where.join(' or ')}]`;
  return `[${Object.entries(where)
    .map(([name, value]) => `${name} = ${withDefaults(pack, value, name)}`)
    .join(', ')}]`;
}

function matcherInWords(pack: Pack, { name, arg }: NonNullable<Condition['matcher']>, property: string): string {
  if (name === 'absent') return arg === true ? 'not there' : 'there';
  const shown = arg !== null && typeof arg === 'object' ? arg : withDefaults(pack, arg, property);
  const isLimit = name === 'at_least' || name === 'at_most';
  if (isLimit) return `${name.replace('_', ' ')} ${shown}`;
  const known: Record<string, { says(arg: unknown): string }> = matchers;
  const said = known[name]?.says(name === 'matches' || name === 'numeric' ? arg : shown) ?? name;
  return name === 'count' ? `${said} of them` : said;
}

const verdictWords: Record<Verdict, string> = {
  pass: 'passes',
  fail: 'fails',
  unknown: 'is unknown',
  error: 'is an error',
  skip: 'does not count',
};

/** What each word, or each course of a trend, comes to; a word that is not listed is unknown. */
function wordVerdicts(pack: Pack, { matcher, its, path }: Expectation): string[] {
  if (matcher?.name !== 'verdicts' && matcher?.name !== 'trend') return [];
  const entries = Object.entries(matcher.arg as Record<string, unknown>).filter(
    (entry): entry is [string, Verdict] => typeof entry[1] === 'string' && entry[1] in verdictWords,
  );
  const said = (Object.keys(verdictWords) as Verdict[]).flatMap((verdict) => {
    const listed = entries.filter(([, one]) => one === verdict).map(([word]) => word.replaceAll('_', ' '));
    // A series that is small at its end passes, however it got there.
    const words =
      matcher.name === 'trend' && verdict === 'pass'
        ? [`small, at most ${withDefaults(pack, (matcher.arg as { small?: unknown }).small, its ?? path)},`, ...listed]
        : listed;
    return words.length === 0 ? [] : [`${words.join(' or ')} ${verdictWords[verdict]}`];
  });
  return [...said, ...(matcher.name === 'verdicts' ? ['any other word is unknown'] : [])];
}

/** A value as the rule has it: a setting with its default and unit, a reference by its words. */
function withDefaults(pack: Pack, value: unknown, property: string): string {
  if (typeof value !== 'string') return showValue(property, value);
  const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
  if (whole !== undefined) return `${defaultInWords(pack, whole, property)} (settings.${whole})`;
  if (isReference(value)) return referenceInWords(value);
  return value.replace(/\$\{(\w+)\}/g, (_, name: string) => defaultInWords(pack, name, property));
}

/** A reference, as `@peer.address`, in words. */
export function referenceInWords(reference: string): string {
  const [who = '', ...rest] = reference.slice(1).split('.');
  const what = rest.join('.');
  if (who === 'port') return what === 'number' ? 'this port' : `this port's ${what}`;
  return `${{ self: "the host's own", peer: "the other host's", before: "the earlier run's" }[who] ?? `${who}'s`} ${what}`;
}

/** The default of a setting; where releases differ, each with its own. */
export function defaultInWords({ settings }: Pick<Pack, 'settings'>, name: string, property = name): string {
  const declared = settings[name];
  if (declared?.by_release)
    return declared.by_release.map(({ releases, value }) => `${showValue(property, value)} (${releases})`).join(' or ');
  return declared?.default === undefined ? 'no default' : showValue(property, declared.default);
}

/** Entries of a parameter that are shown with their values. */
const MOST_ENTRIES = 3;

/** How a fact is had: the probe and what it is asked for, or what it is made of. */
export function factInWords(pack: Pack, fact: FactDefinition): string {
  if ('probe' in fact) {
    const asked = Object.entries(fact.with).map(([name, value]) => `${name} ${parameterInWords(value)}`);
    const title = pack.probes.get(fact.probe)?.title ?? fact.probe;
    return `${title}${asked.length === 0 ? '' : ` (${asked.join(', ')})`}`;
  }
  if ('first' in fact) return `the first that was read of ${list(fact.first)}`;
  if ('template' in fact) return `made of ${fact.template}`;
  if ('sum' in fact) return `the sum of ${list(fact.sum)}`;
  if ('quotient' in fact) return `${fact.quotient[0]} divided by ${fact.quotient[1]}`;
  if ('entries' in fact) return `the entries of ${fact.from}, each with its ${fact.entries}`;
  if ('map' in fact) return `${fact.from} by a table: ${tableInWords(fact.map)}`;
  if ('number' in fact) return `${fact.from} as a number`;
  if ('addresses' in fact) return `the addresses in ${fact.from}`;
  const how = [
    ...('decode' in fact && fact.decode ? [`decoded from ${fact.decode}`] : []),
    ...('captures' in fact && fact.captures ? [`what matches ${fact.captures}`] : []),
  ];
  return [`out of ${fact.from}`, ...how].join(', ');
}

function tableInWords(table: Record<string, unknown>): string {
  return Object.entries(table)
    .map(([word, value]) => `${word} is ${parameterInWords(value)}`)
    .join(', ');
}

function parameterInWords(value: unknown): string {
  if (value === '@ports') return 'those of the port table';
  if (typeof value === 'string' && isReference(value)) return referenceInWords(value);
  // Of a long table the names tell what is asked for; the rule's file has the rest.
  if (isRecord(value) && Object.keys(value).length > MOST_ENTRIES) return Object.keys(value).join(' and ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/\$\{(\w+)\}/g, 'settings.$1');
}
