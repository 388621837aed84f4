/** Whether a rule fits its pack: its names, its hosts, its facts, and every expectation. */

import { factNamed } from '../../core/fact-path.js';
import type { Condition, Expectation, Rule } from '../../core/model.js';
import { sourcesOf } from '../derivations.js';
import { conditionsOf, factOf } from '../expectation.js';
import type { Pack } from '../pack.js';
import { referencesToldIn, toldPattern } from '../sentences.js';
import { checkCondition, pathsOf } from './condition.js';
import { checkFact } from './fact.js';
import { checkHostPath, probesUnder } from './fact-value.js';
import { must, mustBeOne, mustBound, mustKnow } from './refuse.js';

/** Refuses a rule that could never be judged, or not as it reads. @throws UsageError with its place */
export function checkRule(pack: Pack, rule: Rule): void {
  const place = `${rule.at}: ${rule.id}`;
  must(rule.id.startsWith(`${pack.name}/`), rule.at, `the rule id ${rule.id} must begin with ${pack.name}/`);
  mustKnow(rule.source.doc, Object.keys(pack.documents), place, 'document');
  for (const phase of rule.phases) mustKnow(phase, Object.keys(pack.phases), place, 'phase');
  for (const role of rule.hosts ?? []) mustKnow(role, Object.keys(pack.roles), place, 'role');
  for (const role of Object.keys(rule.severityOn ?? {}))
    mustKnow(role, rolesOf(pack, rule), place, 'role of this rule');
  const single = rule.severityOn === undefined || rule.per === 'host' || rolesOf(pack, rule).length === 1;
  must(single, place, 'severity_on weighs single hosts; right is per: host');
  mustBound(pack, rule.releases, place);
  for (const name of Object.keys(rule.facts)) checkFact(pack, { ...pack.facts, ...rule.facts }, name, place);
  for (const expectation of rule.expect) checkExpectation(pack, rule, expectation, place);
  for (const phase of rule.phases) {
    const expects = rule.expect.some((one) => !one.phases || one.phases.includes(phase));
    must(expects, place, `expects nothing in the phase ${phase}`);
  }
  checkTells(pack, rule, place);
  const used = new Set([
    ...rule.tells.flatMap((sentence) => referencesToldIn(sentence).map(({ path }) => factNamed(path))),
    ...rule.expect.flatMap((one) => conditionsOf(one).flatMap((condition) => pathsOf(condition).map(factNamed))),
    ...Object.values(rule.facts).flatMap((fact) => sourcesOf(fact).map(factNamed)),
  ]);
  for (const name of Object.keys(rule.facts)) {
    must(used.has(name), place, `the fact "${name}" is not used by any expectation`);
  }
}

/** A sentence tells facts of this rule, of a role that there is one host of. */
function checkTells(pack: Pack, rule: Rule, place: string): void {
  const facts = { ...pack.facts, ...rule.facts };
  for (const sentence of rule.tells) {
    for (const [, who = ''] of sentence.matchAll(toldPattern)) {
      mustKnow(who, ['self', ...Object.keys(pack.roles)], place, 'role');
      mustBeOne(pack, who, `{${who}...}`, place);
      const one = rule.per === 'host' || rolesOf(pack, rule).length === 1;
      must(who !== 'self' || one, place, `"{self...}" means nothing where several hosts are judged at once`);
    }
    for (const { path } of referencesToldIn(sentence)) {
      checkHostPath(pack, facts, path, place, rule.facts);
    }
  }
}

function rolesOf(pack: Pack, rule: Rule): string[] {
  return rule.hosts ?? pack.pair;
}

function checkExpectation(pack: Pack, rule: Rule, expectation: Expectation, place: string): void {
  for (const phase of expectation.phases ?? []) mustKnow(phase, rule.phases, place, 'phase of this rule');
  for (const role of expectation.hosts ?? []) {
    mustKnow(role, Object.keys(pack.roles), place, 'role');
    mustKnow(role, rolesOf(pack, rule), place, 'role of this rule');
  }
  mustBound(pack, expectation.releases, place);
  const one = looksAtOne(pack, rule, expectation);
  for (const condition of conditionsOf(expectation)) {
    checkCondition(pack, rule, condition, one, place);
    checkAsked(pack, rule, expectation, condition, place);
  }
}

/** An endpoint can be asked by few probes only. */
function checkAsked(pack: Pack, rule: Rule, expectation: Expectation, condition: Condition, place: string): void {
  const facts = { ...pack.facts, ...rule.facts };
  const meant = rolesOf(pack, rule).filter((role) => expectation.hosts?.includes(role) ?? true);
  const roles = condition.role === undefined ? meant : [condition.role];
  const endpoint = roles.find((role) => pack.roles[role]?.endpoint);
  const fact = factOf(condition);
  if (endpoint === undefined || fact === undefined) return;
  const deaf = probesUnder(facts, fact).find((probe) => !pack.probes.get(probe)?.endpoints);
  must(
    deaf === undefined,
    place,
    `${endpoint} is an endpoint, which the probe ${deaf} cannot ask; right is { probe: endpoint, with: { url: ... } }`,
  );
}

/** Whether this expectation is judged on one host at a time. */
function looksAtOne(pack: Pack, rule: Rule, expectation: Expectation): boolean {
  if (rule.per !== 'set') return rule.per === 'host';
  const [role, ...others] = rolesOf(pack, rule).filter((one) => expectation.hosts?.includes(one) ?? true);
  return role !== undefined && others.length === 0 && ['1', '0..1'].includes(pack.roles[role]?.count ?? '');
}
