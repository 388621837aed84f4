/** The operating system of a host: its names, its users, its sudo, its OpenSSH server. */
import { chownSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { must } from './command.js';
import { Daemon } from './daemon.js';
import type { LabHost } from './host.js';
import { replicationLogin } from './key-exchange.js';

/** The login user of both hosts, its numeric id, and its password (for sshd and for sudo). */
export const login = { name: 'ec2-user', uid: 4101, password: 'lab-password' };

/** The sudoers line of a host without faults. */
export const sudoers = `${login.name} ALL=(ALL:ALL) NOPASSWD: ALL\n`;

// The hash of login.password, made with: openssl passwd -6 -salt pflab lab-password
const hash = '$6$pflab$iMeqCZLxv.UpZGwmGZOMM7ShMDmSx8Bjebm1C7m/C0V8/lfALcmQKniuhAp3skH0miZUbjrVZlMZUjbcqv4/F1';

function append(host: LabHost, file: string, line: string): void {
  host.write(file, `${host.read(file).trimEnd()}\n${line}\n`, { mode: file.includes('shadow') ? 0o640 : 0o644 });
}

/** Writes what makes the host another machine than the runner. Before `boot`. */
export function writeSystem(host: LabHost, peers: { name: string; address: string }[], authorizedKey: string): void {
  const { name, uid } = login;
  host.write('/etc/machine-id', `${host.machineId}\n`, { mode: 0o444 });
  host.write('/etc/hostname', `${host.name}.pflab\n`);
  const names = peers.map((peer) => `${peer.address} ${peer.name}.pflab ${peer.name}`);
  host.write('/etc/hosts', ['127.0.0.1 localhost', ...names, ''].join('\n'));
  host.write('/etc/resolv.conf', '');
  append(host, '/etc/passwd', `${name}:x:${uid}:${uid}:lab:/home/${name}:/bin/bash`);
  append(host, '/etc/group', `${name}:x:${uid}:`);
  append(host, '/etc/shadow', `${name}:${hash}:20000:0:99999:7:::`);
  const { name: peerLogin, uid: peerId, home } = replicationLogin;
  append(host, '/etc/passwd', `${peerLogin}:x:${peerId}:${peerId}:lab:${home}:/bin/bash`);
  append(host, '/etc/group', `${peerLogin}:x:${peerId}:`);
  append(host, '/etc/shadow', `${peerLogin}:*:20000::::::`);
  host.write(`/home/${name}/.ssh/authorized_keys`, authorizedKey, { mode: 0o600, uid });
  for (const folder of [`/home/${name}`, `/home/${name}/.ssh`]) chownSync(host.path(folder), uid, uid);
  host.write(`/home/${name}/.bashrc`, '', { uid });
  host.write('/etc/sudoers.d/pflab', sudoers, { mode: 0o440 });
  writeSshd(host);
  // The same echo requests, but not two seconds of waiting in each of a hundred runs.
  const ping = `#!/bin/sh\nexec /usr/bin/ping "$@" -i 0.01\n`;
  host.write('/usr/local/bin/ping', ping, { mode: 0o755 });
  // At each login pam_motd would rewrite /run/motd.dynamic; without that line every change in /run is somebody else's.
  const pam = host.read('/etc/pam.d/sshd').split('\n');
  host.rewrite('/etc/pam.d/sshd', pam.filter((line) => !line.includes('motd=/run/motd.dynamic')).join('\n'));
  // What the system's own programs write at a login has to be there before the baseline: it is excluded by name.
  for (const file of ['/var/log/wtmp', '/var/log/btmp', '/var/log/lastlog', '/var/log/auth.log']) host.write(file, '');
  for (const folder of ['/run/sshd', '/run/sudo/ts', '/var/lib/sudo/lectured', '/run/lock']) {
    mkdirSync(host.path(folder), { recursive: true, mode: folder.includes('sudo') ? 0o700 : 0o755 });
  }
}

function writeSshd(host: LabHost): void {
  const ssh = host.path('/etc/ssh');
  // The machine's own host keys would make the hosts twins of each other.
  for (const file of readdirSync(ssh).filter((entry) => entry.startsWith('ssh_host_'))) host.remove(`/etc/ssh/${file}`);
  const config = [
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'HostKey /etc/ssh/ssh_host_ecdsa_key',
    'LogLevel VERBOSE',
    'UsePAM yes',
    'KbdInteractiveAuthentication no',
    'PrintMotd no',
    'AcceptEnv LANG LC_*',
    'Subsystem sftp /usr/lib/openssh/sftp-server',
    '',
  ];
  host.write('/etc/ssh/sshd_config', config.join('\n'));
}

/** Gives the host new SSH host keys; gives the public ones, as known_hosts wants them without the address. */
export async function makeHostKeys(host: LabHost): Promise<string[]> {
  const keys = ['ed25519', 'ecdsa'].map(async (type) => {
    const file = `/etc/ssh/ssh_host_${type}_key`;
    for (const path of [file, `${file}.pub`]) host.remove(path);
    await must(['ssh-keygen', '-q', '-t', type, '-N', '', '-C', `root@${host.name}`, '-f', host.path(file)]);
    return host.read(`${file}.pub`).trim().split(' ').slice(0, 2).join(' ');
  });
  return Promise.all(keys);
}

/** The runner's path of what the host's sshd logs: out of the host's sight. */
export function sshdLog(host: LabHost): string {
  return `${host.folder}/${host.name}.sshd.log`;
}

/** Starts the host's sshd and waits until it listens. */
export async function startSshd(host: LabHost): Promise<void> {
  const log = openSync(sshdLog(host), 'a', 0o600);
  const sshd = new Daemon(host.inside(['/usr/sbin/sshd', '-D', '-e']), log);
  host.processes.set('sshd', sshd);
  await listens(host, 22);
}

/** Waits until something listens on a TCP port of the host, on any address. */
export async function listens(host: LabHost, port: number): Promise<void> {
  const ear = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let tries = 0; tries < 400; tries++) {
    const sockets = readFileSync(`/proc/${host.holder}/net/tcp`, 'utf8').split('\n');
    if (sockets.some((line) => line.includes(ear) && line.includes(' 0A '))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`lab: nothing listens on port ${port} of ${host.name}`);
}
