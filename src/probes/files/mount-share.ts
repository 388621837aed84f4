/** What another machine serves at a mount point: the kinds of file systems, and the server and directory in a mount's source. Pure. */
import { isIP, isIPv6 } from 'node:net';
import { isWithin, type MountEntry } from './mount-table.js';

/**
 * `network`: a server gives it to several hosts. `cluster`: several hosts use one disk at a time. `local`: this host alone.
 * `undecided`: its type does not tell.
 */
type Sharing = 'network' | 'cluster' | 'local' | 'undecided';

const kinds: Record<Exclude<Sharing, 'undecided'>, string> = {
  network:
    'nfs nfs4 cifs smb3 smbfs glusterfs fuse.glusterfs ceph fuse.ceph fuse.ceph-fuse lustre beegfs fuse.sshfs afs ' +
    'orangefs pvfs2 fuse.mfs fuse.moosefs fuse.lizardfs fuse.s3fs fuse.juicefs fuse.davfs davfs ncpfs coda',
  cluster: 'gpfs ocfs2 gfs gfs2',
  // An overlay is written in its upper directory, which no network file system can be.
  local:
    'ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs vfat msdos exfat ntfs ntfs3 hfsplus iso9660 udf squashfs erofs ' +
    'tmpfs ramfs rootfs devtmpfs overlay proc sysfs cgroup cgroup2 devpts mqueue hugetlbfs securityfs debugfs tracefs',
};

/** What a file system's type tells of who else uses it. */
export function sharingOf(type: string): Sharing {
  const [kind] = Object.entries(kinds).find(([, types]) => types.split(' ').includes(type)) ?? [];
  return (kind as Sharing | undefined) ?? 'undecided';
}

/** A directory on a server, as a client names it. */
interface Share {
  server: string;
  /** The address that the client really talks to, where the mount's options tell it. */
  serverAddress?: string;
  export: string;
  /** The looked-at directory, by its path on the server. */
  remotePath: string;
  /** Equal on two hosts when both name the same directory of the same server in the same words; names are not resolved. */
  identity: string;
}

/** How a source names server and directory, by the family of file systems. */
const forms: { family: string; types: RegExp; source: RegExp; folded?: true }[] = [
  { family: 'nfs', types: /^nfs4?$/, source: /^(\[[^\]/]+\]|[^:/]+):(\/.*)$/ },
  { family: 'smb', types: /^(cifs|smb3|smbfs)$/, source: /^\/\/([^/]+)(\/.+)$/, folded: true },
  { family: 'glusterfs', types: /^(fuse\.)?glusterfs$/, source: /^([^:/]+):\/?([^:/][^:]*)$/ },
  { family: 'ceph', types: /^(ceph|fuse\.ceph|fuse\.ceph-fuse)$/, source: /^([^/=]+)[:=](\/.*)$/ },
  { family: 'lustre', types: /^lustre$/, source: /^(.+):(\/.+)$/ },
  { family: 'sshfs', types: /^fuse\.sshfs$/, source: /^(\[[^\]/]+\]|[^:/]+):(\/.*)$/ },
];

/** The share that a path lies in; undefined where the source names none. */
export function shareOf(mount: MountEntry, path: string): Share | undefined {
  const form = forms.find(({ types }) => types.test(mount.type));
  const found = form?.source.exec(mount.source.replaceAll('\\', '/'));
  if (!form || !found) return undefined;
  const [, host = '', directory = ''] = found;
  const server = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  const seen = clean(`/${form.folded ? directory.toLowerCase() : directory}`);
  // Of SMB it is not sure whether the source names the part that is mounted or the whole, so the directory is not known.
  if (form.family === 'smb' && mount.root !== '/') return undefined;
  const shared = clean(`${seen}/${mount.root}`);
  const remotePath = clean(`${shared}/${inside(path, mount.mountPoint)}`);
  const address = mount.options.find((option) => option.startsWith('addr='))?.slice('addr='.length);
  // A proxy on the host itself (a tunnel of TLS) stands between, and where it leads to is not said.
  if (isLoopback(server) || isLoopback(address ?? '')) return undefined;
  return {
    server,
    ...(isIP(address ?? '') !== 0 && { serverAddress: address ?? '' }),
    export: shared,
    remotePath,
    identity: `${form.family}://${isIPv6(server) ? `[${server}]` : server}${remotePath}`,
  };
}

function isLoopback(server: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0)$/.test(server);
}

function inside(path: string, mountPoint: string): string {
  return isWithin(path, mountPoint) ? path.slice(mountPoint.length) : '';
}

function clean(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
