/**
 * Runs a workflow's job as GitHub's runner does: steps in order, `run` in the shell that `defaults` names, expressions filled in,
 * what comes after a failed step only with `always()`. Of actions, the checkout is the project and the upload keeps its files.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Project } from './project.js';

interface Step {
  name?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
  if?: string;
}

export interface Workflow {
  on: Record<string, { paths?: string[] } | null>;
  permissions: unknown;
  jobs: Record<
    string,
    { 'runs-on': string; 'timeout-minutes': number; defaults?: { run: { shell: string } }; steps: Step[] }
  >;
}

export interface GithubRun {
  /** The exit code of the first step that failed; 0 where none did. */
  code: number | null;
  log: string;
  summary: string;
  artifact: Record<string, string>;
}

/** The command line of each shell's name (actions/runner, ScriptHandlerHelpers). */
const shells: Record<string, string[]> = {
  unspecified: ['bash', '-e'],
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
};

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** Runs one job; `expressions` are the values of `${{ ... }}`. */
export async function runGithubJob(
  workflow: Workflow,
  name: string,
  project: Project,
  expressions: Record<string, string>,
  started?: (pid: number) => void,
): Promise<GithubRun> {
  const job = workflow.jobs[name];
  if (!job) throw new Error(`no job ${name}`);
  const shell = shells[job.defaults?.run.shell ?? 'unspecified'];
  if (!shell) throw new Error('a shell that is not known here');
  mkdirSync(join(project.root, 'runner'), { recursive: true });
  const summaryFile = join(project.root, 'runner', 'summary');
  writeFileSync(summaryFile, '');
  const result: GithubRun = { code: 0, log: '', summary: '', artifact: {} };
  for (const [index, step] of job.steps.entries()) {
    if (step.if !== undefined && step.if !== 'always()') throw new Error(`condition ${step.if} is not known here`);
    if (result.code !== 0 && step.if === undefined) continue;
    if (step.uses?.startsWith('actions/upload-artifact@')) {
      result.artifact = project.files(join(project.checkout, String(step.with?.path).replace(/\/$/, '')));
    }
    if (step.run === undefined) continue;
    const script = join(project.root, 'runner', `${index}.sh`);
    writeFileSync(script, step.run);
    const env = Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value, expressions)]);
    const ended = await project.run(
      [...shell, script],
      {
        GITHUB_ACTIONS: 'true',
        RUNNER_TEMP: project.temp,
        GITHUB_STEP_SUMMARY: summaryFile,
        ...Object.fromEntries(env),
      },
      started,
    );
    result.log += ended.log;
    if (result.code === 0) result.code = ended.code;
  }
  return { ...result, summary: readFileSync(summaryFile, 'utf8') };
}

function filled(text: string, expressions: Record<string, string>): string {
  return text.replace(/\$\{\{ *([\w.]+) *\}\}/g, (_, name: string) => {
    const value = expressions[name];
    if (value === undefined) throw new Error(`the expression ${name} has no value here`);
    return value;
  });
}
