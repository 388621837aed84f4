/** What does not pass, as a short table: a row for each rule that fails, and one for each cause of what is not known. */
import { oneLine, plural, shorten } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { type Card, type Cause, cardsOf, causesOf, faultsOf, toldOnce } from '../words/cards.js';
import { headingOf, severitiesInWords, standingOf } from '../words/finding.js';
import { worstFirst } from '../words/order.js';
import { ownNext } from '../words/reaching.js';
import type { Detail } from './detail.js';
import { code, prose } from './text.js';
import { expectedOf, foundInCell, wordOf } from './values.js';

/** Findings that a cause's row lists by name; the part that is folded below the table lists all of them. */
const mostListed = 3;
/** Lines of what was found in one cell; a rule that fails more often is listed whole in its section, however little room there is. */
const mostFound = 20;

/** The rows, the worst first and what somebody accepts last; where there is no room for them, a line for each rule. */
export function table(report: Report, detail: Detail): string[] {
  const open = worstFirst(report.findings);
  if (open.length === 0) return [];
  if (detail.failing === 'rules') return [byRule(open)];
  const rank = new Map(open.map((finding, at) => [finding, at]));
  const at = ({ first }: { first: Finding }) => rank.get(first) ?? -1;
  const rows = [
    ...cardsOf(open.filter((finding) => !isUnknown(finding))).map((card) => ({
      first: card.findings[0],
      cells: cardCells(card, report, detail),
    })),
    ...causesOf(report.findings).map((cause) => ({
      first: cause.findings[0],
      cells: causeCells(cause, report, detail),
    })),
  ].sort((a, b) => at(a) - at(b));
  return [
    [
      '### What does not pass',
      '',
      '| verdict | rule | found | expected | what to do |',
      '|---|---|---|---|---|',
      ...rows.map(({ first, cells }) => `| ${[verdictCell(first), ...cells].join(' | ')} |`),
    ].join('\n'),
  ];
}

/** Whether a finding stands under a cause, not under its rule. */
export function isUnknown(finding: Finding): boolean {
  return ['unknown', 'error'].includes(standingOf(finding));
}

function verdictCell(first: Finding): string {
  return `**${wordOf(first)}**<br>${first.severity}${first.known ? ', known' : ''}`;
}

function cardCells(card: Card, report: Report, detail: Detail): string[] {
  const { findings, rule } = card;
  const [first] = findings;
  return [
    [
      ...faultsOf(card).map(({ heading }) => prose(heading, true)),
      code(findings.length === 1 ? first.key : rule, true),
    ].join('<br>'),
    withoutRest(findings.flatMap((finding) => foundInCell(finding, report, detail))).join('<br>'),
    expectedOf(findings, detail, true).join('<br>'),
    toldOnce(findings, todoOf)
      .filter(({ text }) => text !== '')
      .map(({ text, about }) => prose(shorten(about === '' ? text : `${about}: ${text}`, detail.text), true))
      .join('<br>'),
  ];
}

/** Whether a rule fails more often than its row has room for. */
export function isCut({ findings }: Card): boolean {
  return findings.length > mostFound;
}

function withoutRest(lines: readonly string[]): string[] {
  const rest = lines.length - mostFound;
  return rest > 0 ? [...lines.slice(0, mostFound), `and ${rest} more, listed below`] : [...lines];
}

function todoOf(finding: Finding): string {
  const { waivedBy, verdict, remedy } = finding;
  if (waivedBy) return oneLine(`waived by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`);
  return verdict === 'fail' ? oneLine(remedy) : (ownNext(finding) ?? '');
}

function causeCells(cause: Cause, report: Report, detail: Detail): string[] {
  const { findings, message } = cause;
  const [first] = findings;
  const todo = ownNext(cause);
  const cells = (what: string[], found: string[], expected: string[]) => [
    what.join('<br>'),
    found.join('<br>'),
    expected.join('<br>'),
    // The command that shows how hosts can be entered stands at the top, once for all.
    todo === undefined ? (cause.next === undefined ? '' : 'see Next, above') : prose(shorten(todo, detail.text), true),
  ];
  if (findings.length === 1) {
    const what = [prose(headingOf(first), true), code(first.key, true)];
    return cells(what, foundInCell(first, report, detail), expectedOf(findings, detail, true));
  }
  const listed = findings.length > mostListed + 1 ? findings.slice(0, mostListed) : findings;
  const rest = findings.slice(listed.length);
  const what = [
    `not known: ${plural(findings.length, 'finding')} (${severitiesInWords(findings)})`,
    ...listed.map(({ key }) => code(key, true)),
    ...(rest.length > 0 ? [`and ${plural(rest.length, 'more finding')}`] : []),
  ];
  return cells(what, [prose(shorten(message, detail.text), true)], []);
}

/** The least that can be said without leaving a failing finding out: each rule, and how many of its findings came to what. */
function byRule(failing: readonly Finding[]): string {
  const counts = new Map<string, Map<string, number>>();
  for (const finding of failing) {
    const words = counts.get(finding.rule) ?? new Map<string, number>();
    const word = `${wordOf(finding)} (${finding.severity})`;
    counts.set(finding.rule, words.set(word, (words.get(word) ?? 0) + 1));
  }
  const lines = [...counts].map(([rule, words]) => {
    return `- ${code(rule)}: ${[...words].map(([word, count]) => `${count} ${word}`).join(', ')}`;
  });
  return ['### What does not pass', '', ...lines].join('\n');
}
