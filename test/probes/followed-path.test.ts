/** Paths that a host names in a file of its own: the script beside real files, what is read from it, and what may be asked by it. */
// biome-ignore-all lint/suspicious/noThenProperty: what comes behind a path is called so
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { ExecAsk, Output } from '../../src/core/model.js';
import type { AnyProbe } from '../../src/probes/define.js';
import {
  followedParam,
  followedQuestion,
  following,
  followScript,
  isFollowed,
  pathIn,
} from '../../src/probes/files/followed-path.js';
import { builtinProbes } from '../../src/probes/index.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { lacking } from '../needs.js';
import { healthy, paramsOf } from './healthy.js';
import { failed, read, said, spoiled, unreadable } from './support.js';

const named = (id: string) => builtinProbes.find((probe) => probe.id === id) as AnyProbe;
const self = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
const asksOf = (id: string, params: object) => named(id).ask(params, self) as ExecAsk[];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pairflight-followed-'));
  mkdirSync(join(dir, 'a disk/backup'), { recursive: true });
  writeFileSync(join(dir, 'a disk/backup/one.tar'), '12345');
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Writes a file of this content, and really asks about the path on one of its lines. */
function ask(id: string, content: string | Buffer, more: { line?: number; then?: string } = {}, over: object = {}) {
  const file = join(dir, 'note');
  writeFileSync(file, content);
  const param = id === 'newest-file' ? 'directory' : 'path';
  const params = { ...over, [param]: { line_of: file, ...more } };
  const outputs = asksOf(id, params).map(({ argv: [program, ...words] }): Output => {
    const env = { ...process.env, LC_ALL: 'C' };
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
    return { ...said(stdout, status, stderr), startedAt: new Date().toISOString() };
  });
  return { outputs, params, value: () => read(named(id), outputs, params) };
}

describe('the script', () => {
  it.each([
    ['a path with blanks', () => `${dir}/a disk\n`, {}, ''],
    ['no end of line', () => `${dir}/a disk`, {}, ''],
    ['slashes at the end', () => `${dir}/a disk//\n`, {}, ''],
    ['something behind the path', () => `${dir}/a disk/\n`, { then: '/backup' }, '/backup'],
    ['another line', () => `/first\n\n${dir}/a disk\n/last\n`, { line: 3 }, ''],
  ])('follows %s', (_, content, more, then) => {
    expect(ask('stat', content(), more).value()).toMatchObject({
      ...{ exists: true, kind: 'directory' },
      ...{ names: 'path', followed: `${dir}/a disk${then}` },
    });
  });

  it('follows the root, and what is below it', () => {
    expect(ask('stat', '/\n').value()).toMatchObject({ kind: 'directory', followed: '/' });
    expect(ask('stat', '//\n', { then: '/proc' }).value()).toMatchObject({ followed: '/proc' });
  });

  it('says of a directory that is not there that it is not', () => {
    const value = { exists: false, names: 'path', followed: `${dir}/none` };
    expect(ask('stat', `${dir}/none\n`).value()).toEqual(value);
    expect(ask('file', `${dir}/none\n`).value()).toEqual(value);
    expect(ask('disk-usage', `${dir}\n`, { then: '/none' }).value()).toEqual(value);
  });

  it.each([
    ['an empty file', '', {}, 'no line'],
    ['an empty line', '\n/second\n', {}, 'no line'],
    ['a line behind the last', '/first\n', { line: 2 }, 'no line'],
    ['a relative path', 'data\n', {}, 'no path'],
    ['a path behind a blank', ' /data\n', {}, 'no path'],
    ["Windows' end of line", '/data\r\n', {}, 'no path'],
    ['a tab', '/da\tta\n', {}, 'no path'],
    ['an escape', '/da\u001b[2Jta\n', {}, 'no path'],
    ['a NUL', Buffer.from('/data\0\n'), {}, 'no path'],
    ['a control character of two bytes', '/da\u0085ta\n', {}, 'no path'],
    ['a path that is too long', `/${'x'.repeat(5000)}\n`, {}, 'no path'],
  ])('follows nothing for %s', (_, content, more, names) => {
    expect(ask('stat', content, more).value()).toEqual({ exists: false, names });
    const pattern = { pattern: '*.tar' };
    expect(ask('newest-file', content, more, pattern).value()).toEqual({ exists: false, count: 0, names });
  });

  describe.each([['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh']])('in %s', (program, ...words) => {
    const why = lacking(program);
    it.skipIf(why)(`takes any line as the text has it${why}`, () => {
      const file = join(dir, `any-${program}`);
      const letters = fc.constantFrom(...'//aé*?[\\$\'" \t\n\n\0');
      const content = fc.oneof(fc.string({ unit: letters, maxLength: 40 }), fc.constant(`/${'x'.repeat(1022)}\n`));
      fc.assert(
        fc.property(content, fc.integer({ min: 1, max: 3 }), (text, line) => {
          writeFileSync(file, text);
          const argv = ['-c', followScript, 'follow-path', file, String(line), '/then', 'printf', '<%s>', '{path}'];
          const { stdout, stderr } = spawnSync(program, [...words, ...argv], {
            encoding: 'utf8',
            env: { ...process.env, LC_ALL: 'C' },
          });
          const { names, path } = pathIn(text, { line_of: file, line, then: '/then' });
          expect({ stdout, stderr }).toEqual({
            stdout: path === undefined ? `${names}\n` : `path ${path}\n<${path}>`,
            stderr: '',
          });
        }),
        {
          numRuns: 30,
          examples: [
            ['', 1],
            ['\n', 1],
            [`/${'x'.repeat(1023)}\n`, 1],
            ['/a\0', 1],
            ['/a b\n', 1],
          ],
        },
      );
    });
  });

  it('costs one program beside the question, for an ordinary note', () => {
    const trace = join(dir, 'started');
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const name of ['od', 'head', 'tr'])
      writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >>'${trace}'\nPATH=$OWN_PATH exec ${name} "$@"\n`, {
        mode: 0o755,
      });
    const file = join(dir, 'ordinary');
    writeFileSync(file, '/data\n');
    const env = { PATH: `${bin}:${process.env.PATH}`, OWN_PATH: process.env.PATH, LC_ALL: 'C' };
    const argv = ['-c', followScript, 'follow-path', file, '1', '', 'printf', '<%s>', '{path}'];
    expect(spawnSync('/bin/sh', argv, { encoding: 'utf8', env }).stdout).toBe('path /data\n</data>');
    expect(readFileSync(trace, 'utf8')).toBe('od\n');
  });

  it('says by its own name that the file is not there', () => {
    const params = { path: { line_of: `${dir}/no note` } };
    const [program, ...words] = asksOf('stat', params)[0]?.argv ?? [];
    const { status, stdout, stderr } = spawnSync(String(program), words, { encoding: 'utf8' });
    expect(read(named('stat'), [said(stdout, status, stderr)], params)).toEqual({ exists: false, names: 'no file' });
  });

  it('gives no value for a note that is a directory, or that is far too long', () => {
    symlinkSync(dir, join(dir, 'link'));
    const params = { path: { line_of: join(dir, 'link') } };
    const [program, ...words] = asksOf('stat', params)[0]?.argv ?? [];
    const { status, stdout, stderr } = spawnSync(String(program), words, { encoding: 'utf8' });
    unreadable(named('stat'), [said(stdout, status, stderr)], params);
    const long = ask('stat', `/data\n${'x'.repeat(70_000)}`);
    expect(unreadable(named('stat'), long.outputs, long.params).message).toMatch(/too long/);
  });

  const lacksFind = lacking('find');
  it.skipIf(lacksFind)(`lists the files of a directory${lacksFind}`, () => {
    const files = ask('newest-file', `${dir}/a disk/\n`, { then: '/backup' }, { pattern: '*.tar' });
    expect(files.value()).toMatchObject({ count: 1, name: 'one.tar', bytes: 5, followed: `${dir}/a disk/backup` });
  });

  it('measures a tree', () => {
    expect(ask('disk-usage', `${dir}/a disk\n`).value()).toMatchObject({ exists: true, names: 'path' });
  });
});

const followed = ['disk-usage', 'file', 'filesystem', 'key-store', 'last-write', 'mount', 'newest-file', 'stat'];

describe.each(followed)('%s', (id) => {
  const [param, plain] = Object.entries(paramsOf[id] ?? {})[0] as [string, string];
  const params = { ...paramsOf[id], [param]: { line_of: '/etc/shop/disk', line: 2, then: '/x' } };
  const asks = asksOf(id, params);
  const outputs = asks.map(({ argv }, index) => {
    const answer = healthy[id]?.[index] ?? '';
    return said(argv.includes('follow-path') ? `path ${plain}\n${answer}` : answer);
  });

  it('takes a path that the host follows, and asks nothing else for it', () => {
    expect(check(named(id).params, params)).toEqual([]);
    expect(asks.map((one) => refusalOf(one, false, []))).toEqual(asks.map(() => undefined));
    const asked = asksOf(id, paramsOf[id] ?? {});
    expect(asks.map(({ argv }) => (argv[3] === 'follow-path' ? argv.slice(7) : argv))).toEqual(
      asked.map(({ argv }) => argv.map((word) => word.replace(plain, '{path}').replace('{path}{path}', '{path}'))),
    );
  });

  it('reads what it reads of a path that is written out, and says which it followed', () => {
    const value = read(named(id), outputs, params) as object;
    const answers = healthy[id]?.map((one) => said(one)) ?? [];
    expect(value).toEqual({
      ...(read(named(id), answers, paramsOf[id] ?? {}) as object),
      ...{ names: 'path', followed: plain },
    });
  });

  it('reads nothing where an answer has a problem, or no first line', () => {
    for (const [index, { argv }] of asks.entries()) {
      if (argv[3] !== 'follow-path') continue;
      const first = outputs[index] as Output;
      for (const bad of spoiled(first)) unreadable(named(id), outputs.with(index, bad), params);
      for (const bad of spoiled(said(''))) unreadable(named(id), outputs.with(index, bad), params);
      unreadable(named(id), outputs.with(index, said(healthy[id]?.[index] ?? '')), params);
      unreadable(named(id), outputs.with(index, said('path ')), params);
      unreadable(named(id), outputs.with(index, failed('head: cannot open: Permission denied')), params);
    }
  });

  it('believes the first line only of a file that says the same to each question', () => {
    const wrapped = asks.flatMap(({ argv }, index) => (argv[3] === 'follow-path' ? [index] : []));
    const other = wrapped.map((index) => outputs.with(index, said('no path\n')));
    for (const changed of other) {
      if (wrapped.length === 1) expect(read(named(id), changed, params)).toMatchObject({ names: 'no path' });
      else expect(unreadable(named(id), changed, params).message).toMatch(/was changed while it was read/);
    }
  });
});

describe('a path parameter', () => {
  it('is asked about as it is written, or by the script', () => {
    expect(asksOf('stat', { path: '/x' }).map(({ argv }) => argv[0])).toEqual(['stat']);
    const [wrapped] = asksOf('stat', { path: { line_of: '/etc/disk' } });
    const [plain] = asksOf('stat', { path: '/x' });
    expect(wrapped?.argv.slice(3, 8)).toEqual(['follow-path', '/etc/disk', '1', '', 'stat']);
    expect(wrapped?.argv.at(-1)).toBe('{path}');
    expect(wrapped?.maxBytes).toBe((plain?.maxBytes ?? 0) + 8192);
    const [, , table] = asksOf('filesystem', { path: { line_of: '/etc/disk', line: 2, then: '/b' } });
    expect(table?.argv).toEqual(['cat', '/proc/self/mountinfo']);
    expect(asksOf('newest-file', { directory: { line_of: '/d' }, pattern: '*' })[0]?.argv).toContain('{path}/');
  });

  it.each<[unknown, boolean]>([
    [{ line_of: '/x' }, true],
    ['/x', false],
    [['line_of'], false],
    [{ line: 1 }, false],
    [null, false],
    [undefined, false],
  ])('%j is followed: %j', (value, is) => {
    expect(isFollowed(value)).toBe(is);
    expect(followedParam({ as: 'root', path: value })).toEqual(is ? { param: 'path', path: value } : undefined);
  });

  it.each<[string, object, object]>([
    ['/a\n/b\n', {}, { names: 'path', path: '/a' }],
    ['/a\n/b\n', { line: 2, then: '/c' }, { names: 'path', path: '/b/c' }],
    ['/a//b///', { then: '/c' }, { names: 'path', path: '/a//b/c' }],
    ['///', {}, { names: 'path', path: '/' }],
    ['///', { then: '/c' }, { names: 'path', path: '/c' }],
    ['\n/b', {}, { names: 'no line' }],
    ['/a', { line: 2 }, { names: 'no line' }],
    ['', {}, { names: 'no line' }],
    ['a/', {}, { names: 'no path' }],
    ['/a\tb', {}, { names: 'no path' }],
  ])('%j with %j is %j', (text, more, expected) => {
    expect(pathIn(text, { line_of: '/x', ...more })).toEqual(expected);
  });

  it.each<[string[], string[] | undefined]>([
    [
      ['/f', '1', '', 'stat', '{path}'],
      ['stat', '/path'],
    ],
    [
      ['/f', '12', '/then', 'find', '{path}/', 'x{path}'],
      ['find', '/path/', 'x{path}'],
    ],
    [
      ['/f', '999', '', 'cat', '{path}'],
      ['cat', '/path'],
    ],
    ...['x1', '1x', '1000', '0', '01', ''].map((line): [string[], undefined] => [
      ['/f', line, '', 'cat', '{path}'],
      undefined,
    ]),
    [['f', '1', '', 'cat', '{path}'], undefined],
    [['/f', '1', 'then', 'cat', '{path}'], undefined],
    [['/f', '1', '', 'cat', '/x'], undefined],
    [['/f', '1', ''], undefined],
    [[], undefined],
  ])('the words %j of the script ask %j', (words, question) => {
    expect(followedQuestion(words)).toEqual(question);
  });
});

describe('what the script said', () => {
  const params = { path: { line_of: '/etc/shop/disk' } };
  const gone = failed("head: cannot open '/etc/shop/disk' for reading: No such file or directory");

  it('first tells why nothing was followed', () => {
    expect(read(named('stat'), [gone], params)).toEqual({ exists: false, names: 'no file' });
    for (const names of ['no line', 'no path'])
      expect(read(named('stat'), [said(`${names}\n`)], params)).toEqual({ exists: false, names });
    expect(read(named('stat'), [said('path /a\tb\n5 1 0 0 644 directory\n')], params)).toEqual({
      ...{ exists: false, names: 'no path' },
    });
  });

  it.each<[Output, string | RegExp]>([
    [said('path /x'), 'the host did not say which path it followed'],
    [said('xno line\n'), 'the host did not say which path it followed'],
    [said('no line\nx'), 'the host did not say which path it followed'],
    [said('no file\n'), 'the host did not say which path it followed'],
    [said('\npath /x\n'), 'the host did not say which path it followed'],
    [said('no line\n', 1), 'ended with exit 1'],
    [
      said('x', 1, 'follow-path: /etc/shop/disk is too long'),
      'ended with exit 1: follow-path: /etc/shop/disk is too long',
    ],
    ...spoiled(gone).map((output): [Output, RegExp] => [output, /: head: cannot open/]),
  ])('%j is no path', (output, why) => {
    expect(unreadable(named('stat'), [output], params).message).toMatch(why);
  });

  it('is the same path in each answer, and no more answers are read than were asked for', () => {
    const [a, b] = [said('path /a\n'), said('path /b\n')];
    expect(unreadable(named('filesystem'), [a, b, said(''), said('')], params).message).toMatch(/was changed while/);
    expect(unreadable(named('stat'), [], params).message).toBe('was not asked');
    const [whole, more] = [said('path /a\n5 1 0 0 644 directory\n'), said('path /b\n')];
    expect(read(named('stat'), [whole, more], params)).toMatchObject({ bytes: 5, followed: '/a' });
  });

  const fake = (reading: () => unknown) =>
    following(
      {
        ...named('stat'),
        ask: ({ path }: { path: string }) => [{ kind: 'connection' }, { ...asksOf('stat', { path })[0] }] as never,
        read: reading,
      },
      'path',
    );

  it('is asked beside what is no command, and a fault of a reader is no answer', () => {
    const followable = fake(() => ({}));
    expect(check(followable.params, params)).toEqual([]);
    for (const path of [5, { line: 1 }, { line_of: 'x' }]) expect(check(followable.params, { path })).not.toEqual([]);
    expect(check(followable.value, { exists: false, names: 'no file' })).toEqual([]);
    for (const more of [{ names: 'odd' }, { followed: 5 }, { odd: 1 }])
      expect(check(followable.value, { exists: true, ...more })).not.toEqual([]);
    expect(followable.read([said('x'), said('no line\n')], params)).toEqual({ exists: false, names: 'no line' });
    const [first, second] = followable.ask(params, self);
    expect(first).toEqual({ kind: 'connection' });
    expect((second as ExecAsk).argv).toContain('follow-path');
    const broken = fake(() => {
      throw new TypeError('odd');
    });
    expect(() => broken.read([said('x'), said('path /a\n')], params)).toThrow(TypeError);
  });
});

it('names the path where an answer about it is none', () => {
  const params = { path: { line_of: '/etc/shop/disk' } };
  const late: Output = { ...said('path /mnt/dead\n', 124), problem: 'timeout', problemAt: 'command' };
  expect(unreadable(named('disk-usage'), [late], params)).toMatchObject({
    message: '/mnt/dead, which /etc/shop/disk names: did not answer in time',
    problem: 'timeout',
  });
});

describe('what may be asked about a path that is followed', () => {
  const script = asksOf('stat', { path: { line_of: '/x' } })[0]?.argv[2] ?? '';
  const refusal = (words: string[], effect: ExecAsk['effect'] = 'read') =>
    refusalOf(
      {
        kind: 'exec',
        argv: ['/bin/sh', '-c', script, 'follow-path', ...words],
        as: 'root',
        effect,
        timeoutMs: 1,
        maxBytes: 1,
      },
      false,
      ['-s'],
    );

  it.each([[['/x', '1', '', 'df', '-P', '-k', '{path}']], [['/x', '2', '/y', 'readlink', '-f', '{path}']]])(
    '%j',
    (words) => expect(refusal(words)).toBeUndefined(),
  );

  it.each([
    ['a command that is not on the list', ['/x', '1', '', 'rm', '-rf', '{path}']],
    ['an option that is not', ['/x', '1', '', 'df', '--help', '{path}']],
    ['the path as the program', ['/x', '1', '', '{path}']],
    ['nothing', ['/x', '1', '']],
    ['a question without the path', ['/x', '1', '', 'df', '-P', '-k', '/data']],
    ['another shell', ['/x', '1', '', '/bin/sh', '-c', 'id', 'du-gently', '{path}']],
    ['itself', ['/x', '1', '', '/bin/sh', '-c', script, 'follow-path', '/x', '1', '', 'cat', '{path}']],
    [
      'a script that listens',
      [
        '/x',
        '1',
        '',
        '/bin/sh',
        '-c',
        asksOf('port-proof', { ports: [1], address: '10.0.0.1' })[0]?.argv[2] ?? '',
        'port-proof',
        '{path}',
      ],
    ],
    ['a relative file', ['x', '1', '', 'cat', '{path}']],
    ['no line number', ['/x', '0', '', 'cat', '{path}']],
    ['a line number with more in it', ['/x', '1p;w /y', '', 'cat', '{path}']],
    ['a suffix that is no path', ['/x', '1', 'y', 'cat', '{path}']],
    ['a line break', ['/x\n', '1', '', 'cat', '{path}']],
    ["a pack's forbidden word", ['/x', '1', '/-s', 'cat', '-s', '{path}']],
  ])('never %s', (_, words) => expect(refusal(words)).toBeDefined());

  it('is never an active step', () => {
    expect(refusal(['/x', '1', '', 'cat', '{path}'], 'listen')).toMatch(/not an active step/);
  });

  it.each([
    [{ line_of: 'relative' }],
    [{ line_of: '/x', line: 0 }],
    [{ line_of: '/x', lines: 1 }],
    [{ line_of: '/x', then: 'y' }],
    [{ line: 1 }],
    [['/x']],
  ])('%j is no path', (path) => expect(check(named('stat').params, { path })).not.toEqual([]));
});
