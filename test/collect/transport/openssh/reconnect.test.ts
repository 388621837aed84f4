/** What a run that waits does with logins of ssh's that end between two rounds: it makes them anew, each once. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Connections } from '../../../../src/collect/connections.js';
import { Transports } from '../../../../src/collect/transport/index.js';
import type { Output } from '../../../../src/core/model.js';
import { lacking } from '../../../needs.js';
import { forSshd, knownHosts, type Login, makeLogin, removeLogin, type Sshd, startSshd } from '../sshd.js';
import { ask, host, options } from '../support.js';

const why = lacking(...forSshd, 'ssh', 'pgrep');
describe.skipIf(why)(`rounds over openssh${why}`, { timeout: 60_000 }, () => {
  let login: Login;
  let db: Sshd;
  let jump: Sshd;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-reconnect-'));
    chmodSync(folder, 0o755);
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    vi.stubEnv('TMPDIR', folder);
    login = makeLogin();
    [db, jump] = await Promise.all([startSshd(), startSshd()]);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    if (login) removeLogin(login);
    await Promise.all([db, jump].map((sshd) => sshd?.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const cmdline = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    } catch {
      return '';
    }
  };
  const accepted = () => [db, jump].map((sshd) => sshd.log().match(/Accepted (?!key )/g)?.length ?? 0);
  /** Ends what the server has for its clients, as a restart of the machine does, and leaves the server. */
  const drop = (sshd: Sshd) => {
    const pids = (...words: string[]) =>
      spawnSync('pgrep', words, { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line !== '');
    const monitors = pids('-f', `sshd.*-f ${sshd.folder}/sshd_config`).flatMap((listener) => pids('-P', listener));
    const all = [...monitors.flatMap((monitor) => pids('-P', monitor)), ...monitors];
    expect(all.length).toBeGreaterThan(1);
    for (const pid of all) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch (error) {
        // The one before it may have taken it along.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  };

  it.each([
    ['of the host', () => drop(db), [1, 0]],
    ['of the jump host, with that of the host behind it', () => drop(jump), [1, 1]],
    ['of nobody', () => {}, [0, 0]],
  ])('make the login %s anew', async (_whose, end, more) => {
    const entry = (name: string, sshd: Sshd, way = '') =>
      `Host ${name}\n${way}  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${login.name}\n` +
      `  IdentityFile ${sshd.userKey}\n  UserKnownHostsFile ${knownHosts(sshd)}\n`;
    const sshConfigFile = join(folder, 'config');
    writeFileSync(sshConfigFile, entry('db', db, '  ProxyJump jump\n') + entry('jump', jump));
    const transports = new Transports(options({ sshConfigFile }));
    const target = host({ name: 'a', connection: 'ssh', ssh: { host: 'db' } });
    const connections = new Connections(
      [target],
      (one) => transports.open(one),
      () => transports.hold(),
    );
    const round = async (): Promise<Output | undefined> => {
      await connections.ready(new Set(['a']));
      const output = await connections.to('a')?.run(ask(['id', '-un']));
      if (output) connections.note('a', output);
      return output;
    };
    try {
      expect(await round()).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
      const before = accepted();
      end();
      if (more[0] === 1)
        await vi.waitFor(
          async () => expect(await round()).toMatchObject({ exit: null, problem: 'unreachable' }),
          10_000,
        );
      expect(await round()).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
      expect(accepted()).toEqual(before.map((count, index) => count + (more[index] ?? 0)));
      expect(connections.told()).toMatchObject([
        { host: 'a', logins: 1 + (more[0] ?? 0), transport: { name: 'openssh' } },
      ]);
    } finally {
      await connections.close();
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('pf-'))).toEqual([]);
    const alive = () => readdirSync('/proc').filter((pid) => cmdline(pid).includes(`${folder}/pf-`));
    await vi.waitFor(() => expect(alive()).toEqual([]), 10_000);
  });
});
