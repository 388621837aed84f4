/** A real OpenSSH server on a loopback port, with keys and configuration of its own, and throwaway logins. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a server with logins of its own needs of the machine. */
export const forSshd = ['root', 'sshd', 'ssh-keygen', 'useradd', 'userdel', 'chpasswd'];

/** What such a login needs to become somebody else. */
export const forSudo = ['sudo', 'visudo'];

export interface Login {
  name: string;
  password: string;
  home: string;
}

/** Makes a login that `removeLogin` takes away again; its shell may be any program. */
export function makeLogin(shell = '/bin/sh'): Login {
  const name = `pft${randomBytes(4).toString('hex')}`;
  const home = mkdtempSync(join(tmpdir(), 'pairflight-home-'));
  const password = randomBytes(12).toString('hex');
  execFileSync('useradd', ['-M', '-d', home, '-s', shell, name]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
  chmodSync(home, 0o755);
  chownSync(home, uid, uid);
  return { name, password, home };
}

export function removeLogin({ name, home }: Login): void {
  spawnSync('userdel', ['-f', name]);
  rmSync(home, { recursive: true, force: true });
}

/** Lets a login use sudo as the rule says, until the returned function is called. */
export function allowSudo(login: Login, rule: string): () => void {
  const file = `/etc/sudoers.d/pairflight-test-${login.name}`;
  writeFileSync(file, `Defaults:${login.name} !fqdn\n${rule.replaceAll('USER', login.name)}\n`, { mode: 0o440 });
  execFileSync('visudo', ['-cf', file], { stdio: 'pipe' });
  return () => rmSync(file, { force: true });
}

export interface Sshd {
  port: number;
  folder: string;
  /** Private keys: of the host, and one that every login accepts. */
  hostKey: string;
  userKey: string;
  log: () => string;
  stop: () => Promise<void>;
}

export async function startSshd(lines: string[] = [], hostKeyType = 'ed25519'): Promise<Sshd> {
  mkdirSync('/run/sshd', { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-sshd-'));
  chmodSync(folder, 0o755);
  const hostKey = join(folder, 'host_key');
  const userKey = join(folder, 'user_key');
  makeKey(hostKey, hostKeyType);
  makeKey(userKey, 'ed25519');
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${userKey}.pub`), { mode: 0o644 });
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile none`,
    'StrictModes no',
    'UsePAM yes',
    'LogLevel VERBOSE',
    ...lines,
  ];
  writeFileSync(config, `${settings.join('\n')}\n`);
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  while (!log.includes('Server listening')) {
    if (child.exitCode !== null) throw new Error(`sshd did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port, folder, hostKey, userKey, log: () => log, stop: () => stop(child, folder) };
}

export function makeKey(file: string, type: string, passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', '', '-f', file]);
}

/** Writes a known_hosts file that knows this server by this key, and gives its path. */
export function knownHosts(sshd: Sshd, key = sshd.hostKey): string {
  const file = join(mkdtempSync(join(sshd.folder, 'known-')), 'known_hosts');
  writeFileSync(file, `[127.0.0.1]:${sshd.port} ${readFileSync(`${key}.pub`, 'utf8')}`);
  return file;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
