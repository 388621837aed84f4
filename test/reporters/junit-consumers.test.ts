import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeInLines } from '../../src/core/escape.js';
import type { Finding, Report } from '../../src/core/model.js';
import { junit } from '../../src/reporters/junit/junit.js';
import { dorny, enricomi, mikepenz } from './consumers/github-actions.js';
import { gitlab } from './consumers/gitlab.js';
import { jenkins } from './consumers/jenkins.js';
import { expected, hostileReports, kinds } from './consumers/reports.js';
import type { Consumed } from './consumers/xml.js';
import { makeFinding, makeReport, makeSeries, mixedReport } from './report.js';

const consumers: [string, (text: string) => Consumed[]][] = [
  ['GitLab', (text) => gitlab(text).cases],
  ['Jenkins', (text) => jenkins(text).cases],
  ['dorny/test-reporter', dorny],
  ['mikepenz/action-junit-report', mikepenz],
  ['EnricoMi/publish-unit-test-result-action', (text) => enricomi(text).cases],
];

const sorted = (list: readonly string[]) => [...list].sort();
const statuses = (report: Report) => new Map(report.findings.map((one) => [one.key, expected(one, report)]));
/** What of a text must arrive: what nobody sees is written out, and blanks and lines may be one blank. */
const readable = (text: string) => escapeInLines(text).replace(/\s|\\(u202[89]|x0[bc]|ufeff)/gu, '');

describe.each(consumers)('%s', (name, read) => {
  it.each(kinds)('%s: has each finding under its name, and as what it is', (_, report) => {
    expect(new Map(read(junit(report)).map((one) => [one.name, one.status]))).toEqual(statuses(report));
    expect(read(junit(report))).toHaveLength(report.findings.length);
  });

  it.each(kinds)('%s: shows the message of what fails and of what could not be verified', (_, report) => {
    const shown = new Map(read(junit(report)).map((one) => [one.name, one.shown]));
    for (const finding of report.findings) {
      if (expected(finding, report) === 'failed') expect(shown.get(finding.key)).toContain(finding.message);
    }
  });

  it('tells all cases apart', () => {
    const identities = read(junit(mixedReport())).map((one) => one.identity);
    expect(new Set(identities).size).toBe(mixedReport().findings.length);
  });

  it('knows each case again when everything observed is another', () => {
    const of = (report: Report) => sorted(read(junit(report)).map((one) => one.identity));
    expect(of(observedOtherwise(mixedReport()))).toEqual(of(mixedReport()));
  });

  it('whatever the hosts say, loses no case, and calls none by another word', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        const cases = read(junit(report));
        expect(new Map(cases.map((one) => [one.name, one.status]))).toEqual(statuses(report));
        const shown = new Map(cases.map((one) => [one.name, readable(one.shown)]));
        for (const finding of report.findings) {
          const message = readable(finding.message);
          // An action that has no message shows what else it finds.
          if (expected(finding, report) === 'failed' && message !== '')
            expect(shown.get(finding.key)).toContain(message);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sees a name that is there twice', () => {
    const twice = ['fail', 'fail'].map((verdict) => makeFinding({ verdict: verdict as Finding['verdict'] }));
    const found = read(junit(makeReport(twice)));
    expect(found).toHaveLength(name.startsWith('dorny') ? 2 : 1);
  });
});

/** The same findings, with other verdicts, values, words and times. */
function observedOtherwise(report: Report): Report {
  const findings = report.findings.map((one) => ({
    ...one,
    verdict: 'unknown' as const,
    message: `other than ${one.message}`,
    actual: { primary: 1, secondary: 'x' },
    samples: [makeSeries([9, 8])],
    told: ['something else'],
  }));
  const run = { startedAt: '2027-01-01T00:00:00Z', finishedAt: '2027-01-01T00:09:00Z', durationMs: 540_000 };
  return makeReport(findings, { product: { ...report.product, release: null, build: null } }, run);
}

it.each([
  ['HTML alone knows', 'a&nbsp;b &copy; c'],
  ['nobody may write', '&#0; &#27; &#xfffe;'],
  ['XML knows', '&lt;b&gt; &amp;amp; &#10;'],
  ['is none', 'a && b &x &; &#; &#x;'],
])('a reference that %s is shown as the host wrote it', (_, message) => {
  const text = junit(makeReport([makeFinding({ verdict: 'fail', message, told: [message] })]));
  for (const [, read] of consumers) expect(read(text)[0]?.shown).toContain(message);
  expect(gitlab(text).cases[0]?.shown).toContain(`told: ${message}`);
});

describe('counters', () => {
  it.each(kinds)('%s: come to what the testcases say', (_, report) => {
    const { tests, runs } = enricomi(junit(report));
    expect(runs).toEqual(tests);
    expect(runs.tests).toBe(report.findings.length);
    expect(runs.succeeded).toBe([...statuses(report).values()].filter((status) => status === 'passed').length);
  });

  it('that lie would turn a failure into a success', () => {
    const text = junit(makeReport([makeFinding({ verdict: 'fail' })])).replace('failures="1"', 'failures="0"');
    expect(enricomi(text).runs.succeeded).toBe(1);
    expect(enricomi(text).tests.succeeded).toBe(0);
  });
});

describe('a pipeline is', () => {
  it.each(kinds)('%s: green only where nothing that gates is open', (_, report) => {
    const green = ![...statuses(report).values()].includes('failed');
    expect(gitlab(junit(report)).green).toBe(green);
    expect(jenkins(junit(report)).green).toBe(green);
  });

  it('not green in Jenkins for a report without a finding', () => {
    expect(jenkins(junit(makeReport([]))).green).toBe(false);
  });
});

describe('GitLab', () => {
  const failing = () => junit(makeReport([makeFinding({ verdict: 'fail', message: 'sizes differ' })]));

  it('is not given a type that it would obey', () => {
    expect(gitlab(failing()).cases[0]?.shown).toContain('sizes differ');
    expect(gitlab(failing().replace('type="blocker"', 'type="integer"')).cases[0]?.shown).toBe('');
    expect(() => gitlab(failing().replace('type="blocker"', 'type="yaml"'))).toThrow(/disallowed/);
  });

  it('is told everything in the body, because it drops the attributes', () => {
    const body = gitlab(failing()).cases[0]?.shown ?? '';
    for (const words of ['blocker fail: sizes differ', 'expected: same', 'remedy: ', 'source: The Setup Page']) {
      expect(body).toContain(words);
    }
  });
});

describe('Jenkins', () => {
  const below = (at: number) =>
    makeFinding({ rule: `pack/${at}`, verdict: 'fail', severity: 'advice', message: 'differs' });
  const next = `The next documented step deletes everything on secondary (10.11.2.61). ${'It cannot be undone. '.repeat(8)}`;

  it('cuts the output of a suite without a failure, and still shows headline and caution', () => {
    const source = { doc: 'd', section: 's' };
    const notVerified = [1, 2, 3].map((at) => ({
      id: `n${at}`,
      what: 'it',
      why: 'nobody can look. '.repeat(40),
      source,
    }));
    const { stdout, green } = jenkins(junit(makeReport([1, 2, 3, 4, 5, 6].map(below), { notVerified }, { next })));
    expect(green).toBe(true);
    expect(stdout[0]).toContain('...[truncated');
    expect(stdout[0]).toMatch(/^PASSED: .* failed below the gate.*\n\nCAUTION: The next documented step deletes/);
    expect(stdout[0]).toContain(next.trim());
  });

  it('shows message and text of a failure, an error before it', () => {
    const [one] = jenkins(junit(makeReport([makeFinding({ verdict: 'error', message: 'needs a number' })]))).cases;
    expect(one).toMatchObject({ details: 'needs a number', status: 'failed' });
    expect(one?.trace).toMatch(/^blocker error: needs a number\n/);
  });

  it('has one suite, with a name that does not change', () => {
    expect(jenkins(junit(mixedReport())).suites).toEqual(['pairflight.pack.pairflight.billing.pack.preflight']);
  });
});
