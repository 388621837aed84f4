/** The demo command: which scenario and which phase are played, and what --list says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DemoOptions, demo } from '../../src/cli/commands/demo.js';
import type { Report } from '../../src/core/model.js';
import { loadDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/pack/load.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pairflight-test-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const usual: DemoOptions = { list: false, failOn: 'blocker', color: false };

async function reportOf(options: Partial<DemoOptions>): Promise<Report & { code: number }> {
  const path = join(folder, 'report.json');
  const code = await demo.run({ ...usual, report: [`json=${path}`], ...options });
  return { ...(JSON.parse(readFileSync(path, 'utf8')) as Report), code };
}

describe('pairflight demo', { timeout: 60_000 }, () => {
  it.each<[Partial<DemoOptions>, string, number]>([
    [{}, 'preflight', 1],
    [{ phase: 'verify' }, 'verify', 0],
    [{ phase: 'failover' }, 'failover', 0],
    [{ scenario: 'lag-rising' }, 'verify', 1],
    [{ scenario: 'primary-dead' }, 'failover', 3],
    [{ scenario: 'protected', phase: 'failover' }, 'failover', 0],
  ])('%j plays the phase %s and ends with %i', async (options, phase, code) => {
    const report = await reportOf(options);
    expect([report.run.phase, report.code]).toEqual([phase, code]);
  });

  it.each<[Partial<DemoOptions>, string, string, number]>([
    [{ scenario: 'alien4cloud' }, 'alien4cloud', 'preflight', 1],
    [{ product: 'alien4cloud' }, 'alien4cloud', 'preflight', 1],
    [{ scenario: 'alien4cloud', phase: 'verify' }, 'alien4cloud', 'verify', 0],
    [{ scenario: 'alien4cloud', more: 'split-brain' }, 'alien4cloud', 'verify', 1],
    [{ product: 'alien4cloud', scenario: 'es-yellow' }, 'alien4cloud', 'preflight', 0],
    [{ scenario: 'alation', more: 'protected' }, 'alation', 'verify', 0],
    [{ scenario: 'postgresql' }, 'postgresql', 'verify', 1],
    [{ product: 'postgresql', phase: 'failover' }, 'postgresql', 'failover', 0],
  ])('%j plays %s, phase %s, and ends with %i', async (options, product, phase, code) => {
    const report = await reportOf(options);
    expect([report.product.pack, report.run.phase, report.code]).toEqual([product, phase, code]);
  });

  it.each(['healthy', 'failover-dead-primary'])('names the release of PostgreSQL servers: %s', async (scenario) => {
    const { product } = await reportOf({ product: 'postgresql', scenario });
    expect(product).toMatchObject({ release: '17', build: '17.10' });
  });

  async function listOf(options: Partial<DemoOptions>): Promise<string[]> {
    const said: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
      said.push(String(text));
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    });
    expect(await demo.run({ ...usual, list: true, ...options })).toBe(0);
    vi.restoreAllMocks();
    return said.join('').trimEnd().split('\n');
  }

  const rowsOf = (product: string) =>
    loadDemo(packDir(product)).scenarios.map(({ name, phase, description }) => [name, phase, description]);

  it.each<[Partial<DemoOptions>, string]>([
    [{ product: 'alation' }, 'alation'],
    [{ product: 'alien4cloud' }, 'alien4cloud'],
    [{ scenario: 'alien4cloud' }, 'alien4cloud'],
    [{ scenario: 'postgresql' }, 'postgresql'],
  ])('names the scenarios of one product, each with its phase: %j', async (options, product) => {
    const lines = await listOf(options);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual(rowsOf(product));
  });

  it('names the scenarios of all products, and how they are played', async () => {
    const lines = await listOf({});
    const rows = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim().split(/ {2,}/));
    expect(rows.slice(0, -2)).toEqual(['alation', 'alien4cloud', 'postgresql'].flatMap(rowsOf));
    expect(rows.slice(-2).map(([name]) => name)).toEqual(['fleet 12', 'declared']);
    expect(await listOf({ scenario: 'fleet' })).toEqual(lines);
    expect(lines.filter((line) => !line.startsWith('  '))).toEqual([
      'alation: pairflight demo SCENARIO',
      '',
      'alien4cloud: pairflight demo alien4cloud SCENARIO',
      '',
      'postgresql: pairflight demo postgresql SCENARIO',
      '',
      'of another kind: pairflight demo fleet 12, pairflight demo declared',
    ]);
  });

  it.each<[Partial<DemoOptions>, RegExp, string]>([
    [
      { scenario: 'split-brain' },
      /^alation has no scenario "split-brain"; alien4cloud has one$/,
      'demo alien4cloud split-brain',
    ],
    [
      { product: 'alien4cloud', scenario: 'lag-rising' },
      /^alien4cloud has no scenario "lag-rising"; alation has one$/,
      'demo alation lag-rising',
    ],
    [{ scenario: 'alien4clod' }, /did you mean "alien4cloud"\?$/, 'demo --list'],
    [
      { scenario: 'alien4cloud', more: 'splitbrain' },
      /^no scenario "splitbrain"; did you mean "split-brain"\?$/,
      'demo --list',
    ],
    [
      { scenario: 'alien4clod', more: 'es-red' },
      /^demo alien4clod es-red: no product "alien4clod"; did you mean "alien4cloud"\?; right is PRODUCT SCENARIO$/,
      'demo --list',
    ],
    [
      { product: 'alien4cloud', scenario: 'es-red', more: 'es-yellow' },
      /"es-yellow" is a word too many/,
      'demo --list',
    ],
    [{ product: 'alien4clod' }, /^no pack for the product "alien4clod"/, 'rules list'],
    [{ serve: 'folder' }, /^--serve changes nothing in the demo of one pair$/, 'demo --help'],
    [{ scenario: 'fleet', evidence: 'e.json' }, /^--evidence changes nothing in demo fleet$/, 'demo --help'],
    [{ scenario: 'declared', phase: 'verify' }, /^--phase changes nothing in demo declared$/, 'demo --help'],
  ])('tells what is wrong with %j, and what would be right', async (options, message, next) => {
    await expect(demo.run({ ...usual, ...options })).rejects.toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringMatching(message),
        next: expect.stringContaining(next),
      }),
    );
  });

  it('refuses a phase that has no scenario, and one that there is none of, before anything is played', async () => {
    await expect(demo.run({ ...usual, phase: 'verfy' })).rejects.toThrow(/did you mean "verify"/);
    await expect(demo.run({ ...usual, scenario: 'protected', phase: 'verfy' })).rejects.toThrow(/verify/);
  });
});
