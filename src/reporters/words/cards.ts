/** Cards: what fails, one for each rule with its hosts inside; and what is not known, one for each cause. Plain text: formats escape it. */
import { oneLine, subjectInWords } from '../../core/format.js';
import { grouped } from '../../core/grouped.js';
import type { Finding } from '../../core/model.js';
import { headingOf, type Standing, standingOf } from './finding.js';
import { guardOf, worstFirst } from './order.js';

/** The findings of one rule that stand alike, the gravest first. */
export interface Card {
  rule: string;
  standing: Standing;
  findings: [Finding, ...Finding[]];
}

/** What does not pass, in cards, the worst first; what could not be known has causes instead. */
export function failureCards(findings: readonly Finding[]): Card[] {
  return cardsOf(worstFirst(findings).filter((finding) => ['fail', 'deferred'].includes(standingOf(finding))));
}

/** Findings that are open, in cards, in their order. */
export function cardsOf(findings: readonly Finding[]): Card[] {
  const cards = new Map<string, Card>();
  for (const finding of findings) {
    const { rule } = finding;
    const standing = standingOf(finding);
    const key = JSON.stringify([rule, standing, finding.known ?? false]);
    const card = cards.get(key);
    if (card) card.findings.push(finding);
    else cards.set(key, { rule, standing, findings: [finding] });
  }
  return [...cards.values()];
}

/** The findings of a card by what is wrong, each in one sentence. */
export function faultsOf({ findings }: { findings: readonly Finding[] }): { heading: string; findings: Finding[] }[] {
  return together(findings, headingOf).map(([heading, alike]) => ({ heading, findings: alike }));
}

/** What is told of several findings, once: the text, and whom it is about where it is not about all of them. */
export function toldOnce(
  findings: readonly Finding[],
  textOf: (finding: Finding) => string,
): { text: string; about: string }[] {
  const told = together(findings, textOf);
  return told.map(([text, alike]) => ({ text, about: told.length === 1 ? '' : alike.map(subjectOf).join(', ') }));
}

/** Whom a finding is about, with the port where it is about one. */
export function subjectOf({ subject, row }: Finding): string {
  return `${row ? `${row.port} ` : ''}${subjectInWords(subject)}`;
}

/** The message of a finding without the subject that it begins with, where that stands beside it anyway. */
export function messageOf({ message, subject }: Finding): string {
  return oneLine(`; ${message}`)
    .replaceAll(`; ${subjectInWords(subject)}: `, '; ')
    .slice(2);
}

/** Why something is not known: told once, with everything that it keeps from being judged. */
export interface Cause {
  message: string;
  /** What to do next. */
  next?: string;
  /** The guard's finding that stands for the cause. */
  guard?: Finding;
  findings: [Finding, ...Finding[]];
}

/** The causes of what is not known, the one that weighs most first. */
export function causesOf(findings: readonly Finding[]): Cause[] {
  const causes = new Map<string, Cause>();
  const open = worstFirst(findings).filter((finding) => ['unknown', 'error'].includes(standingOf(finding)));
  const guards = new Set(open.map(({ blockedBy }) => blockedBy));
  for (const finding of open) {
    const guard = guardOf(finding, findings) ?? (guards.has(finding.key) ? finding : undefined);
    const key = guard?.key ?? causeKey(finding);
    const cause = causes.get(key);
    if (cause) {
      cause.findings.push(finding);
      continue;
    }
    const next = guard?.next ?? finding.next;
    causes.set(key, {
      message: guard ? guardInWords(guard) : finding.row ? messageOf(finding) : oneLine(finding.message),
      ...(next !== undefined && { next }),
      ...(guard && { guard }),
      findings: [finding],
    });
  }
  return [...causes.values()];
}

/** What is done about alike has one cause; where that is to read up on the rule, what is said of it decides. */
function causeKey(finding: Finding): string {
  const { verdict, next } = finding;
  const own = next === undefined || next.startsWith('pairflight rules show ');
  return JSON.stringify([verdict, own ? messageOf(finding) : next]);
}

/** What is wrong where a guard fails; else its message, behind its host. */
function guardInWords(guard: Finding): string {
  const { message, subject, verdict } = guard;
  if (verdict === 'fail') return headingOf(guard);
  const said = oneLine(message).replace(/\.$/, '');
  return subject.kind === 'host' && !said.startsWith(`${subject.host}:`) ? `${subject.host}: ${said}` : said;
}

function together(findings: readonly Finding[], wordOf: (finding: Finding) => string): [string, Finding[]][] {
  return [...grouped(findings, wordOf)];
}
