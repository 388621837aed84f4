/** A peer for tests that log in: this machine's own sshd in a network of the test's, with throwaway keys and logins. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Output } from '../../src/core/model.js';
import { type Login, makeKey, makeLogin, removeLogin } from '../collect/transport/sshd.js';
import { said } from './support.js';

/** What a test may do with its peer; `key` and `stranger` are private keys, of which the first is accepted. */
export interface Peer {
  room: string;
  key: string;
  stranger: string;
  /** Makes a login whose shell is this script; `exec /bin/sh "$@"` in it goes on as usual. */
  login(script: string): Login;
  /** Runs words where the peer can be reached at 127.0.0.1; `sshd: false`: nobody listens there. */
  run(words: readonly string[], how?: { sshd?: boolean; env?: NodeJS.ProcessEnv }): Output;
  remove(): void;
}

/** Makes the peer's keys and configuration; needs root. */
export function makePeer(): Peer {
  const room = mkdtempSync(join(tmpdir(), 'peer-'));
  const [key, stranger, host] = ['key', 'stranger', 'host'].map((name) => join(room, name)) as [string, string, string];
  const logins: Login[] = [];
  chmodSync(room, 0o755);
  mkdirSync('/run/sshd', { recursive: true });
  for (const file of [key, stranger, host]) makeKey(file, 'ed25519');
  writeFileSync(join(room, 'authorized'), readFileSync(`${key}.pub`));
  writeFileSync(join(room, 'known_hosts'), `127.0.0.1 ${readFileSync(`${host}.pub`, 'utf8')}`);
  const settings = [
    ...['ListenAddress 127.0.0.1:22', `HostKey ${host}`, `AuthorizedKeysFile ${room}/authorized`, 'PidFile none'],
    ...['StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'PrintMotd no', 'PrintLastLog no', ''],
  ];
  return {
    room,
    key,
    stranger,
    login(script) {
      const shell = join(room, `shell-${logins.length}`);
      writeFileSync(shell, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const login = makeLogin(shell);
      logins.push(login);
      return login;
    },
    run(words, { sshd = true, env = {} } = {}) {
      rmSync(join(room, 'config'), { force: true });
      if (sshd) writeFileSync(join(room, 'config'), settings.join('\n'));
      const script = new URL('./peer.sh', import.meta.url).pathname;
      const argv = ['-n', '-m', '/bin/sh', script, room, ...words];
      const { status } = spawnSync('unshare', argv, { env: { ...process.env, ...env } });
      return said(readFileSync(join(room, 'stdout'), 'utf8'), status, readFileSync(join(room, 'stderr'), 'utf8'));
    },
    remove() {
      for (const login of logins) removeLogin(login);
      rmSync(room, { recursive: true, force: true });
    },
  };
}
