/** The order in which a reader with little room meets findings: the worst first, and what a guard hides behind the guard. */
import { onceFor } from '../../core/grouped.js';
import type { Finding } from '../../core/model.js';
import { badness, isOpen } from '../../judge/verdict.js';
import { isNotInPlan } from './declared.js';
import { standingOf } from './finding.js';

/** Findings that do not pass, the worst first and otherwise in the report's order; waived ones last, deferred ones first. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings
    .filter((finding) => isOpen(finding) && !isNotInPlan(finding))
    .map((finding, at) => ({ finding, at, rank: rankOf(finding) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at)
    .map(({ finding }) => finding);
}

/** A fault that somebody accepted is the least, and the cause goes before what it hides. */
function rankOf(finding: Finding): number {
  if (standingOf(finding) === 'waived') return -1;
  // What was put off is the first thing that somebody has to know of a gate that seems to be open.
  if (standingOf(finding) === 'deferred') return 100 + badness(finding.verdict, finding.severity);
  return badness(finding.verdict, finding.severity) - (finding.blockedBy === undefined ? 0 : 0.25);
}

/** How many findings each guard's finding keeps from being judged, by the guard's key. */
export function blockedCounts(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { blockedBy, verdict } of findings)
    if (blockedBy !== undefined && verdict === 'unknown') counts.set(blockedBy, (counts.get(blockedBy) ?? 0) + 1);
  return counts;
}

/** The guard's finding that may speak for one that it hides; what is known to fail speaks for itself. */
export function guardOf({ blockedBy, verdict }: Finding, findings: readonly Finding[]): Finding | undefined {
  if (blockedBy === undefined || verdict !== 'unknown') return undefined;
  return findingsByKey(findings).get(blockedBy);
}

/** Findings by their keys. */
export const findingsByKey = onceFor(
  (findings: readonly Finding[]) => new Map(findings.map((finding) => [finding.key, finding])),
);
