/** The GitHub workflow of the recipes, run as its runner would. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lacking } from '../../needs.js';
import { runner } from '../../reporters/consumers/github-runner.js';
import { gitlab } from '../../reporters/consumers/gitlab.js';
import { type GithubRun, readWorkflow, runGithubJob } from './github-job.js';
import { type Project, projectOf, recipe, tellsKey } from './project.js';

const text = recipe('github-workflow.yml');
const workflow = readWorkflow(text);
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

function run(project: Project, started?: (pid: number) => void): Promise<GithubRun> {
  const values = { 'secrets.PAIRFLIGHT_SSH_KEY': project.key, 'vars.PAIRFLIGHT_KNOWN_HOSTS': project.knownHosts };
  return runGithubJob(workflow, 'preflight', project, values, started);
}

const why = lacking('bash');
describe.skipIf(why)(`the workflow${why}`, { timeout: 60_000 }, () => {
  it('pins what it uses, as this repository does, and may only read', () => {
    const own = parse(readFileSync(new URL('../../../.github/workflows/ci.yml', import.meta.url), 'utf8'));
    const uses = (steps: { uses?: string }[]) => steps.flatMap((step) => step.uses ?? []);
    const used = uses(workflow.jobs.preflight?.steps ?? []);
    expect(used).toEqual(
      expect.arrayContaining(
        Object.values<{ steps: { uses?: string }[] }>(own.jobs).flatMap(({ steps }) => uses(steps)),
      ),
    );
    for (const one of used) expect(one).toMatch(/^actions\/[\w-]+@v\d+$/);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'workflow_dispatch']);
  });

  it.each([
    ['healthy', 0],
    ['default', 1],
    ['secondary-down', 3],
    ['sudo-refused', 3],
  ])('%s: the step ends with %i, and the summary and the artifact are there', async (scenario, code) => {
    const project = await projectOf(scenario);
    const job = await run(project);
    expect(job.code, job.log).toBe(code);
    expect(Object.keys(job.artifact).sort()).toEqual(['evidence.json', 'report.json', 'report.md', 'report.xml']);
    expect(JSON.parse(job.artifact['report.json'] ?? '').run.exitCode).toBe(code);
    expect(job.summary).toBe(job.artifact['report.md']);
    expect(job.summary).toContain({ 0: 'PASSED', 1: 'FAILED', 3: 'INCOMPLETE' }[code]);
    expect(Buffer.byteLength(job.summary)).toBeLessThan(1024 * 1024);
    expect(gitlab(job.artifact['report.xml'] ?? '').green).toBe(code === 0);
    expect(project.installed).toBe(`npm install --global --ignore-scripts pairflight@${version}\n`);
  });

  it('annotates the two rules that fail, and names them in the JUnit file', async () => {
    const job = await run(await projectOf('default'));
    const failing = ['alation/install-space-same-size', 'alation/ha-ports-reachable [5432 secondary->primary]'];
    const errors = runner(job.log).commands.filter(({ name }) => name === 'error');
    expect(errors.slice(0, 2).map(({ data }) => failing.find((rule) => data.startsWith(rule)))).toEqual(failing);
    const failures = [...(job.artifact['report.xml'] ?? '').matchAll(/<testcase name="([^"]*)"[^>]*>\s*<failure/g)];
    expect(failures.map(([, name]) => name?.replace('&gt;', '>')).sort()).toEqual([...failing].sort());
  });

  it.each(['healthy', 'default'])('%s: tells the key nowhere, and leaves no file of it', async (scenario) => {
    const project = await projectOf(scenario);
    const { key } = project;
    expect(tellsKey(`x${key}`, key)).toBe(true);
    const job = await run(project);
    expect(tellsKey(JSON.stringify(job), key)).toBe(false);
    expect(project.files(project.temp)).toEqual({});
    for (const left of Object.values(project.files(project.checkout))) expect(tellsKey(left, key)).toBe(false);
  });

  it('leaves no key behind when the job is cancelled', async () => {
    const project = await projectOf('healthy');
    // The signal goes to the step's shell alone, as the runner sends it, while a run is under way.
    project.provide('pairflight', `ls '${project.temp}' > '${project.root}/seen'; kill -TERM $PPID; exec sleep 0.5`);
    const job = await run(project);
    expect(readFileSync(`${project.root}/seen`, 'utf8')).not.toBe('');
    expect(job.code).not.toBe(0);
    expect(project.files(project.temp)).toEqual({});
  });

  it('a mistake in the inventory ends with 2, and says so', async () => {
    const project = await projectOf('healthy');
    project.provide('pairflight', `echo '{}' > pairflight.yaml; ${readFileSync(`${project.bin}/pairflight`, 'utf8')}`);
    const job = await run(project);
    expect(job.code).toBe(2);
    expect(job.log).toContain('pairflight.yaml:1:1');
    expect(job.summary).toBe('');
  });

  it('an empty secret ends with 3: a fork is not given one, and nothing passes', async () => {
    const project = await projectOf('healthy');
    const values = { 'secrets.PAIRFLIGHT_SSH_KEY': '', 'vars.PAIRFLIGHT_KNOWN_HOSTS': project.knownHosts };
    expect(await runGithubJob(workflow, 'preflight', project, values)).toMatchObject({ code: 3 });
  });

  it('hosts that known_hosts does not hold are not asked', async () => {
    const project = await projectOf('healthy');
    const values = { 'secrets.PAIRFLIGHT_SSH_KEY': project.key, 'vars.PAIRFLIGHT_KNOWN_HOSTS': '' };
    const job = await runGithubJob(workflow, 'preflight', project, values);
    expect(job.code).toBe(3);
    expect(project.pair.logins).toEqual({ primary: 0, secondary: 0 });
  });
});
