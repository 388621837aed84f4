/** Which servers' programs a host has: the script under the shells of this machine, and its answer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installedScript, postgresInstalled } from '../../src/probes/postgres/installed.js';
import { lacking } from '../needs.js';
import { noAnswers, read, said, spoiled, unreadable } from './support.js';

const room = mkdtempSync(join(tmpdir(), 'installed-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));
const folder = (name: string, text?: string, mode = 0o755) => {
  mkdirSync(join(room, name));
  if (text !== undefined) writeFileSync(join(room, name, 'postgres'), `#!/bin/sh\n${text}\n`, { mode });
  return join(room, name);
};
const folders = {
  good: folder('good', 'echo "postgres (PostgreSQL) 15.18"'),
  broken: folder('broken', 'exit 127'),
  plain: folder('plain', 'echo "postgres (PostgreSQL) 15.18"', 0o644),
  empty: folder('empty'),
};

describe.each([['/bin/sh'], ['bash'], ['busybox', 'sh']])('under %s', (shell, ...words) => {
  const why = lacking(shell);
  const ran = (...args: string[]) => {
    const from = shell.startsWith('/') ? shell : `/usr/bin/${shell}`;
    const env = { PATH: `${folders.good}:/usr/bin:/bin` };
    const { status, stdout } = spawnSync(from, [...words, '-c', installedScript, 'postgres-installed', ...args], {
      env,
    });
    return said(String(stdout), status);
  };

  it.skipIf(why)(`a folder is looked into${why}`, () => {
    const good = [{ folder: folders.good, said: 'postgres (PostgreSQL) 15.18', major: 15, minor: 18 }];
    expect(read(postgresInstalled, [ran(folders.good)])).toEqual({ servers: good });
    for (const none of [folders.plain, folders.empty, '/no/such/folder'])
      expect(read(postgresInstalled, [ran(none)])).toEqual({ servers: [] });
    unreadable(postgresInstalled, [ran(folders.broken)]);
  });

  it.skipIf(why)(`without one the PATH is looked at, and where packages put servers${why}`, () => {
    const { servers } = read(postgresInstalled, [ran()]) as { servers: { folder: string }[] };
    expect(servers[0]).toMatchObject({ folder: folders.good, major: 15, minor: 18 });
    expect(new Set(servers.map((one) => one.folder)).size).toBe(servers.length);
  });
});

it('is asked of a folder, or of none', () => {
  const self = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
  const asked = (params: object) =>
    postgresInstalled.ask(params, self).map((ask) => 'argv' in ask && ask.argv.slice(3));
  expect(asked({})).toEqual([['postgres-installed']]);
  expect(asked({ folder: '/opt/pg/bin' })).toEqual([['postgres-installed', '/opt/pg/bin']]);
});

describe('an answer', () => {
  const text = '/a b/bin: postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\nend\n';
  it.each([
    ['15.18 (Debian 15.18-0+deb12u1)', { major: 15, minor: 18 }],
    ['18.4', { major: 18, minor: 4 }],
    ['19beta1', {}],
    ['9.6.24', {}],
    ['17devel', {}],
  ])('says %s', (version, numbers) => {
    const line = `postgres (PostgreSQL) ${version}`;
    expect(read(postgresInstalled, [said(`/x: ${line}\nend\n`)])).toEqual({
      servers: [{ folder: '/x', said: line, ...numbers }],
    });
  });
  it('names the folder whole', () => {
    expect(read(postgresInstalled, [said(text)])).toMatchObject({ servers: [{ folder: '/a b/bin', major: 15 }] });
    expect(read(postgresInstalled, [said('end\n')])).toEqual({ servers: [] });
  });
  it.each([
    '',
    'postgres (PostgreSQL) 15.18\nend\n',
    '/x: \nend\n',
    '/x: postgres (PostgreSQL) 15.18\n',
    `motd\n${text}`,
    `motd ${text}`,
    '/x: postgres (PostgreSQL) 15.18\r\nend\n',
    '/x: my postgres (PostgreSQL) 15.18\nend\n',
  ])('%j is none', (other) => void unreadable(postgresInstalled, [said(other)]));
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(postgresInstalled, [output]));
  it('is none with a problem', () => {
    for (const output of spoiled(said(text))) unreadable(postgresInstalled, [output]);
  });
});
