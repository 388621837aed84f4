/** A fleet as the answer of a monitoring plugin: one line with performance data, and a line for the first pairs that do not pass. */
import { type PluginAnswer, pluginAnswer } from '../../reporters/plugin-answer.js';
import type { FleetReport } from '../report.js';
import { fleetHeadline, openPairs, reasonInWords } from './sentences.js';

/** The code of a plugin: 0 all passed, 1 all passed and something below the gate fails, 2 a pair failed, 3 everything else. */
export function pluginCode({ run, rules, guards }: FleetReport): PluginAnswer['code'] {
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
  ];
  const data = [
    ...Object.entries(summary).map(([name, count]) => `${name}=${count};;;0`),
    `duration=${run.durationMs / 1000}s;;;0`,
  ];
  return pluginAnswer(pluginCode(report), fleetHeadline(report), data.join(' '), lines).text;
}
