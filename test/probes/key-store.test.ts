/** Key stores: who may read one, as the kernel itself decides it; and when a certificate ends, as openssl says it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import type { ExecAsk, Output } from '../../src/core/model.js';
import { keyStore } from '../../src/probes/files/key-store.js';
import { mayRead, permissionsScript, readComponents } from '../../src/probes/files/path-permissions.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { lacking } from '../needs.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/srv/shop/key.jks', user: 'shop' };
const ls = (mode: string, owner = 0, group = 0) => `${mode} 1 ${owner} ${group} 2226 Jan  1 00:00 /x\n`;
const way = (file: string, directory = ls('drwxr-xr-x.'), first = 'marks') =>
  `${first}\nat /\n${ls('drwxr-xr-x')}at /srv\n${directory}at /srv/shop/key.jks\n${file}end\n`;
const shop = [said('1001\n'), said('1001 50\n')];
const look = (text: string, asked: object = params) => read(keyStore, [said(text), ...shop], asked);

it.each(noAnswers)('gives no value for %s', (_, output) => {
  for (const index of [0, 1, 2])
    unreadable(keyStore, [said(way(ls('-rw-r--r--'))), ...shop].with(index, output), params);
});

it('gives no value for an answer with a problem', () => {
  const outputs = [said(way(ls('-rw-r--r--'))), ...shop];
  for (const index of outputs.keys())
    for (const output of spoiled(outputs[index] ?? said(''))) unreadable(keyStore, outputs.with(index, output), params);
  unreadable(keyStore, [], params);
});

test('a store that is not there is a value, and one behind a closed door is none', () => {
  const stopped = (why: string) =>
    said(`marks\nat /\n${ls('drwxr-xr-x')}at /srv\n`, 1, `ls: cannot access '/srv': ${why}\n`);
  expect(read(keyStore, [stopped('No such file or directory'), ...shop], params)).toEqual({ exists: false });
  expect(unreadable(keyStore, [stopped('Permission denied'), ...shop], params)).toMatchObject({ problem: 'denied' });
  expect(unreadable(keyStore, [stopped('Stale file handle'), ...shop], params).message).toMatch(/Stale file handle/);
});

test('without a user nothing is said of who may read it', () => {
  expect(read(keyStore, [said(way(ls('-rw-r-----', 7, 8)))], { path: '/srv/shop/key.jks' })).toEqual({
    ...{ exists: true, kind: 'file', bytes: 2226, mode: 'rw-r-----', owner: 7, group: 8 },
  });
});

test.each<[string, string, string, string | undefined]>([
  ['everybody', way(ls('-rw-r--r--')), 'yes', undefined],
  ['its owner', way(ls('-r--------', 1001)), 'yes', undefined],
  ['its group', way(ls('-rw-r-----', 0, 50)), 'yes', undefined],
  ['root', way(ls('-rw-------')), 'no', 'shop may not read /srv/shop/key.jks (rw-------, owner 0, group 0)'],
  [
    'everybody but its owner',
    way(ls('----rw-rw-', 1001)),
    'no',
    'shop may not read /srv/shop/key.jks (---rw-rw-, owner 1001, group 0)',
  ],
  [
    'everybody but its group',
    way(ls('-rw----r--', 0, 1001)),
    'no',
    'shop may not read /srv/shop/key.jks (rw----r--, owner 0, group 1001)',
  ],
  [
    'those who pass a directory',
    way(ls('-rw-r--r--'), ls('drwx------.')),
    'no',
    'shop may not pass /srv (rwx------, owner 0, group 0)',
  ],
  ['those who pass a sticky one', way(ls('-rw-r--r--'), ls('drwx--x--t')), 'yes', undefined],
  [
    'nobody through a sticky one',
    way(ls('-rw-r--r--'), ls('drwx--x--T')),
    'no',
    'shop may not pass /srv (rwx--x--T, owner 0, group 0)',
  ],
  [
    'whom a list names',
    way(ls('-rw-r--r--+')),
    'undecided',
    '/srv/shop/key.jks (rw-r--r--, owner 0, group 0) has an access list, which may decide otherwise for shop',
  ],
  ['its owner, whatever a list says', way(ls('-rw-------+', 1001)), 'yes', undefined],
  [
    'whom a list names, behind a closed directory',
    way(ls('-rw-r--r--+'), ls('drwx------')),
    'no',
    'shop may not pass /srv (rwx------, owner 0, group 0)',
  ],
  [
    'perhaps whom a list names that is not told',
    way(ls('-rw-------'), ls('drwxr-xr-x'), 'plain'),
    'undecided',
    '/srv/shop/key.jks (rw-------, owner 0, group 0) may have an access list, which this ls does not tell and may decide otherwise for shop',
  ],
  [
    'root, behind a directory with a list',
    way(ls('-rw-------'), ls('drwxr-xr-x+')),
    'no',
    'shop may not read /srv/shop/key.jks (rw-------, owner 0, group 0)',
  ],
  ['everybody, as far as this ls tells', way(ls('-rw-r--r--'), ls('drwxr-xr-x'), 'plain'), 'yes', undefined],
  [
    'those who may list it',
    way(ls('drwxr--r--')),
    'no',
    'shop may not read /srv/shop/key.jks (rwxr--r--, owner 0, group 0)',
  ],
])('a store for %s', (_, text, readable, why) => {
  expect(look(text)).toMatchObject({ exists: true, readable });
  expect((look(text) as { why?: string }).why).toBe(why);
});

describe('the way to a file', () => {
  const components = (text: string) => readComponents(said(text));

  it('is told by each directory on it, and by what lies at its end', () => {
    const rows =
      'drwxr-xr-x.  12  0   0   4096 Jan  1 00:00 /\nat /dev/null\ncrw-rw-rw- 1 10 200 1, 3 Jan  1 00:00 /dev/null\n';
    expect(components(`marks\nat /\n${rows}end\n`)).toStrictEqual([
      { path: '/', kind: 'directory', mode: 'rwxr-xr-x', list: 'none', owner: 0, group: 0 },
      { path: '/dev/null', kind: 'other', mode: 'rw-rw-rw-', list: 'none', owner: 10, group: 200 },
    ]);
    expect(components(`plain\nat /x\n-rwsr-Sr-t+ 1 1 2   77 Jan\nend\n`)).toStrictEqual([
      { path: '/x', kind: 'file', mode: 'rwsr-Sr-t', list: 'unseen', owner: 1, group: 2, bytes: 77 },
    ]);
    expect(look(way(ls('drwxr-xr-x')))).not.toHaveProperty('bytes');
  });

  const whole = way(ls('-rw-r--r--'));
  it.each([
    [whole.replace('marks', 'odd'), 'not told whole'],
    [whole.replace('end\n', ''), 'not told whole'],
    [whole.replace('end\n', 'end'), 'not told whole'],
    [whole.replace('end\n', 'at /x\nend\n'), 'not told whole'],
    ['marks\nend\n', 'not told whole'],
    [whole.replace('at /srv\n', 'x at /srv\n'), 'ls did not answer in its form'],
    [whole.replace('at /srv\n', 'at srv\n'), 'ls did not answer in its form'],
    [whole.replace('at /srv\n', 'at /srv\rx\n'), 'ls did not answer in its form'],
    [whole.replace('-rw-r--r--', 'x-rw-r--r--'), 'ls did not answer in its form'],
    [whole.replace('-rw-r--r--', '-rw-r--r'), 'ls did not answer in its form'],
    [whole.replace('-rw-r--r--', '?rw-r--r--'), 'ls did not answer in its form'],
  ])('is not told by %j', (text, why) => {
    expect(() => components(text)).toThrow(why);
  });
});

describe('a user', () => {
  const file = said(way(ls('-rw-r--r--')));
  it.each<[Output, Output, string]>([
    [said('1001\n'), failed("id: 'shop': no such user"), "id: 'shop': no such user"],
    [failed('id: unknown user shop'), failed('x'), 'id: unknown user shop'],
    [failed('id: no such user', 2), said('1\n'), 'ended with exit 2: id: no such user'],
    [failed('id: odd'), said('1\n'), 'ended with exit 1: id: odd'],
    ...['x1001\n', '1001\nx', '1001', '-1\n'].map(
      (uid) => [said(uid), said('1 2\n'), 'id did not answer with numbers'] as [Output, Output, string],
    ),
    ...['x1\n', '1 2\nx', '1 2', '1  2\n', '1 x\n', ' 1\n'].map(
      (groups) => [said('1001\n'), said(groups), 'id did not answer with numbers'] as [Output, Output, string],
    ),
  ])('is not known by %j and %j', (uid, groups, why) => {
    expect(unreadable(keyStore, [file, uid, groups], params).message).toBe(why);
  });

  it('is asked about where one is named, and a certificate where there is one', () => {
    const host = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
    const asked = (more: object) =>
      (keyStore.ask({ path: '/x', ...more }, host) as ExecAsk[]).map(({ argv: [program] }) => program);
    expect(asked({})).toEqual(['/bin/sh']);
    expect(asked({ pem: false })).toEqual(['/bin/sh']);
    expect(asked({ pem: true })).toEqual(['/bin/sh', 'openssl']);
    expect(asked({ user: 'shop' })).toEqual(['/bin/sh', 'id', 'id']);
    expect(read(keyStore, [file], { path: '/x', pem: false })).not.toHaveProperty('ends');
  });
});

test('root reads everything', () => {
  const root = [said(way(ls('----------+'), ls('d---------'))), said('0\n'), said('0\n')];
  expect(read(keyStore, root, { ...params, user: 'root' })).toMatchObject({ readable: 'yes' });
});

test('a user that the host does not know', () => {
  const nobody = failed("id: 'shop': no such user");
  expect(unreadable(keyStore, [said(way(ls('-rw-r--r--'))), nobody, nobody], params).message).toBe(
    "id: 'shop': no such user",
  );
});

test.each([
  '',
  'marks\nend\n',
  way(ls('-rw-r--r--')).replace('end\n', ''),
  way(ls('-rw-r--r--')).replace('marks\n', ''),
  way('rw-r--r-- 1 0 0 5 x\n'),
  way(ls('-rw-r--r--').repeat(2)),
  way(ls('-rw-r--r--')).replace('at /srv\n', ''),
])('gives no value for %j', (text) => {
  unreadable(keyStore, [said(text), ...shop], params);
});

describe('a certificate in PEM', () => {
  const asked = { path: '/srv/shop/cert.pem', pem: true };
  const file = said(way(ls('-rw-r--r--')));
  const at = (text: string, startedAt: string): Output => ({ ...said(text), startedAt });

  test('ends when openssl says so, in whole days that are left', () => {
    const ends = fixture('debian-12/openssl/enddate');
    const days = (startedAt: string) =>
      read(keyStore, [file, at(ends, startedAt)], asked) as { ends: string; daysLeft: number };
    const { ends: end } = days('2026-01-01T00:00:00.000Z');
    const leftAt = (ms: number) => days(new Date(Date.parse(end) - ms).toISOString()).daysLeft;
    expect(end).toBe('2049-12-31T23:59:59.000Z');
    expect([leftAt(86_400_000), leftAt(86_399_999), leftAt(0), leftAt(-1)]).toEqual([1, 0, 0, -1]);
    expect(days('2026-01-01T00:00:00.000Z')).toMatchObject({ exists: true, kind: 'file' });
  });

  test.each([
    ['none', { message: 'ended with exit 1: Could not read certificate from /srv/none' }],
    ['denied', { message: 'Could not open file or uri for loading certificate from /srv/none', problem: 'denied' }],
  ])('that openssl does not read (%s) has no end', (name, why) => {
    expect(unreadable(keyStore, [file, failed(fixture(`debian-12/openssl/${name}-said`))], asked)).toMatchObject(why);
  });

  test.each([
    '',
    'notAfter=\n',
    'notAfter=Foo  1 12:00:00 2030 GMT\n',
    'notAfter=Jan 99 12:00:00 2030 GMT\n',
    'notAfter=Jan  1 12:00:00 2030 GMT\nx\n',
    'x notAfter=Jan  1 12:00:00 2030 GMT\n',
  ])('openssl that says %j has no end', (text) => {
    unreadable(keyStore, [file, said(text)], asked);
  });

  test('ends on a day of one digit or two, and is not known to where nobody knows when that was asked', () => {
    for (const [day, date] of [
      [' 9', '09'],
      ['19', '19'],
    ]) {
      const text = `notAfter=Feb ${day} 12:00:00 2030 GMT\n`;
      expect(read(keyStore, [file, said(text)], asked)).toMatchObject({ ends: `2030-02-${date}T12:00:00.000Z` });
      expect(unreadable(keyStore, [file, at(text, 'once')], asked).message).toMatch(/not known when/);
    }
    expect(unreadable(keyStore, [file, said('notAfter=odd\n')], asked).message).toMatch(/did not tell an end/);
  });

  test('of a file that is not there is not asked for', () => {
    const none = [failed("ls: cannot access '/srv/shop/cert.pem': No such file or directory"), failed('openssl: no')];
    expect(read(keyStore, none, asked)).toEqual({ exists: false });
  });
});

test('what is asked may run, and nothing that is near it', () => {
  const host = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
  const asks = keyStore.ask({ ...params, pem: true }, host) as ExecAsk[];
  expect(asks.map((ask) => refusalOf(ask, false, []))).toEqual([undefined, undefined, undefined, undefined]);
  const [script, id, , openssl] = asks as [ExecAsk, ExecAsk, ExecAsk, ExecAsk];
  const refused = (ask: ExecAsk, ...argv: [string, ...string[]]) => refusalOf({ ...ask, argv }, false, []);
  for (const user of ['-G', '--help', '0;id', 'a b', '']) expect(refused(id, 'id', '-u', user)).toBeDefined();
  expect(refused(id, 'id', '-un', 'shop')).toBeDefined();
  expect(refused(id, 'id', '-G')).toBeDefined();
  expect(refused(id, 'id', '-G', 'shop', 'x')).toBeDefined();
  for (const words of [['-in', 'x'], ['-in', '/x', '-out', '/y'], ['-out', '/x'], ['-in']])
    expect(refused(openssl, 'openssl', 'x509', '-noout', '-enddate', ...words)).toBeDefined();
  expect(refused(openssl, 'openssl', 'rsa', '-noout', '-enddate', '-in', '/x')).toBeDefined();
  const [shell, flag, text = '', name = ''] = script.argv;
  expect(refused(script, shell, flag ?? '', `${text} `, name, '/x')).toBeDefined();
  for (const paths of [[], ['x'], ['/x', '/y'], ['/x\ny']])
    expect(refused(script, shell, flag ?? '', text, name, ...paths)).toBeDefined();
});

const room = mkdtempSync(join(tmpdir(), 'stores-'));
chmodSync(room, 0o755);
afterAll(() => rmSync(room, { recursive: true, force: true }));

const walk = (path: string, shell: string, ...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(shell, [...words, '-c', permissionsScript, 'path-permissions', path], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  return said(stdout, status, stderr);
};

describe.each([['dash'], ['bash'], ['busybox', 'sh']])('the script under %s', (shell, ...words) => {
  const why = lacking(shell);
  it.skipIf(why)(`follows every link on its own way${why}`, () => {
    const base = join(room, shell);
    mkdirSync(join(base, 'real/deep dir'), { recursive: true });
    writeFileSync(join(base, 'real/deep dir/store'), '12345', { mode: 0o640 });
    symlinkSync('../real/./deep dir/', join(base, 'real/turn'));
    symlinkSync(join(base, 'real/turn/store'), join(base, 'far'));
    symlinkSync('round', join(base, 'round'));
    const components = readComponents(walk(`${base}//far`, shell, ...words));
    const inside = components?.map(({ path }) => path).filter((path) => path.startsWith(`${base}/`)) ?? [];
    expect(inside.map((path) => path.slice(base.length))).toEqual([
      // The way of the first link, and that of the second, which stands beside the directory that it leads to.
      ...['/real', '/real', '/real/deep dir', '/real/deep dir/store'],
    ]);
    expect(components?.at(-1)).toMatchObject({
      path: `${base}/real/deep dir/store`,
      kind: 'file',
      bytes: 5,
      mode: 'rw-r-----',
    });
    expect(() => readComponents(walk(join(base, 'round'), shell, ...words))).toThrow(/not told whole/);
    expect(readComponents(walk(join(base, 'none/x'), shell, ...words))).toBeUndefined();
  });
});

const whyNot = lacking('root', 'setpriv');
it.skipIf(whyNot)(`the kernel decides the same, whoever asks${whyNot}`, () => {
  const base = join(room, 'judged');
  mkdirSync(join(base, 'a/b'), { recursive: true });
  writeFileSync(join(base, 'a/b/store'), 'x');
  symlinkSync('a/b/store', join(base, 'link'));
  const mode = fc.constantFrom(
    0o0,
    0o100,
    0o010,
    0o001,
    0o111,
    0o400,
    0o040,
    0o004,
    0o444,
    0o755,
    0o711,
    0o750,
    0o700,
    0o077,
    0o1777,
    0o644,
  );
  const owner = fc.constantFrom(0, 1001, 1002);
  const entry = fc.record({ mode, owner, group: fc.constantFrom(0, 50, 51) });
  const seen = new Set<string>();
  fc.assert(
    fc.property(entry, entry, entry, owner, fc.constantFrom('link', 'a/b/store', 'a/b'), (a, b, store, uid, end) => {
      for (const [path, { mode, owner, group }] of [
        ['a/b/store', store],
        ['a/b', b],
        ['a', a],
      ] as const) {
        chownSync(join(base, path), owner, group);
        chmodSync(join(base, path), mode);
      }
      const path = join(base, end);
      const { readable } = mayRead(readComponents(walk(path, '/bin/sh')) ?? [], { user: 'x', uid, groups: [uid, 50] });
      const words = ['--reuid', `${uid}`, '--regid', `${uid}`, '--groups', `${uid},50`, 'test', '-r', path];
      const directory = end === 'a/b' ? ['-a', '-x', path] : [];
      const judge = spawnSync('setpriv', [...words, ...directory]).status === 0 ? 'yes' : 'no';
      seen.add(judge);
      expect(readable).toBe(judge);
    }),
    { numRuns: 250 },
  );
  expect(seen.size).toBe(2);
});
