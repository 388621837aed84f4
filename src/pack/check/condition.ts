/** Whether a condition of a rule can be judged: its facts, its paths into them, and the hosts whose word it needs. */
import { suggestion } from '../../core/did-you-mean.js';
import { factNamed } from '../../core/fact-path.js';
import { inYaml } from '../../core/format.js';
import type { Condition, JsonSchema, Rule } from '../../core/model.js';
import { argumentReferences, factOf, referencesOf } from '../expectation.js';
import { matcherNamed, takesSome } from '../matchers.js';
import type { Pack } from '../pack.js';
import { quantifierOf } from '../quantifiers.js';
import { hostProperties } from '../references.js';
import { rowProperties } from '../row-properties.js';
import { settingsUsed } from '../settings.js';
import { usesSettings } from './fact.js';
import { checkPath, kindsOf } from './fact-value.js';
import { must, mustBeOne, mustKnow } from './refuse.js';

/** Refuses a condition that no host could ever be judged by. `one`: it looks at one host at a time. @throws UsageError at `place` */
export function checkCondition(pack: Pack, rule: Rule, condition: Condition, one: boolean, place: string): void {
  checkSettingsOf(pack, condition, place);
  checkPaths(pack, rule, condition, place);
  checkElements(pack, rule, condition, place);
  checkType(pack, rule, condition, place);
  checkSubject(pack, rule, condition, one, place);
  checkKinds(pack, rule, condition, place);
}

/** Every path that a condition reads, its own first. */
export function pathsOf(condition: Condition): string[] {
  const own = factOf(condition) === undefined ? [] : [condition.path];
  return [...own, ...referencesOf(condition).map((reference) => reference.path)];
}

function checkSettingsOf(pack: Pack, condition: Condition, place: string): void {
  usesSettings(pack, condition, place);
  const dependent = settingsUsed(condition).find((setting) => pack.settings[setting]?.by_release);
  must(
    dependent === undefined,
    place,
    `an expectation cannot use ${dependent}, which the release decides; use it in a fact`,
  );
  const { matcher, tolerancePercent } = condition;
  const limits = [tolerancePercent, ...(matcherNamed(matcher?.name)?.limits ? [matcher?.arg] : [])];
  const other = settingsUsed(limits).find((setting) => pack.settings[setting]?.type !== 'number');
  must(other === undefined, place, `the setting ${other} is a limit here, and no number`);
}

/** Every path leads into the value of a fact of this rule. */
function checkPaths(pack: Pack, rule: Rule, condition: Condition, place: string): void {
  const before = argumentReferences(condition).flatMap(({ who, what }) => (who === 'before' ? [what] : []));
  for (const path of [...pathsOf(condition), ...before]) {
    mustKnow(factNamed(path), Object.keys(rule.facts), place, 'fact');
    checkPath(pack, { ...pack.facts, ...rule.facts }, path, place);
  }
}

/** `where` by a field that no element has picks nothing, and then `at_most` and `excludes` hold. */
function checkElements(pack: Pack, rule: Rule, condition: Condition, place: string): void {
  const { where, its, path } = condition;
  const list = schemaAt(pack, rule, condition, place);
  if (quantifierOf(condition).picks !== undefined || (where === undefined && its === undefined) || !list?.type) return;
  must([list.type].flat().includes('array'), place, `"${path}" is no list that "where" or "its" could pick from`);
  const { type: kind = 'object', properties: fields } = list.items ?? {};
  const kinds = [kind].flat();
  must(kinds.includes('object'), place, `the elements of "${path}" are ${kinds.join(' or ')}, and have no fields`);
  if (fields === undefined) return;
  for (const field of [...Object.keys(where ?? {}), ...(its === undefined ? [] : [its])]) {
    const there = Object.hasOwn(fields, field);
    must(there, place, `the elements of "${path}" have no "${field}"${suggestion(field, Object.keys(fields))}`);
  }
}

/** A value of a type that its matcher does not take would be an error on every host. */
function checkType(pack: Pack, rule: Rule, condition: Condition, place: string): void {
  const { matcher, its, path } = condition;
  const judge = matcherNamed(matcher?.name);
  // A number of hosts, or a difference, is judged by what it is and not by what the path leads to.
  if (!matcher || !judge || quantifierOf(condition).matchers !== undefined) return;
  const at = schemaAt(pack, rule, condition, place);
  const schema = its === undefined || judge.counts ? at : at?.items?.properties?.[its];
  const what = `"${its === undefined ? path : `${path}.${its}`}" is ${[schema?.enum ?? schema?.type].flat().join(' or ')}`;
  must(
    takesSome(judge, schema, matcher.arg),
    place,
    `${what}, and "${matcher.name}" judges ${judge.takes.says}; right is ${inYaml(judge.example)}`,
  );
}

/** The schema of what a condition's path leads to, where it is known. */
function schemaAt(pack: Pack, rule: Rule, condition: Condition, place: string): JsonSchema | undefined {
  if (quantifierOf(condition).asks === 'row') return rowProperties[condition.path]?.value;
  return checkPath(pack, { ...pack.facts, ...rule.facts }, condition.path, place);
}

/** Whose word is needed: of the rule's hosts, of one of them, or of a direction. */
function checkSubject(pack: Pack, rule: Rule, condition: Condition, one: boolean, place: string): void {
  const { quantifier: word, path, matcher } = condition;
  const { asks, compares, end } = quantifierOf(condition);
  const references = argumentReferences(condition);
  const ofRow = asks === 'row' ? `"${word}"` : references.find(({ who }) => who === 'port')?.text;
  must(
    ofRow === undefined || rule.each !== undefined,
    place,
    `${ofRow} asks a row, and this rule has none; right is each: ports`,
  );
  must(
    !end || one || rule.per === 'direction',
    place,
    `"${word}" means nothing where several hosts are judged at once; right is per: host`,
  );
  const right = `right is { every: ${path}, ... }`;
  must(!one || compares !== 'two', place, `"${word}" takes two hosts, and one is judged at a time; ${right}`);
  for (const { who, what, text } of references) {
    const single = hostProperties.includes(what) || matcherNamed(matcher?.name)?.judgeSeries !== undefined;
    if (single) mustBeOne(pack, who, text, place);
  }
  if (!one && rule.per === 'set' && (compares === 'two' || compares === 'all')) {
    const reference = references.find(({ who }) => who === 'self' || who === 'peer');
    must(reference === undefined, place, `${reference?.text} means no host where "${word}" looks at several`);
  }
}

/** A question to a host cannot be put to a direction, nor the other way round: it would never be asked. */
function checkKinds(pack: Pack, rule: Rule, condition: Condition, place: string): void {
  const asked = (path: string) => kindsOf(pack, { ...pack.facts, ...rule.facts }, factNamed(path));
  const { path } = condition;
  const { asks } = quantifierOf(condition);
  must(
    asks !== 'direction' || !asked(path).has('host'),
    place,
    `"${path}" is asked of one host; right is { every: ${path}, ... }`,
  );
  must(
    asks !== undefined || !asked(path).has('pair'),
    place,
    `"${path}" is asked of a direction; right is { pair: ${path}, ... }`,
  );
  for (const { who, path: referred } of referencesOf(condition)) {
    must(!asked(referred).has('pair'), place, `@${who}.${referred} is asked of a direction, not of a host`);
  }
}
