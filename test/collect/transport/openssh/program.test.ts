/** The ssh of this machine: missing, too old, slow, or not content with a configuration. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Transports } from '../../../../src/collect/transport/index.js';
import { Meanings } from '../../../../src/collect/transport/openssh/configuration.js';
import { isBefore, readRelease, SshProgram } from '../../../../src/collect/transport/openssh/program.js';
import type { TransportOptions } from '../../../../src/collect/transport/transport.js';
import { UsageError } from '../../../../src/core/errors.js';
import { host, options } from '../support.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let n = 0;
/** A program in the place of ssh. */
function played(script: string, askMs?: number): SshProgram {
  const file = join(folder, `ssh${n++}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return new SshProgram([], file, askMs);
}
const missing = new SshProgram([], join(folder, 'no-such-ssh'));
const open = (program: SshProgram, more: Partial<TransportOptions>) =>
  new Transports(options(more), program).routeTo(host({ name: 'db', connection: 'ssh', ssh: { host: 'db' } }));

describe('without an ssh program', () => {
  it('a configuration that somebody names cannot be read, and nothing else is done instead', async () => {
    const wanted = open(missing, { sshConfigFile: '/etc/ssh/ssh_config' });
    await expect(wanted).rejects.toThrow(UsageError);
    await expect(wanted).rejects.toThrow(
      /no ssh program here that says what \/etc\/ssh\/ssh_config means; install .* --ssh-config none$/,
    );
  });

  it('none is none', async () => {
    expect(await open(missing, { sshConfigFile: 'none' })).toMatchObject({ by: 'ssh2', why: 'no SSH configuration' });
  });

  it('it cannot be the transport', async () => {
    const transports = new Transports(options({ transport: 'openssh' }), missing);
    await expect(transports.open(host({ name: 'db', connection: 'ssh' }))).rejects.toThrow(
      'db is reached by ssh itself (--transport openssh), and there is no OpenSSH client here; install its client, 8.4 or later',
    );
  });
});

describe('an ssh program', () => {
  it('that waits for something is not waited for, nor is what it has started', async () => {
    const release = 'case $1 in -V) echo "OpenSSH_9.2p1, OpenSSL 3" >&2; exit ;; esac';
    const waiting = played(`${release}\nsleep 20\necho hostname a`, 300);
    const start = performance.now();
    await expect(waiting.configuration(['db'])).rejects.toThrow(
      'ssh -G db: no answer within 0.3 s; does a Match exec of its configuration wait for something?',
    );
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('that is too old is not the transport', async () => {
    const old = played('echo "OpenSSH_8.3p1, OpenSSL 1.1.1" >&2');
    const transports = new Transports(options({ transport: 'openssh' }), old);
    await expect(transports.open(host({ name: 'db', connection: 'ssh' }))).rejects.toThrow(
      /the OpenSSH client here is 8\.3; 8\.4 or later is needed/,
    );
  });

  it.each([
    ['OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19', { major: 9, minor: 2 }],
    ['OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2', { major: 9, minor: 5 }],
    ['OpenSSH_10.0p2, OpenSSL 3.5.0', { major: 10, minor: 0 }],
    ['Dropbear v2022.83', undefined],
  ])('says its release: %s', (text, release) => {
    expect(readRelease(`${text}\n`)).toEqual(release);
  });

  it('is older by its first number, then by its second', () => {
    expect(isBefore({ major: 8, minor: 9 }, { major: 10, minor: 0 })).toBe(true);
    expect(isBefore({ major: 10, minor: 0 }, { major: 8, minor: 4 })).toBe(false);
    expect(isBefore({ major: 8, minor: 4 }, { major: 8, minor: 4 })).toBe(false);
  });

  it("tells a configuration's fault in its own line", async () => {
    const strict = played(
      'printf "f: line 1: Bad configuration option: foo\\r\\nf: terminating, 1 bad configuration options\\r\\n" >&2; exit 255',
    );
    await expect(strict.configuration(['-F', 'f', 'db'])).rejects.toThrow(
      /^the SSH configuration of db: f: line 1: Bad configuration option: foo$/,
    );
  });

  it('gets the name behind everything, and is asked eight times at once at most', async () => {
    const log = join(folder, 'log');
    const counting = played(`echo "+ $*" >>${log}; sleep 0.2; echo "-" >>${log}; echo "host $6"`);
    const names = Array.from({ length: 20 }, (_, at) => `-db${at}`);
    const said = await Promise.all(names.map((name) => counting.configuration(['-F', 'none', name])));
    expect(said).toEqual(names.map((name) => `host ${name}\n`));
    let running = 0;
    const most = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (running += line.startsWith('+') ? 1 : -1));
    expect(Math.max(...most)).toBeLessThanOrEqual(8);
    expect(readFileSync(log, 'utf8')).toContain('+ -F none -T -G -- -db0\n');
  });

  it('is asked once for a user what a name means without a configuration, and for each where the first is no name', async () => {
    const log = join(folder, 'plain');
    const client = played(`echo "$*" >>${log}
case "$*" in *"-- no"*) echo "hostname contains invalid characters" >&2; exit 255 ;; esac
printf 'hostname %s\\nport 22\\n' "$7"`);
    const asked = async (names: [string, string][]) => {
      rmSync(log, { force: true });
      const meanings = new Meanings(client, '/etc/ssh/ssh_config');
      const all = await Promise.allSettled(names.map(([user, name]) => meanings.of({ user, name })));
      const plain = readFileSync(log, 'utf8')
        .match(/^-F none .*/gm)
        ?.sort();
      return { plain, statuses: all.map(({ status }) => status) };
    };
    expect(
      await asked([
        ['u', 'a'],
        ['u', 'b'],
        ['v', 'c'],
        ['v', 'd'],
      ]),
    ).toEqual({
      plain: ['-F none -l u -T -G -- a', '-F none -l v -T -G -- c'],
      statuses: ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
    });
    expect(
      await asked([
        ['u', 'no'],
        ['u', 'a'],
      ]),
    ).toEqual({
      plain: ['-F none -l u -T -G -- a', '-F none -l u -T -G -- no'],
      statuses: ['rejected', 'fulfilled'],
    });
  });

  it('of a release that tells kinds of sessions apart is asked whether a master is led where a person is', async () => {
    const client = (release: string, master: string) =>
      played(`case "$*" in
  -V) echo "OpenSSH_${release}p1, OpenSSL 3" >&2 ;;
  *" none "*) printf 'hostname db\nuser me\nport 22\n' ;;
  *-N*) printf 'hostname ${master}\nuser me\nport 22\nproxycommand x\nsessiontype none\n' ;;
  *) printf 'hostname db\nuser me\nport 22\nproxycommand x\nsessiontype default\n' ;;
esac`);
    expect(await open(client('10.0', 'db'), { sshConfigFile: '/etc/ssh/ssh_config' })).toMatchObject({
      by: 'openssh',
      login: { hostname: 'db' },
    });
    await expect(open(client('10.0', 'elsewhere'), { sshConfigFile: '/etc/ssh/ssh_config' })).rejects.toThrow(
      'the SSH configuration of db depends on the kind of session (Match sessiontype), and says another hostname for one that others are opened over; leave such a Match out for this name',
    );
    expect(await open(client('9.9', 'elsewhere'), { sshConfigFile: '/etc/ssh/ssh_config' })).toMatchObject({
      by: 'openssh',
    });
  });
});
