/** The gate of the built program: one exit code for every format, waivers, and failures that are known. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Evidence, Report, Waiver } from '../../src/core/model.js';
import { type Format, reporters } from '../../src/reporters/index.js';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const formats = Object.keys(reporters) as Format[];
const reportSchema = schemas.report();
const evidence: Record<string, Evidence> = {};

/** What one run of each scenario came to, live. */
const scenarios: [string, number][] = [
  ['healthy', 0],
  ['build-differs', 1],
  ['firewall-reset', 1],
  ['sudo-refused', 3],
];

beforeAll(async () => {
  for (const [scenario] of scenarios) {
    const { folder } = await pairflight(['demo', scenario, '--evidence', 'e.json', '--report', 'json=r.json']);
    evidence[scenario] = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8'));
  }
});

function taken(scenario: string, day: string, change: (evidence: Evidence) => void = () => undefined): string {
  const copy = structuredClone(evidence[scenario]) as Evidence;
  Object.assign(copy, { takenAt: `${day}T01:00:00.000Z`, finishedAt: `${day}T01:00:01.000Z` });
  change(copy);
  return JSON.stringify(copy);
}

const monday = '2026-11-16';
const tuesday = '2026-11-17';

describe('the exit code is the same for every format', () => {
  const rows = scenarios.flatMap(([scenario, code]) => formats.map((format) => [scenario, format, code] as const));
  it.each(rows)('%s as %s: %i', async (scenario, format, expected) => {
    const files = { 'e.json': taken(scenario, monday) };
    const [onStdout, inFile] = await Promise.all([
      pairflight(['evaluate', 'e.json', '--report', format], { files }),
      pairflight(['evaluate', 'e.json', '--report', `${format}=out`], { files }),
    ]);
    expect([onStdout.code, inFile.code]).toEqual([expected, expected]);
    expect(onStdout.stdout).not.toBe('');
    expect(readFileSync(join(inFile.folder, 'out'), 'utf8')).toBe(onStdout.stdout);
  });

  it.each(scenarios)('%s, live in all formats at once: %i', async (scenario, expected) => {
    const reports = formats.flatMap((format) => ['--report', `${format}=${format}.out`]);
    const { code, folder } = await pairflight(['demo', scenario, ...reports]);
    const { run } = JSON.parse(readFileSync(join(folder, 'json.out'), 'utf8')) as Report;
    expect([code, run.exitCode]).toEqual([expected, expected]);
  });

  it.each(formats)('known failures as %s: 0', async (format) => {
    const files = { 'now.json': taken('firewall-reset', tuesday), 'then.json': taken('firewall-reset', monday) };
    const words = ['evaluate', 'now.json', '--baseline', 'then.json', '--report', format];
    expect((await pairflight([...words, '--fail-on-new'], { files })).code).toBe(0);
    expect((await pairflight(words, { files })).code).toBe(1);
  });
});

/** Judges a scenario with another as baseline. */
async function judged(now: string, then: string, waivers: Waiver[] = [], more: string[] = []) {
  const files = {
    'now.json': taken(now, tuesday, ({ inventory }) => void Object.assign(inventory, { waivers })),
    'then.json': taken(then, monday),
  };
  const words = ['evaluate', 'now.json', '--baseline', 'then.json', '--fail-on-new', '--report', 'json', ...more];
  const { code, stdout, stderr } = await pairflight(words, { files });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  expect(check(reportSchema, report)).toEqual([]);
  return { code, report };
}

describe('--fail-on-new', () => {
  it('lets pass what failed then already, and keeps it in the report', async () => {
    const { code, report } = await judged('firewall-reset', 'firewall-reset');
    const failing = report.findings.filter(({ verdict, severity }) => verdict === 'fail' && severity === 'blocker');
    expect(failing.length).toBeGreaterThan(0);
    expect(failing.every(({ known }) => known === true)).toBe(true);
    expect(code).toBe(0);
    expect(report.run).toMatchObject({
      exitCode: 0,
      gate: 'passed',
      failOnNew: { since: `${monday}T01:00:00.000Z`, known: failing.length },
    });
    expect(report.summary.fail).toBeGreaterThanOrEqual(failing.length);
  });

  it.each([
    ['healthy', 'healthy', 0],
    ['healthy', 'firewall-reset', 0],
    ['firewall-reset', 'healthy', 1],
    ['firewall-reset', 'build-differs', 1],
    ['sudo-refused', 'healthy', 3],
    ['sudo-refused', 'sudo-refused', 3],
    ['firewall-reset', 'sudo-refused', 1],
  ])('%s after %s: %i', async (now, then, expected) => {
    const { code, report } = await judged(now, then);
    expect([code, report.run.exitCode]).toEqual([expected, expected]);
  });

  it('is told below the findings', async () => {
    const files = { 'now.json': taken('firewall-reset', tuesday), 'then.json': taken('firewall-reset', monday) };
    const { stdout } = await pairflight(['evaluate', 'now.json', '--baseline', 'then.json', '--fail-on-new', '--all'], {
      files,
    });
    expect(stdout).toMatch(
      /\nKnown: failed in the run of 2026-11-16 01:00 UTC already\n {2}= alation\/.*: blocker fail\n/,
    );
  });

  it('finds the baseline in evidence that holds one', async () => {
    const now = JSON.parse(taken('firewall-reset', tuesday)) as Evidence;
    const files = { 'e.json': JSON.stringify({ ...now, baseline: JSON.parse(taken('firewall-reset', monday)) }) };
    expect((await pairflight(['evaluate', 'e.json', '--fail-on-new', '--report', 'json'], { files })).code).toBe(0);
    expect((await pairflight(['evaluate', 'e.json', '--report', 'json'], { files })).code).toBe(1);
  });

  it('does not let pass what somebody accepted until a day that is over', async () => {
    const { report } = await judged('firewall-reset', 'firewall-reset');
    const rule = report.findings.find(({ known, severity }) => known && severity === 'blocker')?.rule ?? '';
    const over = { rule, reason: 'r', owner: 'ops', until: monday };
    expect((await judged('firewall-reset', 'firewall-reset', [over])).code).toBe(1);
  });

  const two = ['--primary', 'a', '--secondary', 'b'];
  it.each([
    ['preflight', [...two]],
    ['verify', [...two]],
    ['check', ['--phase', 'verify', ...two]],
    ['evaluate', ['e.json']],
  ])('without a baseline is a mistake: %s', async (command, words) => {
    const { code, stdout, stderr } = await pairflight([command, ...words, '--fail-on-new'], {
      files: { 'e.json': taken('healthy', monday) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^pairflight: --fail-on-new needs --baseline FILE: .*\n +try: .*\n$/);
  });
});

describe('waivers', () => {
  const waiver: Waiver = { rule: 'alation/same-version', reason: 'rolling', owner: 'ops', until: '2026-11-30' };
  const waiving = (over: Partial<Waiver>) => (e: Evidence) => void e.inventory.waivers.push({ ...waiver, ...over });

  it.each<[string, Partial<Waiver>, Partial<NonNullable<Report['waivers']>[number]>, RegExp]>([
    [
      'that has ended',
      { until: '2026-11-15' },
      { state: 'expired' },
      /Waived\n {2}! EXPIRED waiver of alation\/same-version \(ops, until 2026-11-15\)/,
    ],
    ['of another value', { value: 'z' }, { state: 'void' }, /! VOID waiver of .*observed/s],
    ['of what passes', { rule: 'alation/same-memory' }, { state: 'unused' }, /! UNUSED waiver of alation\/same-memory/],
    ['of what fails', {}, { state: 'applied', leaves: [] }, /Waived\n {2}~ alation\/same-version: rolling/],
  ])('%s', async (_, over, use, told) => {
    const files = { 'e.json': taken('build-differs', monday, waiving(over)) };
    const { stdout } = await pairflight(['evaluate', 'e.json', '--report', 'json'], { files });
    const report = JSON.parse(stdout) as Report;
    expect(check(reportSchema, report)).toEqual([]);
    expect(report.waivers).toMatchObject([{ ...use, owner: 'ops' }]);
    const waived = report.findings.filter(({ waivedBy }) => waivedBy).map(({ rule }) => rule);
    expect(waived).toEqual(use.state === 'applied' ? ['alation/same-version'] : []);
    expect((await pairflight(['evaluate', 'e.json', '--all'], { files })).stdout).toMatch(told);
  });

  it('of a rule of another phase are not spoken of', async () => {
    const files = { 'e.json': taken('healthy', monday, waiving({ rule: 'alation/postgres-lag-settles' })) };
    const { code, stdout } = await pairflight(['evaluate', 'e.json', '--report', 'json'], { files });
    expect([code, JSON.parse(stdout).waivers]).toEqual([0, undefined]);
  });

  it('of a guard are refused at once', async () => {
    const files = { 'e.json': taken('healthy', monday, waiving({ rule: 'alation/two-machines' })) };
    const { code, stderr } = await pairflight(['evaluate', 'e.json'], { files });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/is a guard and cannot be waived/) });
  });
});
