/**
 * Judging ahead, for nobody: what a program does for the first time takes it several times as long, so it is done while hosts work,
 * on what they have answered by then. Nothing of it is kept.
 */
import { prepare } from '../core/check-schema.js';
import type { Evidence, Finding, Severity } from '../core/model.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import { judgedAlone, settled } from '../judge/evaluate.js';
import { makeReport } from '../judge/report.js';
import type { Scope } from '../plan/scope.js';
import type { Piece } from './lull.js';

/** The schemas that answers are checked by, then rule by rule, then the report. */
export function* judgeAhead(scope: Scope, evidence: Evidence, failOn: Severity): Iterable<Piece> {
  for (const id of new Set(evidence.steps.map(({ probe }) => probe))) {
    const probe = scope.pack.probes.get(id);
    if (probe) yield () => prepare(probe.value);
  }
  const facts = new EvidenceFacts(scope, evidence);
  const findings: Finding[] = [];
  for (const rule of scope.rules) yield () => findings.push(...judgedAlone(scope, [rule], facts));
  yield () => makeReport(scope, evidence, settled(scope, findings, evidence.takenAt), facts, failOn);
}
