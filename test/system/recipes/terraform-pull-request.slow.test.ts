/** The recipe for a pull request's plan: its step that judges is run as it stands, on plans that were made by hand. */

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pairInventory, pairPlan, resource, volume } from '../../declared/plans.js';
import { lacking } from '../../needs.js';
import { callable } from './called-program.js';

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: { plan: { defaults: { run: { shell: string } }; steps: { name?: string; run?: string }[] } };
}

const recipe = parse(
  readFileSync(new URL('../../../reports/recipes/terraform-pull-request.yml', import.meta.url), 'utf8'),
) as Workflow;
const judging = recipe.jobs.plan.steps.find(({ name }) => name === 'Judge')?.run ?? '';
const needs = lacking('bash', 'sed');

let bin = '';
let program: Awaited<ReturnType<typeof callable>> | undefined;
beforeAll(async () => {
  bin = mkdtempSync(join(tmpdir(), 'pairflight-recipe-'));
  program = await callable(bin);
  writeFileSync(join(bin, 'pairflight'), `#!/bin/sh\n${program.line}\n`);
  chmodSync(join(bin, 'pairflight'), 0o755);
});
afterAll(() => {
  program?.close();
  rmSync(bin, { recursive: true, force: true });
});

const planWith = (...others: { address: string }[]) => {
  const { resource_changes: all, ...rest } = pairPlan();
  const named = (all as { address: string }[]).map(
    (one) => others.find(({ address }) => address === one.address) ?? one,
  );
  return JSON.stringify({ ...rest, resource_changes: named });
};

/** Runs the step as the runner does, with these plans in its folder. */
async function judged(plans: { base: string; head: string }) {
  const folder = mkdtempSync(join(bin, 'job-'));
  mkdirSync(join(folder, 'head'));
  writeFileSync(join(folder, 'head/pairflight.yaml'), pairInventory);
  for (const [side, text] of Object.entries(plans)) writeFileSync(join(folder, `${side}.json`), text);
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', judging], {
    cwd: folder,
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder },
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const file = join(folder, 'pairflight-report/comment.md');
  return { code, comment: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

describe(`the recipe for a plan in review${needs}`, () => {
  it('gives no credentials to a fork, and no plan to the artifact', () => {
    expect(Object.keys(recipe.on)).toEqual(['pull_request']);
    expect(recipe.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(recipe.jobs.plan.defaults.run.shell).toBe('bash');
    expect(judging).not.toContain('pairflight-report/plan');
  });

  it.skipIf(needs)('fails on a disk that shrinks, and says what the base branch had', async () => {
    const { code, comment } = await judged({ base: planWith(), head: planWith(volume('secondary_data', 400)) });
    expect(code).toBe(1);
    expect(comment).toMatch(/^## FAILED: 1 blocker/);
    expect(comment).toContain('### Against the base branch');
    expect(comment).toMatch(/^ {4}.*data-partition-same-size/m);
  });

  it.skipIf(needs)('passes what changes nothing, and what is put off is the first that it says', async () => {
    const later = resource('aws_ebs_volume.secondary_backup', {}, { unknown: { size: true } });
    const { code, comment } = await judged({ base: planWith(), head: planWith(later) });
    expect(code).toBe(0);
    expect(comment).toMatch(/^## DECLARED: deferred until apply: /);
  });

  it.skipIf(needs)('judges a pair that the base branch does not have', async () => {
    const { code, comment } = await judged({
      base: JSON.stringify({ ...pairPlan(), resource_changes: [] }),
      head: planWith(),
    });
    expect(code).toBe(0);
    expect(comment).toContain('could not be judged (exit 2); nothing is compared');
  });

  it.skipIf(needs)('ends with 2 where there is no plan', async () => {
    expect(await judged({ base: planWith(), head: '{' })).toEqual({ code: 2, comment: '' });
  });
});
