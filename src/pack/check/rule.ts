/** Whether a rule fits its pack: its names, its hosts, its facts, and every expectation. */

import { factNamed } from '../../core/fact-path.js';
import type { Condition, Expectation, Rule } from '../../core/model.js';
import { sourcesOf } from '../derivations.js';
import { conditionsOf, factOf } from '../expectation.js';
import type { Pack } from '../pack.js';
import { rowProperties } from '../row-properties.js';
import { referencesToldIn, sentencePattern, sentencesIn, sentencesOf } from '../sentences.js';
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
  checkSentences(pack, rule, place);
  const used = new Set([
    ...sentencesOf(rule).flatMap((sentence) => referencesToldIn(sentence).map(({ path }) => factNamed(path))),
    ...rule.expect.flatMap((one) => conditionsOf(one).flatMap((condition) => pathsOf(condition).map(factNamed))),
    ...Object.values(rule.facts).flatMap((fact) => sourcesOf(fact).map(factNamed)),
  ]);
  for (const name of Object.keys(rule.facts)) {
    must(used.has(name), place, `the fact "${name}" is not used by any expectation`);
  }
}

/** Sentences name hosts that there is one of, facts of this rule, and the words that can be found. */
function checkSentences(pack: Pack, rule: Rule, place: string): void {
  for (const sentence of [...rule.tells, ...sentencesIn(rule.fault), rule.remedy])
    checkSentence(pack, rule, sentence, place);
  must(
    referencesToldIn(rule.remedy).length === 0,
    place,
    'its remedy names a fact, which may not have been read; right is a host ({self}), or the remedy of an expectation',
  );
  for (const { quantifier, fault, remedy, matcher } of rule.expect) {
    const words = Object.keys(matcher?.name === 'verdicts' || matcher?.name === 'trend' ? Object(matcher.arg) : {});
    for (const [kind, sentence] of [
      ['fault', fault],
      ['remedy', remedy],
    ] as const) {
      if (typeof sentence === 'object')
        for (const word of Object.keys(sentence))
          if (!(quantifier === 'count' && /^\d+$/.test(word)))
            mustKnow(word, words, place, `word of this expectation's ${kind}`);
      for (const one of sentencesIn(sentence)) checkSentence(pack, rule, one, place);
    }
  }
}

function checkSentence(pack: Pack, rule: Rule, sentence: string, place: string): void {
  const facts = { ...pack.facts, ...rule.facts };
  const alone = rule.per !== 'set' || rolesOf(pack, rule).length === 1;
  for (const [, who = '', path] of sentence.matchAll(sentencePattern)) {
    mustKnow(who, ['self', 'peer', 'port', ...Object.keys(pack.roles)], place, 'role');
    if (who === 'port') {
      must(rule.each === 'ports', place, `"{port...}" means nothing in a rule that does not run over the ports`);
      mustKnow(path ?? '', Object.keys(rowProperties), place, 'property of a port');
      continue;
    }
    mustBeOne(pack, who, `{${who}...}`, place);
    const several = `"{${who}...}" means nothing where several hosts are judged at once`;
    must(who !== 'self' || alone, place, several);
    must(who !== 'peer' || rule.per === 'direction' || (alone && pack.pair.length === 2), place, several);
  }
  for (const { path } of referencesToldIn(sentence)) checkHostPath(pack, facts, path, place, rule.facts);
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
