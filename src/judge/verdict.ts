/** What findings come to: their order, the summary, the gate, and the one exit code for every format. */
import type { Finding, Gate, Report, Rule, Severity, Verdict } from '../core/model.js';
import { comparesDeclared } from './compares-declared.js';

const severities: Severity[] = ['advice', 'warning', 'blocker'];

/** Whether a severity stops the gate. */
export function weighsEnough(severity: Severity, failOn: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(failOn);
}

/**
 * Whether the gate looks at a finding: it is grave enough, nobody accepted it, it is not let pass as known, and where hosts are
 * declared, what is declared could answer it.
 */
export function isGating({ severity, waivedBy, known, declared }: Finding, failOn: Severity): boolean {
  return weighsEnough(severity, failOn) && !waivedBy && !known && !declared;
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

/** Counts findings by verdict; a waived one, and one that what is declared could not answer, is counted as that and nowhere else. */
export function summarize(findings: readonly Finding[]): Report['summary'] {
  const summary = { pass: 0, fail: 0, unknown: 0, error: 0, skip: 0, waived: 0 };
  for (const finding of findings) if (!finding.declared) summary[finding.waivedBy ? 'waived' : finding.verdict] += 1;
  return summary;
}

/** Counts what is declared could not answer, or not yet. */
export function summarizeDeclared(
  findings: readonly Finding[],
): Required<Pick<Report['summary'], 'notInPlan' | 'deferred'>> {
  const count = (word: Finding['declared']) => findings.filter(({ declared }) => declared === word).length;
  return { notInPlan: count('not-in-plan'), deferred: count('deferred') };
}

/**
 * The gate: failed by one gating fail; incomplete by one gating unknown or error, or when every gating rule was skipped; of declared
 * hosts, whose phases `declaredIn` names, also where no gating rule that compares them was answered.
 */
export function gateOf(
  findings: readonly Finding[],
  rules: readonly Rule[],
  failOn: Severity,
  declaredIn?: readonly string[],
): Gate {
  const gating = findings.filter((finding) => isGating(finding, failOn));
  if (gating.some((finding) => finding.verdict === 'fail')) return 'failed';
  if (findings.length === 0 || gating.some((finding) => finding.verdict === 'unknown' || finding.verdict === 'error'))
    return 'incomplete';
  const guards = guardsAmong(rules);
  const others = gating.filter((finding) => !guards.has(finding.rule));
  const judged = others.length > 0 ? others : gating;
  if (declaredIn) return comparesDeclared(gating, rules, declaredIn) ? 'declared' : 'incomplete';
  return judged.length > 0 && judged.every((finding) => finding.verdict === 'skip') ? 'incomplete' : 'passed';
}

/** The exit code of a finished run, for every format: 0 passed or declared, 1 failed, 3 incomplete. */
export function exitCode(gate: Gate): number {
  return { passed: 0, declared: 0, failed: 1, incomplete: 3 }[gate];
}
