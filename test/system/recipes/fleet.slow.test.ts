/** The recipes of a fleet, run as far as one machine can: the commands of each job, as its engine starts them. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { program } from '../../cli/run.js';
import { type PlayedFleet, playFleet } from '../../fleet/played.js';
import { lacking } from '../../needs.js';
import { recipe } from './project.js';

const lacks = lacking('bash');

let fleet: PlayedFleet;
let key: string;
let known: string;

beforeAll(async () => {
  if (lacks) return;
  fleet = await playFleet({ count: 5, phase: 'verify', seed: 4, faultPercent: 0 });
  const bin = join(fleet.folder, 'bin');
  mkdirSync(bin);
  // The played hosts are in no configuration of OpenSSH, and nobody answers an echo request at their addresses.
  const more =
    'case "$1 $2" in \'fleet verify\') set -- "$@" --ssh-config none --skip \'*/runner-reaches-hosts\' ;; esac';
  writeFileSync(join(bin, 'pairflight'), `#!/bin/sh\n${more}\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, 'pairflight'), 0o755);
  const text = JSON.parse(readFileSync(fleet.file, 'utf8'));
  key = join(fleet.folder, 'key');
  known = join(fleet.folder, 'known');
  copyFileSync(text.defaults.ssh.identityFile, key);
  copyFileSync(fleet.knownHosts, known);
  delete text.defaults.ssh.identityFile;
  writeFileSync(join(fleet.folder, 'fleet.yaml'), JSON.stringify(text));
}, 60_000);
afterAll(() => fleet?.close());

/** Runs lines in a shell of the folder; the files of a job's variables are made anew for each. */
async function bash(lines: string, env: Record<string, string> = {}): Promise<{ code: number | null; log: string }> {
  const { run } = await import('../../cli/run.js');
  const path = `${join(fleet.folder, 'bin')}${delimiter}${process.env.PATH}`;
  const { code, stdout, stderr } = await run('bash', ['-eo', 'pipefail', '-c', lines], fleet.folder, '', {
    PATH: path,
    ...env,
  });
  return { code, log: stdout + stderr };
}

function login(): Record<string, string> {
  const [PAIRFLIGHT_SSH_KEY, PAIRFLIGHT_KNOWN_HOSTS] = [join(fleet.folder, 'var-key'), join(fleet.folder, 'var-known')];
  copyFileSync(key, PAIRFLIGHT_SSH_KEY);
  copyFileSync(known, PAIRFLIGHT_KNOWN_HOSTS);
  return { PAIRFLIGHT_SSH_KEY, PAIRFLIGHT_KNOWN_HOSTS };
}

const emptied = () => rmSync(join(fleet.folder, 'results'), { recursive: true, force: true });

it.skipIf(lacks)(
  `GitLab: as many jobs as are parallel, and the merge${lacks}`,
  async () => {
    emptied();
    const jobs = parse(recipe('fleet-gitlab.yml'));
    const total = String(jobs.shard.parallel);
    for (let index = 1; index <= jobs.shard.parallel; index++) {
      const env = { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: total, CI_PIPELINE_ID: '117', ...login() };
      const { code, log } = await bash([...jobs.shard.script, ...jobs.shard.after_script].join('\n'), env);
      expect({ code, log }).toEqual({
        code: 0,
        log: expect.stringContaining(`shard ${index}/4 (GitLab: CI_NODE_INDEX=${index}, counted from 1)`),
      });
      expect(existsSync(join(fleet.folder, 'var-key'))).toBe(false);
    }
    const merged = await bash(jobs.fleet.script.join('\n'));
    expect({ code: merged.code, log: merged.log }).toEqual({
      code: 0,
      log: expect.stringContaining('PASSED: 5 pairs: 5 passed'),
    });
    for (const file of jobs.fleet.artifacts.paths) expect(existsSync(join(fleet.folder, file))).toBe(true);
  },
  120_000,
);

it.skipIf(lacks)(
  `GitHub: the matrix, and the merge of what each job has uploaded; one that is missing is no pass${lacks}`,
  async () => {
    emptied();
    const { jobs } = parse(recipe('fleet-github.yml'));
    const stepOf = (job: string, name: string) =>
      jobs[job].steps.find((step: { name?: string }) => step.name === name).run as string;
    const env = { GITHUB_RUN_ID: '9', SSH_KEY: readFileSync(key, 'utf8'), KNOWN_HOSTS: readFileSync(known, 'utf8') };
    for (const shard of jobs.shard.strategy.matrix.shard) {
      const lines = stepOf('shard', 'Verify').replaceAll(/\$\{\{ matrix\.shard \}\}/g, String(shard));
      expect((await bash(lines, env)).code).toBe(0);
      renameSync(join(fleet.folder, 'results', String(shard)), join(fleet.folder, 'results', `results-${shard}`));
    }
    const summary = join(fleet.folder, 'summary.md');
    const merge = () => bash(stepOf('fleet', 'Merge'), { GITHUB_STEP_SUMMARY: summary });
    expect((await merge()).code).toBe(0);
    expect(readFileSync(summary, 'utf8')).toContain('PASSED');
    rmSync(join(fleet.folder, 'results', 'results-2'), { recursive: true });
    const { code, log } = await merge();
    expect({ code, log }).toEqual({ code: 3, log: expect.stringContaining('shard 2/4 is missing: pair-2') });
  },
  120_000,
);

it.skipIf(lacks)(
  `Kubernetes: each index once, by its pod; a pod in its place goes on${lacks}`,
  async () => {
    const job = parse(recipe('fleet-kubernetes.yaml'));
    const { template, backoffLimitPerIndex, completionMode, completions, podFailurePolicy } = job.spec;
    expect({ completionMode, backoffLimitPerIndex, restartPolicy: template.spec.restartPolicy }).toEqual({
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      restartPolicy: 'Never',
    });
    expect(podFailurePolicy.rules[0]).toMatchObject({ action: 'FailIndex', onExitCodes: { values: [1, 2, 3] } });
    const [container] = template.spec.containers;
    expect(container.args[0]).toContain(`--shard auto/${completions} `);
    // The pod's volumes are folders here.
    const login = join(fleet.folder, 'login');
    mkdirSync(login);
    copyFileSync(key, join(login, 'key'));
    copyFileSync(known, join(login, 'known_hosts'));
    const lines = (container.args[0] as string)
      .replace('/fleet/fleet.yaml', join(fleet.folder, 'fleet.yaml'))
      .replaceAll('/login/', `${login}/`)
      .replace('/results/', `${fleet.folder}/volume/`);
    const env = { RUN: job.metadata.name };
    const pod = (index: number) => bash(lines, { ...env, JOB_COMPLETION_INDEX: String(index) });
    for (let index = 0; index < completions; index++) {
      const { code, log } = await pod(index);
      expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining(`shard ${index + 1}/8 (Kubernetes`) });
    }
    expect((await pod(0)).code).toBe(0);
    const merged = await bash(`pairflight fleet merge 'volume/${job.metadata.name}'`);
    expect({ code: merged.code, log: merged.log }).toEqual({
      code: 0,
      log: expect.stringContaining('PASSED: 5 pairs'),
    });
  },
  180_000,
);

describe.skipIf(lacks)(`cron${lacks}`, () => {
  it('asks the fleet on one machine and leaves its metrics for others to read', async () => {
    const script = join(fleet.folder, 'fleet-cron.sh');
    const metrics = join(fleet.folder, 'pairflight.prom');
    writeFileSync(
      script,
      recipe('fleet-cron.sh').replace('--report-mode', `--identity '${key}' --known-hosts '${known}' --report-mode`),
    );
    const env = { FLEET: join(fleet.folder, 'fleet.yaml'), RESULTS: join(fleet.folder, 'nightly'), METRICS: metrics };
    expect((await bash(`sh '${script}'`, env)).code).toBe(0);
    // The next night it is asked anew, in the same folder.
    expect((await bash(`sh '${script}'`, env)).code).toBe(0);
    expect(readFileSync(metrics, 'utf8')).toMatch(/^pairflight_fleet_exit_code\{.*\} 0$/m);
    expect(spawnSync('stat', ['-c', '%a', metrics]).stdout.toString().trim()).toBe('644');
  }, 120_000);
});
