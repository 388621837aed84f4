import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport, TransportOptions } from '../../../src/collect/transport/transport.js';
import { lacking, programPath } from '../../needs.js';
import { forSshd, knownHosts, type Login, makeKey, makeLogin, removeLogin, type Sshd, startSshd } from './sshd.js';
import { ask, host, openLater, options, WAYS } from './support.js';

const why = lacking(...forSshd, 'ssh-agent', 'ssh-add', 'bash', 'csh', 'fish');
describe.skipIf(why).each(WAYS)(`the transport %s${why}`, { timeout: 30_000 }, (way) => {
  let sshd: Sshd;
  let login: Login;
  const transports: Transport[] = [];
  beforeAll(async () => {
    login = makeLogin();
    sshd = await startSshd();
  });
  afterAll(async () => {
    if (login) removeLogin(login);
    await sshd?.stop();
    for (const transport of transports) await transport.close();
  });

  function connect(more: Partial<TransportOptions> = {}, to: { port?: number; user?: string } = {}): Transport {
    const target = host({ connection: 'ssh', ssh: { port: sshd.port, user: login.name, ...to } });
    const files = { identityFile: sshd.userKey, knownHostsFile: knownHosts(sshd) };
    const transport = openLater(target, options({ ...files, transport: way, ...more }));
    transports.push(transport);
    return transport;
  }

  it('makes one login and at most three shells for any number of commands', async () => {
    const before = sshd.log().length;
    const transport = connect();
    const asks = Array.from({ length: 12 }, (_, n) => transport.run(ask(['echo', String(n)])));
    const outputs = await Promise.all(asks);
    expect(outputs.map((output) => output.stdout)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}\n`));
    await transport.close();
    expect(
      sshd
        .log()
        .slice(before)
        .match(/Accepted publickey /g),
    ).toHaveLength(1);
    expect(transport.connection).toMatchObject({ kind: 'ssh', logins: 1 });
    // The first shell may have answered all before the others have started.
    expect([1, 2, 3]).toContain(transport.connection.shells);
    const shown = spawnSync('ssh-keygen', ['-lf', `${sshd.hostKey}.pub`], { encoding: 'utf8' }).stdout.split(' ')[1];
    expect(transport.connection.hostKey).toEqual({ type: 'ssh-ed25519', sha256: shown });
    expect(transport.connection.problem).toBeUndefined();
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: null, problem: 'not-run' });
  });

  it('replaces a shell whose answer was cut', async () => {
    const transport = connect();
    expect(await transport.run(ask(['yes'], { maxBytes: 5000 }))).toMatchObject({ problem: 'truncated' });
    expect(await transport.run(ask(['echo', 'again']))).toMatchObject({ exit: 0, stdout: 'again\n' });
    expect(transport.connection).toMatchObject({ logins: 1, shells: 2 });
  });

  it('refuses a host whose key is not known, and says what it shows', async () => {
    const file = join(sshd.folder, 'nobody');
    const transport = connect({ knownHostsFile: file });
    const output = await transport.run(ask(['true']));
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    expect(output.stderr).toMatch(/host key of \[127\.0\.0\.1\]:\d+ is not known.*SHA256:.*--accept-new-host-keys/);
    expect(transport.connection).toMatchObject({
      logins: 0,
      problem: { problem: 'unreachable', message: output.stderr },
    });
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a host whose key has changed, also when new keys are accepted, and tries no second time', async () => {
    const other = join(sshd.folder, 'other_key');
    makeKey(other, 'ed25519');
    const before = sshd.log().length;
    const transport = connect({ knownHostsFile: knownHosts(sshd, other), acceptNewHostKeys: true });
    for (const output of [await transport.run(ask(['true'])), await transport.run(ask(['true'], { as: 'root' }))]) {
      expect(output).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
      expect(output.stderr).toContain('has CHANGED');
    }
    await transport.close();
    expect(
      sshd
        .log()
        .slice(before)
        .match(/Connection from/g),
    ).toHaveLength(1);
  });

  it('remembers a key that it was told to trust, and says so', async () => {
    const knownHostsFile = join(sshd.folder, 'new', 'known_hosts');
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    expect(await connect({ knownHostsFile, acceptNewHostKeys: true, warn }).run(ask(['true']))).toMatchObject({
      exit: 0,
    });
    expect(warnings).toEqual([expect.stringMatching(/trusted the host key .* SHA256:\S+; added to .*known_hosts/)]);
    expect(statSync(knownHostsFile).mode & 0o777).toBe(0o600);
    expect(await connect({ knownHostsFile }).run(ask(['true']))).toMatchObject({ exit: 0 });
    expect(readFileSync(knownHostsFile, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('recognises a host that is known by one of its keys only', async () => {
    const both = await startSshd([`HostKey ${sshd.hostKey}`], 'ecdsa');
    try {
      const transport = connect({ knownHostsFile: knownHosts(both), identityFile: both.userKey }, { port: both.port });
      expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
      expect(transport.connection.hostKey?.type).toBe('ecdsa-sha2-nistp256');
      await transport.close();
    } finally {
      await both.stop();
    }
  });

  it('says which login was refused and what was tried', async () => {
    const transport = connect({}, { user: 'pft-nobody' });
    const output = await transport.run(ask(['true']));
    expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'host' });
    expect(output.stderr).toMatch(/refused the login of pft-nobody: tried key \S+user_key; the host accepts publickey/);
  });

  it('offers the password once, after the keys were refused', async () => {
    const identityFile = join(sshd.folder, 'strange_key');
    makeKey(identityFile, 'ed25519');
    const before = sshd.log().length;
    const right = connect({ identityFile, password: async () => login.password });
    expect(await right.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    // ssh takes the first method that the host accepts; the secret is the same, and is sent once.
    expect(sshd.log().slice(before)).toMatch(/Accepted (password|keyboard-interactive\/pam)/);
    const wrong = await connect({ identityFile, password: async () => 'wrong-secret' }).run(ask(['true']));
    expect(wrong).toMatchObject({ problem: 'denied', problemAt: 'host' });
    expect(wrong.stderr).toContain(', password;');
    expect(wrong.stderr).not.toContain('wrong-secret');
    expect(
      sshd
        .log()
        .slice(before)
        .match(/Failed (password|keyboard-interactive\/pam)/g),
    ).toHaveLength(1);
  });

  it('signs with an RSA key as the host wants it, by SHA-512 or by SHA-256', async () => {
    // A host that takes SHA-256 alone refuses ssh itself, which signs by SHA-512 wherever the host knows of it.
    for (const accepted of way === 'ssh2' ? ['rsa-sha2-512', 'rsa-sha2-256'] : ['rsa-sha2-512']) {
      const picky = await startSshd([`PubkeyAcceptedAlgorithms ${accepted}`]);
      try {
        const identityFile = join(picky.folder, 'rsa_key');
        makeKey(identityFile, 'rsa');
        writeFileSync(join(picky.folder, 'authorized_keys'), readFileSync(`${identityFile}.pub`));
        const transport = connect({ knownHostsFile: knownHosts(picky), identityFile }, { port: picky.port });
        expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
        expect(picky.log().match(/Accepted publickey /g)).toHaveLength(1);
        await transport.close();
      } finally {
        await picky.stop();
      }
    }
  });

  it('opens an encrypted identity with its passphrase, and names a missing one', async () => {
    const identityFile = join(sshd.folder, 'locked_key');
    makeKey(identityFile, 'ed25519', 'open sesame');
    const accepted = join(sshd.folder, 'authorized_keys');
    writeFileSync(accepted, readFileSync(`${identityFile}.pub`), { flag: 'a' });
    const asked: string[] = [];
    const passphrase = async (file: string) => {
      asked.push(file);
      return 'open sesame';
    };
    expect(await connect({ identityFile, passphrase }).run(ask(['true']))).toMatchObject({ exit: 0 });
    expect(asked).toEqual([identityFile]);
    const without = await connect({ identityFile }).run(ask(['true']));
    expect(without.stderr).toContain('no passphrase was given');
    const missing = await connect({ identityFile: '/no/such/key' }).run(ask(['true']));
    expect(missing).toMatchObject({ problem: 'denied', stderr: 'the identity file /no/such/key does not exist' });
  });

  it('uses the agent for the chosen identity and offers no other of its keys', async () => {
    const socket = join(sshd.folder, 'agent');
    const agent = spawnSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent.stdout)?.[1]);
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    try {
      for (const name of ['first_key', 'second_key']) {
        makeKey(join(sshd.folder, name), 'ed25519');
        spawnSync('ssh-add', ['-q', join(sshd.folder, name)], { env });
      }
      spawnSync('ssh-add', ['-q', sshd.userKey], { env });
      process.env.SSH_AUTH_SOCK = socket;
      // Only the public half lies on disk: the agent alone can sign.
      const identityFile = join(sshd.folder, 'half_key');
      writeFileSync(`${identityFile}.pub`, readFileSync(`${sshd.userKey}.pub`));
      const before = sshd.log().length;
      expect(await connect({ identityFile }).run(ask(['true']))).toMatchObject({ exit: 0 });
      expect(sshd.log().slice(before)).not.toContain('Failed publickey');
    } finally {
      delete process.env.SSH_AUTH_SOCK;
      process.kill(pid);
    }
  });

  it('uses an encrypted identity of the configuration through the agent, and asks for no passphrase', async () => {
    const socket = join(sshd.folder, 'unlocked');
    const agent = spawnSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent.stdout)?.[1]);
    const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: 'force' };
    try {
      const identity = join(sshd.folder, 'encrypted_key');
      makeKey(identity, 'ed25519', 'open sesame');
      writeFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${identity}.pub`), { flag: 'a' });
      // Nothing but the file itself tells which of the agent's keys it is.
      rmSync(`${identity}.pub`);
      const askpass = join(sshd.folder, 'askpass');
      writeFileSync(askpass, '#!/bin/sh\necho open sesame\n', { mode: 0o755 });
      spawnSync('ssh-add', ['-q', identity], { env: { ...env, SSH_ASKPASS: askpass } });
      makeKey(join(sshd.folder, 'another_key'), 'ed25519');
      spawnSync('ssh-add', ['-q', join(sshd.folder, 'another_key')], { env });
      const sshConfigFile = join(sshd.folder, 'agent_config');
      writeFileSync(sshConfigFile, `IdentityFile ${identity}\nUserKnownHostsFile ${knownHosts(sshd)}\n`);
      const asked: string[] = [];
      const passphrase = async (file: string) => {
        asked.push(file);
        return undefined;
      };
      const before = sshd.log().length;
      const to = host({ connection: 'ssh', ssh: { port: sshd.port, user: login.name } });
      process.env.SSH_AUTH_SOCK = socket;
      const transport = openLater(to, options({ sshConfigFile, passphrase, transport: way }));
      expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
      await transport.close();
      expect(asked).toEqual([]);
      expect(sshd.log().slice(before)).not.toContain('Failed publickey');
      // Without the agent the same file has to be opened.
      delete process.env.SSH_AUTH_SOCK;
      const locked = openLater(to, options({ sshConfigFile, passphrase, transport: way }));
      expect((await locked.run(ask(['true']))).stderr).toContain('encrypted, and no passphrase was given');
      await locked.close();
      expect(asked).toEqual([identity]);
    } finally {
      delete process.env.SSH_AUTH_SOCK;
      process.kill(pid);
    }
  });

  it.each([
    ['alone', 'AuthenticationMethods keyboard-interactive', 'Accepted keyboard-interactive/pam'],
    ['after a key', 'AuthenticationMethods publickey,keyboard-interactive', 'Partial publickey'],
  ])('answers the question of PAM with the password, %s', async (_name, methods, logged) => {
    const asking = await startSshd(['PasswordAuthentication no', 'KbdInteractiveAuthentication yes', methods]);
    try {
      const more = { knownHostsFile: knownHosts(asking), identityFile: asking.userKey };
      const right = connect({ ...more, password: async () => login.password }, { port: asking.port });
      expect(await right.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
      await right.close();
      expect(asking.log()).toContain(logged);
      expect(asking.log().match(/Accepted (?!key )/g)).toHaveLength(1);
      const before = asking.log().length;
      const wrong = await connect({ ...more, password: async () => 'wrong-secret' }, { port: asking.port }).run(
        ask(['true']),
      );
      expect(wrong).toMatchObject({ problem: 'denied', problemAt: 'host' });
      expect(wrong.stderr).toContain('password; the host accepts keyboard-interactive');
      expect(wrong.stderr).not.toContain('wrong-secret');
      // The server writes it down a moment after it has answered.
      await expect.poll(() => asking.log().slice(before)).toContain('Connection closed by authenticating user');
      expect(
        asking
          .log()
          .slice(before)
          .match(/Failed keyboard-interactive\/pam/g),
      ).toHaveLength(1);
    } finally {
      await asking.stop();
    }
  });

  it('keeps apart what a login shell says before it listens, whatever the shell', async () => {
    const fish = programPath('fish') ?? '';
    for (const shell of ['/bin/bash', fish, programPath('csh') ?? '']) {
      const talker = makeLogin(shell);
      try {
        for (const file of ['.bashrc', '.cshrc'])
          writeFileSync(join(talker.home, file), 'echo Do not feed the bears\n');
        const transport = connect({}, { user: talker.name });
        expect(await transport.run(ask(['printf', '%s', "it's"]))).toMatchObject({
          exit: 0,
          stdout: "it's",
          stderr: '',
        });
        if (shell !== fish) expect(transport.connection.noise).toBe('Do not feed the bears\n');
        await transport.close();
      } finally {
        removeLogin(talker);
      }
    }
  });

  it('says that an account has no shell', async () => {
    const closed = makeLogin('/usr/sbin/nologin');
    try {
      const output = await connect({}, { user: closed.name }).run(ask(['true']));
      expect(output).toMatchObject({ problem: 'denied', problemAt: 'context' });
      expect(output.stderr).toContain('not available');
    } finally {
      removeLogin(closed);
    }
  });

  it('gets by with one session where the host allows no more', async () => {
    const narrow = await startSshd(['MaxSessions 1']);
    try {
      const more = { knownHostsFile: knownHosts(narrow), identityFile: narrow.userKey };
      const transport = connect(more, { port: narrow.port });
      const outputs = await Promise.all([1, 2, 3, 4].map((n) => transport.run(ask(['echo', String(n)]))));
      expect(outputs.map((output) => output.stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
      await transport.close();
    } finally {
      await narrow.stop();
    }
  });

  it('says that the host was lost when the connection ends while a command runs', async () => {
    const transport = connect();
    // The process above the login shell is the sshd that serves this connection.
    const root = connect({ identityFile: sshd.userKey }, { user: 'root' });
    const pid = (await transport.run(ask(['sh', '-c', 'cut -d" " -f4 /proc/$PPID/stat']))).stdout.trim();
    const shellPid = (await transport.run(ask(['sh', '-c', 'echo $PPID']))).stdout.trim();
    const running = transport.run(ask(['sleep', '20'], { timeoutMs: 25_000 }));
    expect(pid).toMatch(/^\d+$/);
    expect(shellPid).toMatch(/^\d+$/);
    const up =
      'p=$1; while ! grep -q "^Name:.sshd" /proc/$p/status; do p=$(cut -d" " -f4 /proc/$p/stat); done; kill $p';
    expect(await root.run(ask(['sh', '-c', up, 'sh', pid]))).toMatchObject({ exit: 0 });
    expect(await running).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    expect(await transport.run(ask(['true']))).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
    expect(transport.connection.logins).toBe(1);
  });

  it('closes a connection whose host no longer answers', async () => {
    const before = sshd.log().length;
    const transport = connect();
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
    const pid = Number(/User child is on pid (\d+)/.exec(sshd.log().slice(before))?.[1]);
    process.kill(pid, 'SIGSTOP');
    try {
      await transport.close();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: null, problem: 'not-run' });
  });

  it('tells why an entry fails at once, every time', async () => {
    const transport = connect({}, { user: 'root' });
    for (let n = 0; n < 30; n++) {
      const enter: [string, ...string[]] = ['/bin/sh', '-c', `echo "no entry ${n}" >&2; exit 3`, '{shell}'];
      const output = await transport.run(ask(['true'], { as: 'product', enter }));
      expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context', stderr: `no entry ${n}` });
    }
    expect(transport.connection.logins).toBe(1);
  });

  it('says in one line why nothing answers', async () => {
    const refused = await connect({}, { port: 1 }).run(ask(['true']));
    expect(refused).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
    expect(refused.stderr).toBe('cannot connect to 127.0.0.1 port 1: connection refused');
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const silent = await connect({ connectTimeoutMs: 300 }, { port }).run(ask(['true']));
    expect(silent).toMatchObject({
      problem: 'unreachable',
      stderr: `127.0.0.1 port ${port} did not answer within 300 ms`,
    });
    mute.close();
  });
});
