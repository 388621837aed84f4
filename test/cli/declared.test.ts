/** The built program on hosts that are declared: no host is asked, every format says `declared`, and one exit code serves all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Report } from '../../src/core/model.js';
import { type Format, reporters } from '../../src/reporters/index.js';
import { asLive } from '../as-live.js';
import { pairInventory, pairPlan, volume } from '../declared/plans.js';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const shrunk = () => {
  const { resource_changes: all, ...rest } = pairPlan();
  return {
    ...rest,
    resource_changes: [
      ...all.filter((one) => (one as { address: string }).address !== 'aws_ebs_volume.secondary_data'),
      volume('secondary_data', 400),
    ],
  };
};
const caches = ['primary', 'secondary'].flatMap((host) => [
  '--declared-file',
  `${host}:/opt/alation/alation/.disk1_cache=disk1`,
]);
const files = {
  'pairflight.yaml': pairInventory,
  'even.json': JSON.stringify(pairPlan()),
  'shrunk.json': JSON.stringify(shrunk()),
  disk1: '/data\n',
  // Whoever asked for a way to a host would find it unreadable.
  '.ssh/config': 'Host *\n  NoSuchKeyword yes\n',
};
const formats = Object.keys(reporters) as Format[];

describe('a declared pair', () => {
  it.each([
    ['even.json', 0, 'declared'],
    ['shrunk.json', 1, 'failed'],
  ])('%s is judged in every format: exit %i', async (plan, expected, gate) => {
    const reports = formats.flatMap((format) => ['--report', `${format}=${format}.out`]);
    const run = ['preflight', '--declared', `terraform=${plan}`, ...caches, '--evidence', 'declared.json', ...reports];
    const { code, stderr, folder } = await pairflight(run, { files });
    expect([code, stderr]).toEqual([expected, '']);
    const report = JSON.parse(readFileSync(join(folder, 'json.out'), 'utf8')) as Report;
    expect(check(schemas.report(), report)).toEqual([]);
    expect(report.run).toMatchObject({ gate, exitCode: expected });
    for (const format of formats) {
      const text = readFileSync(join(folder, `${format}.out`), 'utf8');
      // What watches for a pass takes a declared pair for none.
      if (format === 'prometheus') continue;
      expect(text.toLowerCase()).toContain(gate);
      expect(text).not.toMatch(/PASSED/);
      expect(text).toContain(report.declared?.sources[0]?.sha256);
    }
    const again = await pairflight(['evaluate', 'declared.json', '--report', 'json'], {
      files: { 'declared.json': readFileSync(join(folder, 'declared.json'), 'utf8') },
    });
    expect([again.code, JSON.parse(asLive(again.stdout))]).toEqual([expected, report]);
  });

  it('is no pass to what watches', async () => {
    const words = ['preflight', '--declared', 'terraform=even.json', ...caches];
    const { stdout } = await pairflight([...words, '--report', 'prometheus'], { files });
    expect(stdout).toMatch(/^pairflight_gate_passed(\{.*\})? 0$/m);
  });

  it('counts in JUnit only what is declared', async () => {
    const { stdout } = await pairflight(
      ['preflight', '--declared', 'terraform=shrunk.json', ...caches, '--report', 'junit'],
      { files },
    );
    expect(stdout).toContain('failures="1"');
    expect(stdout).toContain('errors="0"');
    expect(stdout).toContain('<skipped message="not in a plan: ');
  });

  it('may be a plan on stdin', async () => {
    const { code } = await pairflight(['preflight', '--declared', 'terraform=-', ...caches], {
      files,
      stdin: files['even.json'],
    });
    expect(code).toBe(0);
  });

  it.each([
    [['--declared', 'terraform'], 'right is terraform=FILE'],
    [['--declared', 'terraform=none.json'], 'none.json: there is no such file'],
    [
      ['--declared', 'terraform=even.json', '--declared', 'terraform=shrunk.json'],
      'there is terraform=even.json already; give one',
    ],
    [['--declared-file', 'primary=disk1'], 'right is HOST:/path=FILE'],
    [['--declared-file', 'primary:/etc/hosts=disk1'], 'of primary they ask for'],
    [['--defer', 'after-apply'], '--defer after-apply needs --declared terraform=FILE'],
    [['--defer', 'after-apply', ...caches], '--defer after-apply needs --declared terraform=FILE'],
    [['--declared', 'terraform=even.json', '--prove-ports'], '--prove-ports asks hosts'],
  ])('refuses %j', async (words, why) => {
    const { code, stderr } = await pairflight(['preflight', ...words], { files });
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});

describe('demo declared', () => {
  it("shows a plan that shrinks the Secondary's disk, and the gate that fails", async () => {
    const { code, stdout } = await pairflight(['demo', 'declared']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED: /);
    expect(stdout).toContain('alation/data-partition-same-size');
  });
});
