/** Runs the built program, as its user would: within the test's process, or in one of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { called } from './in-process.js';

/** The built program. */
export const program = fileURLToPath(new URL('../../bin/pairflight.js', import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What the program finds: files in its (otherwise empty) folder, standard input, and the environment. */
export interface Surroundings {
  files?: Record<string, string>;
  stdin?: string;
  env?: Record<string, string>;
}

/** Runs pairflight with these words, within this process. */
export async function pairflight(
  words: string[],
  { files, stdin = '', env = {} }: Surroundings = {},
): Promise<Ran & { folder: string }> {
  const folder = folderOf(files);
  return { ...(await called(words, folder, stdin, env)), folder };
}

/** Runs pairflight with these words within this process, in a folder that is there already. */
export function pairflightIn(folder: string, words: string[], env: Record<string, string> = {}): Promise<Ran> {
  return called(words, folder, '', env);
}

/** Runs pairflight with these words as a process of its own, for what only a process can show. */
export async function spawned(
  words: string[],
  { files, stdin = '', env = {} }: Surroundings = {},
): Promise<Ran & { folder: string }> {
  const folder = folderOf(files);
  return { ...(await run(process.execPath, [program, ...words], folder, stdin, env)), folder };
}

function folderOf(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-cli-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Runs a shell line in which `$PF` is the program. */
export function shell(line: string): Promise<Ran> {
  return run('/bin/sh', ['-c', line], tmpdir(), '', { PF: `${process.execPath} ${program}` });
}

const folders: string[] = [];

/** Removes what the runs left. */
export function tidy(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs a program in a folder that is also its home. */
export function run(
  command: string,
  args: string[],
  cwd: string,
  stdin: string,
  env: Record<string, string>,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: cwd, ...env },
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {}).end(stdin);
  });
}
