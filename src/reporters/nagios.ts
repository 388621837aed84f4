/** A saved report as the answer of a monitoring plugin: one line with performance data, and a line for each thing that is wrong. */
import { showDuration } from '../core/format.js';
import type { Finding, Measure, Report } from '../core/model.js';
import { type PluginAnswer, pluginAnswer, pluginText } from './plugin-answer.js';
import { headingOf, standingOf } from './words/finding.js';
import { headline } from './words/headline.js';
import { worstFirst } from './words/order.js';

/** A clock that is ahead by more than this makes ages worthless. */
const AHEAD_MS = 60_000;

/** The answer on a report that was saved, at a time; one that is older than `maxAgeMs` says nothing about now. */
export function nagios(report: Report, now: number, maxAgeMs: number): PluginAnswer {
  const ageMs = now - Date.parse(report.run.finishedAt);
  const open = openFindings(report);
  const { code, says } = stateOf(report, ageMs, maxAgeMs, open);
  const lines = worstFirst(open).map((one) => `${one.severity}: ${headingOf(one)}${whereOf(one)}: ${one.message}`);
  return pluginAnswer(code, `${report.run.pair} ${report.run.phase}: ${says}`, dataOf(report, ageMs, maxAgeMs), lines);
}

/** The answer where there is no report to speak of: a wrong option, a file that is none, a fault of our own. */
export function pluginFailure(message: string): PluginAnswer {
  return pluginAnswer(3, message, '', []);
}

function stateOf(
  report: Report,
  ageMs: number,
  maxAgeMs: number,
  open: readonly Finding[],
): { code: PluginAnswer['code']; says: string } {
  const { gate, interrupted } = report.run;
  if (ageMs > maxAgeMs)
    return {
      code: 3,
      says: `the report is ${showDuration(ageMs)} old (at most ${showDuration(maxAgeMs)}); it said ${headline(report)}`,
    };
  if (ageMs < -AHEAD_MS) return { code: 3, says: `the report is from the future (${report.run.finishedAt})` };
  if (gate === 'failed') return { code: 2, says: headline(report) };
  if (gate !== 'passed' || interrupted) return { code: 3, says: headline(report) };
  return { code: open.some(({ severity }) => severity !== 'advice') ? 1 : 0, says: headline(report) };
}

/** What is not as it should be and nobody accepted. */
function openFindings({ findings }: Report): Finding[] {
  return findings.filter((finding) => ['fail', 'unknown', 'error'].includes(standingOf(finding)));
}

function whereOf({ key, rule }: Finding): string {
  return key.slice(rule.length);
}

function dataOf({ measures = [], summary, run }: Report, ageMs: number, maxAgeMs: number): string {
  return [
    ...measures.map(measured),
    `age=${Math.max(0, Math.round(ageMs / 1000))}s;;${Math.round(maxAgeMs / 1000)};0`,
    `duration=${run.durationMs / 1000}s;;;0`,
    ...Object.entries(summary).map(([name, count]) => `${name}=${count};;;0`),
  ].join(' ');
}

const labels = {
  lagBytes: ['lag', 'B'],
  unreceivedBytes: ['not received', 'B'],
  clockOffsetMs: ['clock offset', 's'],
  freeBytes: ['free', 'B'],
} as const satisfies Record<Measure['name'], readonly [string, 'B' | 's']>;

function measured({ name, host, path, value }: Measure): string {
  const [label, unit] = labels[name];
  const whole = [label, host, path].filter((part) => part !== undefined).join(' ');
  // A quote in a label is doubled; an equals sign would end it.
  const quoted = pluginText(whole).replaceAll("'", "''").replaceAll('=', '_');
  return `'${quoted}'=${unit === 's' ? value / 1000 : value}${unit};;;0`;
}
