/** The demo command: which scenario and which phase are played, and what --list says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DemoOptions, demoCommand } from '../../src/commands/demo.js';
import { loadDemo } from '../../src/demo/index.js';
import type { Report } from '../../src/model.js';
import { packDir } from '../../src/packs.js';

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
  const code = await demoCommand({ ...usual, report: [`json=${path}`], ...options });
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

  it('names each scenario with its phase', async () => {
    const said: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
      said.push(String(text));
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    });
    expect(await demoCommand({ ...usual, list: true })).toBe(0);
    vi.restoreAllMocks();
    const lines = said.join('').trimEnd().split('\n');
    const { scenarios } = loadDemo(packDir('alation'));
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
      scenarios.map(({ name, phase, description }) => [name, phase, description]),
    );
  });

  it('refuses a phase that has no scenario, and one that there is none of, before anything is played', async () => {
    await expect(demoCommand({ ...usual, phase: 'verfy' })).rejects.toThrow(/did you mean "verify"/);
    await expect(demoCommand({ ...usual, scenario: 'protected', phase: 'verfy' })).rejects.toThrow(/verify/);
  });
});
