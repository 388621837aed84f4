/** Waivers: accepted faults, bound to rule, host and, if given, the observed value, until a day. Judged when the evidence was taken. */
import { isDeepStrictEqual } from 'node:util';
import type { Finding, Waiver } from './model.js';

/** Marks the failed findings that a waiver in force accepts; nothing else about them changes. */
export function applyWaivers(findings: Finding[], waivers: readonly Waiver[], takenAt: string): Finding[] {
  return findings.map((finding) => {
    if (finding.verdict !== 'fail') return finding;
    const waiver = waivers.find(
      (one) =>
        one.rule === finding.rule && inForce(one, takenAt) && meansHost(one, finding) && meansValue(one, finding),
    );
    return waiver ? { ...finding, waivedBy: waiver } : finding;
  });
}

/** The last day counts whole, in UTC. */
function inForce({ until }: Waiver, takenAt: string): boolean {
  return new Date(takenAt).toISOString().slice(0, 10) <= until;
}

function meansHost({ host }: Waiver, { subject }: Finding): boolean {
  if (host === undefined) return true;
  if (subject.kind === 'host') return subject.host === host;
  return subject.kind === 'pair' ? subject.from === host : subject.hosts.includes(host);
}

/** A value that has changed since it was accepted voids the waiver. */
function meansValue({ value, host }: Waiver, { actual }: Finding): boolean {
  if (value === undefined) return true;
  const observed =
    host !== undefined && actual !== null && typeof actual === 'object'
      ? (actual as Record<string, unknown>)[host]
      : actual;
  return isDeepStrictEqual(observed, value);
}
