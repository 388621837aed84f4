/** Evaluation: one finding for each rule, subject and row of the scope, from facts alone. No network, no clock. */

import type { Condition, Expectation, Finding, Rule, Severity, Source, Verdict } from '../core/model.js';
import { shownLine } from '../core/shell/words.js';
import type { FactSource, ReleaseSource } from '../evidence/facts.js';
import { fitsSetting } from '../pack/settings.js';
import { anyVariant, hostNamed, hostsOf, isGiven, type Scope, settingOn } from '../plan/scope.js';
import { expectationsOf } from '../plan/steps.js';
import { judge } from './condition.js';
import { declaredStanding } from './declared.js';
import { blockByGuards, causeOf } from './guards.js';
import { nextOf } from './next.js';
import type { Judged, Outcome } from './outcome.js';
import { decisive } from './outcome.js';
import { markKnown } from './regressions.js';
import { type ReleaseBounds, releaseBounds } from './release-bounds.js';
import { faultAndRemedy, tell } from './sentences.js';
import { type JudgedSubject, judgedRow, subjectsOf } from './subjects.js';
import type { Context } from './values.js';
import { atMost, isOpen } from './verdict.js';
import { applyWaivers } from './waivers.js';

/** What a run told, and when it was taken (ISO 8601). */
interface Told {
  facts: FactSource & ReleaseSource;
  takenAt: string;
}

/**
 * All findings of a scope, in the order of the rules and final: what guards block, waivers accept and, where an earlier run is
 * given, what failed in it already is in them. `takenAt` (ISO 8601) is when waivers are judged.
 */
export function evaluate(scope: Scope, facts: FactSource & ReleaseSource, takenAt: string, earlier?: Told): Finding[] {
  const findings = judged(scope, { facts, takenAt });
  return earlier ? markKnown(scope, findings, judged(scope, earlier), takenAt) : findings;
}

function judged(scope: Scope, { facts, takenAt }: Told): Finding[] {
  return settled(scope, judgedAlone(scope, scope.rules, facts), takenAt);
}

type ExpectationJudge = typeof judgeExpectation;

/** The findings of some rules, each by itself: `blockedBy` is still the host that could not be asked. */
export function judgedAlone(
  scope: Scope,
  rules: readonly Rule[],
  facts: FactSource & ReleaseSource,
  judgeOne: ExpectationJudge = judgeExpectation,
): Finding[] {
  const bounds = releaseBounds(scope, facts);
  return rules.flatMap((rule) =>
    subjectsOf(scope, rule).map((judgedSubject) => judgeRule(scope, rule, judgedSubject, facts, bounds, judgeOne)),
  );
}

/** Judges each expectation once on each subject: for facts that stay, and a rule that is changed in one expectation at a time. */
export function rememberingJudge(): ExpectationJudge {
  const known = new Map<Expectation, Map<string, Judged>>();
  return (scope, rule, expectation, judgedSubject, ...rest) => {
    const ofExpectation = known.get(expectation) ?? new Map<string, Judged>();
    known.set(expectation, ofExpectation);
    const judged =
      ofExpectation.get(judgedSubject.key) ?? judgeExpectation(scope, rule, expectation, judgedSubject, ...rest);
    ofExpectation.set(judgedSubject.key, judged);
    return judged;
  };
}

/** The findings of a scope's rules beside each other: with what guards block and waivers accept. */
export function settled(scope: Scope, findings: Finding[], takenAt: string): Finding[] {
  return applyWaivers(blockByGuards(scope, findings), scope, takenAt);
}

function judgeRule(
  scope: Scope,
  rule: Rule,
  judgedSubject: JudgedSubject,
  facts: FactSource & ReleaseSource,
  bounds: ReleaseBounds,
  judgeOne: ExpectationJudge,
): Finding {
  const { key, subject, row, hosts } = judgedSubject;
  const finding = (
    judged: Pick<Judged, 'verdict' | 'message' | 'severity'> &
      Partial<Judged> & { told?: string[]; fault?: string; remedy?: string; declared?: Finding['declared'] },
  ): Finding => ({
    key,
    rule: rule.id,
    title: rule.title,
    group: rule.group,
    severity: atMost(judged.severity, row?.severity),
    basis: row && row.basis !== 'documented' ? row.basis : rule.basis,
    verdict: judged.verdict,
    subject,
    ...(row && { row }),
    ...(judged.verdict === 'fail' && judged.fault !== undefined && { fault: judged.fault }),
    message: judged.message,
    ...(judged.actual === undefined ? {} : { actual: judged.actual }),
    ...(judged.expected === undefined ? {} : { expected: judged.expected }),
    requires: rule.requires,
    source: sourceOf(scope, rule),
    remedy: judged.remedy ?? rule.remedy,
    because: judged.steps ?? [],
    ...(judged.series && judged.series.length > 0 && { samples: judged.series }),
    ...(judged.told && judged.told.length > 0 && { told: judged.told }),
    ...(judged.declared && { declared: judged.declared }),
    ...(judged.unread && causeOf(judged.unread)),
    ...(judged.verdict === 'unknown' && judged.unread && problemOf(judged.unread)),
    ...(!judged.declared && nextOf(judged, rule.id, scope.phases)),
    ...(judged.verdict === 'unknown' &&
      judged.unread?.length === 0 &&
      !judged.notGiven && { undecided: true as const }),
  });
  const severity = severityOf(rule, judgedSubject);
  const missing = (rule.hosts ?? scope.pack.pair).filter((role) => hostsOf(scope, [role]).length === 0);
  if (missing.length > 0)
    return finding({
      verdict: 'skip',
      severity,
      message: `the inventory has no host of the role ${missing.join(', ')}`,
    });
  if (hosts.length === 0) return finding({ verdict: 'skip', severity, message: 'no port is named for any direction' });
  const names = hosts.map((host) => host.name);
  for (const bound of [rule.releases, ...(row?.releases === undefined ? [] : [row.releases])]) {
    const { decision, why, next } = bounds.decide(bound, names);
    if (decision === 'no') return finding({ verdict: 'skip', severity, message: why });
    if (decision === 'undecided')
      return finding({
        verdict: 'unknown',
        severity,
        message: why,
        unread: bounds.causes(names),
        ...(next !== undefined && { next }),
      });
  }
  const outcomes = expectationsOf(rule, scope.phases)
    .filter((one) => appliesTo(one, judgedSubject))
    .map((one) => judgeOne(scope, rule, one, judgedSubject, facts, bounds));
  if (outcomes.length === 0)
    return finding({ verdict: 'skip', severity, message: 'nothing is expected of this host in this phase' });
  const about = { scope, rule, about: judgedSubject, facts };
  const { told, steps } = tell(about);
  const decided = decisive(outcomes, severity);
  const { steps: restsOn, ...sentences } = faultAndRemedy(decided, about);
  // The first expectation of a direction names what was observed there; the others look at it from other sides.
  return finding({
    ...decided,
    ...(judgedSubject.direction && { actual: outcomes.find((one) => one.actual !== undefined)?.actual }),
    ...sentences,
    ...(decided.verdict === 'unknown' && declaredStanding(scope, outcomes.filter(isOpen))),
    steps: [...new Set([...decided.steps, ...steps, ...(decided.verdict === 'fail' ? restsOn : [])])],
    told,
  });
}

/** Why a question had no answer, by the first that had none. */
function problemOf(unread: Judged['unread']): Pick<Finding, 'problem'> {
  const problem = unread.find((one) => one.problem !== undefined)?.problem;
  return problem === undefined ? {} : { problem };
}

function appliesTo(expectation: Expectation, { hosts, direction }: JudgedSubject): boolean {
  if (!expectation.hosts) return true;
  const meant = direction ? [direction.from] : hosts;
  return meant.some((host) => expectation.hosts?.includes(host.role));
}

function judgeExpectation(
  scope: Scope,
  rule: Rule,
  expectation: Expectation,
  judgedSubject: JudgedSubject,
  facts: FactSource,
  bounds: ReleaseBounds,
): Judged {
  const severity = expectation.severity ?? severityOf(rule, judgedSubject);
  const base = { severity, steps: [], unread: [] };
  const names = judgedSubject.hosts.map((host) => host.name);
  if (expectation.releases !== undefined) {
    const { decision, why, next } = bounds.decide(expectation.releases, names);
    if (decision === 'no') return { ...base, verdict: 'skip', message: why };
    if (decision === 'undecided')
      return {
        ...base,
        verdict: 'unknown',
        message: why,
        unread: bounds.causes(names),
        ...(next !== undefined && { next }),
      };
  }
  const context = contextOf(scope, rule, expectation, judgedSubject, facts);
  const conditions = [
    ...(expectation.when ?? []).map((condition) => ['when', condition] as const),
    ...(expectation.unless ?? []).map((condition) => ['unless', condition] as const),
    ...(expectation.given ?? []).map((condition) => ['given', condition] as const),
  ];
  for (const [kind, condition] of conditions) {
    const outcome = inItsWords(condition, judge(condition, context));
    const [goesOn, ends] = kind === 'unless' ? (['fail', 'pass'] as const) : (['pass', 'fail'] as const);
    if (outcome.verdict === goesOn) continue;
    if (outcome.verdict === ends && kind !== 'given') {
      return { ...base, verdict: 'skip', message: `does not apply: ${outcome.message}`, steps: outcome.steps };
    }
    const unset = unsetLimit(condition, context);
    const hint =
      outcome.verdict === 'fail' || unset ? settingHint(scope, condition, { ...outcome, ...unset }) : undefined;
    const verdict: Verdict = outcome.verdict === 'error' && !unset ? 'error' : 'unknown';
    return {
      ...base,
      ...outcome,
      verdict,
      message: hint?.message ?? outcome.message,
      ...(hint ? { next: hint.next } : unset && { next: unset.next }),
      severity,
      notGiven: true,
    };
  }
  return { ...base, expectation, ...inItsWords(expectation, judge(expectation, context)) };
}

/** What came of a condition that says itself what it expects. */
function inItsWords({ says }: Condition, outcome: Outcome): Outcome {
  if (says === undefined) return outcome;
  const told = outcome.message.replaceAll(`expected ${outcome.expected}`, `expected ${says}`);
  const message = outcome.verdict !== 'fail' || told !== outcome.message ? told : `${told}, expected ${says}`;
  return { ...outcome, message, expected: says };
}

/** What is to be said where a condition compares with a setting that nobody gave and that has no default. */
function unsetLimit({ matcher }: Condition, context: Context): { message: string; next: string } | undefined {
  const name = settingNamed(matcher?.arg);
  const unset = name !== undefined && context.hosts.some((host) => context.setting(name, host) === undefined);
  return unset
    ? { message: `the setting ${name} has no value`, next: `run again with --set ${name}=VALUE` }
    : undefined;
}

/** The setting that an argument stands for as a whole. */
function settingNamed(arg: unknown): string | undefined {
  return /^\$\{(\w+)\}$/.exec(String(arg))?.[1];
}

/** `set settings.dataDisk to /mnt/data`: what to do where a fact differs from the setting that other questions were made with. */
function settingHint(
  scope: Scope,
  { matcher }: Expectation,
  outcome: Outcome,
): { message: string; next: string } | undefined {
  const name = settingNamed(matcher?.arg);
  if (name === undefined || outcome.actual === null || typeof outcome.actual !== 'object') return undefined;
  // Nobody is advised to set what the product's own file has wrong, nor to take back what he set himself.
  const found = Object.entries(outcome.actual).filter(([, value]) => fitsSetting(scope.pack.settings, name, value));
  if (found.length === 0 || found.some(([host]) => isGiven(scope, host, name))) return undefined;
  const values = new Set(found.map(([, value]) => value));
  const [value] = values;
  const advice =
    values.size === 1
      ? `set settings.${name} to ${value}`
      : `set settings.${name} for each host: ${found.map(([host, one]) => `hosts.${host}.settings.${name} to ${one}`).join(', ')}`;
  const next =
    values.size === 1
      ? `run again with ${shownLine(['--set', `${name}=${value}`])}`
      : `give each host its own settings.${name} in the inventory, then run again`;
  return { message: `${outcome.message}; ${advice}`, next };
}

function contextOf(
  scope: Scope,
  rule: Rule,
  expectation: Expectation,
  judgedSubject: JudgedSubject,
  source: FactSource,
): Context {
  const { direction } = judgedSubject;
  const row = judgedRow(scope, judgedSubject);
  const hosts =
    expectation.hosts && !direction
      ? judgedSubject.hosts.filter((host) => expectation.hosts?.includes(host.role))
      : judgedSubject.hosts;
  const alone = hosts.length === 1 ? hosts[0] : undefined;
  const self = direction?.from ?? alone;
  const pairPeer = alone && scope.hosts.find((host) => host !== alone && scope.pack.pair.includes(host.role));
  const peer = direction?.to ?? pairPeer;
  const variant = anyVariant(scope);
  return {
    rule,
    source,
    hosts,
    ...(self && { self }),
    ...(peer && { peer }),
    ...(direction && { direction }),
    ...(row && { row }),
    hostsOf: (role) => hostsOf(scope, [role]),
    setting: (name, host) => settingOn(scope, host && hostNamed(scope, host.name), variant, name),
  };
}

/** A rule may weigh less on the hosts of one role. */
function severityOf(rule: Rule, { subject, hosts: [host] }: JudgedSubject): Severity {
  return (subject.kind === 'host' && host && rule.severityOn?.[host.role]) || rule.severity;
}

/** Where it is documented, by the title of the pack's document. */
export function sourceOf({ pack }: Scope, { source: { doc, section } }: Pick<Rule, 'source'>): Source {
  const document = pack.documents[doc];
  return {
    doc: document?.title ?? doc,
    section,
    ...(document?.url && { url: document.url }),
  };
}
