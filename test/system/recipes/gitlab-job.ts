/**
 * Runs a job as GitLab's runner does: `extends` merged, variables of type file written and named by their path, before_script and
 * script in one bash with `-eo pipefail`, after_script in another whatever came, and the artifacts gathered at the end.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Project } from './project.js';

export interface GitlabJob {
  image: string;
  stage: string;
  extends?: string;
  before_script: string[];
  script: string[];
  after_script: string[];
  rules: { if: string; changes?: string[] }[];
  allow_failure?: unknown;
  artifacts: { when: string; expire_in: string; paths: string[]; reports: { junit: string } };
}

export interface GitlabRun {
  code: number | null;
  log: string;
  artifacts: Record<string, string>;
  /** The file that GitLab reads as JUnit; undefined where the job has not written it. */
  junit: string | undefined;
  /** What the runner's folder of variables still holds. */
  variables: Record<string, string>;
}

/** A job of a .gitlab-ci.yml, with what it extends. */
export function gitlabJob(text: string, name: string): GitlabJob {
  const jobs = parse(text) as Record<string, GitlabJob>;
  const job = jobs[name];
  if (!job) throw new Error(`no job ${name}`);
  return job.extends === undefined ? job : { ...jobs[job.extends], ...job };
}

/** Runs a job; `files` are its variables of type file. */
export async function runGitlabJob(
  job: GitlabJob,
  project: Project,
  files: Record<string, string>,
): Promise<GitlabRun> {
  const folder = `${project.checkout}.tmp`;
  mkdirSync(folder);
  const env = Object.entries(files).map(([name, value]) => {
    writeFileSync(join(folder, name), value, { mode: 0o644 });
    return [name, join(folder, name)] as const;
  });
  const environment = { GITLAB_CI: 'true', CI_PROJECT_DIR: project.checkout, ...Object.fromEntries(env) };
  const bash = (lines: string[]) =>
    project.run(['bash', '-c', ['set -eo pipefail', 'set +o noclobber', ...lines].join('\n')], environment);
  const main = await bash([...job.before_script, ...job.script]);
  const after = await bash(job.after_script);
  const { paths, reports } = job.artifacts;
  const artifacts = Object.assign(
    {},
    ...paths.map((path) => {
      const inside = path.replace(/\/$/, '');
      const found = Object.entries(project.files(join(project.checkout, inside)));
      return Object.fromEntries(found.map(([name, text]) => [`${inside}/${name}`, text]));
    }),
  ) as Record<string, string>;
  const log = main.log + after.log;
  return { code: main.code, log, artifacts, junit: artifacts[reports.junit], variables: project.files(folder) };
}
