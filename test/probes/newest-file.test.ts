/** The newest file of a directory: real answers of find, ages, and what proves nothing. */
import { describe, expect, it } from 'vitest';
import { newestFile } from '../../src/probes/files/newest-file.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { directory: '/backup', pattern: '*.tar' };
const now = 1_767_225_600;
const date = said(`${now}\n`);
const files = (...rows: string[]) => said(rows.map((row) => `${row}\n`).join(''));
const readFiles = (...rows: string[]) => read(newestFile, [files(...rows), date], params);

describe.each(['', 'busybox-'])('%sfind', (box) => {
  const text = (name: string) => fixture(`debian-12/${box}find${name}`);

  it('lists files', () => {
    const value = read(newestFile, [said(text('')), date], { directory: 'tree/sub', pattern: '*.tar' });
    expect(value).toEqual({ exists: true, count: 1, name: 'a.tar', bytes: 100_000, ageHours: 2007.2, ageDays: 83.7 });
  });

  it('says that the directory is not there, which is a value', () => {
    expect(read(newestFile, [failed(text('-missing')), date], { ...params, directory: 'none' })).toEqual({
      exists: false,
      count: 0,
    });
  });

  it('gives none for a directory that it may not read, and for what is no directory', () => {
    expect(unreadable(newestFile, [failed(text('-denied')), date], params).problem).toBe('denied');
    unreadable(newestFile, [failed(text('-no-directory')), date], params);
  });
});

describe('an answer', () => {
  it('without files is an empty directory', () => {
    expect(readFiles()).toEqual({ exists: true, count: 0 });
  });

  it('names the newest, whatever the order', () => {
    const rows = [
      `${now - 7200} 20 /backup/old.tar`,
      `${now - 60} 30 /backup/new one.tar`,
      `${now - 3600} 10 /backup/mid.tar`,
    ];
    const value = { exists: true, count: 3, name: 'new one.tar', bytes: 30, ageHours: 0.1, ageDays: 0.1 };
    expect(readFiles(...rows)).toEqual(value);
    expect(readFiles(...rows.toReversed())).toEqual(value);
  });

  it('is none where a file vanished before it was looked at, and the directory is not', () => {
    const vanished = failed("find: '/backup/a.tar': No such file or directory\n");
    expect(unreadable(newestFile, [vanished, date], params).message).toMatch(/^ended with exit 1: find/);
    for (const name of ['/backup/', "'/backup/'", '\u2018/backup/\u2019'])
      expect(read(newestFile, [failed(`find: ${name}: No such file or directory\n`), date], params)).toEqual({
        exists: false,
        count: 0,
      });
  });

  it('names the first of those that are as new as each other', () => {
    expect(readFiles(`${now} 1 /backup/a.tar`, `${now} 2 /backup/b.tar`)).toMatchObject({ name: 'a.tar', bytes: 1 });
  });

  it('is of a directory that ends in slashes', () => {
    const asked = { directory: '/backup//', pattern: '*' };
    expect(read(newestFile, [files(`${now} 1 /backup/a.tar`), date], asked)).toMatchObject({ name: 'a.tar' });
  });

  it('never makes a file younger than it is', () => {
    expect(readFiles(`${now - 7 * 86_400 - 1} 1 /backup/a.tar`)).toMatchObject({ ageHours: 168.1, ageDays: 7.1 });
    expect(readFiles(`${now - 7 * 86_400} 1 /backup/a.tar`)).toMatchObject({ ageHours: 168, ageDays: 7 });
  });

  it('reckons with the time between the question for files and that for the clock', () => {
    const early = { ...date, startedAt: '2026-01-01T00:00:00.000Z' };
    const late = { ...files(`${now} 1 /backup/a.tar`), startedAt: '2026-01-01T02:00:00.000Z' };
    expect(read(newestFile, [late, early], params)).toMatchObject({ ageHours: 2 });
  });

  it('takes a little time ahead of the clock for now, and more for no age', () => {
    expect(readFiles(`${now + 60} 1 /backup/a.tar`)).toMatchObject({ ageHours: 0 });
    unreadable(newestFile, [files(`${now + 3600} 1 /backup/a.tar`), date], params);
  });

  it.each([
    ['a file elsewhere', `${now} 1 /other/a.tar`],
    ['a file below', `${now} 1 /backup/sub/a.tar`],
    ['the directory itself', `${now} 1 /backup/`],
    ['another form', 'a.tar'],
    ['a name of two lines', `${now} 1 /backup/a\rb.tar`],
    ['a time before 1970', '-5 1 /backup/a.tar'],
  ])('with %s proves nothing', (_, row) => {
    unreadable(newestFile, [files(row), date], params);
  });

  it('with a file that stat did not find any more, or without a clock, proves nothing', () => {
    unreadable(
      newestFile,
      [said(`${now} 1 /backup/a.tar\n`, 1, "stat: cannot statx '/backup/b.tar': No such file or directory\n"), date],
      params,
    );
    for (const text of ['', '%s\n', 'now\n', '12\n', `x${now}\n`, `${now}x\n`])
      unreadable(newestFile, [files(`${now} 1 /backup/a.tar`), said(text)], params);
    const once = { ...date, startedAt: 'once' };
    expect(unreadable(newestFile, [files(`${now} 1 /backup/a.tar`), once], params).message).toBe(
      'it is not known when the host was asked',
    );
  });

  it.each(noAnswers)('is none for %s', (_, output) => {
    unreadable(newestFile, [output, date], params);
    unreadable(newestFile, [files(`${now} 1 /backup/a.tar`), output], params);
  });

  it('is none with a problem', () => {
    for (const output of spoiled(files(`${now} 1 /backup/a.tar`))) unreadable(newestFile, [output, date], params);
  });
});

describe('the question', () => {
  const asks = newestFile.ask(
    { directory: '/backup//', pattern: '*-full.tar.gz' },
    { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' },
  );

  it('may run, and nothing else that find can do', () => {
    for (const ask of asks) if (ask.kind === 'exec') expect(refusalOf(ask, false, [])).toBeUndefined();
    const [ask] = asks;
    if (ask?.kind !== 'exec') throw new Error('find is not asked');
    expect(ask.argv[1]).toBe('/backup/');
    for (const [index, word] of [
      [13, ';'],
      [8, '-ok'],
      [9, 'rm'],
      [5, 'd'],
      [3, '-delete'],
      [7, 'x y'],
    ] as const) {
      const argv = ask.argv.with(index, word) as typeof ask.argv;
      expect(refusalOf({ ...ask, argv }, false, []), word).toBeDefined();
    }
    expect(refusalOf({ ...ask, argv: [...ask.argv, '-delete'] }, false, [])).toBeDefined();
  });
});
