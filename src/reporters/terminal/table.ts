/** The table: what an operator reads in a terminal, the verdict first, no wider than the terminal. */

import { oneLine, plural, shorten } from '../../core/format.js';
import { onceFor } from '../../core/grouped.js';
import type { Finding, Gate, Report, Verdict } from '../../core/model.js';
import { isGating } from '../../judge/verdict.js';
import type { ReporterOptions } from '../reporter.js';

import { causesOf } from '../words/cards.js';
import { isNotInPlan } from '../words/declared.js';
import { countsOf } from '../words/finding.js';
import { headline } from '../words/headline.js';
import { findingsByKey } from '../words/order.js';
import { nextCommands, nextShows, wayInWords } from '../words/reaching.js';
import { findingLines, mostMessage } from './findings.js';
import { notes } from './notes.js';
import { markColumns, marks, type Page, pageFor, paintOf } from './page.js';
import { isPorts, portLines } from './ports.js';
import { passed, shortParts } from './short.js';
import { wrap, wrapAfter } from './wrap.js';

/** The report for a reader at a terminal. */
export function table(report: Report, options: ReporterOptions): string {
  const page = pageFor(report, options);
  const short = () => [opening(page, report, false), ...shortParts(page, report)];
  const above = options.all ? wholeParts(page, report) : short();
  const isLong = above.flat().length > screenful;
  const parts = options.all ? above : [...above, ending(page, report, isLong)];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Lines of a terminal in which the verdict is still seen when the report has come to its end. */
const screenful = 20;

/** Every finding with its values, by the sections of the documents. */
function wholeParts(page: Page, report: Report): string[][] {
  return [
    opening(page, report, true),
    blocked(page, report.findings),
    ...sections(
      page,
      report.findings.filter((finding) => !isNotInPlan(finding)),
    ),
    ...notes(page, report),
    gateKeepers(page, report),
    closing(page, report),
  ];
}

/** What passes, the verdict again where it has left the screen, the counts, and how to see more. */
function ending(page: Page, report: Report, isLong: boolean): string[] {
  const { findings, summary, run } = report;
  const counts = countsOf(summary).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []));
  return [
    ...passed(page, report),
    ...(isLong ? verdictLines(page, report) : []),
    ...wrap(`${plural(findings.length, 'finding')}: ${counts.join(', ')}; exit code ${run.exitCode}`, page.prose),
    ...wrap('--all shows every finding; pairflight rules show ID explains a rule.', page.prose).map(page.colors.dim),
  ];
}

function verdictLines(page: Page, report: Report): string[] {
  const { run } = report;
  const gate = run.interrupted && run.gate === 'passed' ? 'incomplete' : run.gate;
  const paint = {
    passed: page.colors.green,
    failed: page.colors.red,
    incomplete: page.colors.yellow,
    declared: page.colors.cyan,
  }[gate];
  return wrap(headline(report), page.prose).map((line) => page.colors.bold(paint(line)));
}

function opening(page: Page, report: Report, all: boolean): string[] {
  const { product, run, selection } = report;
  const release = product.release === null ? 'release not known' : `release ${product.release}`;
  const build = product.build === null ? '' : `, build ${product.build}`;
  const chosen = [...selection.only.map((glob) => `only ${glob}`), ...selection.skip.map((glob) => `without ${glob}`)];
  return [
    ...verdictLines(page, report),
    // Right below the verdict, and with a word of its own: without colours nothing else stands out.
    ...(run.next ? wrapAfter('CAUTION: ', oneLine(run.next), page.prose).map(page.colors.bold) : []),
    ...wrap(`${oneLine(product.title)}, ${release}${build}, phase ${run.phase}`, page.prose),
    ...report.hosts.flatMap((host) => {
      const role = host.role === host.name ? '' : ` (${host.role})`;
      const problem = problemInWords(host, report.findings, all);
      return wrapAfter('  ', `${host.name}${role} ${host.address}${wayInWords(host)}${problem}`, page.prose);
    }),
    ...(all ? nextCommands(report) : []).flatMap((command) =>
      wrapAfter('  next: ', `${oneLine(command)} (${nextShows})`, page.prose),
    ),
    ...(chosen.length > 0 ? wrap(`A selection of the rules: ${chosen.join(', ')}`, page.prose) : []),
    ...(run.interrupted ? wrap('Interrupted: this report is partial.', page.prose) : []),
  ];
}

const causesFor = onceFor(causesOf);

/** Why a host was not entered; where a cause below tells it, that it was not is enough. */
function problemInWords({ connection }: Report['hosts'][number], findings: readonly Finding[], all: boolean): string {
  const { problem } = connection ?? {};
  if (!problem) return '';
  const isTold = !all && causesFor(findings).some(({ message }) => message.includes(oneLine(problem.message)));
  return isTold ? ': not entered, see below' : `: ${problem.message}`;
}

/** What one guard's fault hides is one line: the cause, and how much hangs on it. */
function blocked(page: Page, findings: readonly Finding[]): string[] {
  const counts = new Map<string, number>();
  for (const { blockedBy } of findings)
    if (blockedBy !== undefined) counts.set(blockedBy, (counts.get(blockedBy) ?? 0) + 1);
  if (counts.size === 0) return [];
  const lines = [...counts].flatMap(([key, count]) => {
    const cause = causeOf(key, findingsByKey(findings).get(key));
    return wrapAfter('  ', `${cause}; ${plural(count, 'finding')} blocked`, page.prose).map(page.colors.yellow);
  });
  return [
    page.colors.bold('Blocked'),
    ...lines,
    ...wrapAfter('  ', '--report json lists each blocked finding.', page.prose),
  ];
}

function causeOf(key: string, guard: Finding | undefined): string {
  if (!guard) return key;
  const message = shorten(guard.message, mostMessage).replace(/\.\s*$/, '');
  const host = guard.subject.kind === 'host' ? guard.subject.host : undefined;
  return host === undefined || message.startsWith(`${host}:`) ? message : `${host}: ${message}`;
}

/** The document's sections in the order of the findings. */
function sections(page: Page, findings: readonly Finding[]): string[][] {
  const groups = [...new Set(findings.map((finding) => finding.group))];
  const told = new Set<string>();
  return groups.map((group) => {
    const members = findings.filter((finding) => finding.group === group);
    const drawn = new Set(
      members.flatMap(({ row, blockedBy, rule }) => (row && blockedBy === undefined ? [rule] : [])),
    );
    const shown = members.filter((finding) => !collapses(finding, drawn));
    const hidden = members.length - shown.length;
    return [
      ...wrap(oneLine(group), page.prose).map(page.colors.bold),
      ...runs(shown).flatMap((run) => (isPorts(run) ? portLines(page, run, told) : findingLines(page, run))),
      ...(hidden > 0 ? wrap(`${plural(hidden, 'finding')} of this section blocked, see above.`, page.prose) : []),
    ];
  });
}

/** What somebody else could tell stays, and a blocked port stays in its matrix as long as that has another cell to show: a gap would read as nothing needed. */
function collapses(finding: Finding, drawn: ReadonlySet<string>): boolean {
  if (finding.blockedBy === undefined || finding.told) return false;
  return !(finding.row && drawn.has(finding.rule));
}

/** Neighbours that are drawn together: plain findings in one table, a rule's ports in one matrix. */
function runs(findings: readonly Finding[]): Finding[][] {
  const together: Finding[][] = [];
  let last: string | undefined;
  for (const finding of findings) {
    const kind = finding.row ? finding.rule : '';
    if (kind !== last) together.push([]);
    together.at(-1)?.push(finding);
    last = kind;
  }
  return together;
}

/** The verdicts that each state of the gate comes from. */
const meantBy: Record<Gate, readonly Verdict[]> = {
  passed: [],
  declared: [],
  failed: ['fail'],
  incomplete: ['unknown', 'error'],
};

/** What keeps the gate closed, once more by name: after a long report its first lines are far away. */
function gateKeepers(page: Page, { findings, run }: Report): string[] {
  const meant = meantBy[run.gate];
  const open = findings.filter(
    (finding) => meant.includes(finding.verdict) && isGating(finding, run.failOn) && finding.blockedBy === undefined,
  );
  if (open.length === 0) return [];
  return [
    page.colors.bold(run.gate === 'failed' ? 'Why the gate failed' : 'Why the gate is undecided'),
    ...open.flatMap((finding) => {
      const mark = marks[finding.verdict].text.padEnd(markColumns);
      return wrapAfter(`${mark}  `, finding.key, page.prose).map(paintOf(page, finding.verdict));
    }),
    ...wrapAfter('', 'pairflight rules show ID explains a rule.', page.prose).map(page.colors.dim),
  ];
}

function closing(page: Page, report: Report): string[] {
  const { summary, steps, run } = report;
  const counts = countsOf(summary).map(([word, count]) => `${count} ${word}`);
  const cost = `${plural(steps.count, 'step')}, ${plural(steps.logins, 'login')}, ${plural(steps.shells, 'shell')}`;
  return [
    ...wrap(
      `${plural(report.findings.length, 'finding')}: ${counts.join(', ')}; exit code ${run.exitCode}`,
      page.prose,
    ),
    ...wrap(`${cost}, ${plural(steps.bytes, 'byte')} in ${run.durationMs} ms`, page.prose).map(page.colors.dim),
  ];
}
