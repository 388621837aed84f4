/** The short table: whether to go on, what is wrong and what to do, on as few lines as that takes. */
import { oneLine, plural, shorten } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isGating } from '../../judge/verdict.js';
import {
  type Card,
  type Cause,
  causesOf,
  failureCards,
  faultsOf,
  messageOf,
  subjectOf,
  toldOnce,
} from '../words/cards.js';
import { isNotInPlan } from '../words/declared.js';
import {
  attestedInWords,
  headingOf,
  hostNames,
  severitiesInWords,
  standingOf,
  waiverInWords,
  waivesLess,
} from '../words/finding.js';
import { mostMessage } from './findings.js';
import { changed, declared } from './notes.js';
import { markColumns, marks, type Page, paintOf } from './page.js';
import { isPorts, portMatrix } from './ports.js';
import { widthOf, wrap, wrapAfter } from './wrap.js';

/** Changes that are listed. */
const mostChanges = 5;
/** Findings that a cause lists by name. */
const mostListed = 3;
const indent = ' '.repeat(markColumns + 2);

/** What does not pass, what is accepted, what nobody can verify, and a line for each section of what passes. */
export function shortParts(page: Page, report: Report): string[][] {
  const { findings } = report;
  const cards = failureCards(findings).filter(({ findings: [first] }) => !first.known);
  const ports = cards.find((card) => isPorts(card.findings));
  return [
    ...cards.map((card) => cardLines(page, card, report, card === ports)),
    ...causesOf(findings).map((cause) => causeLines(page, cause)),
    accepted(page, report),
    ...declared(page, report, false),
    changed(page, report, mostChanges),
    notVerified(page, report),
  ];
}

/** Lines beside a mark, with the severity below it. */
function marked(page: Page, { findings: [first] }: Pick<Card, 'findings'>, lines: string[]): string[] {
  const standing = standingOf(first);
  const signs = [paintOf(page, standing)(marks[standing].text.padEnd(markColumns)), first.severity.padEnd(markColumns)];
  const padded = lines.length < 2 ? [...lines, ''] : lines;
  return padded.map((line, at) => `${signs[at] ?? ' '.repeat(markColumns)}  ${line}`.trimEnd());
}

/** A rule's id is copied by whoever reads it: it has a line of its own, and is broken only where no line has room for it. */
function idLines(page: Page, key: string, width: number): string[] {
  return wrap(oneLine(key), width).map(page.colors.dim);
}

/** `drawn`: whether its ports stand in a matrix, as those of the first rule that fails on one do. */
function cardLines(page: Page, card: Card, { findings: all, hosts, run }: Report, drawn: boolean): string[] {
  const width = page.prose - indent.length;
  const [first] = card.findings;
  const ofRule = all.filter(({ rule }) => rule === card.rule);
  const faults = faultsOf(card);
  const lines = faults.flatMap(({ heading, findings }, at) => [
    ...wrap(heading, width).map(page.colors.bold),
    ...(at === 0 ? idLines(page, card.rule, width) : []),
    ...findings.flatMap((finding) => foundLines(finding, hosts, width)),
  ]);
  return marked(page, card, [
    ...lines,
    ...toldLines(card.findings, width),
    ...(drawn && isPorts(ofRule) ? portMatrix({ ...page, columns: width, prose: width }, ofRule) : []),
    // Below the gate less is said: --all has it.
    ...(isGating(first, run.failOn) ? wrapAfter('requires: ', oneLine(first.requires), width) : []),
    // What was put off needs no remedy yet.
    ...toldOnce(
      card.findings.filter(({ declared }) => !declared),
      (finding) => oneLine(finding.remedy),
    ).flatMap(({ text, about }) => wrapAfter(about === '' ? 'remedy: ' : `remedy, ${about}: `, text, width)),
  ]);
}

/** What the findings tell of the hosts, each sentence once: where something is not known, what is known all the same. */
function toldLines(findings: readonly Finding[], width: number): string[] {
  const sentences = findings.flatMap(({ told = [] }) => told.map((one) => shorten(oneLine(one), mostMessage)));
  return [...new Set(sentences)].flatMap((one) => wrap(one, width));
}

/** Where it fails and what was found there; of a set of hosts, and of another host than its own, the message names them itself. */
function foundLines(finding: Finding, hosts: Report['hosts'], width: number): string[] {
  const message = shorten(messageOf(finding), mostMessage);
  const names =
    finding.subject.kind === 'set' || hostNames(hosts).has(message.slice(0, Math.max(0, message.indexOf(': '))));
  return names ? wrap(message, width) : wrapAfter(`${subjectOf(finding)}: `, message, width);
}

function causeLines(page: Page, { message, next, findings }: Cause): string[] {
  const width = page.prose - indent.length;
  const [first] = findings;
  const listed = findings.length > mostListed + 1 ? findings.slice(0, mostListed) : findings;
  const rest = findings.slice(listed.length);
  const one = findings.length === 1;
  return marked(page, { findings: [first] }, [
    ...(one ? [...wrap(headingOf(first), width).map(page.colors.bold), ...idLines(page, first.key, width)] : []),
    ...wrap(shorten(message, mostMessage), width).map(one ? String : page.colors.bold),
    ...(next === undefined ? [] : wrapAfter('next: ', oneLine(next), width)),
    ...(one ? [] : faultsOf({ findings: listed }).flatMap((alike) => notKnown(page, alike, width))),
    ...toldLines(findings, width),
    ...(rest.length > 0 ? wrap(`and ${plural(rest.length, 'more finding')} (${severitiesInWords(rest)})`, width) : []),
  ]);
}

/** What is not known, and the keys of it. */
function notKnown(page: Page, { heading, findings }: ReturnType<typeof faultsOf>[number], width: number): string[] {
  return [
    ...wrap(heading, width),
    ...findings.flatMap(({ key }) => idLines(page, key, width - 2).map((line) => `  ${line}`)),
  ];
}

/** The faults that somebody accepts and those that are known, by name; and the waivers that accept none. */
function accepted(page: Page, { findings, waivers = [] }: Report): string[] {
  const width = page.prose - indent.length;
  const lines = findings.flatMap((finding) => {
    const { waivedBy, known } = finding;
    if (!waivedBy && !known) return [];
    return marked(page, { findings: [finding] }, [
      ...wrap(headingOf(finding), width),
      ...idLines(page, finding.key, width),
      ...wrap(
        waivedBy
          ? `accepted by ${waivedBy.owner} until ${waivedBy.until}: ${oneLine(waivedBy.reason)}`
          : 'known: it failed in the earlier run already',
        width,
      ),
    ]);
  });
  const less = waivers.filter(waivesLess);
  return [...lines, ...less.flatMap((use) => wrapAfter('! ', waiverInWords(use), page.prose).map(page.colors.yellow))];
}

function notVerified(page: Page, { notVerified: all }: Report): string[] {
  const parts = all.map(({ what, attested }) => `${oneLine(what)}${attested ? ` (${attestedInWords(attested)})` : ''}`);
  return parts.length === 0 ? [] : wrapAfter('Not verified: ', parts.join('; '), page.prose);
}

/** A line for each section of what passes, two beside each other where they find room; then how much does not apply, and the counts. */
export function passed(page: Page, { findings }: Report): string[] {
  const count = (members: readonly Finding[], verdict: string) =>
    members.filter((one) => one.verdict === verdict).length;
  const groups = [...new Set(findings.filter(({ verdict }) => verdict === 'pass').map(({ group }) => group))];
  const lines = groups.map((group) => {
    const members = findings.filter((one) => one.group === group);
    return `+ ${oneLine(group)}: ${count(members, 'pass')} pass`;
  });
  const skipped = count(findings, 'skip');
  const notInPlan = findings.filter(isNotInPlan).length;
  return [
    ...beside(page, lines),
    ...(skipped > 0 ? [`- ${plural(skipped, 'finding')} not applicable`] : []),
    ...(notInPlan > 0 ? wrap(`- ${plural(notInPlan, 'finding')} that nothing declared could answer`, page.prose) : []),
  ];
}

function beside(page: Page, lines: readonly string[]): string[] {
  const half = Math.ceil(lines.length / 2);
  const widest = (some: readonly string[]) => Math.max(0, ...some.map(widthOf));
  const left = widest(lines.slice(0, half)) + 2;
  if (lines.length < 6 || left + widest(lines.slice(half)) > page.columns)
    return lines.flatMap((line) => wrap(line, page.prose));
  return lines.slice(0, half).map((line, at) => {
    const right = lines[half + at];
    return right === undefined ? line : `${line}${' '.repeat(left - widthOf(line))}${right}`;
  });
}
