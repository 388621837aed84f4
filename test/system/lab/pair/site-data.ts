/** The files of the site: a Primary's, the Secondary's copy of them, and what the copy may miss. */
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { must, type Ran } from '../command.js';
import type { LabHost } from '../host.js';
import { keyFile, replicationLogin } from '../key-exchange.js';
import type { Lab } from '../lab.js';
import { productUsers } from '../product.js';
import { asService } from './server.js';

/** What is copied: as the login on the Primary sees it (the host's own sshd), and as the Secondary's shell sees it. */
export const syncPath = { remote: '/data/site_data', local: '/data1/site_data' };

const onHost = syncPath.remote;
const dayMs = 86_400_000;

/** The whole second that lies so long ago: rsync compares seconds, and a fraction may be rounded up into the next one. */
const secondAgo = (ageMs: number) => Math.floor((Date.now() - ageMs) / 1000);

/** Writes the Primary's files, some days old. */
export async function writeSite(host: LabHost): Promise<void> {
  const uid = productUsers.alation;
  for (let index = 0; index < 24; index++) {
    host.write(`${onHost}/pages/${index % 3}/page ${index}.txt`, `page ${index}\n`.repeat(index + 1), { uid });
  }
  await must(['chown', '-R', `${uid}:${uid}`, host.path(onHost)]);
  await must(['find', host.path(onHost), '-exec', 'touch', '-d', `@${secondAgo(3 * dayMs)}`, '{}', '+']);
}

/** Lets the Secondary copy the Primary's files as its product does every minute, or rehearse it with more options. */
export function copySite(lab: Lab, ...options: string[]): Promise<Ran> {
  const { secondary, primary } = lab;
  const key = keyFile(secondary, 'replication_rsa').slice(secondary.layout.chroot.length);
  const shell = `ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -i ${key}`;
  const from = `${replicationLogin.name}@${primary.address}:${syncPath.remote}/`;
  const words = ['rsync', '--archive', '--delete', '-e', shell, ...options, from, `${syncPath.local}/`];
  return secondary.exec(asService(secondary, words));
}

/** Makes the Secondary's copy, for the first time. */
export async function firstCopy(lab: Lab): Promise<void> {
  const { alation } = productUsers;
  await must(['chown', '-R', `${alation}:${alation}`, lab.secondary.path(onHost)]);
  const ran = await copySite(lab);
  if (ran.code !== 0) throw new Error(`lab: the site's files were not copied: ${ran.stderr}`);
}

/** How many files of each kind the Primary has that the Secondary's copy lacks. */
export interface Missing {
  /** New since yesterday. */
  added?: number;
  /** Changed since yesterday. */
  changed?: number;
  /** New since a moment ago: the copying of every minute has not had its turn. */
  fresh?: number;
}

/** Puts the files out of sync; gives the names of what differs, below the copied folder. */
export function changeFiles({ primary }: Lab, { added = 0, changed = 0, fresh = 0 }: Missing): string[] {
  const names = (count: number, name: (index: number) => string) => Array.from({ length: count }, (_, at) => name(at));
  const old = [
    ...names(added, (at) => `pages/added ${at}`),
    ...names(changed, (at) => `pages/${at % 3}/page ${at}.txt`),
  ];
  for (const name of old) replace(primary, `${onHost}/${name}`, dayMs);
  const young = names(fresh, (at) => `pages/fresh ${at}`);
  for (const name of young) replace(primary, `${onHost}/${name}`, 0);
  return [...old, ...young].sort();
}

function replace(host: LabHost, file: string, ageMs: number): void {
  const path = host.path(file);
  const folder = file.slice(0, file.lastIndexOf('/'));
  const before = existsSync(path) ? { text: readFileSync(path, 'utf8'), times: statSync(path) } : undefined;
  const { mtime } = statSync(host.path(folder));
  host.write(file, 'changed on the Primary\n', { uid: productUsers.alation });
  const then = secondAgo(ageMs);
  utimesSync(path, then, then);
  host.undo.push(() => {
    if (before) {
      host.rewrite(file, before.text);
      utimesSync(path, before.times.atime, before.times.mtime);
    } else {
      host.remove(file);
    }
    utimesSync(host.path(folder), mtime, mtime);
  });
}
