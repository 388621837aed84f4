/** The proof that nothing was written: a manifest of every file system of a host before, and after. */
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { LabHost } from './host.js';

/** What the operating system itself writes when somebody logs in or uses sudo; everything else counts. */
const systemsOwn = [
  '/var/log/auth.log',
  '/var/log/wtmp',
  '/var/log/btmp',
  '/var/log/lastlog',
  '/var/log/journal',
  '/run/utmp',
  '/run/sudo/ts',
  '/var/lib/sudo/lectured',
];

/** Path of the host to everything about the file that a write would change. */
export type Manifest = ReadonlyMap<string, string>;

const memory = ['/run', '/tmp', '/dev', '/dev/shm'];

/** Lists what the host's own file systems hold: the overlay's upper layer, its disks, its tmpfs mounts. */
export function manifestOf(host: LabHost): Manifest {
  return listed(host, entry);
}

/** The same without when a file was written and where it lies, and without what is as on the machine below. */
export function contentsOf(host: LabHost): Manifest {
  const content = (path: string, stat: BigIntStats) => {
    const { mode, uid, gid } = stat;
    return [mode.toString(8), uid, gid, contentOf(path, stat)].join(' ');
  };
  const manifest = listed(host, content);
  const own = [...manifest].filter(([path, said]) => {
    const below = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return !below || content(path, below) !== said;
  });
  return new Map(own);
}

type Entry = (path: string, stat: BigIntStats) => string;

function listed(host: LabHost, entryFor: Entry): Manifest {
  const manifest = new Map<string, string>();
  walk(host, host.private('upper'), '', manifest, entryFor);
  for (const mount of [...Object.keys(host.disks), ...memory]) {
    walk(host, host.path(mount), mount, manifest, entryFor);
  }
  return manifest;
}

/** Paths that are new, gone or changed, in order; a folder counts when an entry came or went. */
export function differences(before: Manifest, after: Manifest): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path) && !isSystemsOwn(path)).sort();
}

function isSystemsOwn(path: string): boolean {
  return systemsOwn.some((own) => path === own || path.startsWith(`${own}/`));
}

/** What the manifest of the host holds of one path now; undefined when there is nothing. */
export function entryOf(host: LabHost, file: string): string | undefined {
  const mounted = [...Object.keys(host.disks), ...memory].some(
    (mount) => file === mount || file.startsWith(`${mount}/`),
  );
  const path = mounted ? host.path(file) : host.private(`upper${file}`);
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && entry(path, stat);
}

function entry(path: string, stat: BigIntStats): string {
  const { mode, uid, gid, size, ino, mtimeNs, ctimeNs } = stat;
  return [mode.toString(8), uid, gid, size, ino, mtimeNs, ctimeNs, contentOf(path, stat)].join(' ');
}

/** From this size on a file lies on a disk of the host's, whose ext4 notes the time of every write, one by mmap too. */
const large = 256n * 1024n;

const hashes = new Map<string, string>();

/** What a link leads to, or a hash of what a file holds: a large one is read again only when the kernel says that it may have changed. */
function contentOf(path: string, stat: BigIntStats): string {
  if (stat.isSymbolicLink()) return readlinkSync(path);
  if (!stat.isFile()) return '';
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex');
  if (size < large) return hash();
  const key = [path, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  const known = hashes.get(key);
  if (known !== undefined) return known;
  // Another write in the same tick of the kernel's clock would carry the same times: what is that young is not kept.
  const old = BigInt(Date.now() - 1000) * 1_000_000n > ctimeNs;
  const made = hash();
  if (old) hashes.set(key, made);
  return made;
}

function walk(host: LabHost, outside: string, inside: string, manifest: Map<string, string>, entryFor: Entry): void {
  const { dev } = lstatSync(outside);
  const pending = [{ outside, inside }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (host.written.has(next.inside)) continue;
    const stat = lstatSync(next.outside, { bigint: true, throwIfNoEntry: false });
    // What is mounted below is a file system of its own: listed above, or read-only.
    if (!stat || stat.dev !== BigInt(dev)) continue;
    manifest.set(next.inside || '/', entryFor(next.outside, stat));
    if (!stat.isDirectory()) continue;
    for (const name of readdirSync(next.outside)) {
      pending.push({ outside: `${next.outside}/${name}`, inside: `${next.inside}/${name}` });
    }
  }
}
