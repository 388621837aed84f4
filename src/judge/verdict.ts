/** What findings come to: their order, the summary, the gate, and the one exit code for every format. */
import type { Finding, Gate, Report, Rule, Severity, Verdict } from '../core/model.js';

const severities: Severity[] = ['advice', 'warning', 'blocker'];

/** Whether a severity stops the gate. */
export function weighsEnough(severity: Severity, failOn: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(failOn);
}

/** Whether the gate looks at a finding: it is grave enough, nobody accepted it, and it is not let pass as known. */
export function isGating({ severity, waivedBy, known }: Finding, failOn: Severity): boolean {
  return weighsEnough(severity, failOn) && !waivedBy && !known;
}

/** Whether the gate would look at a finding, were it not known from the baseline. */
export function isLetPass({ severity, known }: Finding, failOn: Severity): boolean {
  return known === true && weighsEnough(severity, failOn);
}

/** The ids of the rules that other findings rest on. */
export function guardsAmong(rules: readonly Rule[]): Set<string> {
  return new Set(rules.filter((rule) => rule.guard).map((rule) => rule.id));
}

/** Whether a verdict leaves something to do: neither a pass nor a rule that does not apply. */
export function isOpen({ verdict }: Pick<Finding, 'verdict'>): boolean {
  return verdict !== 'pass' && verdict !== 'skip';
}

/** The lesser of two severities. */
export function atMost(severity: Severity, cap: Severity | undefined): Severity {
  return cap !== undefined && severities.indexOf(cap) < severities.indexOf(severity) ? cap : severity;
}

/**
 * How bad an outcome is. Severity goes first: a blocker that nobody could look at must not hide behind an advice that failed.
 */
export function badness(verdict: Verdict, severity: Severity): number {
  const within = { fail: 2, error: 1.5, unknown: 1, pass: 0, skip: 0 }[verdict];
  if (verdict === 'skip') return -1;
  return verdict === 'pass' ? 0 : severities.indexOf(severity) * 3 + within;
}

/** Counts findings by verdict; a waived one is counted as waived and nowhere else. */
export function summarize(findings: readonly Finding[]): Report['summary'] {
  const summary = { pass: 0, fail: 0, unknown: 0, error: 0, skip: 0, waived: 0 };
  for (const finding of findings) summary[finding.waivedBy ? 'waived' : finding.verdict] += 1;
  return summary;
}

/** The gate: failed by one gating fail; incomplete by one gating unknown or error, or when every gating rule was skipped. */
export function gateOf(findings: readonly Finding[], rules: readonly Rule[], failOn: Severity): Gate {
  const gating = findings.filter((finding) => isGating(finding, failOn));
  if (gating.some((finding) => finding.verdict === 'fail')) return 'failed';
  if (findings.length === 0 || gating.some((finding) => finding.verdict === 'unknown' || finding.verdict === 'error'))
    return 'incomplete';
  const guards = guardsAmong(rules);
  const others = gating.filter((finding) => !guards.has(finding.rule));
  const judged = others.length > 0 ? others : gating;
  return judged.length > 0 && judged.every((finding) => finding.verdict === 'skip') ? 'incomplete' : 'passed';
}

/** The exit code of a finished run, for every format: 0 passed, 1 failed, 3 incomplete. */
export function exitCode(gate: Gate): number {
  return { passed: 0, failed: 1, incomplete: 3 }[gate];
}
