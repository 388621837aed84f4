/** What the README and the manual show, run line by line. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFleet } from '../../../src/demo/fleet.js';
import { lacking } from '../../needs.js';
import { declareHosts, playFleetOf } from './manual-files.js';
import { Project, recipe } from './project.js';

const page = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const linesIn = (text: string) =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .trim()
      .replace(/\\\n\s*/g, '')
      .split('\n'),
  );
const readme = page('README.md');
const pipeline = readme.split(/^## /m).find((one) => one.startsWith('What comes back')) ?? '';

/** A project whose inventory leads to a played pair. */
async function projectOf(scenario: string): Promise<Project> {
  const project = await Project.of(scenario);
  project.provide('npx', 'shift; exec pairflight "$@"');
  const ssh = join(project.home, '.ssh');
  copyFileSync(project.pair.identityFile, join(ssh, 'id_ed25519'));
  copyFileSync(project.pair.knownHosts, join(ssh, 'known_hosts'));
  return project;
}

const why = lacking('bash');
describe.skipIf(why)(`the README${why}`, { timeout: 60_000 }, () => {
  let project: Project;
  beforeAll(async () => {
    project = (await projectOf('healthy')).startsProgram();
  });
  afterAll(() => project.close());

  it('shows commands of a pipeline that work as they stand, one after the other', async () => {
    const lines = linesIn(pipeline);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const { code, log } = await project.run(['bash', '-c', line], {});
      expect({ line, code, log }).toMatchObject({ code: 0 });
    }
    for (const [, file = ''] of lines.join(' ').matchAll(/(?:\w+=|--evidence )([\w.]+)/g))
      expect({ file, there: existsSync(join(project.checkout, file)) }).toEqual({ file, there: true });
  });

  it('of the recipes names what they read, and nothing else', () => {
    const named = new Set([...recipe('README.md').matchAll(/`(PAIRFLIGHT_\w+)`/g)].map(([, name]) => name));
    for (const file of ['github-workflow.yml', 'gitlab-ci.yml']) {
      const read = new Set([...recipe(file).matchAll(/\bPAIRFLIGHT_\w+/g)].map(([name]) => name));
      expect(read).toEqual(named);
    }
  });
});

describe('the manual', { timeout: 60_000 }, () => {
  const folder = new URL('../../../docs/', import.meta.url);
  // The lines on a pack of one's own are followed as a whole elsewhere: test/cli/own-pack.test.ts.
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'writing-a-pack.md');
  const shown = [readme.replace(pipeline, ''), ...names.map((name) => page(`docs/${name}`))].flatMap(linesIn);
  const calls = shown
    .filter((line) => /^(npx )?pairflight /.test(line))
    .map((line) => line.replace(/^npx |\s+#.*$/g, ''));
  // Hosts out of an example are never asked; a plan asks nobody.
  const lines = [...new Set(calls)].filter((line) => !/\bdb-a\b/.test(line) || line.startsWith('pairflight plan '));
  let project: Project;
  let fleet: RunningFleet;

  /** The pair's inventory, in which this host is asked from another machine. */
  const without = (name: string) => {
    const { hosts, ...rest } = project.inventory;
    return JSON.stringify({ ...rest, hosts: { ...hosts, [name]: { ...hosts[name], connection: 'none' } } });
  };

  beforeAll(async () => {
    project = await projectOf('protected');
    declareHosts(project);
    fleet = await playFleetOf(project);
    for (const [file, name] of [
      ['a.yaml', 'secondary'],
      ['b.yaml', 'primary'],
    ] as const)
      writeFileSync(join(project.checkout, file), without(name));
    for (const line of [
      'pairflight preflight --evidence evidence.json --report json=run.json --report table=/dev/null',
      'cp evidence.json preflight.json && cp evidence.json before.json && cp evidence.json after.json',
      'pairflight collect --phase verify -o baseline.json',
      'pairflight bundle --from evidence.json -o bundle.tar.gz',
      'pairflight collect -o evidence-a.json a.yaml; pairflight collect -o evidence-b.json b.yaml; true',
      // Its second shard is the manual's own.
      ...[1, 3, 4].map(
        (shard) => `pairflight fleet verify fleet.yaml --out shard-${shard} --shard ${shard}/4 --run-id nightly-117`,
      ),
    ]) {
      const { code, log } = await project.run(['bash', '-c', line], {});
      expect([0, 1], log).toContain(code);
    }
  }, 120_000);
  afterAll(async () => {
    await fleet.close();
    await project.close();
  });

  it('shows many lines that can be run', () => {
    expect(lines.length).toBeGreaterThan(20);
  });

  it.each(lines)('shows a line that runs: %s', async (line) => {
    const { code, log } = await project.run(['bash', '-c', line], {});
    // A plugin says CRITICAL by 2; with 3 it would also say that there is no report.
    expect(/\bnagios\b/.test(line) ? [0, 1, 2] : [0, 1, 3], log).toContain(code);
    expect(log).not.toMatch(/^ +try: /m);
  });
});
