/** What the README says of pipelines, run line by line. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project, recipe } from './project.js';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
let project: Project;

beforeAll(async () => {
  project = await Project.of('healthy');
  project.provide('npx', 'shift; exec pairflight "$@"');
  const ssh = join(project.home, '.ssh');
  mkdirSync(ssh);
  copyFileSync(project.pair.identityFile, join(ssh, 'id_ed25519'));
  copyFileSync(project.pair.knownHosts, join(ssh, 'known_hosts'));
});
afterAll(() => project.close());

describe('the README', { timeout: 60_000 }, () => {
  it('shows commands of a pipeline that work as they stand, one after the other', async () => {
    const section = readme.split(/^## /m).find((one) => one.startsWith('What comes back')) ?? '';
    const lines = (/```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '').trim().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const { code, log } = await project.run(['bash', '-c', line], {});
      expect({ line, code, log }).toMatchObject({ code: 0 });
    }
    for (const [, file = ''] of lines.join(' ').matchAll(/(?:\w+=|--evidence )([\w.]+)/g))
      expect({ file, there: existsSync(join(project.checkout, file)) }).toEqual({ file, there: true });
  });

  it('of the recipes links to files that are there', () => {
    const page = recipe('README.md');
    for (const [, file = ''] of page.matchAll(/\]\(([^)]+)\)/g)) expect(recipe(file)).not.toBe('');
  });

  it('of the recipes names what they read, and nothing else', () => {
    const named = new Set([...recipe('README.md').matchAll(/`(PAIRFLIGHT_\w+)`/g)].map(([, name]) => name));
    for (const file of ['github-workflow.yml', 'gitlab-ci.yml']) {
      const read = new Set([...recipe(file).matchAll(/\bPAIRFLIGHT_\w+/g)].map(([name]) => name));
      expect(read).toEqual(named);
    }
  });
});
