/** More configurations and servers of the kinds that people have: ssh goes first, and we come to where it came. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Transport } from '../../../../src/collect/transport/transport.js';
import { lacking } from '../../../needs.js';
import { forSshd, knownHosts, type Login, makeKey, makeLogin, removeLogin, type Sshd, startSshd } from '../sshd.js';
import { ask } from '../support.js';
import { besideSsh, byUs, type Given } from './beside-ssh.js';

const reason = lacking(...forSshd, 'ssh', 'ssh-agent', 'ssh-add');
describe.skipIf(reason)(`a configuration of any kind leads where ssh goes${reason}`, { timeout: 60_000 }, () => {
  let ops: Login;
  let corp: Login;
  let one: Sshd;
  let two: Sshd;
  let jump: Sshd;
  let folder: string;
  const transports: Transport[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-kinds-'));
    chmodSync(folder, 0o755);
    [ops, corp] = [makeLogin(), makeLogin()];
    const dispatch = join(folder, 'dispatch');
    // A gate that lets a variable say whose shell it is.
    const lines = [
      '#!/bin/sh',
      `case $TENANT in blue) exec su -s /bin/sh ${corp.name} -c "$SSH_ORIGINAL_COMMAND" ;; esac`,
      'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',
    ];
    writeFileSync(dispatch, `${lines.join('\n')}\n`);
    chmodSync(dispatch, 0o755);
    const gate = ['AcceptEnv TENANT', `Match User root`, `  ForceCommand ${dispatch}`];
    [one, two, jump] = await Promise.all([startSshd(gate), startSshd(), startSshd()]);
    allKnown();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(transports.splice(0).map((transport) => transport.close()));
  });
  afterAll(async () => {
    for (const login of [ops, corp]) if (login) removeLogin(login);
    await Promise.all([one, two, jump].map((sshd) => sshd?.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const known = () => join(folder, 'known_hosts');
  const allKnown = () =>
    writeFileSync(known(), [one, two, jump].map((sshd) => readFileSync(knownHosts(sshd), 'utf8')).join(''));
  const keyOf = (sshd: Sshd) => readFileSync(`${sshd.hostKey}.pub`, 'utf8');
  const own = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const login = (sshd: Sshd) =>
    `  HostName 127.0.0.1\n  User ${ops.name}\n  IdentityFile ${sshd.userKey}\n  UserKnownHostsFile ${known()}\n`;
  const entry = (name: string, sshd: Sshd, more = '') => `Host ${name}\n${more}  Port ${sshd.port}\n${login(sshd)}`;
  /** What every login needs, after what is tried. */
  const rest = () => `Match all\n  Port ${one.port}\n${login(one)}`;
  async function same(text: string, expected: string | undefined, given: Given = {}) {
    const both = await besideSsh(folder, text, expected, given);
    transports.push(both.transport);
    return both;
  }
  const refused = (text: string, given: Given = {}) => byUs(own('config', text), given).run(ask(['true']));

  describe('and ssh comes to the host', () => {
    it.each<[string, () => string, Given?]>([
      [
        'two jump hosts with users and ports, the second by its entry',
        () =>
          `Host db\n  ProxyJump ${corp.name}@127.0.0.1:${jump.port},ssh://${ops.name}@j:${two.port}\n${entry('db', one)}` +
          `${entry('j', two)}Host 127.0.0.1\n  IdentityFile ${jump.userKey}\n  UserKnownHostsFile ${known()}\n`,
      ],
      [
        'ProxyJump none before one for all',
        () => `${entry('db', one, '  ProxyJump none\n')}Host *\n  ProxyJump nobody\n`,
      ],
      [
        'a jump host behind another, with tokens',
        () => `${entry('j1', jump, '  ProxyJump j2\n')}${entry('j2', two)}${entry('db', one, '  ProxyJump %r@j1\n')}`,
      ],
      [
        'ssh -W as a ProxyCommand',
        () => `${entry('j', jump)}${entry('db', one, `  ProxyCommand ssh -F ${folder}/config -W %h:%p j\n`)}`,
      ],
      [
        'a canonical name that a Match waits for',
        () =>
          `CanonicalizeHostname yes\nCanonicalDomains nowhere.invalid\nMatch canonical host localhost\n  Port ${one.port}\n` +
          `Match all\n  HostKeyAlias [127.0.0.1]:${one.port}\n  AddressFamily inet\n` +
          `  User ${ops.name}\n  IdentityFile ${one.userKey}\n  UserKnownHostsFile ${known()}\n`,
        { name: 'localhost' },
      ],
      ['a name in capitals', () => `${entry('DB', one)}Host db\n  Port 1\n`, { name: 'DB' }],
      [
        'known hosts by alias and by tokens',
        () =>
          `HostKeyAlias theirs\nUserKnownHostsFile ${own('of-db-theirs', `theirs ${keyOf(one)}`).replace('db-theirs', '%n-%k')}\n${rest()}`,
      ],
      [
        'known hosts in a file with a blank, behind one that is missing',
        () => `UserKnownHostsFile ${folder}/missing "${own('a b', readFileSync(known(), 'utf8'))}"\n${rest()}`,
      ],
      ['known hosts by a command', () => `UserKnownHostsFile none\nKnownHostsCommand /bin/cat ${known()}\n${rest()}`],
      ['ends of lines as on Windows', () => rest().replaceAll('\n', '\r\n')],
      ['equals signs and capitals', () => `HOSTNAME=127.0.0.1\nuser = "${ops.name}"\nPORT ="${one.port}"\n${rest()}`],
      [
        'a source address, forwardings and a terminal',
        () =>
          `BindAddress 127.0.0.9\nForwardAgent yes\nLocalForward 127.0.0.1:1 127.0.0.1:2\nRequestTTY force\n${rest()}`,
      ],
      ['a word of a later release that is to be passed over', () => `IgnoreUnknown Tag\nTag x\n${rest()}`],
      ['words about every step', () => `LogVerbose *:*:*\nLogLevel QUIET\n${rest()}`],
      ['a user in the name', () => `${entry('db', one)}`.replace(ops.name, 'nobody'), { name: 'OPS@db' }],
    ])('with %s', async (_name, text, { name = 'db' } = {}) => {
      await same(text(), `${ops.name} on ${one.port}`, { name: name.replace('OPS', ops.name) });
    });

    it('with a port and a user that go before the configuration', async () => {
      const text = `Match user ${corp.name}\n  Port ${two.port}\n  IdentityFile ${two.userKey}\n${rest()}`;
      await same(text, `${corp.name} on ${two.port}`, { user: corp.name });
      await same(`Port ${two.port}\n${rest()}`, `${ops.name} on ${one.port}`, { port: one.port });
    });

    it('with a variable that decides whose shell it is, set or sent', async () => {
      const text = rest().replace(ops.name, 'root');
      await same(text, `root on ${one.port}`);
      await same(`SetEnv TENANT=blue\n${text}`, `${corp.name} on ${one.port}`);
      vi.stubEnv('TENANT', 'blue');
      await same(`SendEnv TEN* LC_*\n${text}`, `${corp.name} on ${one.port}`);
    });

    it("with a master of the person's own that is still there, which is left alone", async () => {
      const own = join(folder, 'cm');
      const text = `ControlMaster auto\nControlPath ${own}\n${rest()}`;
      writeFileSync(join(folder, 'config'), text);
      const master = spawn('ssh', ['-F', join(folder, 'config'), '-N', 'db'], { stdio: 'ignore' });
      try {
        await vi.waitFor(() => expect(existsSync(own)).toBe(true), { timeout: 10_000 });
        await same(text, `${ops.name} on ${one.port}`);
        expect(existsSync(own)).toBe(true);
      } finally {
        master.kill();
      }
    });

    it('past a banner that speaks as ssh does', async () => {
      const said = [
        'Host key verification failed.',
        'x: Permission denied (publickey).',
        'Entering interactive session.',
        'kex_exchange_identification: write: Broken pipe',
      ];
      const sshd = await startSshd([`Banner ${own('banner', `${said.join('\n')}\n`)}`]);
      try {
        const text = `Compression yes\nPort ${sshd.port}\nUserKnownHostsFile ${knownHosts(sshd)}\nIdentityFile ${sshd.userKey}\n`;
        await same(`${text}${rest()}`, `${ops.name} on ${sshd.port}`);
        const { output } = await same(`User nosuchuser\n${text}${rest()}`, undefined);
        expect(output).toMatchObject({
          problem: 'denied',
          stderr: expect.stringContaining('refused the login of nosuchuser'),
        });
      } finally {
        await sshd.stop();
      }
    });
  });

  describe('and what ssh2 cannot use is left to ssh', () => {
    it('certificates, though the configuration names nothing but files', async () => {
      const ca = join(folder, 'ca');
      const [hostKey, userKey] = [join(folder, 'certified-host'), join(folder, 'certified-user')];
      for (const key of [ca, hostKey, userKey]) makeKey(key, 'ed25519');
      spawnSync('ssh-keygen', ['-q', '-s', ca, '-h', '-I', 'h', '-n', '127.0.0.1', `${hostKey}.pub`]);
      spawnSync('ssh-keygen', ['-q', '-s', ca, '-I', 'u', '-n', ops.name, `${userKey}.pub`]);
      const authority = own('authority', `@cert-authority * ${readFileSync(`${ca}.pub`, 'utf8')}`);
      const hosts = await startSshd([`HostKey ${hostKey}`, `HostCertificate ${hostKey}-cert.pub`]);
      const users = await startSshd([`TrustedUserCAKeys ${ca}.pub`, 'AuthorizedKeysFile none']);
      const text = (sshd: Sshd, key: string, file: string) =>
        `HostName 127.0.0.1\nUser ${ops.name}\nPort ${sshd.port}\nIdentityFile ${key}\nUserKnownHostsFile ${file}\n`;
      try {
        const host = await same(text(hosts, hosts.userKey, authority), `${ops.name} on ${hosts.port}`);
        expect(host.transport.connection.transport?.why).toBe(`${authority} names a certificate authority`);
        const user = await same(text(users, userKey, knownHosts(users)), `${ops.name} on ${users.port}`);
        expect(user.transport.connection.transport?.why).toBe(`${userKey} has a certificate`);
      } finally {
        await Promise.all([hosts.stop(), users.stop()]);
      }
    });

    it.each([
      ['RSA in PKCS#8', ['-t', 'rsa', '-m', 'PKCS8'], ''],
      ['ECDSA in PKCS#8', ['-t', 'ecdsa', '-m', 'PKCS8'], ''],
      ['RSA in PKCS#8, encrypted', ['-t', 'rsa', '-m', 'PKCS8'], 'pass word'],
      [
        "RSA in OpenSSH's format, encrypted by chacha20-poly1305",
        ['-t', 'rsa', '-Z', 'chacha20-poly1305@openssh.com'],
        'pass word',
      ],
    ])('a key: %s', async (name, words, passphrase) => {
      const key = join(folder, name.replace(/\W+/g, '-'));
      execFileSync('ssh-keygen', ['-q', ...words, '-N', passphrase, '-f', key]);
      writeFileSync(join(one.folder, 'authorized_keys'), readFileSync(`${key}.pub`), { flag: 'a' });
      const given = passphrase === '' ? {} : { passphrase };
      const { transport } = await same(rest().replace(one.userKey, key), `${ops.name} on ${one.port}`, given);
      expect(transport.connection.transport).toEqual({ name: 'openssh', why: `${key} is a key that ssh2 cannot read` });
    });
  });

  it('with an RSA key of either of its signatures, by both ways', async () => {
    const key = join(folder, 'rsa');
    makeKey(key, 'rsa');
    const sshd = await startSshd(['PubkeyAcceptedAlgorithms rsa-sha2-512']);
    try {
      writeFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
      const text = `HostName 127.0.0.1\nUser ${ops.name}\nPort ${sshd.port}\nIdentityFile ${key}\nUserKnownHostsFile ${knownHosts(sshd)}\n`;
      for (const transport of ['ssh2', 'openssh'] as const)
        await same(text, `${ops.name} on ${sshd.port}`, { more: { transport } });
    } finally {
      await sshd.stop();
    }
  });

  describe('and nobody is reached where ssh reaches nobody', () => {
    it.each<[string, () => string, RegExp]>([
      [
        'no file of known hosts',
        () => `UserKnownHostsFile none\n${rest()}`,
        /is not known: .*name a file that has it with --known-hosts/,
      ],
      ['an address of another family', () => `AddressFamily inet6\n${rest()}`, /does not resolve/],
      [
        'a revoked key',
        () =>
          `UserKnownHostsFile ${own('revoked', `${readFileSync(known(), 'utf8')}@revoked * ${keyOf(one)}`)}\n${rest()}`,
        /is revoked by .*revoked:4/,
      ],
      [
        'algorithms that the host has not',
        () => `HostKeyAlgorithms rsa-sha2-512\n${rest()}`,
        /no matching host key type found/,
      ],
    ])('with %s', async (_name, text, words) => {
      const { output } = await same(text(), undefined);
      expect(output.stderr).toMatch(words);
    });

    it("without a login: ssh's own line, or ours where ssh would do something else", async () => {
      await expect(refused(`\ufeffHost db\n${rest()}`)).rejects.toThrow(
        'Bad configuration option: \\357\\273\\277host',
      );
      await expect(refused(`Host *\n  ProxyJump j\n${entry('j', jump)}${rest()}`)).rejects.toThrow('leads in a circle');
      await expect(refused(`RemoteCommand ssh inner\n${rest()}`)).rejects.toThrow(
        'the SSH configuration of db sets RemoteCommand ssh inner: ssh would run that and no other command; name the host by an entry without it (a machine behind it is reached by ProxyJump)',
      );
    });

    it('and a StrictHostKeyChecking that lets everybody through lets nobody through', async () => {
      const output = await refused(`StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n${rest()}`);
      expect(output).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
      expect(output.stderr).toContain('the configuration says UserKnownHostsFile /dev/null');
    });
  });

  it('leaves the keys of an agent as they were, whatever the configuration adds', async () => {
    const socket = join(folder, 'agent');
    const pid = Number(
      /SSH_AGENT_PID=(\d+)/.exec(spawnSync('ssh-agent', ['-a', socket], { encoding: 'utf8' }).stdout)?.[1],
    );
    vi.stubEnv('SSH_AUTH_SOCK', socket);
    try {
      for (const words of ['ask', 'yes']) {
        const transport = byUs(own('config', `AddKeysToAgent ${words}\n${rest()}`), {});
        transports.push(transport);
        expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${ops.name}\n` });
      }
      expect(spawnSync('ssh-add', ['-l'], { encoding: 'utf8' }).stdout).toContain('no identities');
    } finally {
      process.kill(pid);
    }
  });

  it('says what a server asks for beside the password that it was given', async () => {
    const expired = makeLogin();
    execFileSync('chage', ['-d', '0', expired.name]);
    const sshd = await startSshd(['AuthenticationMethods keyboard-interactive']);
    const text = `Compression yes\nPort ${sshd.port}\nUserKnownHostsFile ${knownHosts(sshd)}\nUser ${expired.name}\n${rest()}`;
    try {
      const output = await refused(text, { more: { password: async () => expired.password } });
      expect(output).toMatchObject({ problem: 'denied', problemAt: 'host' });
      expect(output.stderr).toMatch(/tried password; .*ssh asks what is not answered here: ".*Current password: "/);
    } finally {
      removeLogin(expired);
      await sshd.stop();
    }
  });
});
