/** Markdown of a fleet, for a comment or a job's summary: cut where there is no room, and never a failing pair's name. */
import { secondsInWords } from '../../core/format.js';
import { code, prose } from '../../reporters/markdown/text.js';
import type { FleetReport, PairRow } from '../report.js';
import {
  acceptedPairs,
  failingRules,
  fleetHeadline,
  openPairs,
  partlyUnknown,
  reasonInWords,
  slowest,
  unanswered,
} from './sentences.js';

/** GitHub takes 65,536 characters for a comment, and 1 MiB for a summary. */
const BUDGET = 60_000;

const outcomes: Record<PairRow['outcome'], string> = {
  failed: 'FAIL',
  error: 'ERROR',
  missing: 'missing',
  incomplete: 'unknown',
  passed: 'pass',
};

/** The report; names of pairs come before everything that can be cut. */
export function markdown(report: FleetReport, budget = BUDGET): string {
  const parts = [
    `## ${prose(fleetHeadline(report))}`,
    ...report.problems.map(({ message }) => `* **ERROR** ${prose(message)}`),
    ...report.guards.map(
      ({ verdict, message }) => `* **${verdict === 'fail' ? 'FAIL' : 'warning'}** ${prose(message)}`,
    ),
  ];
  const open = openPairs(report);
  let used = length(parts);
  const names = open.map(({ pair, outcome }) => `${code(pair)} (${outcomes[outcome]})`);
  let owed = names.reduce((sum, name) => sum + name.length + 2, 0);
  const rows: string[] = [];
  for (const row of open) {
    const line = `| ${outcomes[row.outcome]} | ${code(row.pair, true)} | ${prose(reasonInWords(row), true)} |`;
    const rest = owed - (names[rows.length] ?? '').length - 2;
    if (used + line.length + 1 + rest > budget - 200) break;
    rows.push(line);
    used += line.length + 1;
    owed = rest;
  }
  if (rows.length > 0) parts.push(['| | Pair | Why |', '| --- | --- | --- |', ...rows].join('\n'));
  const others = names.slice(rows.length);
  if (others.length > 0) parts.push(`And ${others.length} more that do not pass: ${others.join(', ')}`);
  for (const section of sections(report)) {
    const [head = '', ...lines] = section;
    const fitting: string[] = [];
    let size = length(parts) + head.length + 80;
    for (const line of lines) {
      size += line.length + 1;
      if (size > budget) break;
      fitting.push(line);
    }
    if (fitting.length === 0) continue;
    const cut = lines.length - fitting.length;
    parts.push([head, '', ...fitting, ...(cut > 0 ? [`* and ${cut} more, in the JSON report`] : [])].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

const length = (parts: readonly string[]) => parts.reduce((sum, part) => sum + part.length + 2, 0);

function sections(report: FleetReport): string[][] {
  const failing = failingRules(report).map(
    ({ rule, fail, pairs, title, severity }) =>
      `* ${fail} of ${pairs} fail ${code(rule)} (${severity}): ${prose(title)}`,
  );
  const unknown = partlyUnknown(report).map(
    ({ rule, unknownOn, pairs }) => `* ${unknownOn.length} of ${pairs} not known ${code(rule)}`,
  );
  const accepted = acceptedPairs(report).map((row) => `* ${code(row.pair)}: ${prose(row.accepted)}`);
  const none = unanswered(report).map(({ rule, title }) => `* ${code(rule)}: ${prose(title)}`);
  const slow = slowest(report, 3).map(({ pair, durationMs }) => `* ${code(pair)} ${secondsInWords(durationMs / 1000)}`);
  return [
    ['### Accepted', ...accepted],
    ['### Rules that fail', ...failing],
    ['### Rules that could not be judged everywhere', ...unknown],
    ['### What no pair could answer', ...none],
    ['### The slowest', ...slow],
  ];
}
