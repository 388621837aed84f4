/** Guards: the findings that others rest on, and what they block. */

import type { Expectation, Finding, Rule } from '../core/model.js';
import type { Unread } from '../evidence/read-answer.js';
import { comparesHosts } from '../pack/expectation.js';
import { hostsOf, type Scope } from '../plan/scope.js';
import { definitionOf, expectationsOf } from '../plan/steps.js';

/** The host whose access explains what could not be read. Kept in `blockedBy` until the guards' findings are known. */
export function causeOf(unread: Unread[]): { blockedBy?: string } {
  const root = unread.find((cause) => cause.host !== undefined && (cause.at === 'host' || cause.at === 'context'));
  return root?.host === undefined ? {} : { blockedBy: root.host };
}

/** Turns causes into the keys of guards, and makes comparisons unknown while it is not proven that there are two machines. */
export function blockByGuards(scope: Scope, findings: Finding[]): Finding[] {
  const rules = new Map(scope.rules.map((rule) => [rule.id, rule]));
  // A host that is declared is entered by nobody, and cannot be another: no two are declared by one machine.
  const guards = findings.filter((finding) => rules.get(finding.rule)?.guard && !finding.declared);
  const access = new Map<string, string>();
  for (const { rule, subject, verdict, key } of guards) {
    if (rules.get(rule)?.guard !== 'access' || subject.kind !== 'host' || verdict === 'pass') continue;
    if (!access.has(subject.host)) access.set(subject.host, key);
  }
  const blocked = findings.map(({ blockedBy: cause, ...finding }): Finding => {
    const key = cause === undefined || finding.verdict !== 'unknown' ? undefined : access.get(cause);
    if (key === undefined || key === finding.key) return finding;
    // The guard's finding has the next command: once for each cause.
    const { next: _, ...rest } = finding;
    return { ...rest, blockedBy: key };
  });
  const identity = blocked.find((finding) => rules.get(finding.rule)?.guard === 'identity' && !finding.declared);
  // One host alone cannot be taken for another.
  const alone = hostsOf(scope, scope.pack.pair).length < 2;
  if (!identity || identity.verdict === 'pass' || alone) return blocked;
  return blocked.map((finding) => {
    const rule = rules.get(finding.rule);
    const compares = (one: Expectation, of: Rule) => comparesHosts(one, (name) => definitionOf(scope, of, name));
    if (!rule || rule.guard || finding.verdict === 'skip') return finding;
    if (!expectationsOf(rule, scope.phases).some((one) => compares(one, rule))) return finding;
    // What a host's own trouble explains needs no second reason.
    if (finding.blockedBy !== undefined && finding.verdict === 'unknown') return finding;
    const key = identity.blockedBy ?? identity.key;
    const { fault: _, ...rest } = finding;
    return {
      ...rest,
      verdict: 'unknown',
      message: `${finding.message}; not judged: ${identity.message}`,
      blockedBy: key,
    };
  });
}
