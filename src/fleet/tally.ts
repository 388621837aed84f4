/** Gathers the pairs of a fleet one by one, in whatever order they come, and keeps of each no more than its row. */
import { oneLine } from '../core/format.js';
import type { Evidence, Report } from '../core/model.js';
import { exitCode, weighsEnough } from '../judge/verdict.js';
import type { PairEvent } from './events.js';
import { byName } from './fleet.js';
import { fleetGuards } from './guards.js';
import { type FleetReport, fleetGate, type PairRow, type Problem, type RuleRow } from './report.js';
import { rowOf, verdictsOf } from './row.js';

/** What a report of a fleet has beside what its pairs say. */
export type Frame = Pick<FleetReport, 'tool' | 'packs'> & {
  run: Omit<FleetReport['run'], 'gate' | 'exitCode' | 'durationMs'>;
  problems?: Problem[];
};

/** The rows of a fleet as they come. */
export class Tally {
  readonly #rows: PairRow[] = [];
  readonly #rules = new Map<string, RuleRow>();

  /** A pair that was judged. */
  add(event: PairEvent, labels: Record<string, string>, report: Report, evidence: Evidence): void {
    this.#rows.push(rowOf(event, labels, report, evidence));
    for (const [rule, { finding, verdict }] of verdictsOf(report)) {
      const row = this.#rules.get(rule) ?? {
        rule,
        title: oneLine(finding.title),
        severity: finding.severity,
        pairs: 0,
        ...{ pass: 0, fail: 0, unknown: 0, error: 0, skip: 0, waived: 0 },
        failing: [],
        unknownOn: [],
      };
      this.#rules.set(rule, row);
      row.pairs++;
      // A role may weigh more than another: the most is said, whatever pair came first.
      if (weighsEnough(finding.severity, row.severity)) row.severity = finding.severity;
      row[verdict]++;
      if (verdict === 'fail') row.failing.push(event.pair);
      if (verdict === 'unknown' || verdict === 'error') row.unknownOn.push(event.pair);
    }
  }

  /** A pair that has no report, and why. */
  addWithout(pair: string, labels: Record<string, string>, outcome: 'error' | 'missing', why: string): void {
    this.#rows.push({ pair, labels, outcome, why, findings: [] });
  }

  /** The report of all that came. */
  report({ tool, packs, run, problems = [] }: Frame): FleetReport {
    const pairs = this.#rows.toSorted((a, b) => byName(a.pair, b.pair));
    const summary = { pairs: pairs.length, passed: 0, failed: 0, incomplete: 0, error: 0, missing: 0 };
    for (const { outcome } of pairs) summary[outcome]++;
    const guards = fleetGuards(pairs);
    const gate = fleetGate({ summary, guards, problems });
    return {
      schema: 'pairflight/fleet-report/1',
      tool,
      run: {
        ...run,
        durationMs: Date.parse(run.finishedAt) - Date.parse(run.startedAt),
        gate,
        exitCode: exitCode(gate),
      },
      packs,
      summary,
      problems,
      guards,
      rules: [...this.#rules.values()]
        .map((row) => ({ ...row, failing: row.failing.toSorted(byName), unknownOn: row.unknownOn.toSorted(byName) }))
        .sort((a, b) => byName(a.rule, b.rule)),
      pairs,
    };
  }
}
