/** Waivers: accepted faults, bound to rule, host and, if given, the observed value, until a day. Judged when the evidence was taken. */
import { isDeepStrictEqual } from 'node:util';
import { list, plural, shorten } from '../core/format.js';
import type { Finding, Rule, Waiver, WaiverUse } from '../core/model.js';
import { guardsAmong } from './verdict.js';

/** Findings that a waiver's use names; the report lists them all. */
const mostNamed = 3;

/** The rules of a run, and what its inventory accepts. */
export type Accepting = { rules: readonly Rule[]; inventory: { waivers: readonly Waiver[] } };

/**
 * Marks the failed findings that a waiver in force accepts; nothing else about them changes. A guard's never is: every other
 * finding rests on it, whatever an inventory says.
 */
export function applyWaivers(findings: Finding[], { rules, inventory }: Accepting, takenAt: string): Finding[] {
  const guards = guardsAmong(rules);
  return findings.map((finding) => {
    if (finding.verdict !== 'fail' || guards.has(finding.rule)) return finding;
    const waiver = inventory.waivers.find(
      (one) => inForce(one, takenAt) && isMeant(one, finding) && meansValue(one, finding),
    );
    return waiver ? { ...finding, waivedBy: waiver } : finding;
  });
}

/** What became of each waiver whose rule is one of these, in the order of the waivers. */
export function waiverUses(
  findings: readonly Finding[],
  { rules, inventory }: Accepting,
  takenAt: string,
): WaiverUse[] {
  return inventory.waivers.flatMap((waiver) => {
    const rule = rules.find(({ id }) => id === waiver.rule);
    if (!rule) return [];
    const { host, owner, until } = waiver;
    return [
      { rule: rule.id, ...(host !== undefined && { host }), owner, until, ...useOf(waiver, rule, findings, takenAt) },
    ];
  });
}

/** Whether somebody accepted the finding once, and it is not what he accepted any more: the day is over, or the value is another. */
export function isAcceptedNoMore(finding: Finding, waivers: readonly Waiver[], takenAt: string): boolean {
  return waivers.some((one) => isMeant(one, finding) && !(inForce(one, takenAt) && meansValue(one, finding)));
}

/** The waiver of a finding that is over by now. */
export function endedWaiver(findings: readonly Finding[], now: Date): Waiver | undefined {
  return findings.find(({ waivedBy }) => waivedBy && !inForce(waivedBy, now.toISOString()))?.waivedBy;
}

function useOf(
  waiver: Waiver,
  rule: Rule,
  findings: readonly Finding[],
  takenAt: string,
): Pick<WaiverUse, 'state' | 'waives' | 'leaves' | 'why'> {
  const meant = findings.filter((finding) => isMeant(waiver, finding));
  const failing = meant.filter(({ verdict }) => verdict === 'fail');
  const open = failing.filter(({ waivedBy }) => !waivedBy);
  const applied = failing.filter(({ waivedBy }) => isDeepStrictEqual(waivedBy, waiver));
  const told = (state: WaiverUse['state'], why: string) => ({
    state,
    waives: applied.map(({ key }) => key),
    leaves: open.map(({ key }) => key),
    why,
  });
  if (rule.guard) return told('refused', 'a guard cannot be waived: every other finding rests on it');
  if (!inForce(waiver, takenAt)) {
    const left = open.length === 0 ? 'nothing that it was for is left unwaived' : `not waived: ${named(open)}`;
    return told('expired', `ended with ${waiver.until}; ${left}`);
  }
  // In force, it leaves only what has another value.
  const others = otherValues(waiver, open);
  if (applied.length > 0) return told('applied', `waives ${named(applied)}${open.length > 0 ? `; not ${others}` : ''}`);
  return open.length > 0 ? told('void', others) : told('unused', whyUnused(waiver, meant, failing));
}

function whyUnused({ host }: Waiver, meant: readonly Finding[], failing: readonly Finding[]): string {
  if (failing.length > 0) return `another waiver accepts ${named(failing)}`;
  if (meant.length === 0) return `the rule has no finding${host === undefined ? '' : ` on ${host}`} in this run`;
  const open = meant.filter(({ verdict }) => verdict === 'unknown' || verdict === 'error');
  if (open.length > 0) return `only a failure can be waived, and could not be verified: ${named(open)}`;
  return meant.some(({ verdict }) => verdict === 'pass') ? 'what it is for passes' : 'what it is for does not apply';
}

function named(findings: readonly Finding[]): string {
  const keys = findings.slice(0, mostNamed).map(({ key }) => key);
  const rest = findings.length - keys.length;
  return list(rest > 0 ? [...keys, `${plural(rest, 'other finding')}`] : keys);
}

/** Two values that differ must not look alike, so they are told as JSON. */
function otherValues(waiver: Waiver, findings: readonly Finding[]): string {
  const rest = findings.length - mostNamed;
  const inWords = (value: unknown) => shorten(JSON.stringify(value) ?? 'nothing', 160);
  return [
    ...findings
      .slice(0, mostNamed)
      .map((one) => `${one.key}: observed ${inWords(observedBy(waiver, one))}, waived ${inWords(waiver.value)}`),
    ...(rest > 0 ? [plural(rest, 'other finding')] : []),
  ].join('; ');
}

/** The last day counts whole, in UTC. */
function inForce({ until }: Waiver, takenAt: string): boolean {
  return new Date(takenAt).toISOString().slice(0, 10) <= until;
}

function isMeant({ rule, host }: Waiver, { rule: judged, subject }: Finding): boolean {
  if (rule !== judged) return false;
  if (host === undefined) return true;
  if (subject.kind === 'host') return subject.host === host;
  // Whoever asks cannot get through: that is where a closed port shows, and where it is accepted.
  return subject.kind === 'pair' ? subject.from === host : subject.hosts.includes(host);
}

function meansValue(waiver: Waiver, finding: Finding): boolean {
  if (waiver.value === undefined) return true;
  const [value, whole, own] = [waiver.value, finding.actual, observedBy(waiver, finding)].map(asJson);
  return isDeepStrictEqual(own, value) || isDeepStrictEqual(whole, value);
}

/** The value on the waiver's host, or on the only one there is; all of it where it is not given by host. */
function observedBy({ host }: Waiver, { actual, subject }: Finding): unknown {
  const name = host ?? (subject.kind === 'host' ? subject.host : undefined);
  if (name === undefined || actual === null || typeof actual !== 'object') return actual;
  return Object.hasOwn(actual, name) ? (actual as Record<string, unknown>)[name] : actual;
}

/** What a reader of the report has seen, and so could have accepted. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
