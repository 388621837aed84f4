/** Regressions: what fails now and did not fail in the baseline, whose answers are judged as this run's are. Pure. */

import type { Finding } from '../core/model.js';
import type { Baseline } from '../evidence/baseline.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import type { Scope } from '../plan/scope.js';
import { evaluate } from './evaluate.js';
import { weighsEnough } from './verdict.js';
import { isAcceptedNoMore } from './waivers.js';

/**
 * The findings of an earlier run as this one would have had them: today's rules, phase, selection and settings on the answers of
 * then. What was not asked then is unknown.
 */
export function findingsOfThen(scope: Scope, then: Baseline): Finding[] {
  return evaluate(scope, new EvidenceFacts(scope, then), then.takenAt);
}

/**
 * Marks the findings that cannot be regressions: proven to fail then, under the same key and no less gravely. They fail now, or
 * nobody could look, which is no worse. A guard is never known, as every other finding rests on it; nor is what somebody accepted
 * until a day that is over, or with another value.
 */
export function markKnown(
  { rules, inventory }: Pick<Scope, 'rules' | 'inventory'>,
  findings: Finding[],
  then: readonly Finding[],
  takenAt: string,
): Finding[] {
  const guards = new Set(rules.filter((rule) => rule.guard).map((rule) => rule.id));
  const failed = new Map(then.filter(({ verdict }) => verdict === 'fail').map((finding) => [finding.key, finding]));
  return findings.map((finding) => {
    const { key, rule, severity, verdict, waivedBy } = finding;
    const before = failed.get(key);
    const known =
      before !== undefined &&
      (verdict === 'fail' || verdict === 'unknown') &&
      weighsEnough(before.severity, severity) &&
      !waivedBy &&
      !guards.has(rule) &&
      !isAcceptedNoMore(finding, inventory.waivers, takenAt);
    return known ? { ...finding, known: true } : finding;
  });
}
