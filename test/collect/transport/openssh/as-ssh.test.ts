/** Where `ssh NAME` leads is where a run goes: each configuration is tried by ssh itself, and then by us, against real servers. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../../src/collect/transport/transport.js';
import { lacking } from '../../../needs.js';
import { forSshd, knownHosts, type Login, makeKey, makeLogin, removeLogin, type Sshd, startSshd } from '../sshd.js';
import { ask, host, openLater, options } from '../support.js';
import { besideSsh } from './beside-ssh.js';

const reason = lacking(...forSshd, 'ssh', 'ssh-agent', 'ssh-add', 'nc');
describe.skipIf(reason)(`a configuration leads where ssh goes${reason}`, { timeout: 60_000 }, () => {
  let ops: Login;
  let corp: Login;
  let one: Sshd;
  let two: Sshd;
  let jump: Sshd;
  let folder: string;
  const others: Sshd[] = [];
  const transports: Transport[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-as-ssh-'));
    [ops, corp] = [makeLogin(), makeLogin()];
    [one, two, jump] = await Promise.all([startSshd(), startSshd(), startSshd()]);
  });
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close()));
    await Promise.all(others.splice(0).map((sshd) => sshd.stop()));
  });
  afterAll(async () => {
    for (const login of [ops, corp]) if (login) removeLogin(login);
    await Promise.all([one, two, jump].map((sshd) => sshd?.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** What every login needs, after what is tried. */
  const rest = (sshd = one) =>
    `\nMatch all\n  HostName 127.0.0.1\n  User ${ops.name}\n  IdentityFile ${sshd.userKey}\n  UserKnownHostsFile ${allKnown()}\n`;
  const allKnown = (): string => {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, [one, two, jump, ...others].map((sshd) => readFileSync(knownHosts(sshd), 'utf8')).join(''));
    return file;
  };
  async function same(text: string, expected: string | undefined, name = 'db') {
    const both = await besideSsh(folder, text, expected, { name });
    transports.push(both.transport);
    return both;
  }
  const accepted = (sshd: Sshd) => sshd.log().match(/Accepted (?!key )/g)?.length ?? 0;

  it('with a pattern in which ? is exactly one character', async () => {
    const ports = `Host db?\n  Port ${one.port}\nHost db\n  Port ${two.port}\n`;
    await same(ports + rest(two), `${ops.name} on ${two.port}`);
  });

  it('with revoked keys', async () => {
    const { output } = await same(`Port ${one.port}\nRevokedHostKeys ${one.hostKey}.pub\n${rest()}`, undefined);
    expect(output.stderr).toMatch(/is revoked by .*host_key\.pub/);
  });

  it('with jump hosts behind Match originalhost and Match final', async () => {
    const entry = `Host jump\n  Port ${jump.port}\n  IdentityFile ${jump.userKey}\nHost db\n  Port ${one.port}\n`;
    for (const match of [
      'Match originalhost pa,db !originalhost jump\n  ProxyJump jump\n',
      'Match final host "127.0.0.*" !originalhost jump\n  ProxyJump jump\n',
    ]) {
      const before = accepted(jump);
      await same(match + entry + rest(), `${ops.name} on ${one.port}`);
      expect(accepted(jump)).toBe(before + 2);
    }
  });

  it('with HostName %h and a Match on the name that comes of it', async () => {
    const config = `Host 0.1\n  HostName 127.0.%h\nMatch host 127.0.0.1 user *\n  User ${corp.name}\n  Port ${one.port}\n`;
    await same(config + rest(), `${corp.name} on ${one.port}`, '0.1');
  });

  it('with Match !exec', async () => {
    const config = `Match originalhost db !exec "false"\n  Port ${one.port}\nMatch all\n  Port 1\n`;
    await same(config + rest(), `${ops.name} on ${one.port}`);
  });

  it('with Include inside of Match, of files that a pattern names', async () => {
    const parts = mkdtempSync(join(folder, 'conf-'));
    writeFileSync(join(parts, '20.conf'), `Port 1\n`);
    writeFileSync(join(parts, '10.conf'), `Port ${one.port}\n`);
    writeFileSync(join(parts, 'x.conf'), 'Port 2\n');
    await same(`Host db\n  Include ${parts}/[0-9]*.conf\n  Port 3\n${rest()}`, `${ops.name} on ${one.port}`);
  });

  it.each([
    ['quoted braces', `sh -c 'echo "{\\"portNumber\\":[\\"%p\\"]}" >/dev/null; exec nc 127.0.0.1 %p'`],
    ['a test of a variable', `sh -c '[ "$HOME" = / ] || exec nc %h %p'`],
    ['a word with equals signs', 'env --default-signal=PIPE X=Zm9v== nc %h %p'],
    ['a hash sign', `sh -c 'echo a#b | sed -E "s#a#c#" >/dev/null; exec nc %h %p'`],
    ['a parameter that is cut', `sh -c 'h=db-127.0.0.1; exec nc "\${h#db-}" %p'`],
  ])('with a ProxyCommand that has %s', async (_name, command) => {
    const { transport } = await same(
      `Port ${one.port}\nProxyCommand ${command}\n${rest()}`,
      `${ops.name} on ${one.port}`,
    );
    expect(transport.connection.transport).toEqual({
      name: 'openssh',
      why: 'the SSH configuration sets proxycommand',
    });
  });

  describe('and the keys of an agent', () => {
    let pid: number;
    const socket = () => join(folder, 'agent');
    beforeAll(() => {
      const agent = spawnSync('ssh-agent', ['-a', socket()], { encoding: 'utf8' });
      pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent.stdout)?.[1]);
      process.env.SSH_AUTH_SOCK = socket();
      spawnSync('ssh-add', ['-q', one.userKey], { env: process.env });
    });
    afterAll(() => {
      delete process.env.SSH_AUTH_SOCK;
      process.kill(pid);
    });
    const withKey = (...lines: string[]) =>
      `${lines.join('\n')}\nPort ${one.port}\nHostName 127.0.0.1\nUser ${ops.name}\nUserKnownHostsFile ${allKnown()}\n`;

    it('which are offered beside a file that is configured, there or missing', async () => {
      makeKey(join(folder, 'strange'), 'ed25519');
      const there = await same(withKey(`IdentityFile ${folder}/strange`), `${ops.name} on ${one.port}`);
      expect(there.transport.connection.transport?.name).toBe('ssh2');
      await same(withKey(`IdentityFile ${folder}/missing`), `${ops.name} on ${one.port}`);
    });

    it('which are not offered where they must not be', async () => {
      await same(withKey(`IdentityFile ${folder}/strange`, 'IdentitiesOnly yes'), undefined);
      await same(withKey('IdentityAgent none', 'IdentityFile none'), undefined);
    });

    it('which is named by a variable', async () => {
      process.env.PF_TEST_FOLDER = folder;
      const config = withKey(`IdentityAgent "\${PF_TEST_FOLDER}/agent"`, 'IdentityFile none');
      await same(config, `${ops.name} on ${one.port}`);
      delete process.env.PF_TEST_FOLDER;
    });
  });

  it('with variables and tokens in the names of files', async () => {
    const key = join(folder, `key#${ops.name}`);
    makeKey(key, 'ed25519');
    writeFileSync(join(one.folder, 'authorized_keys'), readFileSync(`${key}.pub`), { flag: 'a' });
    process.env.PF_TEST_FOLDER = folder;
    const files = `IdentityFile ${folder}/key#%r\nUserKnownHostsFile "\${PF_TEST_FOLDER}/known_hosts"\n`;
    allKnown();
    await same(`${files}Port ${one.port}\nHostName 127.0.0.1\nUser ${ops.name}\n`, `${ops.name} on ${one.port}`);
    delete process.env.PF_TEST_FOLDER;
  });

  it('with single quotes around a name, and a RemoteCommand that ends in a backslash', async () => {
    const config = `Host win\n  RemoteCommand C:\\\\\nHost db\n  HostName '127.0.0.1'\n  Port ${one.port}\n`;
    await same(config + rest(), `${ops.name} on ${one.port}`);
  });

  it('with HOME elsewhere than the list of users says', async () => {
    const elsewhere = mkdtempSync(join(folder, 'home-'));
    mkdirSync(join(elsewhere, '.ssh'));
    writeFileSync(join(elsewhere, '.ssh', 'known_hosts'), readFileSync(allKnown()));
    const before = process.env.HOME;
    process.env.HOME = elsewhere;
    try {
      expect(userInfo().homedir).not.toBe(elsewhere);
      const config = `Port ${one.port}\nHostName 127.0.0.1\nUser ${ops.name}\nIdentityFile ${one.userKey}\n`;
      const { output } = await same(config, undefined);
      expect(output.stderr).toContain('is not known');
    } finally {
      process.env.HOME = before;
    }
  });

  it.each([
    ['a kex that ssh2 does not know', 'KexAlgorithms sntrup761x25519-sha512@openssh.com', ''],
    ['MACs that ssh2 does not know', 'Ciphers aes256-ctr\nMACs umac-128-etm@openssh.com', ''],
  ])('to a server with %s', async (_name, server, client) => {
    const strict = await startSshd(server.split('\n'));
    others.push(strict);
    const { transport } = await same(
      `Port ${strict.port}\nServerAliveInterval 20\n${client}\n${rest(strict)}`,
      `${ops.name} on ${strict.port}`,
    );
    expect(transport.connection.transport?.name).toBe('openssh');
  });

  it('with certificates of users and of hosts', async () => {
    const ca = join(folder, 'ca');
    makeKey(ca, 'ed25519');
    const key = join(folder, 'certified');
    makeKey(key, 'ed25519');
    const sign = (...words: string[]) => spawnSync('ssh-keygen', ['-q', '-s', ca, ...words]);
    sign('-I', 'ops', '-n', ops.name, `${key}.pub`);
    const hostKey = join(folder, 'host');
    makeKey(hostKey, 'ed25519');
    sign('-h', '-I', 'db', '-n', '127.0.0.1', `${hostKey}.pub`);
    const certified = await startSshd([
      `TrustedUserCAKeys ${ca}.pub`,
      'AuthorizedKeysFile none',
      `HostKey ${hostKey}`,
      `HostCertificate ${hostKey}-cert.pub`,
    ]);
    others.push(certified);
    const known = join(folder, 'known_ca');
    writeFileSync(known, `@cert-authority * ${readFileSync(`${ca}.pub`, 'utf8')}`);
    const config = `Port ${certified.port}\nHostName 127.0.0.1\nUser ${ops.name}\nIdentityFile ${key}\nUserKnownHostsFile ${known}\n`;
    const needed = `CertificateFile ${key}-cert.pub\nHostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com\n`;
    const { transport } = await same(needed + config, `${ops.name} on ${certified.port}`);
    expect(transport.connection.hostKey?.type).toBe('ssh-ed25519-cert-v01@openssh.com');
  });

  it("is refused by a wrong word of the configuration, in ssh's own line", async () => {
    const config = join(folder, 'wrong');
    writeFileSync(config, 'Host db\n  Prot 22\n');
    const transport = openLater(host({ connection: 'ssh', ssh: { host: 'db' } }), options({ sshConfigFile: config }));
    await expect(transport.run(ask(['true']))).rejects.toThrow(
      `the SSH configuration of db: ${config}: line 2: Bad configuration option: prot`,
    );
  });
});
