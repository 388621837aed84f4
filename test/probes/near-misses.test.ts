/**
 * What lies near a question that may run: one word less, one more, or another. fixtures/near-misses.txt keeps those that may run, too;
 * all others are refused.
 */
import { describe, expect, it } from 'vitest';
import type { ExecAsk } from '../../src/core/model.js';
import { duScript } from '../../src/probes/files/disk-usage.js';
import { belowScript } from '../../src/probes/files/filesystems-below.js';
import { followScript } from '../../src/probes/files/followed-path.js';
import { lastWriteScript } from '../../src/probes/files/last-write.js';
import { permissionsScript } from '../../src/probes/files/path-permissions.js';
import { earsScript } from '../../src/probes/ports/listen-script.js';
import { proofScript } from '../../src/probes/ports/proof.js';
import { reachScript } from '../../src/probes/ports/reach.js';
import { installedScript } from '../../src/probes/postgres/installed.js';
import { programsScript } from '../../src/probes/programs.js';
import { forbidden, refusalOf } from '../../src/probes/read-only.js';
import { SSH_OPTIONS } from '../../src/probes/ssh-batch.js';
import { Kept } from '../kept.js';

const mayRun = (argv: string[], effect: ExecAsk['effect'] = 'read') =>
  refusalOf(
    { kind: 'exec', argv: argv as [string, ...string[]], as: 'login', effect, timeoutMs: 1, maxBytes: 1 },
    false,
    [],
  ) === undefined;

const script = (name: string, text: string, ...words: string[]) => ['/bin/sh', '-c', text, name, ...words];
const listing = ['-maxdepth', '1', '-type', 'f', '-name', '*.tgz', '-exec', 'stat', '-c', '%Y %s %n', '{}', '+'];
const questions: Record<string, string[]> = {
  cat: ['cat', '/a'],
  df: ['df', '-P', '-k', '/a'],
  'id -u': ['id', '-u'],
  'id -un': ['id', '-un'],
  'id of a user': ['id', '-u', 'ec2-user'],
  'groups of a user': ['id', '-G', 'ec2-user'],
  openssl: ['openssl', 'x509', '-noout', '-enddate', '-in', '/a'],
  ps: ['ps', '-e', '-o', 'pid=', '-o', 'args='],
  readlink: ['readlink', '-f', '/a'],
  ss: ['ss', '-6', '-l', '-n', '-t', '-e'],
  stat: ['stat', '-L', '-c', '%s', '/a'],
  'uname -r': ['uname', '-r'],
  'uname -m': ['uname', '-m'],
  'date +%s': ['date', '+%s'],
  'date +%s%N': ['date', '+%s%N'],
  'date +%Z': ['date', '+%Z %z'],
  find: ['find', '/a', ...listing],
  ping: ['ping', '-n', '-q', '-c', '10', '-i', '0.2', '-W', '2', '10.0.0.1'],
  ssh: ['ssh', ...SSH_OPTIONS, '/k', '-l', 'ec2-user', '10.0.0.1', 'true'],
  du: script('du-gently', duScript, '/a'),
  below: script('filesystems-below', belowScript, '/a'),
  'last write': script('last-write', lastWriteScript, '/a', '*.log'),
  permissions: script('path-permissions', permissionsScript, '/a'),
  installed: script('postgres-installed', installedScript, '/a'),
  programs: script('programs', programsScript, 'rsync', 'psql'),
  reach: script('tcp-reach', reachScript, '10.0.0.1', '5', '22'),
  followed: script('follow-path', followScript, '/f', '1', '', 'df', '-P', '-k', '{path}'),
  'followed into a script': script(
    'follow-path',
    followScript,
    '/f',
    '1',
    '/t',
    ...script('du-gently', duScript, '{path}'),
  ),
};

/** Every way to miss a question by one word. */
function near(argv: string[]): string[][] {
  const at = (index: number, ...words: string[]) => [...argv.slice(0, index), ...words, ...argv.slice(index + 1)];
  const others = (word: string) => [
    'x',
    '/x',
    '',
    `${word}x`,
    `x${word}`,
    `${word}\n`,
    `\n${word}`,
    `${word};id`,
    '-x',
    '%x',
    '+%x',
    '99999',
  ];
  return [
    ...['x', '/x', '-delete', '', '-x', '22', '99999'].map((word) => [...argv, word]),
    ...argv.flatMap((word, index) => [
      ...(index === 0 ? [] : [at(index)]),
      at(index, word, word),
      ...others(word).map((other) => at(index, other)),
    ]),
  ];
}
const shown = (argv: string[]) => argv.map((word) => (word.length > 60 ? '...' : word));

describe('near a question', () => {
  const kept = new Kept(new URL('fixtures/near-misses.txt', import.meta.url));

  it.each(Object.entries(questions))('%s', (name, argv) => {
    expect(mayRun(argv)).toBe(true);
    kept.expect({
      [name]: near(argv)
        .filter((one) => mayRun(one))
        .map(shown),
    });
  });

  it('and no others are kept', () => {
    kept.expectNoMore();
  });
});

describe('what opens a port', () => {
  const ears = script('port-ears', earsScript, '10.0.0.1', '8080', '8081');
  const proof = script('port-proof', proofScript, '10.0.0.1', '8080');
  const kept = new Kept(new URL('fixtures/near-misses-that-listen.txt', import.meta.url));

  it.each(Object.entries({ ears, proof }))('%s may run where it was asked for alone', (name, argv) => {
    expect([mayRun(argv), mayRun(argv, 'listen')]).toEqual([false, true]);
    expect(near(argv).filter((one) => mayRun(one))).toEqual([]);
    kept.expect({
      [name]: near(argv)
        .filter((one) => mayRun(one, 'listen'))
        .map(shown),
    });
  });

  it('and no others are kept', () => {
    kept.expectNoMore();
  });

  it('is no path to follow, and what follows a path is none', () => {
    const followed = (...question: string[]) => script('follow-path', followScript, '/f', '1', '', ...question);
    for (const effect of ['read', 'listen'] as const) {
      expect(mayRun(followed(...ears, '{path}'), effect)).toBe(false);
      expect(mayRun(followed(...script('port-proof', proofScript, '{path}')), effect)).toBe(false);
      expect(mayRun(followed(...followed('cat', '{path}')), effect)).toBe(false);
      expect(mayRun(followed('rm', '{path}'), effect)).toBe(false);
      expect(mayRun(followed('cat', '/a'), effect)).toBe(false);
    }
    for (const argv of Object.values(questions)) expect(mayRun(argv, 'listen')).toBe(false);
  });
});

describe("a pack's command", () => {
  it.each([
    [['rsync', '--dry-run', '/a', '/b'], true],
    [['rsync', '--dry-run', '-ae', 'sh', '/a'], false],
    [['rsync', '--dry-run', '-T', '/a'], false],
    [['rsync', '--dry-run', '--rsh=x'], false],
    [['rsync', '--dry-run', 'a-e', '/b'], true],
    [['rsync', '--dry-run', '--exclude=-e', '/b'], true],
    [['/proc/self/exe', 'x'], false],
    [['/opt/proc/x', 'x'], true],
    [['/lib64/ld-linux-x86-64.so.2', 'x'], false],
    [['/lib/ld.so', 'x'], false],
    [['/opt/build.so', 'x'], true],
  ])('%j: %s', (argv, may) => {
    expect(forbidden(argv, []) === undefined).toBe(may);
  });

  it('holds no short option that a product forbids, wherever it stands in a cluster', () => {
    const may = (word: string) => forbidden(['tool', word], ['-s', 'x-w', '--set']) === undefined;
    expect(['-s', '-vs', '-sTrue', '--set', 'a--set', 'x-w', '-x-w'].map(may)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(['s', '-v', 'a-s', '--other', '-w', '-1s'].map(may)).toEqual([true, true, true, true, true, true]);
  });
});
