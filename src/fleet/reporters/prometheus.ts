/** A fleet as metrics for a textfile collector: names that never change, and no time stamps. */
import { escapeForTerminal } from '../../core/escape.js';
import { exitCode } from '../../judge/verdict.js';
import type { FleetReport, PairRow } from '../report.js';

const helps = {
  pairflight_fleet_exit_code: 'Exit code of the last run of the fleet: 0 passed, 1 failed, 3 incomplete',
  pairflight_fleet_run_timestamp_seconds: 'When the last run of the fleet ended, in seconds since 1970',
  pairflight_fleet_run_duration_seconds: 'How long the last run of the fleet took',
  pairflight_fleet_pairs: 'Pairs of the fleet by what they came to',
  pairflight_fleet_accepted_findings: 'Failures that would stop the gate, had nobody accepted them',
  pairflight_fleet_problems: 'Parts of the last run that are missing, there twice, altered, too old or of another run',
  pairflight_fleet_rule_failing_pairs: 'Pairs that a rule fails on',
  pairflight_fleet_pair_exit_code: 'Exit code of a pair: 0 passed, 1 failed, 3 incomplete, in error or missing',
  pairflight_fleet_pair_timestamp_seconds: 'When a pair was judged last, in seconds since 1970',
} as const;

type Metric = keyof typeof helps;

/** The metrics of a fleet. */
export function prometheus({ run, summary, problems, pairs, rules }: FleetReport): string {
  const own = { fleet: run.fleet, phase: run.phases.join(',') };
  const { pairs: _, ...counts } = summary;
  const samples: [Metric, Record<string, string>, number][] = [
    ['pairflight_fleet_exit_code', own, run.exitCode],
    ['pairflight_fleet_run_timestamp_seconds', own, Date.parse(run.finishedAt) / 1000],
    ['pairflight_fleet_run_duration_seconds', own, run.durationMs / 1000],
    ...Object.entries(counts).map(([outcome, count]): (typeof samples)[number] => [
      'pairflight_fleet_pairs',
      { ...own, outcome },
      count,
    ]),
    ['pairflight_fleet_accepted_findings', own, pairs.reduce((sum, { summary: of }) => sum + (of?.accepted ?? 0), 0)],
    ['pairflight_fleet_problems', own, problems.length],
    ...rules
      .filter(({ fail }) => fail > 0)
      .map(({ rule, severity, fail }): (typeof samples)[number] => [
        'pairflight_fleet_rule_failing_pairs',
        { ...own, rule, severity },
        fail,
      ]),
    ...pairs.map((row): (typeof samples)[number] => [
      'pairflight_fleet_pair_exit_code',
      { ...own, pair: row.pair },
      codeOf(row),
    ]),
    ...pairs.flatMap(({ pair, finishedAt }): typeof samples =>
      finishedAt === undefined
        ? []
        : [['pairflight_fleet_pair_timestamp_seconds', { ...own, pair }, Date.parse(finishedAt) / 1000]],
    ),
  ];
  return (Object.keys(helps) as Metric[])
    .flatMap((metric) => {
      const lines = samples
        .filter(([name]) => name === metric)
        .map(([, labels, value]) => `${metric}{${inside(labels)}} ${value}`);
      return lines.length === 0 ? [] : [`# HELP ${metric} ${helps[metric]}.`, `# TYPE ${metric} gauge`, ...lines];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function codeOf({ outcome }: PairRow): number {
  return outcome === 'error' || outcome === 'missing' ? exitCode('incomplete') : exitCode(outcome);
}

function inside(labels: Readonly<Record<string, string>>): string {
  const escaped = (label: string) => escapeForTerminal(label).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return Object.entries(labels)
    .map(([name, label]) => `${name}="${escaped(label)}"`)
    .join(',');
}
