/** Findings in Markdown: a short table of what does not pass, and all of them in folded sections. */

import { plural, shorten, subjectInWords } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { isNotInPlan } from '../words/declared.js';
import {
  basisInWords,
  headingOf,
  placeInWords,
  seriesInWords,
  standingOf,
  timeInWords,
  valueInWords,
  valuesByHost,
} from '../words/finding.js';
import { blockedCounts, guardOf, worstFirst } from '../words/order.js';
import { ownNext } from '../words/reaching.js';
import type { Detail } from './detail.js';
import { code, folded, link, prose } from './text.js';

/** Characters of a message that are searched for a value's unit. */
const mostMessage = 1000;

/** Verdicts in the order in which a section counts them. */
const order = ['deferred', 'fail', 'error', 'unknown', 'waived', 'pass', 'skip'] as const;

/** What does not pass, the worst first; what a guard's fault hides is counted beside the guard. */
export function table(report: Report, detail: Detail): string[] {
  const failing = worstFirst(report.findings);
  if (failing.length === 0) return [];
  if (detail.failing === 'rules') return [byRule(failing)];
  const hidden = blockedCounts(report.findings);
  const rows = failing
    .filter((finding) => guardOf(finding, report.findings) === undefined)
    .map((finding) => {
      const blocked = hidden.get(finding.key) ?? 0;
      const note = blocked === 0 ? [] : [`${plural(blocked, 'finding')} blocked by this`];
      const cells = [
        `**${wordOf(finding)}**<br>${finding.severity}${finding.known ? ', known' : ''}`,
        `${prose(headingOf(finding), true)}<br>${code(finding.key, true)}`,
        prose(subjectInWords(finding.subject), true),
        [...foundIn(finding, report, detail, true), ...note].join('<br>'),
        finding.expected === undefined ? '' : valueIn(finding.expected, finding, detail, true),
        todo(finding, detail),
      ];
      return `| ${cells.join(' | ')} |`;
    });
  return [
    [
      '### What does not pass',
      '',
      '| verdict | rule | hosts | found | expected | what to do |',
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n'),
  ];
}

/** The document's sections, folded, in the order of the findings. */
export function sections(report: Report, detail: Detail): string[] {
  if (detail.failing === 'rules') return [];
  const groups = [...new Set(report.findings.map((finding) => finding.group))];
  return groups.flatMap((group) => {
    const members = report.findings.filter((finding) => finding.group === group && !isNotInPlan(finding));
    const shown = members.filter((finding) => isListed(finding, report, detail));
    if (shown.length === 0) return [];
    const counts = order
      .map((word) => [word, members.filter((finding) => standingOf(finding) === word).length] as const)
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${word}`);
    return [
      folded(`${group}: ${counts.join(', ')}`, shown.map((finding) => entry(finding, report, detail)).join('\n')),
    ];
  });
}

/** With rows alone, the sections list what has none: what a guard's fault hides. */
function isListed(finding: Finding, { findings }: Report, { passing, failing }: Detail): boolean {
  if (finding.verdict === 'pass' || finding.verdict === 'skip') return passing;
  return failing === 'full' || guardOf(finding, findings) !== undefined;
}

function entry(finding: Finding, report: Report, detail: Detail): string {
  const found = foundIn(finding, report, detail).join(', ');
  const first = `- **${wordOf(finding)}** ${prose(headingOf(finding))} ${code(finding.key)}${found === '' ? '' : `: ${found}`}`;
  if (detail.failing === 'rows') return first;
  return [first, ...notes(finding, report, detail).map((line) => `  - ${line}`)].join('\n');
}

function notes(finding: Finding, { run }: Report, detail: Detail): string[] {
  const { verdict, waivedBy, row, blockedBy, basis, source } = finding;
  const cut = (text: string) => prose(shorten(text, detail.text));
  const open = isOpen(finding);
  const next = ownNext(finding);
  // How a trend passes (small, or falling until when) no single value tells.
  const message = open || verdict === 'skip' || finding.samples !== undefined;
  return [
    ...(message ? [`says: ${cut(finding.message)}`] : []),
    ...(finding.told ?? []).map((sentence) => `told: ${cut(sentence)}`),
    ...(finding.samples ?? []).map((series) => `samples: ${cut(seriesInWords(series))}`),
    ...(open && finding.expected !== undefined ? [`expected: ${valueIn(finding.expected, finding, detail)}`] : []),
    ...(waivedBy ? [`waived by ${cut(`${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`)}`] : []),
    ...(finding.known && run.failOnNew
      ? [`known: failed in the run of ${timeInWords(run.failOnNew.since)} already`]
      : []),
    ...(blockedBy === undefined ? [] : [`blocked by ${code(blockedBy)}`]),
    ...(row && row.basis !== 'documented' ? [`port ${row.port}: ${cut(row.confidence)}`] : []),
    ...(open ? [`requires: ${cut(finding.requires)}`] : []),
    ...(verdict === 'fail' ? [`remedy: ${prose(finding.remedy)}`] : []),
    ...(next === undefined ? [] : [`next: ${cut(next)}`]),
    ...(open ? [`source: ${link(placeInWords(source), source.url)}`] : []),
    ...(basis === 'documented' ? [] : [`basis: ${prose(basisInWords[basis])}`]),
  ];
}

/** The values as the hosts gave them; where there are none, what was said of them. */
function foundIn(finding: Finding, report: Report, detail: Detail, cell = false): string[] {
  const { actual, verdict, message } = finding;
  const hosts = report.hosts.map((host) => host.name);
  const values = valuesByHost(finding, hosts) ?? (actual === undefined ? {} : { '': actual });
  const shown = Object.entries(values).map(([name, value]) => {
    return `${name === '' ? '' : `${prose(name, cell)}: `}${valueIn(value, finding, detail, cell)}`;
  });
  // A value alone does not tell why it could not be judged.
  const unjudged = cell && verdict !== 'fail' && shown.length > 0;
  if (shown.length > 0 && !unjudged) return shown;
  return cell ? [...shown, prose(shorten(message, detail.text), true)] : shown;
}

function valueIn(value: unknown, finding: Finding, detail: Detail, cell = false): string {
  return code(shorten(valueInWords(value, shorten(finding.message, mostMessage)), detail.text), cell);
}

function todo(finding: Finding, detail: Detail): string {
  const { waivedBy } = finding;
  if (waivedBy) {
    const text = `waived by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`;
    return prose(shorten(text, detail.text), true);
  }
  const next = ownNext(finding);
  if (finding.verdict !== 'fail') return next === undefined ? '' : prose(shorten(next, detail.text), true);
  return prose(shorten(finding.remedy, detail.text), true);
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

function wordOf(finding: Finding): string {
  const standing = standingOf(finding);
  return standing === 'fail' || standing === 'error' ? standing.toUpperCase() : standing;
}
