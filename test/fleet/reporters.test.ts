/** The formats of a fleet: bounded, escaped, and never without the name of a pair that fails. */

import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import type { FleetReport, OpenFinding, PairRow } from '../../src/fleet/report.js';
import { html } from '../../src/fleet/reporters/html.js';
import { junit } from '../../src/fleet/reporters/junit.js';
import { markdown } from '../../src/fleet/reporters/markdown.js';
import { nagios, pluginCode } from '../../src/fleet/reporters/nagios.js';
import { prometheus } from '../../src/fleet/reporters/prometheus.js';
import { table } from '../../src/fleet/reporters/table.js';

const HOSTILE = '<b>&"x\u202e | `@all` \u001b[31m ]]> ::error::';

const finding = (more: Partial<OpenFinding> = {}): OpenFinding => ({
  key: 'postgresql/standby-limits [standby]',
  rule: 'postgresql/standby-limits',
  title: 'The standby allows less than the primary',
  severity: 'blocker',
  verdict: 'fail',
  message: 'max_connections: 100, expected at least 200',
  gating: true,
  ...more,
});

const pair = (name: string, outcome: PairRow['outcome'], more: Partial<PairRow> = {}): PairRow => ({
  pair: name,
  labels: { site: 'fra' },
  outcome,
  product: { pack: 'postgresql', title: 'PostgreSQL', release: '15', build: '15.4' },
  startedAt: '2026-01-31T02:00:00.000Z',
  finishedAt: '2026-01-31T02:00:01.000Z',
  durationMs: 1000,
  findings: outcome === 'failed' ? [finding()] : [],
  ...more,
});

function reportOf(pairs: PairRow[], more: Partial<FleetReport> = {}): FleetReport {
  const summary = { pairs: pairs.length, passed: 0, failed: 0, incomplete: 0, error: 0, missing: 0 };
  for (const { outcome } of pairs) summary[outcome]++;
  const failing = pairs.filter(({ outcome }) => outcome === 'failed').map((row) => row.pair);
  const rule = { title: 'Limits', severity: 'blocker' as const, error: 0, skip: 0, waived: 0 };
  return {
    schema: 'pairflight/fleet-report/1',
    tool: { name: 'pairflight', version: '0.2.0' },
    run: {
      fleet: 'eu-prod',
      phases: ['verify'],
      where: [],
      selection: { only: [], skip: [] },
      settings: {},
      failOn: 'blocker',
      id: 'a',
      startedAt: '2026-01-31T02:00:00.000Z',
      finishedAt: '2026-01-31T02:01:00.000Z',
      durationMs: 60_000,
      gate: failing.length > 0 ? 'failed' : 'passed',
      exitCode: failing.length > 0 ? 1 : 0,
    },
    packs: [],
    summary,
    problems: [],
    guards: [],
    rules: [
      {
        rule: 'postgresql/standby-limits',
        ...rule,
        pairs: pairs.length,
        pass: pairs.length - failing.length,
        fail: failing.length,
        unknown: 0,
        failing,
        unknownOn: [],
      },
      {
        rule: 'postgresql/nobody-knows',
        ...rule,
        pairs: pairs.length,
        pass: 0,
        fail: 0,
        unknown: pairs.length,
        failing: [],
        unknownOn: pairs.map((row) => row.pair),
      },
    ],
    pairs,
    ...more,
  };
}

const three = reportOf([
  pair('billing', 'passed'),
  pair('stock', 'failed'),
  pair('wages', 'missing', { why: 'its shard 2/4 is missing' }),
]);
const many = (count: number, most = 30) =>
  reportOf(
    Array.from({ length: count }, (_, index) =>
      pair(`pair-${String(index).padStart(58, '0')}`, 'failed', {
        findings: Array.from({ length: most }, (__, at) =>
          finding({ key: `postgresql/rule [${at}]`, message: 'm'.repeat(400) }),
        ),
      }),
    ),
  );
const noPage = { pageOf: () => undefined };

describe('an accepted blocker', () => {
  const summary = { pass: 9, fail: 0, unknown: 0, error: 0, skip: 0, waived: 1, accepted: 1 };
  const accepted = reportOf([
    pair('billing', 'passed'),
    pair('stock', 'passed', {
      summary,
      accepted: '1 accepted blocker (ops, until 2026-12-31)',
      findings: [finding({ gating: false, waived: 'by ops until 2026-12-31' })],
    }),
  ]);
  const who = '1 accepted blocker (ops, until 2026-12-31)';

  it.each([
    ['table', table(accepted, { color: false, columns: 100 })],
    ['markdown', markdown(accepted)],
    ['html', html(accepted, noPage)],
    ['junit', junit(accepted)],
    ['nagios', nagios(accepted)],
  ])('is loud in %s', (format, text) => {
    expect(text).toContain('PASSED, with 1 accepted blocker on 1 pair');
    if (format !== 'nagios') expect(text).toContain(who);
  });

  it('is counted in metrics, and in JUnit no more than skipped by its owner', () => {
    expect(prometheus(accepted)).toContain('pairflight_fleet_accepted_findings{fleet="eu-prod",phase="verify"} 1\n');
    expect(junit(accepted)).toContain('<skipped message="waived by ops until 2026-12-31: ');
  });

  it('and programs that were allowed stand in the first line', () => {
    const { run } = accepted;
    const report = { ...accepted, run: { ...run, allowCommand: ['/opt/x/bin/tool'] } };
    expect(table(report, { color: false, columns: 200 })).toContain(
      '2 passed; run with --allow-command /opt/x/bin/tool',
    );
  });
});

describe('the table', () => {
  it('has the worst first, the matrix, what no pair could answer, and the counts', () => {
    const text = table(three, { color: false, columns: 100 });
    const lines = text.split('\n');
    expect(lines[0]).toBe('Fleet eu-prod, verify: FAILED: 3 pairs: 1 passed, 1 failed, 1 missing');
    expect(text.indexOf('x FAIL')).toBeLessThan(text.indexOf('! missing'));
    expect(text).toContain('  1 of 3 fail postgresql/standby-limits: stock');
    expect(text).toContain('What no pair could answer\n  postgresql/nobody-knows: Limits');
    expect(lines.at(-2)).toBe('3 pairs: 1 passed, 1 failed, 1 missing');
    for (const columns of [40, 80, 200])
      for (const line of table(three, { color: false, columns }).split('\n'))
        expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('says where a pair and its host want to steer the terminal', () => {
    const hostile = reportOf([pair('stock', 'failed', { findings: [finding({ message: HOSTILE })] })]);
    const text = table(hostile, { color: false, columns: 100 });
    expect(text).toContain('\\x1b[31m');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('JUnit', () => {
  /** The suites as they are read. */
  const suitesOf = (xml: string) => {
    const { testsuites } = create(xml).end({ format: 'object' }) as {
      testsuites: { testsuite: Record<string, unknown>[] };
    };
    return testsuites.testsuite;
  };

  it('has a suite for each pair, its gate first, and one for the fleet', () => {
    const xml = junit(three);
    const suites = suitesOf(xml);
    expect(suites.map((suite) => suite['@name'])).toEqual([
      'pairflight.fleet.eu-prod.verify',
      'pairflight.billing.postgresql.verify',
      'pairflight.stock.postgresql.verify',
      'pairflight.wages.postgresql.verify',
    ]);
    expect(suites.map((suite) => [suite['@tests'], suite['@failures'], suite['@errors']])).toEqual([
      ['1', '1', '0'],
      ['1', '0', '0'],
      ['2', '2', '0'],
      ['1', '0', '1'],
    ]);
    expect(xml).toContain('message="its shard 2/4 is missing"');
  });

  it('is well formed whatever a host says', () => {
    const xml = junit(reportOf([pair('stock', 'failed', { findings: [finding({ key: HOSTILE, message: HOSTILE })] })]));
    expect(suitesOf(xml)).toHaveLength(2);
    expect(xml).not.toMatch(/[\u001b\u202e]/);
  });

  it('stays below its budget: findings go, gates and names stay, and the cut is said', () => {
    const report = many(300);
    const whole = junit(report);
    const cut = junit(report, 800_000);
    expect(cut.length).toBeLessThan(800_000);
    expect(whole.length).toBeGreaterThan(800_000);
    expect(cut.match(/<testcase name="gate"/g)).toHaveLength(301);
    expect(cut).toContain('name="cut" value="30 more findings stand in the report of the pair"');
    for (const row of report.pairs) expect(cut).toContain(row.pair);
  });

  it('of a thousand pairs on which everything fails is below what GitLab reads', () => {
    expect(junit(many(1000)).length).toBeLessThan(30_000_000 * 0.9);
  }, 60_000);
});

describe('Markdown', () => {
  it('is below the limit of a comment, and has the name of every pair that fails', () => {
    const report = many(700, 3);
    const text = markdown(report);
    expect(text.length).toBeLessThan(65_536);
    for (const { pair: name } of report.pairs) expect(text).toContain(name);
    expect(text).toMatch(/And \d+ more that do not pass: /);
  });

  it('has the reasons where there is room, and no mark of a host', () => {
    const text = markdown(reportOf([pair('stock', 'failed', { findings: [finding({ message: HOSTILE })] })]));
    expect(text).toContain('| FAIL | `stock` |');
    expect(text).toContain('1 of 1 fail `postgresql/standby-limits`');
    expect(text.replaceAll(/(`+)[^`].*?\1(?!`)/g, '')).not.toMatch(/@|<|::/);
  });
});

describe('HTML', () => {
  it('leads to the page of each pair, and nowhere else', () => {
    const page = html(three, { pageOf: (name) => (name === 'wages' ? undefined : `re sults/${name}/report.html`) });
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
    expect(links).toEqual(['./re%20sults/stock/report.html', './re%20sults/billing/report.html']);
    expect(page).toContain('wages');
    expect(html(three, { pageOf: () => 'javascript:x' })).toContain('href="./javascript%3Ax"');
  });

  it('loads and runs nothing, whatever a host says', () => {
    const page = html(reportOf([pair('stock', 'failed', { findings: [finding({ message: HOSTILE })] })]), noPage);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/<(script|img|link|iframe)/);
  });
});

describe('monitoring', () => {
  it('has one value for each pair and outcome', () => {
    const text = prometheus(three);
    expect(text).toContain('pairflight_fleet_pairs{fleet="eu-prod",phase="verify",outcome="missing"} 1\n');
    expect(text).toContain('pairflight_fleet_pair_exit_code{fleet="eu-prod",phase="verify",pair="stock"} 1\n');
    expect(text).toContain('pairflight_fleet_pair_exit_code{fleet="eu-prod",phase="verify",pair="wages"} 3\n');
    expect(text).toContain(
      'pairflight_fleet_rule_failing_pairs{fleet="eu-prod",phase="verify",rule="postgresql/standby-limits",severity="blocker"} 1\n',
    );
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} [\d.]+)$/);
  });

  it.each([
    ['failed', three, 2],
    ['missing', reportOf([pair('a', 'passed')], { run: { ...three.run, gate: 'incomplete', exitCode: 3 } }), 3],
    ['unknown below the gate', reportOf([pair('a', 'passed')]), 1],
    ['passed', reportOf([pair('a', 'passed')], { rules: [] }), 0],
  ])('answers a plugin: %s', (_, report, code) => {
    expect(pluginCode(report)).toBe(code);
    const [first = ''] = nagios(report).split('\n');
    expect(first).toMatch(/^PAIRFLIGHT (OK|WARNING|CRITICAL|UNKNOWN) - Fleet eu-prod, verify: .* \| pairs=\d/);
    expect(first.split('|')).toHaveLength(2);
  });

  it('names the pairs that do not pass below the first line', () => {
    expect(nagios(three).split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^stock: failed: The standby allows less/),
      'wages: missing: its shard 2/4 is missing',
    ]);
  });
});
