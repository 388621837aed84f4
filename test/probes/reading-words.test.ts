/**
 * Which words a program of the list of what only reads may be given: every letter and digit as an option, alone and with more behind
 * it, long options, and operands. fixtures/reading-words.txt keeps those that may; all others are refused.
 */
import { describe, expect, it } from 'vitest';
import { entersOnly, onlyReads } from '../../src/probes/reading-programs.js';
import { Kept } from '../kept.js';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const long = [
  '--complement',
  '--output-delimiter=;',
  '--output',
  '--output=size,avail',
  '--total',
  '--apparent-size',
  '--max-depth=10',
  '--lines=10',
  '--lines=+10',
  '--bytes=10',
  '--all',
  '--color=auto',
  '--directory',
  '--full-time',
  '--inode',
  '--numeric-uid-gid',
  '--time-style=+%s %Z',
  '--ignore=10',
  '--pgdata=/srv/pg',
  '--format=%s',
  '--printf',
  '--printf=%s',
  '--reference=/a',
  '--files0-from=/a',
  '--help',
];
const programs = [
  'arch basename cat cksum cmp cut df dirname du echo egrep false fgrep findmnt free getconf getent grep groups head hostid',
  'id locale ls lsblk lscpu lsmod md5sum nl nproc od pg_controldata pg_isready pg_lsclusters pgrep pidof printf pwd',
  'readlink realpath sha1sum sha256sum sha512sum ss stat strings systemd-analyze tail test tr true uname uptime wc whoami',
].flatMap((line) => line.split(' '));

/** Words by what they are, so that a line of what is kept can be read. */
const candidates: Record<string, string[]> = {
  option: letters.map((letter) => `-${letter}`),
  twice: letters.map((letter) => `-${letter}${letter}`),
  'and a number': letters.map((letter) => `-${letter}10`),
  'and a unit': letters.map((letter) => `-${letter}10MB`),
  'and a text': letters.map((letter) => `-${letter}/x y\nz`),
  'behind another word': letters.map((letter) => `--x-${letter}`),
  'a number': ['-1', '-10'],
  long,
  'long, and more': long.map((word) => `${word}x!`),
  'long, and a line': long.map((word) => `${word}\nx`),
  'long, behind another word': long.map((word) => `--x${word}`),
  operand: ['', '/a', 'a', '-', '--', 'cat-config'],
};

const kept = new Kept(new URL('./fixtures/reading-words.txt', import.meta.url));

it('each program takes these words and no others', () => {
  kept.expect(
    Object.fromEntries(
      programs.map((program) => [
        program,
        Object.fromEntries(
          Object.entries(candidates).flatMap(([what, words]) => {
            const may = words.filter((word) => onlyReads([program, word], {}));
            return may.length === 0 ? [] : [[what, may.length === words.length ? 'all' : may.join(' ')]];
          }),
        ),
      ]),
    ),
  );
  kept.expectNoMore();
});

describe('a program', () => {
  it.each(['/bin/cat', '/usr/bin/cat', '/sbin/cat', '/usr/sbin/cat'])('%s is the one of that name', (program) =>
    expect(onlyReads([program, '/a'], {})).toBe(true),
  );

  it.each([
    '',
    'constructor',
    './cat',
    'bin/cat',
    '/x/bin/cat',
    '/usr/local/bin/cat',
    '/usr/bin//cat',
    'e/bin/cho',
    '/bin/cat/',
    'cat ',
  ])('%j is none', (program) => expect(onlyReads([program, '/a'], {})).toBe(false));

  it('takes operands behind its options, and whatever stands behind --', () => {
    expect(onlyReads(['cat', '-A', '/a', '-n'], {})).toBe(true);
    expect(onlyReads(['cat', '--', '-x', '--'], {})).toBe(true);
    expect(onlyReads(['cat', '-x', '--', '-A'], {})).toBe(false);
    expect(onlyReads(['whoami', '--', 'a'], {})).toBe(false);
    expect(onlyReads(['whoami', '--', '--'], {})).toBe(false);
  });

  it('of a product has as many words as are listed for it', () => {
    const products = { shop_conf: ['[a-z]+', 'x'] };
    expect(onlyReads(['shop_conf', 'mode', 'x'], products)).toBe(true);
    for (const words of [[], ['mode'], ['mode', 'x', 'x'], ['mode', 'y'], ['mode\n', 'x']])
      expect(onlyReads(['shop_conf', ...words], products)).toBe(false);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: so a pack writes a setting
  it('takes a setting for an operand, and no option made of one', () => {
    expect(onlyReads(['cat', '${path}'], {})).toBe(true);
    expect(onlyReads(['cat', '-${path}'], {})).toBe(false);
    expect(onlyReads(['cat', '-x${path}'], {})).toBe(false);
    expect(onlyReads(['whoami', '${path}'], {})).toBe(false);
  });

  it.each([
    ['su -s /bin/sh shop -c {shell}', true],
    ['su - shop -c {shell}', true],
    ['su -l shop -c {shell}', true],
    ['su --login shop -c {shell}', true],
    ['/bin/su shop -c {shell}', true],
    ['su _shop-9$ -c {shell}', true],
    ['su ${user} -c {shell}', true],
    ['sudo -n -u shop sh -c {shell}', true],
    ['sudo -- sh -lc {shell}', true],
    ['sudo su shop -c {shell}', true],
    ['chroot /srv/x su shop -c {shell}', true],
    ['chroot ${root} /bin/bash -c {shell}', true],
    ['runuser -u shop -- ksh -c {shell}', true],
    ['runuser -u shop zsh -c {shell}', true],
    ['runuser shop -c {shell}', true],
    ['/usr/bin/dash -c {shell}', true],
    ['su -s /bin/evil shop -c {shell}', false],
    ['su -s x/bin/sh shop -c {shell}', false],
    ['su shop -c {shell} x', false],
    ['su shop -x {shell}', false],
    ['su shop -c id', false],
    ['su 9shop -c {shell}', false],
    ['su shop$x -c {shell}', false],
    ['su x${user} -c {shell}', false],
    ['su ${user}x -c {shell}', false],
    ['su -c {shell}', false],
    ['sudo -x sh -c {shell}', false],
    ['sudo -u 9shop sh -c {shell}', false],
    ['sudo -u', false],
    ['sudo', false],
    ['sudo -- -u shop sh -c {shell}', false],
    ['su -x /bin/sh shop -c {shell}', false],
    ['chroot srv su shop -c {shell}', false],
    ['chroot x${root} sh -c {shell}', false],
    ['chroot /srv/x id', false],
    ['runuser -u 9shop -- sh -c {shell}', false],
    ['runuser -u shop -- id', false],
    ['sh -c id', false],
    ['sh -x {shell}', false],
    ['sh -c {shell} x', false],
    ['sh', false],
    ['bash.x -c {shell}', false],
    ['/opt/sh -c {shell}', false],
    ['/x/bin/sh -c {shell}', false],
    ['id', false],
    ['', false],
  ] as const)('%j enters a context and does nothing else: %s', (line, is) =>
    expect(entersOnly(line.split(' '))).toBe(is),
  );
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: so a pack writes a setting
});
