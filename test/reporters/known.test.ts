/** A run that passes only because its failures were known, and waivers that accept nothing, look like it in every format. */
import { describe, expect, it } from 'vitest';
import type { Report, WaiverUse } from '../../src/core/model.js';
import { github } from '../../src/reporters/github/github.js';
import { junit } from '../../src/reporters/junit/junit.js';
import { table } from '../../src/reporters/terminal/table.js';
import { headline } from '../../src/reporters/words/headline.js';
import { makeFinding, makeReport } from './report.js';

const failing = (rule: string, known = false) =>
  makeFinding({ rule, verdict: 'fail', message: 'differ', ...(known && { known: true as const }) });
const since = '2026-11-20T04:41:00.000Z';

function report(known: number, fresh: number, over: Partial<Report> = {}): Report {
  const findings = [
    makeFinding({ rule: 'pack/fine' }),
    ...Array.from({ length: known }, (_, at) => failing(`pack/known-${at}`, true)),
    ...Array.from({ length: fresh }, (_, at) => failing(`pack/fresh-${at}`)),
  ];
  const gate = fresh > 0 ? 'failed' : 'passed';
  return makeReport(findings, over, { gate, exitCode: fresh > 0 ? 1 : 0, failOnNew: { since, known } });
}

describe('the headline', () => {
  it.each([
    [2, 0, 'PASSED (no new failures; 2 known): 1 passing finding'],
    [0, 0, 'PASSED: 1 passing finding'],
    [2, 1, 'FAILED: 1 blocker, besides 2 known; do not set this pair up'],
    [0, 1, 'FAILED: 1 blocker; do not set this pair up'],
  ])('%i known, %i new: %s', (known, fresh, words) => {
    expect(headline(report(known, fresh))).toBe(words);
  });

  it('says of an advice that it failed below the gate, known or not', () => {
    const advice = makeFinding({ rule: 'pack/advice', verdict: 'fail', severity: 'advice', known: true });
    const passed = makeReport([makeFinding(), advice], {}, { failOnNew: { since, known: 0 } });
    expect(headline(passed)).toBe('PASSED: 1 passing finding, 1 advice finding failed below the gate');
  });
});

describe('JUnit', () => {
  it('skips what is known, with the reason, and fails on what is new', () => {
    const text = junit(report(1, 1));
    expect(text).toMatch(/<testsuite [^>]*failures="1" errors="0" skipped="1"/);
    expect(text).toMatch(
      /name="pack\/known-0"[^>]*>\s*<skipped message="known, failed in the baseline already \(fail\): differ"/,
    );
    expect(text).toMatch(/name="pack\/fresh-0"[^>]*>\s*<failure /);
    expect(text).toContain('<property name="known" value="1"/>');
    expect(text).toContain('known: failed in the run of 2026-11-20 04:41 UTC already');
  });

  it('tells what became of every waiver', () => {
    const use: WaiverUse = {
      rule: 'pack/os',
      host: 'secondary',
      owner: 'ops',
      until: '2026-11-01',
      state: 'expired',
      waives: [],
      leaves: [],
      why: 'ended with 2026-11-01',
    };
    const out = /<system-out>(.*)<\/system-out>/s.exec(junit(report(0, 0, { waivers: [use] })))?.[1];
    expect(out).toContain('EXPIRED waiver of pack/os on secondary (ops, until 2026-11-01): ended with 2026-11-01');
    expect(junit(report(0, 0))).not.toContain('Waivers:');
  });
});

it('the annotation of what is known is a warning, of what is new an error', () => {
  const lines = github(report(1, 1)).split('\n');
  expect(lines.find((line) => line.includes('pack/known-0'))).toMatch(/^::warning /);
  expect(lines.find((line) => line.includes('pack/fresh-0'))).toMatch(/^::error /);
});

it('the table names what is known below the findings', () => {
  const text = table(report(1, 0), { color: false, columns: 100, all: true });
  expect(text).toContain('Known: failed in the run of 2026-11-20 04:41 UTC already\n  = pack/known-0: blocker fail\n');
});
