/** What a rule demands, in words: its expectations with their conditions, settings filled in with their defaults. Pure. */

import { lastProperty } from '../core/fact-path.js';
import { list, showValue } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Condition, Expectation, FactDefinition, Rule, Verdict } from '../core/model.js';
import { derivationOf } from '../pack/derivations.js';
import { matcherNamed } from '../pack/matchers.js';
import type { Pack } from '../pack/pack.js';
import { type Parts, quantifierOf } from '../pack/quantifiers.js';
import { isReference } from '../pack/references.js';
import { isMany } from '../pack/roles.js';
import { rowProperties } from '../pack/row-properties.js';

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
  const { matcher, path, its, tolerancePercent } = condition;
  const { asks, says: sentence = usual } = quantifierOf(condition);
  const property = propertyOf(condition);
  const named = asks === 'row' ? (rowProperties[path]?.says ?? path) : path;
  return sentence({
    what: `${named}${whereInWords(pack, condition)}${its === undefined ? '' : `.${its}`}`,
    of: subjectInWords(pack, rule, condition),
    wanted: says ?? (matcher ? matcherInWords(pack, matcher, property) : 'there'),
    tolerance: tolerancePercent === undefined ? '' : `, within ${withDefaults(pack, tolerancePercent, 'percent')}`,
    note: says === undefined ? '' : ` (${says})`,
  });
}

const usual = ({ what, of, wanted }: Parts): string => `${what} on ${of}: ${wanted}`;

function propertyOf({ its, path }: Condition): string {
  return its ?? lastProperty(path);
}

function subjectInWords({ pair, roles }: Pack, { hosts = pair }: Rule, condition: Condition): string {
  const { of, oneIsEnough } = quantifierOf(condition);
  if (of !== undefined || condition.role !== undefined) return of ?? condition.role ?? '';
  if (!oneIsEnough) return rolesInWords(roles, hosts);
  return hosts.length > 1 ? `one of ${hosts.join(', ')}` : severalOf(roles, hosts[0] ?? '');
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
  const matcher = matcherNamed(name);
  const said = matcher?.says(arg, (value) => withDefaults(pack, value, property)) ?? name;
  return matcher?.counts ? `${said} of them` : said;
}

const verdictWords: Record<Verdict, string> = {
  pass: 'passes',
  fail: 'fails',
  unknown: 'is unknown',
  error: 'is an error',
  skip: 'does not count',
};

/** What each word, or each course of a trend, comes to. */
function wordVerdicts(pack: Pack, condition: Expectation): string[] {
  const { matcher } = condition;
  const show = (value: unknown) => withDefaults(pack, value, propertyOf(condition));
  const { listed = [], rest } = matcherNamed(matcher?.name)?.words?.(matcher?.arg, show) ?? {};
  const said = Object.entries(verdictWords).flatMap(([verdict, means]) => {
    const words = listed.filter(([, one]) => one === verdict).map(([word]) => word.replaceAll('_', ' '));
    return words.length === 0 ? [] : [`${words.join(' or ')} ${means}`];
  });
  return rest === undefined ? said : [...said, rest];
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
  if (who === 'port') return rowProperties[what]?.says ?? what;
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
  const derivation = derivationOf(fact);
  return derivation?.says(derivation.words, parameterInWords) ?? '';
}

function parameterInWords(value: unknown): string {
  if (value === '@ports') return 'those of the port table';
  if (typeof value === 'string' && isReference(value)) return referenceInWords(value);
  // Of a long table the names tell what is asked for; the rule's file has the rest.
  if (isRecord(value) && Object.keys(value).length > MOST_ENTRIES) return Object.keys(value).join(' and ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/\$\{(\w+)\}/g, 'settings.$1');
}
