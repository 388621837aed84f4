/** Whether a rule fits its pack: its names, its hosts, and whether every expectation can be judged on them. */
import { UsageError } from './errors.js';
import { argumentReferences, conditionsOf, factOf, referencesOf, sourcesOf } from './expectation.js';
import { checkFact, checkPath, kindsOf, usesSettings } from './fact-check.js';
import type { Condition, Expectation, Rule } from './model.js';
import type { Pack } from './packs.js';
import { boundFault } from './refusal.js';
import { settingsUsed } from './settings.js';
import { suggestion } from './validation.js';

/** Refuses a rule that could never be judged, or not as it reads. @throws UsageError with its place */
export function checkRule(pack: Pack, rule: Rule): void {
  const { must, named } = refusals(rule);
  must(rule.id.startsWith(`${pack.name}/`), `must begin with ${pack.name}/`, `${rule.at}: the rule id ${rule.id} `);
  const roles = Object.keys(pack.roles);
  named(rule.source.doc, Object.keys(pack.documents), 'document');
  for (const phase of rule.phases) named(phase, Object.keys(pack.phases), 'phase');
  for (const role of rule.hosts ?? []) named(role, roles, 'role');
  for (const role of Object.keys(rule.severityOn ?? {})) named(role, rolesOf(pack, rule), 'role of this rule');
  must(
    rule.severityOn === undefined || rule.per === 'host' || rolesOf(pack, rule).length === 1,
    'severity_on weighs single hosts; right is per: host',
  );
  const facts = { ...pack.facts, ...rule.facts };
  for (const name of Object.keys(rule.facts)) checkFact(pack, facts, name, `${rule.at}: ${rule.id}`);
  for (const bound of [rule.releases, ...rule.expect.flatMap((one) => one.releases ?? [])]) {
    const fault = boundFault(pack, bound);
    must(fault === undefined, fault ?? '');
  }
  for (const expectation of rule.expect) checkExpectation(pack, rule, expectation);
  for (const phase of rule.phases) {
    const expects = rule.expect.some((one) => !one.phases || one.phases.includes(phase));
    must(expects, `expects nothing in the phase ${phase}`);
  }
  const used = new Set([
    ...rule.expect.flatMap((one) => conditionsOf(one).flatMap((condition) => pathsOf(condition).map(factNamed))),
    ...Object.values(rule.facts).flatMap((fact) => sourcesOf(fact).map(factNamed)),
  ]);
  for (const name of Object.keys(rule.facts)) must(used.has(name), `the fact "${name}" is not used by any expectation`);
}

function refusals(rule: Rule) {
  const must = (holds: boolean, what: string, before = `${rule.at}: ${rule.id}: `) => {
    if (!holds) throw new UsageError(`${before}${what}`);
  };
  const named = (word: string, known: readonly string[], kind: string) =>
    must(known.includes(word), `unknown ${kind} "${word}"${suggestion(word, [...known])}`);
  return { must, named };
}

const factNamed = (path: string): string => path.split('.')[0] ?? '';

/** Every path that a condition reads, its own first. */
function pathsOf(condition: Condition): string[] {
  const own = factOf(condition) === undefined ? [] : [condition.path];
  return [...own, ...referencesOf(condition).map((reference) => reference.path)];
}

function rolesOf(pack: Pack, rule: Rule): string[] {
  return rule.hosts ?? pack.pair;
}

/** Whether this expectation is judged on one host at a time. */
function looksAtOne(pack: Pack, rule: Rule, expectation: Expectation): boolean {
  if (rule.per !== 'set') return rule.per === 'host';
  const [role, ...others] = rolesOf(pack, rule).filter((one) => expectation.hosts?.includes(one) ?? true);
  return role !== undefined && others.length === 0 && ['1', '0..1'].includes(pack.roles[role]?.count ?? '');
}

function checkExpectation(pack: Pack, rule: Rule, expectation: Expectation): void {
  const { must, named } = refusals(rule);
  for (const phase of expectation.phases ?? []) named(phase, rule.phases, 'phase of this rule');
  for (const role of expectation.hosts ?? []) {
    named(role, Object.keys(pack.roles), 'role');
    named(role, rolesOf(pack, rule), 'role of this rule');
  }
  const one = looksAtOne(pack, rule, expectation);
  for (const condition of conditionsOf(expectation)) {
    checkSettingsOf(pack, rule, condition);
    checkPaths(pack, rule, condition);
    checkSubject(rule, condition, one);
    for (const { text, who } of argumentReferences(condition)) {
      must(
        who !== 'port' || rule.each !== undefined,
        `${text} is a row's, and this rule has none; right is each: ports`,
      );
    }
  }
}

function checkSettingsOf(pack: Pack, rule: Rule, condition: Condition): void {
  const { must } = refusals(rule);
  usesSettings(pack, condition, `${rule.at}: ${rule.id}`);
  const dependent = settingsUsed(condition).find((setting) => pack.settings[setting]?.by_release);
  must(dependent === undefined, `an expectation cannot use ${dependent}, which the release decides; use it in a fact`);
  const { matcher, tolerancePercent } = condition;
  const limits = [tolerancePercent, ...(/^at_|^count$/.test(matcher?.name ?? '') ? [matcher?.arg] : [])];
  const other = settingsUsed(limits).find((setting) => pack.settings[setting]?.type !== 'number');
  must(other === undefined, `the setting ${other} is a limit here, and no number`);
}

/** Every path leads into the value of a fact, and what is picked of it is there. */
function checkPaths(pack: Pack, rule: Rule, condition: Condition): void {
  const { must, named } = refusals(rule);
  const place = `${rule.at}: ${rule.id}`;
  const before = argumentReferences(condition).flatMap(({ who, what }) => (who === 'before' ? [what] : []));
  for (const path of [...pathsOf(condition), ...before]) {
    named(factNamed(path), Object.keys(rule.facts), 'fact');
    checkPath(pack, { ...pack.facts, ...rule.facts }, path, place);
  }
  const { quantifier, where, its, path } = condition;
  if (quantifier === 'count' || quantifier === 'row' || (where === undefined && its === undefined)) return;
  const list = checkPath(pack, { ...pack.facts, ...rule.facts }, path, place);
  if (list?.type === undefined) return;
  must([list.type].flat().includes('array'), `"${path}" is no list that "where" or "its" could pick from`);
  const fields: Record<string, unknown> | undefined = list.items?.properties;
  if (fields === undefined) return;
  for (const field of [...Object.keys(where ?? {}), ...(its === undefined ? [] : [its])]) {
    must(
      Object.hasOwn(fields, field),
      `the elements of "${path}" have no "${field}"${suggestion(field, Object.keys(fields))}`,
    );
  }
}

/** Whose word is needed: of the rule's hosts, of one of them, or of a direction. */
function checkSubject(rule: Rule, condition: Condition, one: boolean): void {
  const { must } = refusals(rule);
  const { quantifier, path } = condition;
  must(
    quantifier !== 'row' || rule.each !== undefined,
    '"row" asks a row, and this rule has none; right is each: ports',
  );
  if (quantifier === 'self' || quantifier === 'peer') {
    must(
      one || rule.per === 'direction',
      `"${quantifier}" means nothing where several hosts are judged at once; right is per: host`,
    );
  }
  if (['pair', 'same', 'distinct', 'difference'].includes(quantifier)) {
    must(
      !one,
      `"${quantifier}" takes two hosts, and this rule judges one at a time; right is { every: ${path}, equals: ... }`,
    );
  }
  const several = !one && rule.per === 'set';
  if (several && ['pair', 'row', 'same', 'distinct', 'difference', 'count'].includes(quantifier)) {
    const reference = argumentReferences(condition).find(({ who }) => who === 'self' || who === 'peer');
    must(reference === undefined, `${reference?.text} means no host where "${quantifier}" looks at several`);
  }
}

/** A question to a host cannot be put to a direction, nor the other way round: it would never be asked. */
export function checkKinds(pack: Pack, rule: Rule): void {
  const { must } = refusals(rule);
  const facts = { ...pack.facts, ...rule.facts };
  for (const condition of rule.expect.flatMap(conditionsOf)) {
    const own = factOf(condition);
    const wanted = condition.quantifier === 'pair' ? 'pair' : 'host';
    const wrong = (name: string, kind: 'host' | 'pair') =>
      kindsOf(pack, facts, name).has(kind === 'pair' ? 'host' : 'pair');
    must(
      own === undefined || !wrong(own, wanted),
      wanted === 'pair'
        ? `"${own}" is asked of one host; right is { every: ${condition.path}, ... }`
        : `"${own}" is asked of a direction; right is { pair: ${condition.path}, ... }`,
    );
    for (const { who, path } of referencesOf(condition)) {
      must(
        !wrong(factNamed(path), 'host'),
        `@${who}.${path}: "${factNamed(path)}" is asked of a direction, not of a host`,
      );
    }
  }
}
