/** A report as metrics for a textfile collector: about twenty series a pair, of names that never change, without time stamps. */
import { escapeForTerminal } from '../core/escape.js';
import { shorten } from '../core/format.js';
import type { Measure, Report, Severity } from '../core/model.js';
import { standingOf } from './words/finding.js';

/** Every metric and its help, which must be the same in all files that one collector reads. */
const helps = {
  pairflight_ran: 'Whether the last call judged its pair; 0 when it did not run',
  pairflight_gate_passed:
    'Whether the gate passed; 0 when it failed, is incomplete, or is of hosts that are only declared',
  pairflight_exit_code: 'Exit code of the last run: 0 passed or declared, 1 failed, 3 incomplete',
  pairflight_run_timestamp_seconds: 'When the last run ended, in seconds since 1970',
  pairflight_run_duration_seconds: 'How long the last run took',
  pairflight_findings: 'Findings by verdict and severity; a rule that makes no sense counts as unknown',
  pairflight_replication_lag_bytes: 'What the primary wrote and a standby has not replayed',
  pairflight_not_received_bytes:
    'What the primary wrote and a standby has not received, which is lost with the primary',
  pairflight_clock_offset_seconds: 'How far the clocks of the hosts are apart',
  pairflight_free_bytes: 'Free space of a file system',
  pairflight_waiver_end_timestamp_seconds: 'When the first of the applied waivers ends, in seconds since 1970',
} as const;

type Metric = keyof typeof helps;
type Labels = Record<string, string>;

/** File systems whose free space is told; a pack knows fewer. */
const mostPaths = 8;

const verdicts = ['pass', 'fail', 'unknown', 'waived'] as const;
const severities: readonly Severity[] = ['blocker', 'warning', 'advice'];

const metrics = {
  lagBytes: ['pairflight_replication_lag_bytes', 1],
  unreceivedBytes: ['pairflight_not_received_bytes', 1],
  clockOffsetMs: ['pairflight_clock_offset_seconds', 1000],
  freeBytes: ['pairflight_free_bytes', 1],
} as const satisfies Record<Measure['name'], readonly [Metric, number]>;

/** The metrics of a run. */
export function prometheus(report: Report): string {
  const { run, findings, waivers = [], measures = [] } = report;
  const own = { pair: run.pair, phase: run.phase };
  const standing = findings.map((finding) => {
    const word = standingOf(finding);
    return { verdict: word === 'error' ? 'unknown' : word, severity: finding.severity };
  });
  const ends = waivers.filter(({ state }) => state === 'applied').map(({ until }) => Date.parse(`${until}T23:59:59Z`));
  const free = measures.filter(({ name }) => name === 'freeBytes').slice(0, mostPaths);
  const others = measures.filter(({ name }) => name !== 'freeBytes');
  return text([
    sample('pairflight_ran', own, 1),
    sample('pairflight_gate_passed', own, run.gate === 'passed' && !run.interrupted ? 1 : 0),
    sample('pairflight_exit_code', own, run.exitCode),
    sample('pairflight_run_timestamp_seconds', own, Date.parse(run.finishedAt) / 1000),
    sample('pairflight_run_duration_seconds', own, run.durationMs / 1000),
    ...verdicts.flatMap((verdict) =>
      severities.map((severity) => {
        const count = standing.filter((one) => one.verdict === verdict && one.severity === severity).length;
        return sample('pairflight_findings', { ...own, verdict, severity }, count);
      }),
    ),
    ...[...others, ...free].map(({ name, host, path, value }) => {
      const [metric, per] = metrics[name];
      return sample(
        metric,
        { ...own, ...(host !== undefined && { host }), ...(path !== undefined && { path }) },
        value / per,
      );
    }),
    ...(ends.length > 0 ? [sample('pairflight_waiver_end_timestamp_seconds', own, Math.min(...ends) / 1000)] : []),
  ]);
}

/** What a file says when a call did not come to a run. `before`: what it said until now, which knows whom it is about. */
export function didNotRun(file: string, before: string): string {
  const [, pair, phase] =
    /^pairflight_ran\{pair="((?:[^"\\\n]|\\.)*)",phase="((?:[^"\\\n]|\\.)*)"\} [01]$/m.exec(before) ?? [];
  const known = pair !== undefined && phase !== undefined;
  return text([
    known
      ? { metric: 'pairflight_ran', line: `pairflight_ran{pair="${pair}",phase="${phase}"} 0` }
      : sample('pairflight_ran', { pair: file, phase: '' }, 0),
  ]);
}

function sample(metric: Metric, labels: Labels, value: number): { metric: Metric; line: string } {
  const inside = Object.entries(labels).map(([name, label]) => `${name}="${escaped(label)}"`);
  return { metric, line: `${metric}{${inside.join(',')}} ${value}` };
}

/** What a host calls itself may hold anything; the format itself escapes three characters. */
function escaped(label: string): string {
  return escapeForTerminal(shorten(label)).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function text(samples: readonly { metric: Metric; line: string }[]): string {
  return (Object.keys(helps) as Metric[])
    .flatMap((metric) => {
      const lines = samples.filter((one) => one.metric === metric).map(({ line }) => line);
      return lines.length === 0 ? [] : [`# HELP ${metric} ${helps[metric]}.`, `# TYPE ${metric} gauge`, ...lines];
    })
    .map((line) => `${line}\n`)
    .join('');
}
