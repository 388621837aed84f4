/** When a tree was last written to: the script on this machine and with busybox, and what proves nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastWrite, lastWriteScript } from '../../src/probes/files/last-write.js';
import { lacking, programPath } from '../needs.js';
import { failed, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/data' };
const now = 1_767_225_600;
const date = said(`${now}\n`);
const room = mkdtempSync(join(tmpdir(), 'last-write-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));

const tree = join(room, 'tree');
mkdirSync(join(tree, 'sub'), { recursive: true });
for (const [name, time] of Object.entries({ a: 1000, 'sub/b c': 3000, 'sub/d.log': 5000, 'e.pid': 7000 })) {
  writeFileSync(join(tree, name), 'x');
  utimesSync(join(tree, name), now - time, now - time);
}
for (const [name, ago] of Object.entries({ 'x.log': 10, 'postmaster.pid': 20 })) {
  writeFileSync(join(tree, name), 'x');
  utimesSync(join(tree, name), now - ago, now - ago);
}
symlinkSync(tree, join(room, 'link'));
mkdirSync(join(room, 'empty'));

function run(words: string[], PATH = process.env.PATH ?? '') {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', lastWriteScript, 'last-write', ...words], {
    encoding: 'utf8',
    env: { PATH, LC_ALL: 'C' },
  });
  return said(stdout, status, stderr);
}
const asked = (words: string[], PATH?: string) => read(lastWrite, [run(words, PATH), date], { path: words[0] });

describe('an answer of find', () => {
  const vanished = 'find: /data/x: No such file or directory\nstat: /data/y: No such file or directory\n';

  it('is the age of the newest file, also where others vanished meanwhile', () => {
    expect(read(lastWrite, [said(`${now - 7}\n`), date], params)).toEqual({ exists: true, ageSeconds: 7 });
    expect(read(lastWrite, [said(`${now - 7}\n`, 1, vanished), date], params)).toEqual({ exists: true, ageSeconds: 7 });
    expect(read(lastWrite, [said(`${now + 7}\n`), date], params)).toEqual({ exists: true, ageSeconds: 0 });
  });

  it('tells a tree without files from one that is not there, and from one whose files all vanished', () => {
    expect(read(lastWrite, [said(''), date], params)).toEqual({ exists: true });
    expect(read(lastWrite, [failed('find: /data: No such file or directory\n'), date], params)).toEqual({
      exists: false,
    });
    expect(unreadable(lastWrite, [said('', 1, vanished), date], params).message).toBe(
      'find and stat did not print one time',
    );
  });

  it.each(['x\n', '1\n2\n', '-5\n', '5', `${'9'.repeat(14)}\n`, 'x5\n', '5\nx'])('%j is none', (text) => {
    expect(unreadable(lastWrite, [said(text), date], params).message).toBe('find and stat did not print one time');
  });

  it('leaves nothing out where nothing is to be left out', () => {
    const [ask] = lastWrite.ask(params, { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' });
    expect(ask).toMatchObject({ argv: ['/bin/sh', '-c', lastWriteScript, 'last-write', '/data'] });
  });
});

const lacksFind = lacking('find');
describe.skipIf(lacksFind)(`the script on this machine${lacksFind}`, () => {
  it('tells the newest of all files, however deep it lies', () => {
    expect(asked([tree])).toEqual({ exists: true, ageSeconds: 10 });
  });

  it('leaves names out, with stars and without', () => {
    expect(asked([tree, '*.log'])).toEqual({ exists: true, ageSeconds: 20 });
    expect(asked([tree, '*.log', 'postmaster.pid'])).toEqual({ exists: true, ageSeconds: 1000 });
    expect(asked([tree, '*.log', 'postmaster.pid', 'a'])).toEqual({ exists: true, ageSeconds: 3000 });
  });

  it('follows a link that is the path itself', () => {
    expect(asked([join(room, 'link')])).toEqual({ exists: true, ageSeconds: 10 });
  });

  it('has no age for a tree without files, and none for one that is not there', () => {
    expect(asked([join(room, 'empty')])).toEqual({ exists: true });
    expect(asked([join(room, 'none')])).toEqual({ exists: false });
  });

  const lacksBox = lacking('busybox');
  it.skipIf(lacksBox)(`needs neither nice nor ionice, and takes busybox${lacksBox}`, () => {
    const bin = join(room, 'bin');
    mkdirSync(bin);
    for (const name of ['find', 'stat', 'sort', 'tail']) symlinkSync(programPath('busybox') ?? '', join(bin, name));
    expect(asked([tree, '*.log'], bin)).toEqual({ exists: true, ageSeconds: 20 });
    expect(asked([join(room, 'none')], bin)).toEqual({ exists: false });
  });
});

describe('an answer', () => {
  it.each([
    ['files that vanished are left out', "find: '/data/x': No such file or directory\n"],
    ['and those that vanish before stat looks', "stat: cannot statx '/data/y': No such file or directory\n"],
  ])('%s', (_, stderr) => {
    expect(read(lastWrite, [said(`${now - 5}\n`, 1, stderr), date], params)).toEqual({ exists: true, ageSeconds: 5 });
  });

  it.each([
    ['a directory that it may not read', "find: '/data/x': Permission denied\n"],
    ['an error of the disk', "find: '/data/x': Input/output error\n"],
    ['another program', 'sort: No such file or directory\n'],
    ['nothing that was said', ''],
  ])('with a failure for %s is none', (_, stderr) => {
    unreadable(lastWrite, [said(`${now - 5}\n`, 1, stderr), date], params);
    unreadable(lastWrite, [said(`${now - 5}\n`, 2, stderr), date], params);
  });

  it('of another form is none', () => {
    for (const text of ['x\n', `${now}`, `${now}\n${now}\n`, '-5\n', `${now} 0\n`])
      unreadable(lastWrite, [said(text), date], params);
    unreadable(lastWrite, [failed("find: '/data': Permission denied"), date], params);
  });

  it('bears the host’s own clock, and a time far ahead of it is no age', () => {
    expect(read(lastWrite, [said(`${now + 120}\n`), date], params)).toEqual({ exists: true, ageSeconds: 0 });
    unreadable(lastWrite, [said(`${now + 121}\n`), date], params);
    unreadable(lastWrite, [said(`${now}\n`), said('soon\n')], params);
  });

  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(lastWrite, [output, date], params);
    unreadable(lastWrite, [said(`${now}\n`), output], params);
  });

  it('is none with a problem', () => {
    for (const bad of spoiled(said(`${now}\n`))) unreadable(lastWrite, [bad, date], params);
  });
});
