/** Regressions: what fails now and did not fail in the baseline, whose answers are judged as this run's are. Pure. */

import type { Finding } from '../core/model.js';
import { guardsAmong, weighsEnough } from './verdict.js';
import { type Accepting, isAcceptedNoMore } from './waivers.js';

/**
 * Marks the findings that cannot be regressions: proven to fail then, under the same key with the same weight or a greater one. They fail now, or
 * nobody could look, which is no worse. A guard is never known, as every other finding rests on it; nor is what somebody accepted
 * until a day that is over, or with another value.
 */
export function markKnown(
  { rules, inventory }: Accepting,
  findings: Finding[],
  then: readonly Finding[],
  takenAt: string,
): Finding[] {
  const guards = guardsAmong(rules);
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
