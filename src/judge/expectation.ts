/** One expectation of a rule, judged on one subject: whether it is meant, whether its conditions hold, and what came of it. Pure. */
import type { Condition, Expectation, Rule, Severity, Verdict } from '../core/model.js';
import type { FactSource } from '../evidence/facts.js';
import { anyVariant, hostNamed, hostsOf, type Scope, settingOn } from '../plan/scope.js';
import { judge } from './condition.js';
import type { Judged, Outcome } from './outcome.js';
import type { ReleaseBounds } from './release-bounds.js';
import { settingHint, unsetLimit } from './setting-hint.js';
import { type JudgedSubject, judgedRow } from './subjects.js';
import type { Context } from './values.js';

/** What came of an expectation; where a condition of it does not hold, why it says nothing. */
export function judgeExpectation(
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
export function severityOf(rule: Rule, { subject, hosts: [host] }: JudgedSubject): Severity {
  return (subject.kind === 'host' && host && rule.severityOn?.[host.role]) || rule.severity;
}
