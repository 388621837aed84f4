/** Evaluation: one finding for each rule, subject and row of the scope, from facts alone. No network, no clock. */

import type { Expectation, Finding, Rule, Source } from '../core/model.js';
import type { FactSource, ReleaseSource } from '../evidence/facts.js';
import { hostsOf, type Scope } from '../plan/scope.js';
import { expectationsOf } from '../plan/steps.js';
import { declaredStanding } from './declared.js';
import { judgeExpectation, severityOf } from './expectation.js';
import { blockByGuards, causeOf } from './guards.js';
import { nextOf } from './next.js';
import type { Judged } from './outcome.js';
import { decisive } from './outcome.js';
import { markKnown } from './regressions.js';
import { type ReleaseBounds, releaseBounds } from './release-bounds.js';
import { faultAndRemedy, tell } from './sentences.js';
import { type JudgedSubject, subjectsOf } from './subjects.js';
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

/** Where it is documented, by the title of the pack's document. */
export function sourceOf({ pack }: Scope, { source: { doc, section } }: Pick<Rule, 'source'>): Source {
  const document = pack.documents[doc];
  return {
    doc: document?.title ?? doc,
    section,
    ...(document?.url && { url: document.url }),
  };
}
