/** The words for verdicts, subjects, sources and values that every format shares. Plain text: formats escape it. */

import {
  isInterval,
  oneLine,
  plural,
  secondsInWords,
  shorten,
  showRow,
  showValue,
  unitBehind,
} from '../../core/format.js';
import { onceFor } from '../../core/grouped.js';
import { isRecord } from '../../core/json.js';
import type {
  Basis,
  Finding,
  NotVerified,
  Report,
  Series,
  Severity,
  Source,
  Verdict,
  WaiverUse,
} from '../../core/model.js';

/** A verdict as a reader meets it: a waived finding keeps its verdict and is called waived; so does one that a plan cannot answer yet. */
export type Standing = Verdict | 'waived' | 'deferred' | 'not-in-plan';

/** How a finding stands. */
export function standingOf(finding: Finding): Standing {
  return finding.waivedBy ? 'waived' : (finding.declared ?? finding.verdict);
}

/** What heads a finding: of a pass the requirement, of a failure what is wrong, else that the requirement is not known to hold. */
export function headingOf({ verdict, title, fault }: Pick<Finding, 'verdict' | 'title' | 'fault'>): string {
  const requirement = oneLine(title);
  if (verdict === 'fail') return fault === undefined ? `does not hold: ${requirement}` : oneLine(fault);
  if (verdict === 'unknown') return `not known: ${requirement}`;
  return verdict === 'error' ? `cannot be judged: ${requirement}` : requirement;
}

/** How many findings came to what: each is counted once. */
export function countsOf({ accepted: _, ...counts }: Report['summary']): [word: string, count: number][] {
  return Object.entries(counts).map(([word, count]) => [word === 'notInPlan' ? 'not in a plan' : word, count]);
}

/** The basis in a reader's words; nothing where the requirement is the vendor's own. */
export const basisInWords = {
  documented: '',
  field: "field: demanded by the vendor's scripts, not by its documents",
  inferred: "inferred: our conclusion, not the vendor's words",
} satisfies Record<Basis, string>;

/** Document and section, with the address where there is one. */
export function sourceInWords(source: Source): string {
  return oneLine(`${placeInWords(source)}${source.url ? ` <${source.url}>` : ''}`);
}

/** Document and section alone, for a format that gives the addresses in a place of their own. */
export function placeInWords({ doc, section }: Source): string {
  return oneLine(doc === section ? doc : `${doc}, ${section}`);
}

/** Whose word stands for what was not verified, and until when it does. */
export function attestedInWords({ by, when, until, expired }: NonNullable<NotVerified['attested']>): string {
  return oneLine(`attested by ${by} on ${when}, ${expired ? `EXPIRED since the end of ${until}` : `until ${until}`}`);
}

const waiverStates = {
  applied: 'applied',
  unused: 'UNUSED',
  expired: 'EXPIRED',
  void: 'VOID',
  refused: 'REFUSED',
} satisfies Record<WaiverUse['state'], string>;

/** What became of a waiver: `EXPIRED waiver of pack/os on secondary (ops, until 2026-10-01): ended with ...`. */
export function waiverInWords(use: WaiverUse): string {
  const { rule, host, owner, until, state, why } = use;
  const on = host === undefined ? '' : ` on ${host}`;
  const word = state === 'applied' && waivesLess(use) ? 'PARTLY APPLIED' : waiverStates[state];
  return oneLine(`${word} waiver of ${rule}${on} (${owner}, until ${until}): ${why}`);
}

/** Whether there is more to say of a waiver than the findings that it waives. */
export function waivesLess({ state, leaves }: WaiverUse): boolean {
  return state !== 'applied' || leaves.length > 0;
}

/** `2026-11-20 04:41 UTC`; a time that is none stays as it is. */
export function timeInWords(time: string): string {
  const at = Date.parse(time);
  return Number.isFinite(at) ? new Date(at).toISOString().replace(/^(.*)T(\d\d:\d\d).*$/, '$1 $2 UTC') : time;
}

/** `2 blockers, 1 warning`: the severities of findings, the gravest first. */
export function severitiesInWords(findings: readonly Finding[]): string {
  const nouns: [Severity, string][] = [
    ['blocker', 'blocker'],
    ['warning', 'warning'],
    ['advice', 'advice finding'],
  ];
  return nouns
    .map(([severity, noun]) => [findings.filter((finding) => finding.severity === severity).length, noun] as const)
    .filter(([count]) => count > 0)
    .map(([count, noun]) => plural(count, noun))
    .join(', ');
}

/** A finding's values by host; undefined where its `actual` is not a value for each host. */
export function valuesByHost(finding: Finding, hosts: Report['hosts']): Record<string, unknown> | undefined {
  const { actual, subject } = finding;
  if (actual === undefined) return undefined;
  const all = hostNames(hosts);
  if (isRecord(actual)) {
    const names = Object.keys(actual);
    if (names.length > 0 && names.every((name) => all.has(name))) return actual;
  }
  return subject.kind === 'host' && all.has(subject.host) ? { [subject.host]: actual } : undefined;
}

/** The names of a report's hosts. */
export const hostNames = onceFor((hosts: Report['hosts']) => new Set(hosts.map(({ name }) => name)));

/** A value with its unit; a bare number has the unit that the finding's message gives it. */
export function valueInWords(value: unknown, message: string): string {
  if (value === null) return 'not read';
  if (typeof value === 'number') return showValue(unitBehind(value, message), value);
  if (!isRecord(value) || isInterval(value)) return showValue(/ to -?[\d.]+ ms\b/.test(message) ? 'ms' : '', value);
  const entries = Object.entries(value).map(([name, one]) => `${name}: ${showValue(name, one)}`);
  return shorten(entries.join(', ') || 'nothing');
}

/** Values that are shown at each end of a long series. */
const atEachEnd = 5;

/** `secondary bytes: 3.2 GiB, 2.9 GiB, no number, 1.8 GiB (4 samples over 15 s)`. */
export function seriesInWords({ label, property, values }: Series): string {
  const shown = showRow(
    property,
    values.flatMap(({ value }) => value ?? []),
  );
  const words = values.map(({ value }) => (value === null ? 'no number' : (shown.shift() ?? '')));
  const ends = words.length > 2 * atEachEnd ? [...words.slice(0, atEachEnd), '...', ...words.slice(-atEachEnd)] : words;
  const [first, last] = [values[0], values.at(-1)].map((one) => Date.parse(one?.at ?? ''));
  const seconds = ((last ?? Number.NaN) - (first ?? Number.NaN)) / 1000;
  const span = seconds > 0 ? ` over ${secondsInWords(seconds)}` : '';
  return `${label} ${property}: ${ends.join(', ')} (${plural(values.length, 'sample')}${span})`;
}
