/** The table: a row for each pair that does not pass, the worst first; then rules by pairs, the slowest, and the counts. */
import pc from 'picocolors';
import { secondsInWords } from '../../core/format.js';
import { cell, drawn, marks } from '../../reporters/terminal/page.js';
import { widthOf, wrapAfter } from '../../reporters/terminal/wrap.js';
import type { FleetReport, PairRow } from '../report.js';
import type { FleetReporterOptions } from './reporter.js';
import {
  acceptedPairs,
  countsInWords,
  failingRules,
  fleetHeadline,
  openPairs,
  partlyUnknown,
  reasonInWords,
  slowest,
  someOf,
  unanswered,
} from './sentences.js';

type Colors = ReturnType<typeof pc.createColors>;
type Paint = (text: string) => string;

/** Names of pairs beside a rule. */
const MOST_NAMES = 5;
const LEAST_COLUMNS = 40;
const GAP = 2;
/** Columns of what a pair came to. */
const MARK = 10;

const rows = {
  failed: marks.fail,
  error: marks.error,
  missing: { text: '! missing', color: 'magenta' },
  incomplete: marks.unknown,
  passed: marks.pass,
} as const satisfies Record<PairRow['outcome'], { text: string; color: keyof Colors }>;

/** The report of a fleet for a terminal. */
export function table(
  report: FleetReport,
  { color, columns }: Pick<FleetReporterOptions, 'color' | 'columns'>,
): string {
  const colors = pc.createColors(color);
  const width = Math.max(LEAST_COLUMNS, Number.isFinite(columns) ? Math.floor(columns) : 80);
  const gate = { passed: colors.green, failed: colors.red, incomplete: colors.yellow }[report.run.gate];
  const sections = [
    wrapAfter('', fleetHeadline(report), width).map((line) => colors.bold(gate(line))),
    [
      ...report.problems.flatMap(({ message }) => marked(marks.error.text, message, width, colors.magenta)),
      ...report.guards.flatMap(({ verdict, message }) =>
        verdict === 'fail'
          ? marked(marks.fail.text, message, width, colors.red)
          : marked('! warning', message, width, colors.yellow),
      ),
    ],
    pairLines(report, width, colors),
    section(
      'Accepted',
      acceptedPairs(report).map(({ pair, accepted }) => `${pair}: ${accepted}`),
      width,
    ).map((line) => colors.yellow(line)),
    ...ruleSections(report, width),
    slowLines(report, width),
    report.summary.pairs === 0 ? [] : [countsInWords(report.summary)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function marked(mark: string, text: string, width: number, paint: Paint): string[] {
  return wrapAfter(`${mark.padEnd(10)}`, text, width).map((line) => paint(line));
}

function pairLines(report: FleetReport, width: number, colors: Colors): string[] {
  const open = openPairs(report);
  if (open.length === 0) return [];
  const name = Math.min(Math.floor(width / 3), Math.max(...open.map(({ pair }) => widthOf(pair))));
  const rest = width - MARK - GAP - name - GAP - GAP;
  return drawn(
    [MARK, name + 1, rest],
    open.map((row) => {
      const { text, color } = rows[row.outcome];
      return [colors[color](text), cell(row.pair, name), cell(reasonInWords(row), rest)];
    }),
  );
}

function ruleSections(report: FleetReport, width: number): string[][] {
  const failing = failingRules(report).map(({ rule, severity, fail, pairs, failing: names }) => {
    const weight = severity === 'blocker' ? '' : ` (${severity})`;
    return `${fail} of ${pairs} fail ${rule}${weight}: ${someOf(names, MOST_NAMES)}`;
  });
  const unknown = partlyUnknown(report).map(
    ({ rule, pairs, unknownOn }) =>
      `${unknownOn.length} of ${pairs} not known ${rule}: ${someOf(unknownOn, MOST_NAMES)}`,
  );
  const none = unanswered(report).map(({ rule, title: what }) => `${rule}: ${what}`);
  return [
    section('Rules that fail', failing, width),
    section('Rules that could not be judged everywhere', unknown, width),
    section('What no pair could answer', none, width),
  ];
}

function section(head: string, lines: readonly string[], width: number): string[] {
  return lines.length === 0 ? [] : [head, ...lines.flatMap((line) => wrapAfter('  ', line, width))];
}

function slowLines(report: FleetReport, width: number): string[] {
  const found = slowest(report, 3);
  if (report.summary.pairs < 4 || found.length === 0) return [];
  const told = found.map(({ pair, durationMs }) => `${pair} ${secondsInWords(durationMs / 1000)}`);
  return wrapAfter('', `Slowest: ${told.join(', ')}`, width);
}
