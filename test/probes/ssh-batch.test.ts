/** Logins with a key: against a real sshd on port 22 of a namespace with its own known_hosts, and how the answers are read. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { sshBatch } from '../../src/probes/ssh-batch.js';
import { forSshd, makeKey } from '../collect/transport/sshd.js';
import { lacking } from '../needs.js';
import { noAnswers, read, refused, said, spoiled, unreadable } from './support.js';

const params = { key: '/home/shop/.ssh/id', user: 'shop', address: '10.0.0.2', as: 'login' };
const self = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
const failed = (stderr: string, exit = 255) => said('', exit, stderr);

function wordsOf(over: Partial<typeof params> = {}): [string, ...string[]] {
  const [ask] = sshBatch.ask({ ...params, ...over }, self);
  if (ask?.kind !== 'exec') throw new Error('ssh is not asked');
  return ask.argv;
}

describe('an answer', () => {
  it('without a word is silence', () => {
    expect(read(sshBatch, [said('')], params)).toEqual({ state: 'silent' });
  });

  it.each([
    ['a banner', said('', 0, 'Authorised use only\n'), 'Authorised use only'],
    [
      'a warning about key exchange',
      said('', 0, '** WARNING: connection is not using a post-quantum key exchange algorithm.\r\n'),
      '** WARNING: connection is not using a post-quantum key exchange algorithm.',
    ],
    ['a profile script', said('Welcome\n'), 'Welcome'],
  ])('with %s is noisy', (_, output, words) => {
    expect(read(sshBatch, [output], params)).toEqual({ state: 'noisy', said: words });
  });

  it.each([
    ['refused', 'shop@10.0.0.2: Permission denied (publickey,password).\r\n'],
    ['refused', 'Received disconnect from 10.0.0.2 port 22:2: Too many authentication failures\r\n'],
    ['unreachable', 'ssh: connect to host 10.0.0.2 port 22: Connection refused\r\n'],
    ['unreachable', 'ssh: connect to host 10.0.0.2 port 22: Connection timed out\r\n'],
    ['unreachable', 'ssh: connect to host 10.0.0.2 port 22: No route to host\r\n'],
    ['unreachable', 'ssh: Could not resolve hostname beta: Name or service not known\r\n'],
  ])('is %s: %j', (state, stderr) => {
    expect(read(sshBatch, [failed(stderr)], params)).toEqual({ state, said: stderr.trim() });
  });

  it.each([
    [
      'no key file',
      'Warning: Identity file /home/shop/.ssh/id not accessible: No such file or directory.\nshop@10.0.0.2: Permission denied (publickey).\r\n',
      'no key file /home/shop/.ssh/id there; set settings.replicationKey',
    ],
    [
      'a key that may not be read',
      'Load key "/home/shop/.ssh/id": Permission denied\r\nshop@10.0.0.2: Permission denied (publickey).\r\n',
      'Load key',
    ],
    [
      'a host key that is not known',
      'No ED25519 host key is known for 10.0.0.2 and you have requested strict checking.\r\nHost key verification failed.\r\n',
      "the peer's host key is not known to the login",
    ],
    [
      'a host key that changed',
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.\r\n',
      'shows another host key',
    ],
    [
      'an option that is too new',
      'command-line: line 0: Bad configuration option: updatehostkeys\r\n',
      'Bad configuration option',
    ],
    ['a connection that was closed', 'Connection closed by 10.0.0.2 port 22\r\n', 'Connection closed'],
  ])('with %s proves nothing, and says why', (_, stderr, why) => {
    expect(unreadable(sshBatch, [failed(stderr)], params).message).toContain(why);
  });

  it('in spite of a key file that is not there proves nothing of the key', () => {
    const stderr = 'Warning: Identity file /home/shop/.ssh/id not accessible: No such file or directory.\n';
    unreadable(sshBatch, [said('', 0, stderr)], params);
  });

  it('of whatever stands in for the command on the peer proves nothing', () => {
    unreadable(sshBatch, [said('This account is currently not available.\n', 1)], params);
  });

  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(sshBatch, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(said(''))) unreadable(sshBatch, [output], params);
  });
});

describe('the question', () => {
  const words = wordsOf();

  it('may run as it is', () => {
    expect(words.join(' ')).toBe(
      'ssh -F none -n -T -o BatchMode=yes -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o ControlPath=none -o IdentitiesOnly=yes -o ConnectTimeout=10 -i /home/shop/.ssh/id -l shop 10.0.0.2 true',
    );
    expect(refused(words)).toBeUndefined();
  });

  it('may not run with any word left out, or another in its place, or more of them', () => {
    for (const index of words.keys()) {
      expect(refused(words.toSpliced(index, 1)), `without ${words[index]}`).toBeDefined();
      for (const other of ['-oProxyCommand=id', 'StrictHostKeyChecking=no', ''])
        expect(refused(words.with(index, other)), words[index]).toBeDefined();
    }
    expect(refused([...words, 'id'])).toBeDefined();
    expect(refused(words.with(-1, 'id'))).toBeDefined();
  });

  it.each(['~/.ssh/id', '/keys/%h', '/keys/$' + '{USER}', '/keys/a b'])(
    'may not name the key %s, which ssh would read in its own way',
    (key) => {
      expect(refused(wordsOf({ key }))).toBeDefined();
    },
  );
});

const why = lacking(...forSshd, 'namespaces', 'mount', 'ssh', 'ip');
describe.skipIf(why)(`against a real sshd${why}`, () => {
  const room = mkdtempSync(join(tmpdir(), 'batch-'));
  const key = join(room, 'key');
  beforeAll(() => {
    chmodSync(room, 0o755);
    mkdirSync('/run/sshd', { recursive: true });
    for (const name of ['host', 'key', 'stranger']) makeKey(join(room, name), 'ed25519');
    const hostKey = readFileSync(join(room, 'host.pub'), 'utf8');
    writeFileSync(join(room, 'known'), `127.0.0.1 ${hostKey}`);
    writeFileSync(join(room, 'changed'), `127.0.0.1 ${readFileSync(join(room, 'stranger.pub'), 'utf8')}`);
    writeFileSync(join(room, 'unknown'), '');
    writeFileSync(join(room, 'authorized'), readFileSync(`${key}.pub`));
    writeFileSync(join(room, 'banner'), 'Authorised use only\n');
    const settings = [
      'ListenAddress 127.0.0.1:22',
      `HostKey ${room}/host`,
      `AuthorizedKeysFile ${room}/authorized`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PrintMotd no',
      'PrintLastLog no',
    ];
    writeFileSync(join(room, 'config'), `${settings.join('\n')}\n`);
    writeFileSync(join(room, 'config-banner'), `${[...settings, `Banner ${room}/banner`].join('\n')}\n`);
  });
  afterAll(() => rmSync(room, { recursive: true, force: true }));

  /** Runs the probe's own words in a namespace; root's home is an empty one there. */
  async function login(known: string, identity: string, config: string): Promise<{ output: Output; kept: string }> {
    const script = `
      set -u; room=$1 config=$2 known=$3; shift 3
      ip link set lo up
      mount -t tmpfs tmpfs /root
      mkdir -m 700 /root/.ssh; cp "$room/$known" /root/.ssh/known_hosts
      if [ "$config" != none ]; then
        : >"$room/log"
        /usr/sbin/sshd -D -e -f "$room/$config" 2>"$room/log" & sshd=$!
        until grep -q 'Server listening' "$room/log"; do sleep 0.05; done
      fi
      LC_ALL=C "$@" >"$room/stdout" 2>"$room/stderr" </dev/null; exit=$?
      if [ "$config" != none ]; then kill "$sshd"; wait "$sshd"; fi
      ls -A /root/.ssh | tr '\\n' ' '; cmp "$room/$known" /root/.ssh/known_hosts
      exit "$exit"`;
    const words = wordsOf({ key: identity, user: 'root', address: '127.0.0.1' });
    const argv = ['-n', '-m', '/bin/sh', '-c', script, 'login', room, config, known, ...words];
    const { stdout, code } = await promisify(execFile)('unshare', argv)
      .then((done) => ({ ...done, code: 0 }))
      .catch((error: { stdout: string; code: number }) => error);
    return {
      output: said(readFileSync(join(room, 'stdout'), 'utf8'), code, readFileSync(join(room, 'stderr'), 'utf8')),
      kept: stdout,
    };
  }

  it.each([
    ['the key that is accepted', 'known', 'key', 'config', 'silent'],
    ['a banner', 'known', 'key', 'config-banner', 'noisy'],
    ["a stranger's key", 'known', 'stranger', 'config', 'refused'],
    ['no sshd', 'known', 'key', 'none', 'unreachable'],
  ])('with %s', async (_, known, identity, config, state) => {
    const { output, kept } = await login(known, join(room, identity), config);
    expect(read(sshBatch, [output], { ...params, key: join(room, identity) })).toMatchObject({ state });
    expect(kept.trim()).toBe('known_hosts');
  });

  it.each([
    ['a host key that nobody told it', 'unknown', 'key', /not known to the login/],
    ['another host key', 'changed', 'key', /another host key/],
    ['a key file that is not there', 'known', 'nonesuch', /no key file .*nonesuch there; set settings.replicationKey/],
  ])('with %s', async (_, known, identity, message) => {
    const { output, kept } = await login(known, join(room, identity), 'config');
    expect(unreadable(sshBatch, [output], { ...params, key: join(room, identity) }).message).toMatch(message);
    expect(kept.trim()).toBe('known_hosts');
  });
});

describe('what ssh says', () => {
  const why = (stderr: string, exit = 255, over: object = {}) => {
    const { message, problem } = unreadable(sshBatch, [failed(stderr, exit)], { ...params, ...over });
    return [message, problem];
  };
  const gone = [`no key file ${params.key} there; set settings.replicationKey`, undefined];

  it.each([
    'Identity file /k not accessible: No such file or directory',
    'Identity file /k not accessible: No such file or directory. \r\nodd',
    'odd\nWarning: Identity file /k not accessible: No such file or directory.\n',
  ])('%j is a key that is not there', (stderr) => {
    expect(why(stderr)).toEqual(gone);
  });

  it.each([
    ['x Identity file /k not accessible: No such file or directory', 'ended with exit 255: x Identity file /k not acc'],
    ['x\nIdentity file /k not accessible: No such file or directory or so', 'Identity file /k not accessible: No such'],
    ['x\nIdentity file /key not accessible: Permission denied', 'Identity file /key not accessible: Permission denied'],
    ['x\nLoad key "/k": Permission denied', 'Load key "/k": Permission denied'],
    ['x\nLoad key "/k": Permission denied  \r\ny', 'Load key "/k": Permission denied'],
    ['x Load key "/k": Permission denied', 'x Load key "/k": Permission denied'],
    ['x\nLoad key "/k": Permission denied or so', 'x'],
  ])('%j says why', (stderr, message) => {
    expect(why(stderr)[0]?.startsWith(message)).toBe(true);
    const ofKey = /^(Identity|Load)/.test(message);
    if (ofKey) expect(why(stderr)[1]).toBe('denied');
  });

  it('is no failure to log in where the command ended, and no trouble where it ended well', () => {
    expect(why('Connection refused', 1)).toEqual(['ended with exit 1: Connection refused', undefined]);
    expect(why('odd', 255)).toEqual(['ended with exit 255: odd', undefined]);
    const stderr = 'No ED25519 host key is known for x\n';
    expect(read(sshBatch, [failed(stderr, 0)], params)).toMatchObject({ state: 'noisy' });
    expect(read(sshBatch, [failed('odd\nx: Connection refused\n')], params)).toEqual({
      state: 'unreachable',
      said: 'x: Connection refused',
    });
  });

  it.each([
    ['login', 'the login'],
    ['root', 'root'],
    ['shop', "the shop shell's user"],
  ])('names whose list of hosts it is: %s', (as, whose) => {
    expect(why('Host key verification failed.', 255, { as })[0]).toBe(
      `the peer's host key is not known to ${whose} (10.0.0.2 in known_hosts)`,
    );
    expect(why('@ REMOTE HOST IDENTIFICATION HAS CHANGED! @', 255, { as })[0]).toMatch(`known to ${whose}`);
  });
});
