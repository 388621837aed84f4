import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport, TransportOptions } from '../../../src/collect/transport/transport.js';
import { lacking } from '../../needs.js';
import { forSshd, knownHosts, type Login, makeLogin, removeLogin, type Sshd, startSshd } from './sshd.js';
import { ask, host, openLater, options } from './support.js';

const why = lacking(...forSshd, 'ssh', 'ps');
describe.skipIf(why)(`a host behind others${why}`, { timeout: 30_000 }, () => {
  let login: Login;
  let outer: Sshd;
  let inner: Sshd;
  let db: Sshd;
  const others: Sshd[] = [];
  const transports: Transport[] = [];
  beforeAll(async () => {
    login = makeLogin();
    [outer, inner, db] = await Promise.all([startSshd(), startSshd(), startSshd()]);
  });
  afterAll(async () => {
    for (const transport of transports) await transport.close();
    if (login) removeLogin(login);
    await Promise.all([outer, inner, db, ...others].map((sshd) => sshd?.stop()));
  });

  /** An entry of a client's configuration, with the server's own key and its own known_hosts. */
  function entry(name: string, sshd: Sshd, ...lines: string[]): string {
    const own = [
      `HostName 127.0.0.1`,
      `Port ${sshd.port}`,
      `User ${login.name}`,
      `IdentityFile ${sshd.userKey}`,
      `UserKnownHostsFile ${knownHosts(sshd)}`,
    ];
    return `Host ${name}\n${[...lines, ...own].map((line) => `  ${line}\n`).join('')}`;
  }

  function behind(config: string, more: Partial<TransportOptions> = {}): Transport {
    const sshConfigFile = join(db.folder, 'client_config');
    writeFileSync(sshConfigFile, config);
    const transport = openLater(
      host({ name: 'a', connection: 'ssh', ssh: { host: 'db' } }),
      options({ sshConfigFile, ...more }),
    );
    // The configuration is read at the first command: the next test writes another.
    transports.push(transport);
    return transport;
  }
  const accepted = (sshd: Sshd) => sshd.log().match(/Accepted (?!key )/g)?.length ?? 0;

  it('is reached over one jump host, with one login on each, whatever is asked', async () => {
    const before = [outer, db].map(accepted);
    const transport = behind(entry('db', db, 'ProxyJump out') + entry('out', outer));
    const outputs = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => transport.run(ask(['echo', String(n)]))));
    expect(outputs.map((output) => output.stdout)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${n}\n`));
    const large = await transport.run(ask(['head', '-c', '3000000', '/dev/zero'], { maxBytes: 4_000_000 }));
    expect(large.stdout).toHaveLength(3_000_000);
    expect(transport.connection).toMatchObject({ kind: 'ssh', logins: 1 });
    // How many lanes there are when the last question comes is the machine's affair; never more than three.
    expect(transport.connection.shells).toBeLessThanOrEqual(3);
    const shown = spawnSync('ssh-keygen', ['-lf', `${db.hostKey}.pub`], { encoding: 'utf8' }).stdout.split(' ')[1];
    expect(transport.connection.hostKey?.sha256).toBe(shown);
    await transport.close();
    expect([outer, db].map(accepted)).toEqual(before.map((count) => count + 1));
    // The server writes it down a moment later.
    await expect.poll(outer.log).toContain(`Disconnected from user ${login.name}`);
  });

  it('is reached over several, in their order', async () => {
    const before = [outer, inner, db].map(accepted);
    const config = entry('db', db, 'ProxyJump out,in') + entry('out', outer) + entry('in', inner, 'ProxyJump nowhere');
    const transport = behind(config);
    expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    await transport.close();
    expect([outer, inner, db].map(accepted)).toEqual(before.map((count) => count + 1));
  });

  it('is reached over a jump host that is behind another by its own entry', async () => {
    const config = entry('db', db, 'ProxyJump in') + entry('out', outer) + entry('in', inner, 'ProxyJump out');
    expect(await behind(config).run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
  });

  it('is reached by user, address and port alone, with the keys of the command line for the host', async () => {
    const known = join(db.folder, 'known_both');
    writeFileSync(known, [outer, db].map((sshd) => readFileSync(knownHosts(sshd), 'utf8')).join(''));
    const config = `Match all\n  Port ${db.port}\n  User ${login.name}\nHost db\n  HostName 127.0.0.1\n`;
    const asked: string[] = [];
    const password = async (_host: unknown, jump?: string) => {
      asked.push(jump ?? 'the host');
      return login.password;
    };
    const jump = `${login.name}@127.0.0.1:${outer.port}`;
    const files = { identityFile: db.userKey, knownHostsFile: known };
    const transport = behind(`Host db\n  ProxyJump ${jump}\nHost 127.0.0.1\n  IdentityFile none\n${config}`, {
      ...files,
      password,
    });
    expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    expect(asked).toEqual([`${login.name}@127.0.0.1 port ${outer.port}`]);
  });

  it.each([
    ['the outer', 'out', () => [inner, db]],
    ['the inner', 'in', () => [db]],
    ['the host itself', 'db', () => []],
  ])('is not logged in to when the key of %s is unknown', async (_name, unknown, spared) => {
    const before = spared().map(accepted);
    const strange = entry('x', unknown === 'out' ? inner : outer).match(/UserKnownHostsFile .*/)?.[0] ?? '';
    const known = (name: string) => (name === unknown ? [strange] : []);
    const config =
      entry('db', db, 'ProxyJump out,in', ...known('db')) +
      entry('out', outer, ...known('out')) +
      entry('in', inner, ...known('in'));
    const transport = behind(config);
    const output = await transport.run(ask(['true']));
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    const port = { out: outer, in: inner, db }[unknown]?.port;
    const where = unknown === 'db' ? '' : `on the way to a, at the jump host ${login.name}@127.0.0.1 port ${port}: `;
    expect(output.stderr).toContain(`${where}the host key of [127.0.0.1]:${port} is not known`);
    expect(output.stderr.includes('ssh-keyscan')).toBe(unknown === 'out');
    expect(transport.connection.problem?.message).toBe(output.stderr);
    expect(transport.connection.logins).toBe(0);
    expect(spared().map(accepted)).toEqual(before);
  });

  it('tells which login was refused', async () => {
    const key = `IdentityFile ${inner.userKey}`;
    const config = `IdentitiesOnly yes\n${entry('db', db, 'ProxyJump out')}${entry('out', outer).replace(/IdentityFile .*/, key)}`;
    const output = await behind(config).run(ask(['true']));
    expect(output).toMatchObject({ problem: 'denied', problemAt: 'host' });
    expect(output.stderr).toMatch(
      /^on the way to a, at the jump host \S+ port \d+: .*refused the login of pft.*tried key/,
    );
  });

  it('tells what the jump host cannot reach, cannot do, or that it is not there', async () => {
    const closed = entry('db', db, 'ProxyJump out').replace(/Port .*/, 'Port 1');
    const refused = await behind(closed + entry('out', outer)).run(ask(['true']));
    expect(refused).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
    expect(refused.stderr).toMatch(
      /at the jump host \S+ port \d+: 127.0.0.1 port 1 cannot be reached from there: .*refused/,
    );
    const gone = entry('out', outer).replace(/Port .*/, 'Port 1');
    const missing = await behind(entry('db', db, 'ProxyJump out') + gone).run(ask(['true']));
    expect(missing.stderr).toMatch(
      /at the jump host \S+ port 1: cannot connect to 127.0.0.1 port 1: connection refused$/,
    );
    const strict = await startSshd(['AllowTcpForwarding no']);
    try {
      const output = await behind(entry('db', db, 'ProxyJump out') + entry('out', strict)).run(ask(['true']));
      expect(output.stderr).toMatch(/cannot be reached from there: .*(prohibited|open failed)/);
    } finally {
      await strict.stop();
    }
  });

  it('does not wait for ever for a host behind', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const config = entry('db', db, 'ProxyJump out').replace(/Port .*/, `Port ${port}`) + entry('out', outer);
    const output = await behind(config, { connectTimeoutMs: 3000 }).run(ask(['true']));
    expect(output.stderr).toBe(`127.0.0.1 port ${port} did not answer within 3000 ms`);
    mute.close();
  });

  it('says that the jump host was lost, and logs in no second time', async () => {
    const alone = await startSshd();
    others.push(alone);
    const before = accepted(db);
    const transport = behind(entry('db', db, 'ProxyJump out') + entry('out', alone));
    expect(await transport.run(ask(['true']))).toMatchObject({ exit: 0 });
    const running = transport.run(ask(['sleep', '20'], { timeoutMs: 25_000 }));
    const pids = [...alone.log().matchAll(/User child is on pid (\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids).toHaveLength(1);
    for (const pid of pids) process.kill(pid);
    const output = await running;
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    expect(output.stderr).toMatch(
      new RegExp(`127.0.0.1 port ${db.port} was lost: the connection to 127.0.0.1 port ${alone.port} was`),
    );
    expect(await transport.run(ask(['true']))).toMatchObject({ problem: 'unreachable', problemAt: 'host' });
    expect(accepted(db)).toBe(before + 1);
    await transport.close();
  });

  it('ends every login when the run ends before the way is made', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const dialled = new Promise((resolve) => mute.once('connection', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const transport = behind(entry('db', db, 'ProxyJump out').replace(/Port .*/, `Port ${port}`) + entry('out', outer));
    const running = transport.run(ask(['true']));
    await dialled;
    const before = outer.log().match(/Disconnected from user|Connection closed by user/g)?.length ?? 0;
    await transport.close();
    expect(await running).toMatchObject({ exit: null, problem: 'not-run' });
    expect(transport.connection.problem).toBeUndefined();
    await expect
      .poll(() => outer.log().match(/Disconnected from user|Connection closed by|Close session/g)?.length ?? 0)
      .toBeGreaterThan(before);
    mute.close();
  });

  it('is reached by a ProxyCommand, which ends with the run', async () => {
    const pidFile = join(db.folder, 'command_pid');
    const command = `sh -c 'ps -o pgid= -p $$ >${pidFile}; sleep 60 & nc %h %p'`;
    const transport = behind(entry('db', db, `ProxyCommand ${command}`));
    expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    const large = await transport.run(ask(['head', '-c', '3000000', '/dev/zero'], { maxBytes: 4_000_000 }));
    expect(large.stdout).toHaveLength(3_000_000);
    const group = Number(readFileSync(pidFile, 'utf8'));
    // Where nobody reaps them, orphans that have ended stay in the list as zombies.
    const members = () => {
      const list = spawnSync('ps', ['-o', 'stat=,comm=', '-g', String(group)], { encoding: 'utf8' }).stdout;
      return list
        .split('\n')
        .filter((line) => !line.startsWith('Z'))
        .join();
    };
    expect(members()).toContain('sleep');
    await transport.close();
    await expect.poll(members).not.toContain('sleep');
    expect(members()).not.toContain('nc');
  });

  it('is reached by ssh itself as the ProxyCommand', async () => {
    const before = [outer, db].map(accepted);
    const key = `-i ${outer.userKey} -o UserKnownHostsFile=${knownHosts(outer)} -o BatchMode=yes -F none`;
    const ssh = `ssh ${key} -p ${outer.port} -W %h:%p %r@127.0.0.1`;
    const transport = behind(entry('db', db, `ProxyCommand ${ssh}`));
    expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
    await transport.close();
    expect([outer, db].map(accepted)).toEqual(before.map((count) => count + 1));
  });

  it.each([
    ['what it said', "sh -c 'echo no way to %n >&2; exit 3'", 'the ProxyCommand ended and said: no way to db'],
    [
      'that it is not there',
      '/no/such/command',
      'the ProxyCommand ended and said: .*/no/such/command: (No such file or directory|.*not found)',
    ],
    ['that it said nothing', 'true', 'the ProxyCommand ended'],
    ['how it was ended', "sh -c 'kill -9 $$'", 'the ProxyCommand ended'],
  ])('tells of a ProxyCommand that failed %s', async (_name, command, words) => {
    const transport = behind(entry('db', db, `ProxyCommand ${command}`));
    const output = await transport.run(ask(['true']));
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    expect(output.stderr).toMatch(new RegExp(`^cannot connect to 127.0.0.1 port ${db.port}: ${words}$`));
    expect(transport.connection.problem?.message).toBe(output.stderr);
  });

  it('tells what a ProxyCommand said that does not get anywhere, and ends it', async () => {
    const pidFile = join(db.folder, 'stuck_pid');
    const stuck = `sh -c 'trap "" TERM; echo $$ >${pidFile}; echo waiting for a token >&2; sleep 60; sleep 60'`;
    const output = await behind(entry('db', db, `ProxyCommand ${stuck}`), { connectTimeoutMs: 700 }).run(ask(['true']));
    expect(output.stderr).toMatch(/did not answer within 700 ms; ssh said: waiting for a token$/);
    // Where nobody reaps it, one that has ended stays in the list as a zombie.
    const state = spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(pidFile, 'utf8').trim()], { encoding: 'utf8' });
    expect(state.stdout.trim()).not.toMatch(/^[^Z]/);
  });
});
