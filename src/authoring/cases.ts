/** Cases: the verdicts that a rule must give on stated facts, kept in YAML beside the rule. */
import { basename, join } from 'node:path';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { Finding, Rule, Subject, Verdict } from '../core/model.js';
import { namesIn, readText } from '../core/read-file.js';
import { readDocument } from '../core/yaml-document.js';
import type { FactSource } from '../evidence/facts.js';
import type { Reading } from '../evidence/read-answer.js';
import { judgedAlone, rememberingJudge, settled } from '../judge/evaluate.js';
import { SECTIONS } from '../pack/load.js';
import type { Pack } from '../pack/pack.js';
import { usualNames } from '../pack/roles.js';
import { casesSchema } from '../pack/schema.js';
import { bindFact } from '../plan/bind.js';
import { hostsOf, makeScope, type Scope } from '../plan/scope.js';
import { definitionOf } from '../plan/steps.js';
import type { Case, MeantGap } from './case.js';
import { roleOf } from './case.js';
import { checkCase } from './case-check.js';

/** How a case came out; `problem` is empty when it is as expected. */
export interface CaseResult {
  rule: string;
  name: string;
  at: string;
  expected: Verdict[];
  problem: string;
}

/** A case, its rule, and where it stands. */
export interface CaseOf {
  rule: Rule;
  one: Case;
  at: string;
}

/** A gap that is meant, its rule, and where it stands. */
export interface GapOf {
  rule: Rule;
  gap: MeantGap;
  at: string;
}

/** The cases of a pack. @throws UsageError */
export function loadCases(pack: Pack, of?: readonly Rule[]): CaseOf[] {
  return readCases(pack, of).cases;
}

/**
 * Reads every `*.cases.yaml` in a pack's sections, or those that name one of some rules. @throws UsageError for a case of no rule,
 * or a fact that its rule does not have.
 */
export function readCases(pack: Pack, of?: readonly Rule[]): { cases: CaseOf[]; meant: GapOf[] } {
  const items = itemsOf(pack, of);
  return {
    cases: items.flatMap((item) => ('one' in item ? [item] : [])),
    meant: items.flatMap((item) => ('gap' in item ? [item] : [])),
  };
}

function itemsOf(pack: Pack, of?: readonly Rule[]): (CaseOf | GapOf)[] {
  return namesIn(join(pack.dir, SECTIONS))
    .filter((name) => name.endsWith('.cases.yaml'))
    .sort()
    .flatMap((name) => {
      const file = join(basename(pack.dir), SECTIONS, name);
      const text = readText(join(pack.dir, SECTIONS, name));
      if (of && !of.some(({ id }) => text.includes(id))) return [];
      const document = readDocument<Record<string, (Case | MeantGap)[]>>(text, file, casesSchema);
      return Object.entries(document.value).flatMap(([id, cases]) => {
        const rule = pack.rules.find((each) => each.id === id);
        if (!rule) {
          throw new UsageError(
            `${document.at([id])}: no rule has the id ${id}${suggestion(
              id,
              pack.rules.map((each) => each.id),
            )}`,
          );
        }
        return cases.map((one, index) => {
          if ('gap' in one) return { rule, gap: one, at: document.at([id, index]) };
          checkCase(pack, rule, one, (...path) => document.at([id, index, ...path]));
          return { rule, one, at: document.at([id, index]) };
        });
      });
    });
}

/** Judges one case exactly as evidence would be judged. */
export function runCase(pack: Pack, rule: Rule, one: Case, at: string): CaseResult {
  const findings = judgeCase(pack, rule, one);
  return {
    rule: rule.id,
    name: one.name,
    at,
    expected: Object.values(expectedOf(rule, one, findings)),
    problem: problemOf(rule, one, findings),
  };
}

/** The verdict that a case expects, by the key of the finding. */
function expectedOf(rule: Rule, one: Case, findings: Finding[]): Record<string, Verdict> {
  return typeof one.expect === 'string'
    ? Object.fromEntries(findings.map(({ key }) => [key, one.expect as Verdict]))
    : keyed(rule, one.expect);
}

/** Where findings are not what their case expects; empty when they are. */
function problemOf(rule: Rule, one: Case, findings: Finding[]): string {
  const expected = expectedOf(rule, one, findings);
  const problems = [
    ...(findings.length === 0 ? ['no finding came out'] : []),
    ...findings.flatMap(({ key, verdict, severity, message }) => {
      const wanted = expected[key];
      if (wanted === undefined) return [];
      if (wanted !== verdict) return [`${key}: expected ${wanted}, was ${verdict}: ${message}`];
      // What passes or does not apply weighs nothing.
      const weighs = one.severity !== undefined && !['pass', 'skip'].includes(verdict);
      if (weighs && one.severity !== severity)
        return [`${key}: expected a ${one.severity}, was a ${severity}: ${message}`];
      return one.message === undefined || one.message === message
        ? []
        : [`${key}: expected to say "${one.message}", said "${message}"`];
    }),
    ...Object.keys(expected).flatMap((key) =>
      findings.some((finding) => finding.key === key) ? [] : [`${key}: there is no such finding`],
    ),
  ];
  return problems.join('; ');
}

/** Whether a case comes out as it says, also of the rule's changed forms: its facts are laid out once. */
export function caseJudge(pack: Pack, rule: Rule, one: Case): { comesOut(changed: Rule): boolean } {
  const judge = layOut(pack, rule, one);
  return { comesOut: (changed) => problemOf(rule, one, judge(changed)) === '' };
}

/** A setting as a case gives it, else its default. */
export function settingIn({ settings }: Pick<Pack, 'settings'>, given: Record<string, unknown> = {}) {
  return (name: string): unknown => (Object.hasOwn(given, name) ? given[name] : settings[name]?.default);
}

function keyed(rule: Rule, expect: Record<string, Verdict>): Record<string, Verdict> {
  return Object.fromEntries(Object.entries(expect).map(([subject, verdict]) => [`${rule.id} [${subject}]`, verdict]));
}

/** The rule's findings on the case's facts. */
export function judgeCase(pack: Pack, rule: Rule, one: Case): Finding[] {
  return layOut(pack, rule, one)(rule);
}

/** Lays out a case's hosts and facts, on which the rule is judged, or a changed form of it. */
export function layOut(pack: Pack, rule: Rule, one: Case): (judged: Rule) => Finding[] {
  const hosts = hostsIn(pack, one).map((name, index) => {
    const role = roleOf(pack, name) ?? name;
    return {
      name,
      role,
      address: one.addresses?.[name] ?? `10.0.0.${index + 1}`,
      connection: pack.roles[role]?.endpoint ? ('endpoint' as const) : ('ssh' as const),
      settings: {},
    };
  });
  const inventory = {
    product: pack.name,
    hosts,
    settings: one.settings ?? {},
    ports: one.ports ?? [],
    waivers: [],
    attest: [],
  };
  const phases = [one.phase ?? rule.phases[0] ?? ''];
  const scope = makeScope(
    pack,
    {
      phases,
      selection: { only: [rule.id], skip: [] },
      ...(one.release === undefined ? {} : { release: one.release }),
    },
    inventory,
  );
  const facts = new CaseFacts(scope, one);
  const judge = rememberingJudge();
  // Guards have cases of their own; here they must not stand before the rule.
  return (judged) => {
    const alone = { ...scope, rules: [judged] };
    return settled(alone, judgedAlone(alone, alone.rules, facts, judge), '2000-01-01T00:00:00.000Z');
  };
}

/** The hosts of a case, by role: those it states something of, and the pair, which there always is. */
function hostsIn(pack: Pack, one: Pick<Case, 'facts' | 'addresses'>): string[] {
  const named = [...Object.keys(one.facts), ...Object.keys(one.addresses ?? {})].filter((name) => !name.includes('->'));
  const pair = pack.pair.flatMap((role) => {
    const own = named.filter((name) => roleOf(pack, name) === role);
    if (own.length > 0) return own;
    return pack.roles[role] ? usualNames(role, pack.roles[role]) : [];
  });
  const rest = Object.keys(pack.roles).flatMap((role) => named.filter((name) => roleOf(pack, name) === role));
  return [...new Set([...pair, ...rest])];
}

/** Facts as a case states them; what it does not state was not reached. */
class CaseFacts implements FactSource {
  readonly before?: CaseFacts;

  constructor(
    private readonly scope: Scope,
    private readonly one: Pick<Case, 'facts' | 'series' | 'before'>,
  ) {
    if (one.before) this.before = new CaseFacts(scope, { facts: one.before });
  }

  times(_rule: Rule, name: string, subject: Subject): string[] {
    const start = Date.parse('2000-01-01T00:00:00.000Z');
    const values = this.one.series?.[placeOf(subject)]?.[name] ?? [];
    return values.map((_, index) => new Date(start + index * SAMPLE_MS).toISOString());
  }

  hostsOf(role: string) {
    return hostsOf(this.scope, [role]);
  }

  define(rule: Rule, name: string) {
    return definitionOf(this.scope, rule, name);
  }

  stated(rule: Rule, name: string, subject: Subject, sample?: number): Reading | undefined {
    const where = placeOf(subject);
    const series = this.one.series?.[where]?.[name];
    const value = series
      ? series[Math.min(sample ?? series.length - 1, series.length - 1)]
      : this.one.facts[where]?.[name];
    if (value !== undefined && value !== null) return { value, steps: [] };
    const definition = this.define(rule, name);
    if (definition && !('probe' in definition)) return undefined;
    const asked = definition && bindFact(this.scope, rule, definition, subject)[0]?.step;
    // What the inventory itself says needs no host to answer.
    if (asked && asked.asks.length === 0 && asked.probe === 'inventory') {
      return { value: { said: 'value' in asked.params, ...asked.params }, steps: [] };
    }
    return { unread: { reason: `${name} was not reached`, problem: 'not-run', host: where }, steps: [] };
  }

  buildOf() {
    const release = this.scope.release;
    return release ? { text: this.scope.releaseName ?? '', release } : undefined;
  }
}

/** How far the samples of a case lie apart. */
const SAMPLE_MS = 5000;

function placeOf(subject: Subject): string {
  if (subject.kind === 'set') return '';
  return subject.kind === 'host' ? subject.host : `${subject.from}->${subject.to}`;
}
