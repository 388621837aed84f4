/**
 * What tests need of the machine beside Node, git and a POSIX shell. Where it is missing they are skipped under a name that
 * says so; with PAIRFLIGHT_REQUIRE_ALL=1, as `.ci/run` sets it, nothing may be skipped, and what is missing is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian, Ubuntu and a runner's image put the browser. */
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser that pages are looked at with. */
export const browserPath: string | undefined = browsers.find((file) => existsSync(file));

/** The newest server of PostgreSQL that Debian installed; its folder may be there and empty. */
export function postgresPath(): string | undefined {
  const folder = '/usr/lib/postgresql';
  const majors = existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(b) - Number(a)) : [];
  return majors.map((major) => join(folder, major, 'bin/postgres')).find((file) => existsSync(file));
}

/** What is no program on PATH. */
const special: Record<string, () => boolean> = {
  root: () => process.getuid?.() === 0,
  // Root of a container may not make them.
  namespaces: () => spawnSync('unshare', ['-n', '-m', 'true']).status === 0,
  postgresql: () => postgresPath() !== undefined,
  sshd: () => existsSync('/usr/sbin/sshd'),
  chromium: () => browserPath !== undefined,
  python3: () => pythonPath() !== undefined,
};

const known = new Map<string, boolean>();

function isHere(name: string): boolean {
  const here = known.get(name) ?? special[name]?.() ?? programPath(name) !== undefined;
  known.set(name, here);
  return here;
}

/**
 * The end of a test's name where one of these is missing, ` (needs jq, curl)`; otherwise empty: what `skipIf` takes.
 * Beside programs: root, namespaces (of network and mounts), sshd, chromium. While code is mutated no test may start a program.
 */
export function lacking(...names: string[]): string {
  if (names.length > 0 && process.env.PAIRFLIGHT_MUTATION !== undefined) return ' (its programs would not be started)';
  const gone = [...new Set(names)].filter((name) => !isHere(name));
  if (gone.length === 0) return '';
  if (process.env.PAIRFLIGHT_REQUIRE_ALL === '1')
    throw new Error(`PAIRFLIGHT_REQUIRE_ALL is set, and this machine lacks ${gone.join(', ')}`);
  return ` (needs ${gone.join(', ')})`;
}

/** The program's file, where PATH has it; a shell's own `true` is none. */
export function programPath(name: string): string | undefined {
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter(
    (folder) => folder !== '',
  );
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** A Python that runs without PATH; version managers put a shell script in its place. */
export function pythonPath(): string | undefined {
  if (programPath('python3') === undefined) return undefined;
  return execFileSync('python3', ['-c', 'import os, sys, termios; os.waitstatus_to_exitcode; print(sys.executable)'], {
    encoding: 'utf8',
  }).trim();
}
