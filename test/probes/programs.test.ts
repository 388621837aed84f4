/** Which programs a host has: the script under the shells of this machine. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programs, programsScript } from '../../src/probes/programs.js';
import { lacking } from '../needs.js';
import { noAnswers, read, said, spoiled, unreadable } from './support.js';

const room = mkdtempSync(join(tmpdir(), 'programs-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));
for (const name of ['rsync', 'printf', 'g++']) writeFileSync(join(room, name), '', { mode: 0o755 });
writeFileSync(join(room, 'psql'), '', { mode: 0o644 });
mkdirSync(join(room, 'python3'));

describe.each([['/bin/sh'], ['bash'], ['busybox', 'sh']])('under %s', (shell, ...words) => {
  const why = lacking(shell);
  it.skipIf(why)(`what can be run from the PATH is found, and a builtin is not taken for it${why}`, () => {
    const names = ['rsync', 'printf', 'g++', 'psql', 'python3', 'test', 'cd', 'no-such-program'];
    const from = shell.startsWith('/') ? shell : `/usr/bin/${shell}`;
    const { status, stdout } = spawnSync(from, [...words, '-c', programsScript, 'programs', ...names], {
      env: { PATH: room },
      encoding: 'utf8',
    });
    const { found, missing } = read(programs, [said(stdout, status)], { names }) as {
      found: string[];
      missing: string[];
    };
    // The shell of busybox may bring programs of its own.
    const own = shell === 'busybox' ? ['test', 'python3', 'rsync', 'printf'] : [];
    expect(found.filter((name) => !own.includes(name))).toEqual(
      ['rsync', 'printf', 'g++'].filter((name) => !own.includes(name)),
    );
    expect(missing).toEqual(expect.arrayContaining(['psql', 'cd', 'no-such-program']));
  });
});

describe('an answer', () => {
  const params = { names: ['rsync', 'psql'] };
  it('names what is there and what is not', () => {
    expect(read(programs, [said('rsync yes\npsql no\nend\n')], params)).toEqual({
      found: ['rsync'],
      missing: ['psql'],
    });
  });
  it.each([
    '',
    'end\n',
    'rsync yes\nend\n',
    'rsync yes\npsql no\n',
    'psql no\nrsync yes\nend\n',
    'rsync yes\npsql perhaps\nend\n',
    'motd\nrsync yes\npsql no\nend\n',
    'rsync yes\npsql no\npsql no\nend\n',
    'rsync yes\npsql no\nend\nend\n',
    'rsync yes\npsql no\nend x\n',
    'rsync yes\npsql no\nx\n',
  ])('%j is none', (text) => void unreadable(programs, [said(text)], params));
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(programs, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(said('rsync yes\npsql no\nend\n'))) unreadable(programs, [output], params);
  });
});
