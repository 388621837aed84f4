/** What all parts of the table share: its width, its colours, and the mark of each verdict. */

import CliTable3 from 'cli-table3';
import pc from 'picocolors';
import type { Finding, Report } from '../../core/model.js';
import type { ReporterOptions } from '../reporter.js';
import { headingOf, type Standing } from '../words/finding.js';
import { widthOf, wrap } from './wrap.js';

type Colors = ReturnType<typeof pc.createColors>;

/** The page that the parts of the table draw on. */
export interface Page {
  columns: number;
  /** The columns that prose takes: longer lines are hard to follow from one to the next. */
  prose: number;
  colors: Colors;
  hosts: string[];
  /** The same hosts with all that the report has of them. */
  reportHosts: Report['hosts'];
  /** The columns that the widest title and the widest rule id need: the same for all sections. */
  titleColumns: number;
  idColumns: number;
}

/** Text as one cell or line shows it, before it is coloured. */
type Paint = (text: string) => string;

/** The least width at which words still read as words; narrower terminals break the lines themselves. */
const leastColumns = 40;

/** The most columns of a line of prose. */
const mostProse = 120;

/** A verdict's mark: a sign and a word, so that the verdict never hangs on a colour. */
export const marks = {
  pass: { text: '+ pass', color: 'green' },
  fail: { text: 'x FAIL', color: 'red' },
  unknown: { text: '? unknown', color: 'yellow' },
  error: { text: '! ERROR', color: 'magenta' },
  skip: { text: '- skip', color: 'dim' },
  waived: { text: '~ waived', color: 'cyan' },
  deferred: { text: '> later', color: 'yellow' },
  'not-in-plan': { text: '. no plan', color: 'dim' },
} as const satisfies Record<Standing, { text: string; color: keyof Colors }>;

/** The columns of the widest mark. */
export const markColumns = 9;

/** The page for a report. */
export function pageFor(report: Report, options: ReporterOptions): Page {
  const columns = Number.isFinite(options.columns) ? Math.floor(options.columns) : 80;
  const fitting = Math.max(leastColumns, columns);
  return {
    columns: fitting,
    prose: Math.min(mostProse, fitting),
    colors: pc.createColors(options.color),
    hosts: report.hosts.map((host) => host.name),
    reportHosts: report.hosts,
    titleColumns: widest(report.findings.map(titleOf)),
    idColumns: widest(report.findings.map((finding) => finding.rule)),
  };
}

/** The title of a finding's row; the subject stands in its key where a rule has several, and its basis is said of a pass too. */
export function titleOf(finding: Finding): string {
  const subject = finding.key.startsWith(finding.rule) ? finding.key.slice(finding.rule.length) : ` ${finding.key}`;
  const basis = finding.basis === 'documented' ? '' : ` (${finding.basis})`;
  return `${headingOf(finding)}${subject}${basis}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** The colour of a verdict. */
export function paintOf(page: Page, standing: Standing): Paint {
  return page.colors[marks[standing].color];
}

/** Text wrapped to a cell, each line coloured by itself so that padding stays plain. */
export function cell(text: string, width: number, paint: Paint = String): string {
  return wrap(text, width).map(paint).join('\n');
}

/** Lines of a table without rules: columns two spaces apart, cells already wrapped to their widths. */
export function drawn(widths: readonly number[], rows: readonly string[][]): string[] {
  return rows.flatMap((row) => drawnRow(widths, row));
}

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
};
const chars = {
  ...none,
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

/** The library measures a whole cell for each of its lines, which a long answer makes dear: it gets the lines one by one. */
function drawnRow(widths: readonly number[], row: readonly string[]): string[] {
  const cells = row.map((text) => text.split('\n'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 1 };
    const table = new CliTable3({ chars, style, colWidths: widths.map((width) => width + 1) });
    table.push(cells.map((lines) => lines[at] ?? ''));
    return table.toString().trimEnd();
  });
}
