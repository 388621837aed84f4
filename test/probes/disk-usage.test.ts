/** How much a tree takes: the script on this machine and with busybox, and what du says when it cannot see all of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskUsage, duScript } from '../../src/probes/files/disk-usage.js';
import { lacking, programPath } from '../needs.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/data' };
const room = mkdtempSync(join(tmpdir(), 'usage-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));

describe.each(['', 'busybox-'])('%sdu', (box) => {
  it('prints a total', () => {
    expect(read(diskUsage, [said(fixture(`debian-12/${box}du`))], params)).toEqual({ exists: true, bytes: 108 * 1024 });
  });

  it('says that the path is not there, which is a value', () => {
    expect(read(diskUsage, [failed(fixture(`debian-12/${box}du-missing`))], params)).toEqual({ exists: false });
  });

  it('gives no value when it was kept out of a directory, though it prints a total', () => {
    const [total, words] = [fixture(`debian-12/${box}du-denied`), fixture(`debian-12/${box}du-denied-said`)];
    expect(unreadable(diskUsage, [said(total, 1, words)], params).problem).toBe('denied');
  });
});

describe('files that vanish while du looks', () => {
  it.each([
    "du: cannot access '/data/tmp/x': No such file or directory\n",
    "du: cannot read directory '/data/a b': No such file or directory\ndu: cannot access '/data/c': No such file or directory\n",
    'du: /data/tmp/x: No such file or directory\n',
    '\ndu: /data/tmp/x: No such file or directory\n \n',
  ])('%j leaves the total', (stderr) => {
    expect(read(diskUsage, [said('52\t/data\n', 1, stderr)], params)).toEqual({ exists: true, bytes: 52 * 1024 });
  });

  it.each([
    [
      'beside a refusal',
      "du: cannot access '/data/x': No such file or directory\ndu: cannot read directory '/data/y': Permission denied\n",
    ],
    [
      'beside an error of the disk',
      "du: cannot access '/data/x': No such file or directory\ndu: cannot access '/data/y': Input/output error\n",
    ],
    ['said by another program', 'nice: du: No such file or directory\n'],
    ['with nothing said', ''],
  ])('%s leave none', (_, stderr) => {
    unreadable(diskUsage, [said('52\t/data\n', 1, stderr)], params);
  });
});

describe('the script on this machine', () => {
  const tree = join(room, 'tree');
  beforeAll(() => {
    mkdirSync(join(tree, 'sub'), { recursive: true });
    writeFileSync(join(tree, 'sub', 'a'), Buffer.alloc(300_000, 1));
    symlinkSync(tree, join(room, 'link'));
  });
  const run = (path: string, PATH = process.env.PATH ?? '') =>
    spawnSync('/bin/sh', ['-c', duScript, 'du-gently', path], { encoding: 'utf8', env: { PATH, LC_ALL: 'C' } });
  const outputOf = ({ status, stdout, stderr }: ReturnType<typeof run>) => said(stdout, status, stderr);

  it('counts what lies behind a link as what it leads to', () => {
    const real = read(diskUsage, [outputOf(run(tree))], params) as { bytes: number };
    expect(real.bytes).toBeGreaterThanOrEqual(300_000);
    expect(read(diskUsage, [outputOf(run(join(room, 'link')))], params)).toEqual(real);
  });

  it('tells that a path is not there', () => {
    expect(read(diskUsage, [outputOf(run(join(room, 'none')))], params)).toEqual({ exists: false });
  });

  const why = lacking('busybox');
  it.skipIf(why)(`needs neither nice nor ionice, and takes busybox${why}`, () => {
    const bin = join(room, 'bin');
    mkdirSync(bin);
    symlinkSync(programPath('busybox') ?? '', join(bin, 'du'));
    const { bytes } = read(diskUsage, [outputOf(run(tree, bin))], params) as { bytes: number };
    expect(bytes).toBeGreaterThanOrEqual(300_000);
    expect(read(diskUsage, [outputOf(run(join(room, 'none'), bin))], params)).toEqual({ exists: false });
  });

  const whyStrace = lacking('nice', 'ionice');
  it.skipIf(whyStrace)(`gives way to every other program${whyStrace}`, () => {
    const bin = join(room, 'nice-bin');
    mkdirSync(bin);
    for (const name of ['nice', 'ionice', 'true']) symlinkSync(programPath(name) ?? '', join(bin, name));
    writeFileSync(join(bin, 'du'), '#!/bin/sh\necho "$(/usr/bin/nice) $(/usr/bin/ionice) $*"\n', { mode: 0o755 });
    const own = execFileSync('ionice', { encoding: 'utf8' });
    expect(own).not.toMatch(/^idle/);
    expect(run(tree, bin).stdout).toMatch(/^19 idle.* -s -k -x -H \/.*tree\n$/);
  });
});

describe('an answer', () => {
  it('of another exit than of vanished files is none', () => {
    const stderr = 'du: /data/tmp/x: No such file or directory\n';
    for (const exit of [2, 137, null]) unreadable(diskUsage, [said('52\t/data\n', exit, stderr)], params);
  });
  it('says which form it has not', () => {
    expect(unreadable(diskUsage, [said('x\n')], params).message).toBe('du did not print one total');
  });
  it.each(['', '12\n', 'x\t/data\n', '1\t/data\n2\t/data\n', '-1\t/data\n', `${'9'.repeat(30)}\t/data\n`])(
    '%j is none',
    (text) => {
      unreadable(diskUsage, [said(text)], params);
    },
  );
  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(diskUsage, [output], params);
  });
  it('is none with a problem', () => {
    for (const output of spoiled(said('12\t/data\n'))) unreadable(diskUsage, [output], params);
  });
});
