/** Networks of a test's own: a namespace that ends with the command that ran in it. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs a shell script in a network namespace with nothing but loopback; the words are its `$1`, `$2`... */
export async function inNamespace(script: string, words: string[] = []): Promise<string> {
  const argv = ['-n', '/bin/sh', '-euc', `ip link set lo up\n${script}`, 'namespace', ...words];
  const { stdout } = await promisify(execFile)('unshare', argv, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** The program's file, where PATH has it; a shell's own `true` is none. */
export function programPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** A Python that runs without PATH; version managers put a shell script in its place. */
export function pythonPath(): string | undefined {
  if (programPath('python3') === undefined) return undefined;
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}

/**
 * Why a test cannot run here, for its name; undefined when it can. With CI set nothing is skipped: what is missing there
 * makes the test fail.
 */
export function lacking({ root = false, programs = [] }: { root?: boolean; programs?: string[] }): string | undefined {
  if (process.env.CI) return undefined;
  if (root && process.getuid?.() !== 0) return 'needs root';
  const gone = programs.filter((name) => programPath(name) === undefined);
  return gone.length === 0 ? undefined : `needs ${gone.join(', ')}`;
}

/** ` (skipped: why)`, or nothing. */
export const reason = (why: string | undefined): string => (why === undefined ? '' : ` (skipped: ${why})`);
