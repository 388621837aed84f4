/** The file systems below a directory: the script on this machine, what df says of several, and what is no answer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { belowScript, filesystemsBelow } from '../../src/probes/files/filesystems-below.js';
import { failed, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/data/pg_tblspc' };
const heading = 'Filesystem     1024-blocks    Used Available Capacity Mounted on\n';
const fast = '/dev/sdb1        1000000  900000    100000      90% /srv/fast disk\n';
const slow = '/dev/sdc1        1000000  100000    900000      10% /srv/slow\n';

describe('an answer', () => {
  it.each<[string, string, object]>([
    ['no entry', '', { entries: 0, filesystems: [], fullestPercent: 0 }],
    [
      'two on one and one on another',
      `${heading}${slow}${fast}${fast}`,
      {
        entries: 3,
        filesystems: [
          { mountPoint: '/srv/slow', usedPercent: 10 },
          { mountPoint: '/srv/fast disk', usedPercent: 90 },
        ],
        fullestPercent: 90,
      },
    ],
  ])('%s', (_, stdout, value) => {
    expect(read(filesystemsBelow, [said(stdout)], params)).toEqual({ exists: true, ...value });
  });

  it('tells that the directory is not there', () => {
    const stderr = "ls: cannot access '/data/pg_tblspc/': No such file or directory\n";
    expect(read(filesystemsBelow, [failed(stderr)], params)).toEqual({ exists: false });
  });

  it.each([heading, `${heading}x\n`, 'x\n', `${slow}${fast}`])('%j is none', (stdout) => {
    unreadable(filesystemsBelow, [said(stdout)], params);
  });

  it('is none where a link leads nowhere, or the directory is closed', () => {
    const dangling = 'df: /data/pg_tblspc/16385: No such file or directory\n';
    unreadable(filesystemsBelow, [said(`${heading}${slow}`, 1, dangling)], params);
    const closed = "ls: cannot open directory '/data/pg_tblspc/': Permission denied\n";
    expect(unreadable(filesystemsBelow, [failed(closed)], params).problem).toBe('denied');
  });

  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(filesystemsBelow, [output], params);
  });

  it('is none with a problem', () => {
    for (const output of spoiled(said(`${heading}${slow}`))) unreadable(filesystemsBelow, [output], params);
  });
});

describe('the script on this machine', () => {
  const room = mkdtempSync(join(tmpdir(), 'below-'));
  afterAll(() => rmSync(room, { recursive: true, force: true }));
  const run = (path: string) => {
    const words = ['-c', belowScript, 'filesystems-below', `${path}/`];
    const { status, stdout, stderr } = spawnSync('/bin/sh', words, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    return said(stdout, status, stderr);
  };

  it('follows each link, with blanks in its name too', () => {
    const [spaces, target] = [join(room, 'spaces'), join(room, 'a target')];
    mkdirSync(spaces);
    mkdirSync(target);
    expect(read(filesystemsBelow, [run(spaces)], params)).toMatchObject({ exists: true, entries: 0 });
    symlinkSync(target, join(spaces, '16384'));
    symlinkSync(target, join(spaces, 'with blanks'));
    expect(read(filesystemsBelow, [run(spaces)], params)).toMatchObject({
      entries: 2,
      filesystems: [{ mountPoint: expect.stringMatching(/^\//) }],
    });
    symlinkSync(join(room, 'gone'), join(spaces, 'z'));
    unreadable(filesystemsBelow, [run(spaces)], params);
  });

  it('says that there is no such directory', () => {
    expect(read(filesystemsBelow, [run(join(room, 'none'))], params)).toEqual({ exists: false });
  });
});
