/** What must not happen over the system's client: a second login, a secret for the wrong one, and anything that is left behind. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Transports } from '../../../../src/collect/transport/index.js';
import type { Transport, TransportOptions } from '../../../../src/collect/transport/transport.js';
import { lacking } from '../../../needs.js';
import { forSshd, knownHosts, type Login, makeKey, makeLogin, removeLogin, type Sshd, startSshd } from '../sshd.js';
import { ask, host, openLater, options } from '../support.js';
import { watchProcesses } from '../watch-processes.js';

const reason = lacking(...forSshd, 'ssh', 'ps', 'nc', 'sudo');
describe.skipIf(reason)(`the transport openssh${reason}`, { timeout: 60_000 }, () => {
  let login: Login;
  let sshd: Sshd;
  let jump: Sshd;
  let place: string;
  beforeAll(async () => {
    // Folders of this file's own runs, and of no others.
    place = mkdtempSync(join(tmpdir(), 'pairflight-safety-'));
    chmodSync(place, 0o755);
    vi.stubEnv('TMPDIR', place);
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    login = makeLogin();
    [sshd, jump] = await Promise.all([startSshd(), startSshd()]);
  });
  afterAll(async () => {
    // Other files may share the process.
    vi.unstubAllEnvs();
    if (login) removeLogin(login);
    await Promise.all([sshd, jump].map((one) => one?.stop()));
    rmSync(place, { recursive: true, force: true });
  });
  const accepted = (one: Sshd) => one.log().match(/Accepted (?!key )/g)?.length ?? 0;
  const target = (one: Sshd) => host({ connection: 'ssh', ssh: { port: one.port, user: login.name } });
  const files = (one: Sshd, more: Partial<TransportOptions> = {}) =>
    options({ identityFile: one.userKey, knownHostsFile: knownHosts(one), transport: 'openssh', ...more });

  /** Private folders that are there, and the masters in them. */
  const left = () => ({
    folders: readdirSync(tmpdir()).filter((name) => name.startsWith('pf-')),
    masters: processes((line) => line.startsWith('ssh\0') && line.includes(`${place}/pf-`)),
  });
  const processes = (is: (line: string) => boolean) =>
    readdirSync('/proc').filter((id) => {
      try {
        return /^\d+$/.test(id) && is(readFileSync(`/proc/${id}/cmdline`, 'latin1'));
      } catch {
        return false;
      }
    });

  it('gets by with one session, whoever asks, and logs in once', async () => {
    const narrow = await startSshd(['MaxSessions 1']);
    const release = `/etc/sudoers.d/pairflight-test-${login.name}`;
    writeFileSync(release, `${login.name} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
    try {
      for (const way of ['ssh2', 'openssh'] as const) {
        const before = accepted(narrow);
        const transport = openLater(target(narrow), files(narrow, { transport: way }));
        const asks = Array.from({ length: 10 }, (_, n) =>
          transport.run(ask(['id', '-u'], n % 2 === 0 ? {} : { as: 'root' })),
        );
        const outputs = await Promise.all(asks);
        expect(outputs.filter(({ exit }) => exit !== 0)).toEqual([]);
        expect(outputs[1]?.stdout).toBe('0\n');
        await transport.close();
        expect(accepted(narrow)).toBe(before + 1);
      }
    } finally {
      rmSync(release, { force: true });
      await narrow.stop();
    }
  });

  it('does not log in again when its login is gone', async () => {
    const before = accepted(sshd);
    const transport = openLater(target(sshd), files(sshd));
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
    const { masters } = left();
    for (const pid of masters) if (hasSocket(pid)) process.kill(Number(pid), 'SIGKILL');
    await expect.poll(async () => (await transport.run(ask(['true']))).problem).toBe('unreachable');
    expect(await transport.run(ask(['true'], { as: 'root' }))).toMatchObject({ problemAt: 'host' });
    await transport.close();
    expect(accepted(sshd)).toBe(before + 1);
  });
  /** A master, and no session over one. */
  const hasSocket = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('ControlMaster=yes');

  it('logs in once to a jump host that several hosts are behind', async () => {
    const config = join(sshd.folder, 'shared');
    const common = `HostName 127.0.0.1\n  User ${login.name}\n`;
    writeFileSync(
      config,
      `Host jump\n  Port ${jump.port}\n  IdentityFile ${jump.userKey}\n  UserKnownHostsFile ${knownHosts(jump)}\n  ${common}` +
        `Host db-a db-b\n  ProxyJump jump\n  Port ${sshd.port}\n  IdentityFile ${sshd.userKey}\n  UserKnownHostsFile ${knownHosts(sshd)}\n  ${common}`,
    );
    const before = [jump, sshd].map(accepted);
    const transports = new Transports(options({ sshConfigFile: config }));
    const both = await Promise.all(
      ['db-a', 'db-b'].map((name) => transports.open(host({ name, connection: 'ssh', ssh: { host: name } }))),
    );
    const outputs = await Promise.all(both.map((transport) => transport.run(ask(['id', '-un']))));
    expect(outputs.map(({ stdout }) => stdout)).toEqual([`${login.name}\n`, `${login.name}\n`]);
    const [first, second] = both as [Transport, Transport];
    await first.close();
    expect(await second.run(ask(['echo', 'still']))).toMatchObject({ stdout: 'still\n' });
    await second.close();
    expect([jump, sshd].map(accepted)).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
    expect(left()).toEqual({ folders: [], masters: [] });
  });

  it('is not sent past a jump host with another key by a configuration that would not mind', async () => {
    const before = [jump, sshd].map(accepted);
    const config = join(sshd.folder, 'careless');
    const careless = 'StrictHostKeyChecking no\n  CheckHostIP no\n  NoHostAuthenticationForLocalhost yes';
    writeFileSync(
      config,
      `Host jump\n  Port ${jump.port}\n  IdentityFile ${jump.userKey}\n  UserKnownHostsFile ${knownHosts(jump, sshd.hostKey)}\n  ${careless}\n` +
        `Host db\n  ProxyJump jump\n  Port ${sshd.port}\n  IdentityFile ${sshd.userKey}\n  UserKnownHostsFile /dev/null\n  ${careless}\n` +
        `Match all\n  HostName 127.0.0.1\n  User ${login.name}\n`,
    );
    for (const acceptNewHostKeys of [false, true]) {
      const to = host({ connection: 'ssh', ssh: { host: 'db' } });
      const transport = openLater(to, options({ sshConfigFile: config, acceptNewHostKeys }));
      const output = await transport.run(ask(['true']));
      expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
      expect(output.stderr).toMatch(/at the jump host .*has CHANGED/);
      await transport.close();
    }
    expect([jump, sshd].map(accepted)).toEqual(before);
  });

  it('keeps a password out of every argument and environment', async () => {
    const identityFile = join(sshd.folder, 'stranger');
    makeKey(identityFile, 'ed25519');
    const stop = watchProcesses(login.password);
    const transport = openLater(target(sshd), files(sshd, { identityFile, password: async () => login.password }));
    expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    await transport.close();
    const { seen, looks } = stop();
    expect(seen).toEqual([]);
    expect(looks).toBeGreaterThan(10);
  });

  it('gives nothing away that this process keeps in its environment', async () => {
    process.env.PF_TEST_SECRET = 'pft-hidden-1f2e3d';
    const config = join(sshd.folder, 'leak');
    const stolen = join(sshd.folder, 'stolen');
    writeFileSync(config, `ProxyCommand sh -c 'env >${stolen}; exec nc %h %p'\n`);
    const variables = { value: () => undefined, names: () => ['PF_TEST_SECRET'] };
    const transport = openLater(target(sshd), files(sshd, { sshConfigFile: config, variables }));
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
    await transport.close();
    delete process.env.PF_TEST_SECRET;
    expect(readFileSync(stolen, 'utf8')).not.toContain('pft-hidden');
  });

  describe('against a server that asks what it likes', () => {
    /** What the server was told, prompt by prompt. */
    async function asking(prompts: string[], given: Partial<TransportOptions>) {
      const heard: string[] = [];
      const server = new ssh2.Server({ hostKeys: [readFileSync(sshd.hostKey)] }, (client) => {
        client.on('error', () => {});
        client.on('authentication', (context) => {
          if (context.method !== 'keyboard-interactive') {
            if (context.method === 'password') heard.push(`password ${context.password}`);
            return context.reject(['keyboard-interactive', 'password']);
          }
          const questions = prompts.map((prompt) => ({ prompt, echo: false }));
          context.prompt(questions, (answers) => {
            heard.push(...answers);
            context.reject(['keyboard-interactive', 'password']);
          });
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const known = join(sshd.folder, `known-${port}`);
      writeFileSync(known, `[127.0.0.1]:${port} ${readFileSync(`${sshd.hostKey}.pub`, 'utf8')}`);
      const to = host({ connection: 'ssh', ssh: { port, user: 'ops' } });
      const locked = join(sshd.folder, 'locked');
      if (!existsSync(locked)) makeKey(locked, 'ed25519', 'open sesame');
      const transport = openLater(to, options({ transport: 'openssh', knownHostsFile: known, ...given }));
      const output = await transport.run(ask(['true']));
      await transport.close();
      server.close();
      expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'host' });
      return { heard, output };
    }
    const secrets = { password: async () => 'the-password', passphrase: async () => 'the-passphrase' };

    it.each([
      ["Enter passphrase for key '/home/ops/.ssh/id_ed25519': "],
      ["x\r\nEnter passphrase for key '/home/ops/.ssh/id_ed25519': "],
      ['Verification code: '],
      ['[sudo] for ops: '],
    ])('gives nothing for %j', async (prompt) => {
      const { heard, output } = await asking([prompt], secrets);
      expect(heard).toEqual([]);
      expect(output.stderr).toMatch(/ssh asks what is not answered/);
      expect(output.stderr).not.toMatch(/the-pass/);
    });

    it('gives the password of this login once, over both methods', async () => {
      const { heard } = await asking(['Password: '], secrets);
      expect(heard).toEqual(['the-password']);
    });

    it('gives it to none of several questions: the second would get it as well', async () => {
      const { heard } = await asking(['Password: ', 'Password again: '], secrets);
      expect(heard).toEqual([]);
    });

    it('sends no empty attempt where there is no password', async () => {
      const { heard, output } = await asking(['Password: '], {});
      expect(heard).toEqual([]);
      expect(output.stderr).toContain('there was no key or password to try');
    });
  });

  it("gives a jump host its own password, and never the host's", async () => {
    const config = join(sshd.folder, 'two-passwords');
    writeFileSync(
      config,
      `IdentityFile none\nHost jump\n  Port ${jump.port}\n  UserKnownHostsFile ${knownHosts(jump)}\nHost db\n  ProxyJump jump\n  Port ${sshd.port}\n` +
        `  UserKnownHostsFile ${knownHosts(sshd)}\nMatch all\n  HostName 127.0.0.1\n  User ${login.name}\n`,
    );
    const asked: (string | undefined)[] = [];
    const password = async (_host: unknown, where?: string) => {
      asked.push(where);
      return where === undefined ? 'for the host alone' : undefined;
    };
    const to = host({ connection: 'ssh', ssh: { host: 'db' } });
    const before = jump.log().length;
    const transport = openLater(to, options({ sshConfigFile: config, password }));
    expect(await transport.run(ask(['true']))).toMatchObject({ problem: 'denied', problemAt: 'host' });
    await transport.close();
    expect(asked).toEqual([`${login.name}@127.0.0.1 port ${jump.port}`]);
    expect(jump.log().slice(before)).not.toMatch(/Failed (password|keyboard)/);
  });

  const built = join(import.meta.dirname, '../../../../dist/index.js');
  describe.skipIf(!existsSync(built))('when its own process is ended', () => {
    it.each(['SIGKILL', 'SIGTERM'] as const)('by %s leaves no login, no process and no file', async (signal) => {
      const folder = mkdtempSync(join(tmpdir(), 'pairflight-death-'));
      const env = { ...process.env, TMPDIR: folder, XDG_RUNTIME_DIR: '' };
      const command = `sh -c 'sleep 297 & exec nc %h %p'`;
      const config = join(folder, 'config');
      writeFileSync(config, `ProxyCommand ${command}\n`);
      const given = {
        ...{ identityFile: sshd.userKey, knownHostsFile: knownHosts(sshd), sshConfigFile: config },
        ...{ acceptNewHostKeys: false, connectTimeoutMs: 10_000 },
      };
      const script = `
        import { reach } from ${JSON.stringify(built)};
        const transport = await reach(${JSON.stringify(given)}).open(${JSON.stringify(target(sshd))});
        const ask = (argv) => transport.run({ kind: 'exec', argv, as: 'login', effect: 'read', timeoutMs: 60000, maxBytes: 1000 });
        console.log((await ask(['echo', 'ready'])).stdout);
        await ask(['sleep', '60']);
      `;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'pipe' });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      await expect.poll(() => said, { timeout: 20_000 }).toContain('ready');
      const mine = () => processes((line) => line.includes(folder));
      expect(mine().length).toBeGreaterThan(2);
      const before = sshd.log().length;
      child.kill(signal);
      await expect.poll(mine, { timeout: 10_000 }).toEqual([]);
      await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith('pf-'))).toEqual([]);
      const sleepers = execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' });
      expect(sleepers.split('\n').filter((line) => /^[^Z].*sleep 297$/.test(line))).toEqual([]);
      await expect
        .poll(() => sshd.log().slice(before))
        .toMatch(/Disconnected from|Connection closed by|Connection reset/);
      rmSync(folder, { recursive: true, force: true });
    });
  });

  it('says what would help where there is no place for its sockets', async () => {
    const { PrivateFolder } = await import('../../../../src/collect/transport/openssh/private-folder.js');
    const long = join(tmpdir(), 'x'.repeat(90));
    expect(() => PrivateFolder.make([long, '/no/such/folder', '/tmp/a b'])).toThrow(
      /no place for the sockets of ssh \(.*too long.*; ENOENT.*; \/tmp\/a b: .*expand\); set TMPDIR/,
    );
  });
});
