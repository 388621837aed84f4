/**
 * The shared file system: a directory of a file server, mounted over the network by sshfs, which the product's document names beside
 * NFS and Samba. This kernel may lack both of those; it is a real network mount with the file server's own space and permissions.
 */
import { chownSync, mkdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { must } from '../lab/command.js';
import { Daemon } from '../lab/daemon.js';
import type { LabHost } from '../lab/host.js';
import { runtime, user } from './configuration.js';

/** What the file server exports, and where an instance keeps its key for it. */
export const exported = '/srv/a4c';
const keyFile = '/etc/a4c-share.key';
const knownHosts = '/etc/a4c-share.known';

/** Lets the instances in on the file server. Before `boot`. */
export function writeExport(server: LabHost, publicKey: string): void {
  const home = `/home/${user.name}`;
  server.write(`${home}/.ssh/authorized_keys`, publicKey, { mode: 0o600, uid: user.uid });
  for (const folder of [home, `${home}/.ssh`, exported]) chownSync(server.path(folder), user.uid, user.uid);
}

/** Gives an instance what it takes to mount. Before `boot`. */
export function writeMount(host: LabHost, key: string, server: LabHost, serverKeys: readonly string[]): void {
  host.write(keyFile, key, { mode: 0o600 });
  host.write(knownHosts, serverKeys.map((one) => `${server.address} ${one}\n`).join(''));
  mkdirSync(host.path(runtime), { recursive: true });
  chownSync(host.path(runtime), user.uid, user.uid);
}

/** Mounts the share on a running instance. */
export async function mount(
  host: LabHost,
  server: LabHost,
  { readOnly = false, directory = exported } = {},
): Promise<void> {
  if ((await host.exec(['test', '-e', '/dev/fuse'])).code !== 0)
    await must(host.inside(['mknod', '-m', '666', '/dev/fuse', 'c', '10', '229']));
  const ssh = [
    `IdentityFile=${keyFile}`,
    `UserKnownHostsFile=${knownHosts}`,
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
  ];
  const options = ['allow_other', 'default_permissions', ...(readOnly ? ['ro'] : []), ...ssh].join(',');
  const source = `${user.name}@${server.address}:${directory}`;
  // Caches would show an instance yesterday's space.
  const words = [
    'sshfs',
    '-f',
    '-F',
    '/dev/null',
    '-o',
    options,
    '-o',
    'dir_cache=no,attr_timeout=0,entry_timeout=0',
    source,
    runtime,
  ];
  const sshfs = new Daemon(host.inside(words));
  host.processes.set('sshfs', sshfs);
  for (let tries = 0; tries < 250; tries++) {
    if ((await host.exec(['mountpoint', '-q', runtime])).code === 0) return;
    await Promise.race([sshfs.exited, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  throw new Error(`cluster: sshfs did not mount ${source} on ${host.name}`);
}

/** Takes the share away: the directory below it is there, and is the instance's own. */
export async function unmount(host: LabHost): Promise<void> {
  await must(host.inside(['umount', runtime]));
  await host.processes.get('sshfs')?.exited;
}

/** How many bytes a user of the host may still write below a directory; 0 where it may not write at all. */
export function roomFor(host: LabHost, uid: number, directory: string): number {
  // What is mounted in the running host is seen by its first process.
  const path = `/proc/${host.init}/root${directory}`;
  const mounts = readFileSync(`/proc/${host.init}/mountinfo`, 'utf8').split('\n');
  const [options = ''] = mounts
    .map((line) => line.split(' '))
    .flatMap((line) => (line[4] === directory ? [line[5]] : []));
  const stat = statSync(path);
  const writable = stat.uid === uid ? stat.mode & 0o200 : stat.mode & 0o002;
  if (options.split(',').includes('ro') || !writable) return 0;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
