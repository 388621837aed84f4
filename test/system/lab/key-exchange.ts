/** The keys of a pair, exchanged as the product does it: its shell's user logs in to the peer as another user. */
import { chownSync } from 'node:fs';
import { must } from './command.js';
import type { LabHost } from './host.js';
import { productUsers } from './product.js';

/** The user that a peer's key logs in as, and where the host keeps what that takes. */
export const replicationLogin = { name: 'alationadmin', uid: productUsers.alationadmin, home: '/home/alationadmin' };

/** The peer's public key in the replication login's own list. */
export const authorizedKeys = `${replicationLogin.home}/.ssh/authorized_keys`;

/** A file of the product shell's user, in the folder of its keys; the path is the host's. */
export function keyFile(host: LabHost, name: 'replication_rsa' | 'known_hosts'): string {
  return `${host.layout.chroot}/home/alation/.ssh/${name}`;
}

/** Makes each host's key, lets it in on the other, and lets it know the other's host keys. */
export async function exchangeKeys(ends: { host: LabHost; hostKeys: string[] }[]): Promise<void> {
  await Promise.all(ends.map(({ host }) => makeKey(host)));
  for (const { host } of ends) {
    const peer = ends.find((end) => end.host !== host);
    if (!peer) throw new Error('lab: a key exchange takes two hosts');
    const lines = peer.hostKeys.map((key) => `${peer.host.address} ${key}\n`).join('');
    host.write(keyFile(host, 'known_hosts'), lines, { mode: 0o600, uid: productUsers.alation });
    const key = peer.host.read(`${keyFile(peer.host, 'replication_rsa')}.pub`);
    host.write(authorizedKeys, key, { mode: 0o600, uid: replicationLogin.uid });
    host.write(`${replicationLogin.home}/.bashrc`, '', { uid: replicationLogin.uid });
    for (const folder of ['', '/.ssh']) {
      chownSync(host.path(replicationLogin.home + folder), replicationLogin.uid, replicationLogin.uid);
    }
  }
}

async function makeKey(host: LabHost): Promise<void> {
  const file = keyFile(host, 'replication_rsa');
  const folder = `${host.layout.chroot}/home/alation/.ssh`;
  host.write(`${folder}/config`, '', { uid: productUsers.alation });
  await must(['ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', host.name, '-f', host.path(file)]);
  for (const path of [folder, file, `${file}.pub`]) {
    chownSync(host.path(path), productUsers.alation, productUsers.alation);
  }
}
