/** The GitLab jobs of the recipes, run as their runner would. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacking } from '../../needs.js';
import { gitlab } from '../../reporters/consumers/gitlab.js';
import { type GitlabRun, gitlabJob, runGitlabJob } from './gitlab-job.js';
import { type Project, projectOf, recipe, tellsKey } from './project.js';

const text = recipe('gitlab-ci.yml');

/** GitLab keeps what stands between the ends of a file's text; the last newline may or may not be there. */
function run(project: Project, name: string, end = '\n'): Promise<GitlabRun> {
  const files = {
    PAIRFLIGHT_SSH_KEY: `${project.key}${end}`,
    PAIRFLIGHT_KNOWN_HOSTS: `${project.knownHosts}${end}`,
  };
  return runGitlabJob(gitlabJob(text, name), project, files);
}

const why = lacking('bash');
describe.skipIf(why)(`the job on merge requests${why}`, { timeout: 60_000 }, () => {
  it.each([
    ['healthy', 0, 0],
    ['default', 1, 2],
    ['secondary-down', 3, 0],
  ])('%s: the job ends with %i, and GitLab shows %i failures by name', async (scenario, code, failures) => {
    const project = await projectOf(scenario);
    const job = await run(project, 'preflight');
    expect(job.code, job.log).toBe(code);
    expect(job.log).toContain({ 0: 'PASSED', 1: 'FAILED', 3: 'INCOMPLETE' }[code]);
    const { green } = gitlab(job.junit ?? '');
    expect(green).toBe(code === 0);
    expect(job.junit?.match(/<failure/g)?.length ?? 0).toBe(failures);
    for (const name of code === 1 ? ['install-space-same-size', 'ha-ports-reachable [5432 secondary-&gt;primary]'] : [])
      expect(job.junit).toMatch(new RegExp(`name="alation/${name.replace(/[[\]]/g, '\\$&')}"[^>]*>\\s*<failure`));
    expect(Object.keys(job.artifacts).sort()).toEqual([
      'pairflight-report/evidence.json',
      'pairflight-report/report.json',
      'pairflight-report/report.md',
      'pairflight-report/report.xml',
    ]);
    expect(tellsKey(JSON.stringify({ ...job, variables: {} }), project.key)).toBe(false);
    expect(Object.keys(job.variables)).toEqual(['PAIRFLIGHT_KNOWN_HOSTS']);
  });

  it('takes a key whose last newline GitLab has cut off', async () => {
    expect(await run(await projectOf('healthy'), 'preflight', '')).toMatchObject({ code: 0 });
  });

  it('lets no failure pass, keeps its artifacts whatever comes, and for a while only', () => {
    for (const name of ['preflight', 'regressions']) {
      const job = gitlabJob(text, name);
      expect(job.allow_failure).toBeUndefined();
      expect(job.artifacts).toMatchObject({ when: 'always', expire_in: '30 days' });
    }
    expect(gitlabJob(text, 'preflight').rules).toEqual([
      {
        if: '$CI_PIPELINE_SOURCE == "merge_request_event"',
        changes: ['infrastructure/**/*', 'pairflight.yaml'],
      },
    ]);
  });
});

describe.skipIf(why)(`the scheduled job${why}`, { timeout: 60_000 }, () => {
  /** The evidence of a run on the pair that the scheduled job will meet, as the job itself saves it. */
  async function baselineOf(scenario: string): Promise<string> {
    const project = await projectOf(scenario);
    writeFileSync(join(project.checkout, 'pairflight-baseline.json'), '');
    const script = gitlabJob(text, 'regressions').script.map((line) =>
      line.replace('--baseline pairflight-baseline.json --fail-on-new', ''),
    );
    const files = { PAIRFLIGHT_SSH_KEY: project.key, PAIRFLIGHT_KNOWN_HOSTS: project.knownHosts };
    const job = await runGitlabJob({ ...gitlabJob(text, 'regressions'), script }, project, files);
    return job.artifacts['pairflight-report/evidence.json'] ?? '';
  }

  it.each([
    ['wal-senders-ten', 'wal-senders-ten', 0],
    ['protected', 'wal-senders-ten', 1],
    ['wal-senders-ten', 'standby-down', 1],
  ])('after %s, %s ends with %i', async (before, now, code) => {
    const baseline = await baselineOf(before);
    const project = await projectOf(now);
    writeFileSync(join(project.checkout, 'pairflight-baseline.json'), baseline);
    const job = await run(project, 'regressions');
    expect(job.code, job.log).toBe(code);
    expect(gitlab(job.junit ?? '').green).toBe(code === 0);
  });

  it('without a baseline ends with 2', async () => {
    const job = await run(await projectOf('protected'), 'regressions');
    expect(job).toMatchObject({ code: 2, log: expect.stringContaining('pairflight-baseline.json') });
  });
});
