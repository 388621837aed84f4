/** A fleet as the answer of a monitoring plugin: one line with performance data, and a line for the first pairs that do not pass. */
import { escapeForTerminal } from '../../core/escape.js';
import { oneLine, shorten } from '../../core/format.js';
import type { FleetReport } from '../report.js';
import { fleetHeadline, openPairs, reasonInWords } from './words.js';

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** Lines below the first, and characters of each: what a plugin says is cut by those who read it. */
const MOST_LINES = 12;
const MOST_CHARACTERS = 300;

/** The code of a plugin: 0 all passed, 1 all passed and something below the gate fails, 2 a pair failed, 3 everything else. */
export function pluginCode({ run, rules, guards }: FleetReport): 0 | 1 | 2 | 3 {
  if (run.gate === 'failed') return 2;
  if (run.gate !== 'passed' || run.interrupted) return 3;
  const warned = rules.some(
    ({ fail, unknown, error, severity }) => severity !== 'advice' && fail + unknown + error > 0,
  );
  return warned || guards.length > 0 ? 1 : 0;
}

/** The answer's text. */
export function nagios(report: FleetReport): string {
  const { summary, run, problems } = report;
  const open = openPairs(report);
  const lines = [
    ...problems.map(({ message }) => message),
    ...open.map((row) => `${row.pair}: ${row.outcome}: ${reasonInWords(row)}`),
  ].map(plain);
  const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more`] : [];
  const data = [
    ...Object.entries(summary).map(([name, count]) => `${name}=${count};;;0`),
    `duration=${run.durationMs / 1000}s;;;0`,
  ];
  const first = `PAIRFLIGHT ${words[pluginCode(report)]} - ${plain(fleetHeadline(report))} | ${data.join(' ')}`;
  return `${[first, ...lines.slice(0, MOST_LINES), ...more].join('\n')}\n`;
}

/** `|` begins the performance data, wherever it stands. */
function plain(text: string): string {
  return escapeForTerminal(shorten(oneLine(text), MOST_CHARACTERS)).replaceAll('|', '/');
}
