/** The table of played pairs at narrow and wide terminals: no line is too long, and nothing is lost. */
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/core/model.js';
import { table } from '../../src/reporters/terminal/table.js';
import { standingOf } from '../../src/reporters/words/finding.js';
import { play } from '../demo/run.js';

const scenarios = ['default', 'healthy', 'sudo-refused', 'everything-wrong', 'lag-falling', 'failover-would-lose'];
const widths = [40, 60, 80, 120, 200];

/** Without white space a broken line reads as the whole one. */
const bare = (text: string) => text.replace(/\s+/g, '');

describe.each(scenarios)('the table of %s', (scenario) => {
  let report: Report;
  beforeAll(async () => {
    ({ report } = await play(scenario));
  });
  const shown = (columns: number) => table(report, { color: false, columns, all: true });

  it.each(widths)('stays within %i columns, and prose within 120', (columns) => {
    for (const line of shown(columns).split('\n')) {
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      if (/^ +(remedy|source|basis): /.test(line)) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    }
  });

  it.each(widths)('loses nothing at %i columns', (columns) => {
    const text = bare(shown(columns));
    const told = report.findings.filter((finding) => finding.blockedBy === undefined);
    for (const finding of told) expect(text).toContain(bare(finding.rule));
    for (const finding of told.filter((one) => !['pass', 'skip'].includes(standingOf(one)))) {
      for (const words of wordsOf(finding)) expect(text).toContain(bare(words));
    }
    for (const { what, why } of report.notVerified) expect(text).toContain(bare(`${what}: ${why}`));
  });

  it.each(widths)('names at its end what keeps the gate closed, at %i columns', (columns) => {
    const verdicts = { passed: [], declared: [], failed: ['fail'], incomplete: ['unknown', 'error'] }[
      report.run.gate
    ] as string[];
    const keys = report.findings.flatMap(({ key, severity, verdict, blockedBy, waivedBy }) =>
      severity === 'blocker' && verdicts.includes(verdict) && !blockedBy && !waivedBy ? [bare(key)] : [],
    );
    const [, end = ''] = shown(columns).split(/\nWhy the gate (?:failed|is undecided)\n/);
    expect(end === '').toBe(keys.length === 0);
    for (const key of keys) expect(bare(end)).toContain(key);
  });
});

/** What is said of a finding that did not pass; ports that share a fault share its words. */
function wordsOf({ verdict, message, remedy, row, subject }: Finding): string[] {
  const said = row && subject.kind === 'pair' ? message.replace(`${subject.from} -> ${subject.to}: `, '') : message;
  return [...said.split('; '), ...(verdict === 'fail' ? [remedy] : [])];
}
