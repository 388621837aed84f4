/** The dry run of a copy: a real rsync over a real sshd that must change nothing, and how its answers are read. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { bare } from '../../src/probes/rsync/answer.js';
import { rsyncDryRun } from '../../src/probes/rsync/dry-run.js';
import { forSshd } from '../collect/transport/sshd.js';
import { lacking, programPath } from '../needs.js';
import { makePeer, type Peer } from './peer.js';
import { fixture, noAnswers, read, refused, said, spoiled, unreadable } from './support.js';

const params = {
  key: '/home/shop/.ssh/id',
  user: 'shop',
  address: '10.0.0.2',
  paths: [{ remote: '/srv/shop', local: '/srv/shop' }],
  exclude: [] as string[],
  as: 'login',
};
const self = { name: 'b', role: 'b', address: '10.0.0.1', connection: 'ssh' as const };
const captured = (name: string): Output =>
  said(fixture(`debian-12/rsync/${name}`), 0, fixture(`debian-12/rsync/${name}-said`));

function wordsOf(over: Partial<typeof params> = {}): [string, ...string[]] {
  const [ask] = rsyncDryRun.ask({ ...params, ...over }, self);
  if (ask?.kind !== 'exec') throw new Error('rsync is not asked');
  return ask.argv;
}

const equal = {
  state: 'compared',
  changes: 0,
  young: 0,
  listed: [],
  files: 0,
  bytes: 0,
  totalFiles: 4,
  totalBytes: 1234,
  freeBytes: 1_000_000 * 1024,
};

describe('an answer of a real rsync', () => {
  it('names what differs, and counts what a copy would move', () => {
    expect(read(rsyncDryRun, [captured('differs')], params)).toEqual({
      state: 'compared',
      changes: 4,
      young: 1,
      listed: ['/srv/shop/link -> other', '/srv/shop/mode', '/srv/shop/other', '/srv/shop/sub/a b'],
      files: 3,
      bytes: 1_205_006,
      totalFiles: 8,
      totalBytes: 1_205_021,
      freeBytes: 10_000_000 * 1024,
    });
  });

  it('is no difference where both sides are the same', () => {
    expect(read(rsyncDryRun, [captured('same')], params)).toMatchObject({ changes: 0, young: 0, files: 0, bytes: 0 });
  });

  it.each(['noisy', 'no-shell'])(
    'of a login that says something of its own (%s) is noise, not a comparison',
    (name) => {
      expect(read(rsyncDryRun, [captured(name)], params)).toEqual({
        state: 'noisy',
        said: 'protocol version mismatch -- is your shell clean?',
      });
    },
  );

  it.each([
    ['wrong-key', 'denied', /Permission denied \(/],
    ['no-key', undefined, /^no key file \/home\/shop\/\.ssh\/id there/],
    ['unknown-host', undefined, /host key is not known to the login/],
    ['unreachable', 'unreachable', /Connection refused/],
    ['closed-directory', 'denied', /opendir .*closed.* failed: Permission denied/],
    ['no-remote', undefined, /^no directory \/srv\/shop on the peer 10\.0\.0\.2$/],
    ['no-local', undefined, /^no directory \/srv\/shop on this host/],
    ['no-rsync', 'not-found', /^the peer 10\.0\.0\.2 has no rsync/],
    ['broken-off', undefined, /exit 12: /],
  ])('%s proves nothing, and says why', (name, problem, why) => {
    const error = unreadable(rsyncDryRun, [captured(name)], params);
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(why);
  });
});

/** What the script prints for a tree that is equal, with a line in another's place or more of them. */
function told(exit: number, stderr = '', over: Record<string, string> = {}): Output {
  const lines = {
    free: 'free /dev/vda 2000000 1000000 1000000 50% /',
    files: 'stat Number of files: 4',
    moved: 'stat Number of files transferred: 0',
    size: 'stat Total file size: 1234 bytes',
    movedSize: 'stat Total transferred file size: 0 bytes',
    changes: 'changes 0',
    young: 'young 0',
    exit: `exit ${exit}`,
    end: 'end',
    ...over,
  };
  const text = Object.values(lines).filter((line) => line !== '');
  return said(`${text.join('\n')}\n`, 0, stderr);
}

describe('an answer', () => {
  it('of rsync 3.0 has the same meaning', () => {
    expect(read(rsyncDryRun, [told(0)], params)).toEqual(equal);
  });

  it.each(['1,234', "1'234", '1.234', '1234'])('may group its digits as in %s', (digits) => {
    const output = told(0, '', { files: `stat Number of files: ${digits} (reg: 1,000, dir: 234)` });
    expect(read(rsyncDryRun, [output], params)).toMatchObject({ totalFiles: 1234 });
  });

  it('in which files vanished is one, and says so', () => {
    const stderr =
      'file has vanished: "/srv/shop/x"\nrsync warning: some files vanished before they could be transferred\n';
    expect(read(rsyncDryRun, [told(24, stderr)], params)).toEqual({ ...equal, vanished: true });
  });

  it.each([
    [23, undefined, 'rsync: readlink_stat("/srv/x") failed: Input/output error (5)\n', /Input\/output error/],
    [30, 'timeout', 'rsync error: timeout in data send/receive (code 30)\n', /waited too long/],
    [35, 'timeout', 'rsync error: timeout waiting for daemon connection (code 35)\n', /waited too long/],
    [14, 'not-found', 'rsync: Failed to exec ssh: No such file or directory (2)\n', /Failed to exec ssh/],
    [3, undefined, 'rsync error: errors selecting input/output files, dirs (code 3)\n', /exit 3/],
    [11, undefined, 'rsync: write failed: No space left on device (28)\n', /exit 11/],
    [1, undefined, 'rsync: --archive: unknown option\n', /exit 1: .*unknown option/],
    [20, undefined, 'rsync error: received SIGINT, SIGTERM, or SIGHUP (code 20)\n', /exit 20/],
    [137, undefined, '', /exit 137/],
    [255, undefined, 'Connection closed by 10.0.0.2 port 22\n', /Connection closed/],
    [12, undefined, 'rsync: connection unexpectedly closed (99 bytes received so far) [Receiver]\n', /exit 12/],
    [2, undefined, 'rsync: something else (code 2)\n', /exit 2/],
  ])('of rsync that ended with %i proves nothing', (exit, problem, stderr, why) => {
    const error = unreadable(rsyncDryRun, [told(exit, stderr)], params);
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(why);
  });

  it.each([
    ['shop@10.0.0.2: Permission denied (publickey).', 'denied'],
    ['ssh: connect to host 10.0.0.2 port 22: Connection refused', 'unreachable'],
  ])('of ssh that ended before it was asked how is one of ssh: %j', (words, problem) => {
    const closed = (bytes: number) =>
      `${words}\nrsync: connection unexpectedly closed (${bytes} bytes received so far)\n`;
    expect(unreadable(rsyncDryRun, [told(12, closed(0))], params)).toMatchObject({ message: words, problem });
    // Whoever had begun to answer had let the login in.
    expect(unreadable(rsyncDryRun, [told(12, closed(99))], params).problem).toBeUndefined();
  });

  it.each(['unexpected tag 84 [Receiver]', 'Invalid packet at end of run'])('of %j on the way is noise', (words) => {
    expect(read(rsyncDryRun, [told(12, `${words}\n`)], params)).toEqual({ state: 'noisy', said: words });
  });

  it.each(['free', 'files', 'moved', 'size', 'movedSize', 'changes', 'young', 'exit', 'end'])(
    'without its line %s proves nothing',
    (line) => {
      unreadable(rsyncDryRun, [told(0, '', { [line]: '' })], params);
    },
  );

  it('of several paths is their sum, and the least of what is free', () => {
    const two = { ...params, paths: [...params.paths, { remote: '/var/a', local: '/var/b' }] };
    const other = told(0, '', {
      free: 'free my disk 20 10 7 50% /var',
      files: 'stat Number of files: 6',
      moved: 'stat Number of files transferred: 2',
      movedSize: 'stat Total transferred file size: 2,000 bytes',
      changes: 'changes 2\nnamed x\nnamed \u001b[2Jy',
      young: 'young 3',
    });
    expect(read(rsyncDryRun, [told(24), other], two)).toEqual({
      ...{ state: 'compared', vanished: true, changes: 2, young: 3, listed: ['/var/b/x', '/var/b/ [2Jy'], files: 2 },
      ...{ bytes: 2000, totalFiles: 10, totalBytes: 2468, freeBytes: 7 * 1024 },
    });
    expect(read(rsyncDryRun, [told(0), captured('noisy')], two)).toMatchObject({ state: 'noisy' });
    unreadable(rsyncDryRun, [told(0)], two);
    unreadable(rsyncDryRun, [captured('noisy'), told(23)], two);
  });

  it('names no more than twenty', () => {
    const names = Array.from({ length: 30 }, (_, index) => `named ${index}`).join('\n');
    const value = read(rsyncDryRun, [told(0, '', { young: `young 0\n${names}` })], params) as { listed: string[] };
    expect(value.listed).toHaveLength(20);
  });

  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(rsyncDryRun, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(told(0))) unreadable(rsyncDryRun, [output], params);
  });
});

describe('the question', () => {
  const words = wordsOf({ exclude: ['*.log', '/tmp/', 'x[0-9]?'] });

  it('may run as it is, and rehearses in every case', () => {
    expect(refused(words)).toBeUndefined();
    expect(words.slice(3)).toEqual([
      ...['rsync-gently', params.key, 'shop', '10.0.0.2', '/srv/shop', '/srv/shop', '*.log', '/tmp/', 'x[0-9]?'],
    ]);
    expect(words[2]).toContain('$n rsync --dry-run --archive ');
    expect(words[2]?.match(/\brsync --?\w+/g)).toEqual(['rsync --dry']);
  });

  it('may not run with another script, nor with another word in the place of one', () => {
    expect(refused(words.with(2, (words[2] ?? '').replace('--dry-run ', '')))).toBeDefined();
    for (const index of [4, 5, 6, 7, 8, 9]) {
      for (const other of ['-x', '$(id)', 'a b', '', '`id`', '--rsync-path=id']) {
        // A pattern may begin with a dash: it stands behind --exclude= in its own word.
        if (index === 9 && other === '-x') continue;
        if (index === 8 && other === 'a b') continue;
        expect(refused(words.with(index, other)), `${index} ${other}`).toBeDefined();
      }
    }
    for (const other of ['/srv/%h x', '/srv/a;id', '/srv/~', '/', '//', '/srv/$HOME'])
      expect(refused(words.with(7, other)), other).toBeDefined();
    expect(refused(words.slice(0, 8))).toBeDefined();
  });
});

const why = lacking(...forSshd, 'namespaces', 'mount', 'ssh', 'ip', 'rsync', 'busybox');
describe.skipIf(why)(`against a real sshd${why}`, () => {
  let peer: Peer;
  let from: string;
  let to: string;
  const old = new Date('2020-02-29T10:00:00Z');

  beforeAll(() => {
    peer = makePeer();
    [from, to] = [join(peer.room, 'from'), join(peer.room, 'to here')];
    for (const root of [from, to]) {
      mkdirSync(join(root, 'sub'), { recursive: true });
      for (const [name, text] of Object.entries({ same: 'same\n', mode: 'mode\n', 'time.log': `${root}\n` })) {
        writeFileSync(join(root, name), text);
        utimesSync(join(root, name), old, old);
      }
    }
    chmodSync(join(to, 'mode'), 0o600);
    writeFileSync(join(from, 'other'), 'x'.repeat(5000));
    writeFileSync(join(from, 'sub', 'a b\n\u001b'), 'new\n');
    symlinkSync('other', join(from, 'link'));
    writeFileSync(join(to, 'extra'), 'only here\n');
    execFileSync('touch', [
      '-h',
      '-d',
      '2021-01-01',
      join(from, 'link'),
      join(from, 'other'),
      join(from, 'sub/a b\n\u001b'),
    ]);
    writeFileSync(join(from, 'young'), 'young\n');
    writeFileSync(join(from, 'future'), 'future\n');
    execFileSync('touch', ['-d', '2037-01-01', join(from, 'future')]);
    // A directory's own time is no difference: it is an older one here.
    utimesSync(join(to, 'sub'), old, old);
  });
  afterAll(() => peer?.remove());

  const own = (over: Partial<typeof params> = {}) => ({
    ...params,
    ...{ key: peer.key, user: 'root', address: '127.0.0.1', paths: [{ remote: from, local: to }], ...over },
  });
  const rehearse = (asked: typeof params, how = {}) => peer.run(wordsOf(asked), how);
  /** Every name, kind, mode, owner, size and time, and every text. */
  const seen = () =>
    execFileSync(
      'sh',
      [
        '-c',
        'find "$@" -printf "%p %y %m %U %s %T@ %l\\n" | sort; find "$@" -type f -exec cksum {} + | sort',
        'seen',
        from,
        to,
      ],
      {
        encoding: 'utf8',
      },
    );
  const expected = {
    ...{ state: 'compared', changes: 6, young: 1, files: 5, totalFiles: 10 },
    listed: ['future', 'link -> other', 'mode', 'other', 'sub/a b\\#012\\#033', 'time.log'],
  };

  it.each(['sh', 'busybox', 'bash'])('counts what differs and changes nothing on either side, under %s', (shell) => {
    const before = seen();
    const bin = join(peer.room, `bin-${shell}`);
    mkdirSync(bin);
    if (shell === 'busybox')
      for (const name of ['sh', 'awk', 'df', 'date', 'ionice'])
        symlinkSync(programPath('busybox') ?? '', join(bin, name));
    const asked = own();
    const [, ...words] = wordsOf(asked);
    const sh = shell === 'sh' ? '/bin/sh' : shell === 'bash' ? 'bash' : join(bin, 'sh');
    const output = peer.run([sh, ...words], { env: { PATH: `${bin}:${process.env.PATH}` } });
    expect(output.stderr).toBe('');
    const value = read(rsyncDryRun, [output], asked) as { listed: string[] };
    const listed = value.listed.map((name) => name.slice(to.length + 1)).sort();
    expect({ ...value, listed }).toMatchObject(expected);
    expect(seen()).toBe(before);
  });

  it('leaves out what is excluded', () => {
    const asked = own({ exclude: ['*.log', '/sub/', 'futur?', 'link', '/mode', 'you[mn]g'] });
    const value = read(rsyncDryRun, [rehearse(asked)], asked);
    expect(value).toMatchObject({ changes: 1, young: 0, files: 1, bytes: 5000, listed: [`${to}/other`] });
  });

  it('tells a login that says something from one that does not', () => {
    const { name: user } = peer.login('echo Welcome; exec /bin/sh "$@"');
    expect(read(rsyncDryRun, [rehearse(own({ user }))], own())).toMatchObject({ state: 'noisy' });
    // A banner goes another way than the copy.
    const quiet = peer.login('echo Welcome >&2; exec /bin/sh "$@"');
    expect(read(rsyncDryRun, [rehearse(own({ user: quiet.name }))], own())).toMatchObject({ state: 'compared' });
  });

  it.each([
    ["a stranger's key", { key: 'stranger' }, {}, 'denied'],
    ['a key that is not there', { key: 'nonesuch' }, {}, undefined],
    ['no sshd', {}, { sshd: false }, 'unreachable'],
    ['no directory there', { paths: [{ remote: '/nonesuch', local: '/' }] }, {}, undefined],
    ['no directory here', { paths: [{ remote: '/etc', local: '/nonesuch' }] }, {}, undefined],
  ])('with %s there is no comparison', (_, over, how, problem) => {
    const asked = own({ ...over, ...('key' in over && { key: join(peer.room, over.key ?? '') }) });
    expect(unreadable(rsyncDryRun, [rehearse(asked, how)], asked).problem).toBe(problem);
  });

  it.each([
    ['has no rsync', 'PATH=/nonesuch exec /bin/sh "$@"', 'not-found'],
    ['ends at once', 'exit 0', undefined],
    ['breaks off', '/bin/sh "$@" | head -c 20', undefined],
  ])('a peer that %s gives no comparison', (_, script, problem) => {
    const { name: user } = peer.login(script);
    expect(unreadable(rsyncDryRun, [rehearse(own({ user }))], own()).problem).toBe(problem);
  });

  it('a directory that the login may not list is no comparison; a file that it may not read is compared all the same', () => {
    const { name: user } = peer.login('exec /bin/sh "$@"');
    const uid = Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
    const root = join(peer.room, 'closed');
    mkdirSync(join(root, 'inner'), { recursive: true });
    writeFileSync(join(root, 'secret'), 'secret', { mode: 0o600 });
    utimesSync(join(root, 'secret'), old, old);
    chmodSync(join(root, 'inner'), 0o700);
    const asked = own({ user, paths: [{ remote: root, local: to }] });
    expect(unreadable(rsyncDryRun, [rehearse(asked)], asked)).toMatchObject({ problem: 'denied' });
    chownSync(join(root, 'inner'), uid, uid);
    expect(read(rsyncDryRun, [rehearse(asked)], asked)).toMatchObject({ changes: 1, listed: [`${to}/secret`] });
    rmSync(root, { recursive: true });
  });
});

describe('what a dry run tells', () => {
  const text = captured('differs').stdout;
  const value = (changed: string) => read(rsyncDryRun, [said(changed)], params);
  const why = (output: Output) => unreadable(rsyncDryRun, [output], params);
  const rows = text
    .split('\n')
    .filter((row) => /^(changes|young|free|stat (Number of (regular )?files|Total (transferred )?file))/.test(row));

  it('is in seven lines, each of its own form', () => {
    expect(rows).toHaveLength(7);
    for (const row of rows) {
      const ends = row.startsWith('free') ? [row.replace('%', '%x')] : [`${row}x`, row.replace(/[\d,]+/, ',')];
      for (const other of [`x${row}`, ...ends])
        expect([
          other,
          why(
            said(
              text
                .replace(`\n${row}\n`, `\n${other}\n`)
                .replace(/^(free .*)\n/, row.startsWith('free') ? `${other}\n` : '$1\n'),
            ),
          ).message,
        ]).toEqual([other, 'the rsync script told less than was asked for']);
    }
  });

  it('has numbers of any length, and columns of any width', () => {
    const changed = text
      .replace('changes 4', 'changes 412')
      .replace('young 1', 'young 123')
      .replace('transferred: 3', "transferred: 1'234")
      .replace(
        'free /dev/vda 20000000 10000000 10000000 50% /',
        'free a name  20000000   10000000   10000000    50%   /srv',
      );
    expect(value(changed)).toMatchObject({ changes: 412, young: 123, files: 1234, freeBytes: 10000000 * 1024 });
  });

  it('has columns of one digit, too', () => {
    const changed = text.replace(/^free .*/, 'free a 5 1 4 20% /');
    expect(value(changed)).toMatchObject({ freeBytes: 4 * 1024 });
  });

  it('names what differs below the directory, cut to what fits', () => {
    const long = 'x'.repeat(500);
    const [local] = params.paths.map((one) => one.local);
    const { listed } = value(text.replace('named mode', `named ${long}`).replace('named other', 'x named other')) as {
      listed: string[];
    };
    expect(listed).toEqual([`${local}/link -> other`, `${local}/${long}`.slice(0, 400), `${local}/sub/a b`]);
  });

  it.each<[Output, string]>([
    [said('', 127), 'no rsync'],
    [said('', 127, 'rsync: not found'), 'rsync: not found'],
    [said(text, 1), 'ended with exit 1'],
    [said(`${text}x`), 'the rsync script did not finish'],
    [
      said(text.replace('exit 0', 'exit 23'), 0, 'is your shell clean?'),
      'rsync ended with exit 23: is your shell clean?',
    ],
    [
      said(text.replace('exit 0', 'exit 23'), 0, 'odd: (0 bytes received so far)\nConnection refused'),
      'rsync ended with exit 23: odd: (0 bytes received so far)',
    ],
    [said(text.replace('exit 0', 'exit 127'), 0, 'odd'), `the peer ${params.address} has no rsync for this login`],
    [said(text.replace('exit 0', 'exit 23'), 0, 'first\nx: Permission denied (13)'), 'x: Permission denied (13)'],
  ])('%j is none', (output, message) => {
    expect(why(output).message).toBe(message);
  });
});

it('a path loses the slashes at its end', () => {
  expect(['/srv//', '/srv/', '/srv', '/a/b'].map(bare)).toEqual(['/srv', '/srv', '/srv', '/a/b']);
});
