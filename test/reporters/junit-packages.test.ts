/** JUnit files in programs that people feed them to, as npm has them: of one pair, of two, and merged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeToString } from 'junit-report-merger';
import { convertJUnitToCTRFReport } from 'junit-to-ctrf';
import { parse, type TestSuite } from 'junit2json';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { junit } from '../../src/reporters/junit/junit.js';
import { expected, kinds, saying } from './consumers/reports.js';
import { suitesOf } from './consumers/xml.js';
import { xunitViewer } from './consumers/xunit-viewer.js';
import { mixedReport } from './report.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-junit-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Shown = { name: string; status: string }[];

/** Each program, and what it shows of some files. */
const programs: [string, (files: string[]) => Promise<Shown>][] = [
  [
    'junit2json',
    async (files) => {
      const all = await Promise.all(files.map((file) => parse(file)));
      const suites = all.flatMap((one) => (one && 'testsuite' in one ? (one.testsuite ?? []) : []) as TestSuite[]);
      return suites.flatMap(({ testcase = [] }) =>
        testcase.map(({ name = '', failure, error, skipped }) => ({
          name: String(name),
          status: failure || error ? 'failed' : skipped ? 'skipped' : 'passed',
        })),
      );
    },
  ],
  [
    'junit-to-ctrf',
    async (files) => {
      for (const [at, file] of files.entries()) writeFileSync(join(folder, `${at}.xml`), file);
      const report = await convertJUnitToCTRFReport(join(folder, `{${files.map((_, at) => at).join(',')},none}.xml`), {
        log: false,
      });
      return report?.results.tests ?? [];
    },
  ],
  [
    'junit-report-merger',
    async (files) => {
      const merged = suitesOf(await mergeToString(files));
      return merged.flatMap(({ children }) =>
        children
          .filter(({ name }) => name === 'testcase')
          .map((one) => {
            const [kind = 'passed'] = one.children.map(({ name }) => name);
            return {
              name: one.attributes.name ?? '',
              status: kind === 'failure' || kind === 'error' ? 'failed' : kind,
            };
          }),
      );
    },
  ],
  [
    'xunit-viewer',
    async (files) =>
      (await xunitViewer(...files)).map(({ name, status }) => ({
        name,
        status: status === 'failure' || status === 'error' ? 'failed' : status,
      })),
  ],
];

const counted = (shown: Shown) => shown.map(({ name, status }) => `${status} ${name}`).toSorted();
const right = (...reports: Report[]) =>
  reports.flatMap((report) => report.findings.map((one) => `${expected(one, report)} ${one.key}`)).toSorted();
const named = (report: Report, pair: string): Report => ({ ...report, run: { ...report.run, pair } });

describe.each(programs)('%s', (_, show) => {
  it.each(kinds)('%s: shows every finding, and nothing as passed but what passes', async (_kind, report) => {
    expect(counted(await show([junit(report)]))).toEqual(right(report));
  });

  it('shows every finding of two pairs, whichever of them comes last', async () => {
    const [bad, good] = [named(mixedReport(), 'billing-a'), named(kinds[0]?.[1] ?? mixedReport(), 'billing-b')];
    for (const pairs of [
      [bad, good],
      [good, bad],
    ])
      expect(counted(await show(pairs.map(junit)))).toEqual(right(bad, good));
  });

  it('shows every finding of two pairs whose names look alike', async () => {
    const pairs = ['a.b', 'a-b', 'A_b'].map((pair) => named(mixedReport(), pair));
    expect(counted(await show(pairs.map(junit)))).toEqual(right(...pairs));
  });

  it('shows every finding whatever a host says', async () => {
    const report = saying('<failure/> ]]> &amp; \u202e\x1b[2J "passed"', ['\u2028'], 'fail');
    expect(counted(await show([junit(report)]))).toEqual(right(report));
  });
});
