/** Metrics of a run, as they are written and as a collector reads them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { didNotRun, prometheus } from '../../src/reporters/prometheus.js';
import { hostileText } from './hostile.js';
import { makeFinding, makeReport, mixedReport } from './report.js';

const waivers: Report['waivers'] = ['2026-12-31', '2026-11-30'].map((until) => ({
  rule: 'pack/os',
  owner: 'ops',
  until,
  state: 'applied',
  waives: ['x'],
  leaves: [],
  why: 'one finding',
}));
const measures: Report['measures'] = [
  { name: 'lagBytes', host: 'primary', value: 4096 },
  { name: 'unreceivedBytes', host: 'primary', value: 512 },
  { name: 'clockOffsetMs', value: 12 },
  { name: 'freeBytes', host: 'primary', path: '/data', value: 7e10 },
];
/** The form that the collector reads, in which every line is a comment or a sample without a time stamp. */
const line =
  /^(# (HELP|TYPE) pairflight_[a-z_]+ .+|pairflight_[a-z_]+\{[a-z]+="([^"\\\n]|\\[\\"n])*"(,[a-z]+="([^"\\\n]|\\[\\"n])*")*\} -?\d+(\.\d+)?)$/;
const series = (text: string) => text.split('\n').filter((one) => one !== '' && !one.startsWith('#'));

describe('the metrics of a run', () => {
  it('say gate, counts, time, duration, what was measured, and when a waiver ends', () => {
    const text = prometheus(
      makeReport([makeFinding(), makeFinding({ rule: 'b', verdict: 'error', severity: 'warning' })], {
        measures,
        waivers,
      }),
    );
    const own = 'pair="billing",phase="preflight"';
    for (const one of [
      `pairflight_ran{${own}} 1`,
      `pairflight_gate_passed{${own}} 1`,
      `pairflight_exit_code{${own}} 0`,
      `pairflight_findings{${own},verdict="pass",severity="blocker"} 1`,
      `pairflight_findings{${own},verdict="unknown",severity="warning"} 1`,
      `pairflight_run_duration_seconds{${own}} 0.812`,
      `pairflight_replication_lag_bytes{${own},host="primary"} 4096`,
      `pairflight_not_received_bytes{${own},host="primary"} 512`,
      `pairflight_clock_offset_seconds{${own}} 0.012`,
      `pairflight_free_bytes{${own},host="primary",path="/data"} 70000000000`,
      `pairflight_waiver_end_timestamp_seconds{${own}} ${Date.parse('2026-11-30T23:59:59Z') / 1000}`,
    ])
      expect(series(text)).toContain(one);
    expect(series(text).length).toBeLessThanOrEqual(24);
  });

  it('name no gate as passed that did not', () => {
    for (const report of [
      mixedReport(),
      makeReport([makeFinding()], {}, { interrupted: true }),
      makeReport([makeFinding({ verdict: 'unknown' })]),
    ])
      expect(prometheus(report)).toMatch(/^pairflight_gate_passed\{[^}]*\} 0$/m);
  });

  it('are lines of the format, each series once, with the same help, whatever hosts say', () => {
    const help = (text: string) => text.split('\n').filter((one) => one.startsWith('# HELP'));
    const usual = help(prometheus(makeReport([], { measures, waivers })));
    fc.assert(
      fc.property(hostileText, (words) => {
        const report = makeReport(
          [makeFinding({ message: words })],
          { waivers, measures: measures?.map((one) => ({ ...one, host: words })) ?? [] },
          { pair: words },
        );
        const text = prometheus(report);
        for (const one of text.trimEnd().split('\n')) expect(one).toMatch(line);
        expect(new Set(series(text)).size).toBe(series(text).length);
        expect(help(text)).toEqual(usual);
      }),
    );
  });

  it('stay few on hosts with many file systems', () => {
    const many = Array.from({ length: 100 }, (_, at) => ({
      name: 'freeBytes' as const,
      host: 'a',
      path: `/${at}`,
      value: 1,
    }));
    expect(series(prometheus(makeReport([makeFinding()], { measures: many }))).length).toBeLessThan(30);
  });
});

describe('a call that did not come to a run', () => {
  it('says so of the pair that the file is about', () => {
    const before = prometheus(makeReport([makeFinding()], {}, { pair: 'a "b" \\ c' }));
    const after = didNotRun('x', before);
    expect(series(after)).toEqual(['pairflight_ran{pair="a \\"b\\" \\\\ c",phase="preflight"} 0']);
    expect(didNotRun('x', after)).toBe(after);
  });

  it.each(['', 'something else\n', 'pairflight_ran 1\n'])(
    'is named by its file where that is about nobody: %j',
    (before) => {
      expect(series(didNotRun('billing', before))).toEqual(['pairflight_ran{pair="billing",phase=""} 0']);
    },
  );
});
