/** What the lab needs of the machine. */
import { accessSync, constants } from 'node:fs';
import { run } from './command.js';
import { postgresPrograms } from './pair/programs.js';

const programs = {
  sshd: 'openssh-server',
  'ssh-keygen': 'openssh-client',
  rsync: 'rsync',
  ip: 'iproute2',
  nft: 'nftables',
  sudo: 'sudo',
  'mkfs.ext4': 'e2fsprogs',
  losetup: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  perl: 'perl-base',
  ping: 'iputils-ping',
  tmux: 'tmux',
};

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function installed(program: string): boolean {
  return folders.some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const pairPrograms = { curl: 'curl', openssl: 'openssl' };

/** Why a replicating pair cannot run in the lab of this machine; undefined when it can. */
export async function whyNoPair(): Promise<string | undefined> {
  if (postgresPrograms() === undefined) return 'missing programs: a PostgreSQL server (package postgresql)';
  return missing(pairPrograms) ?? (await whyNoLab());
}

function missing(needed: Record<string, string>): string | undefined {
  const gone = Object.entries(needed).filter(([program]) => !installed(program));
  if (gone.length === 0) return undefined;
  return `missing programs: ${gone.map(([program, debian]) => `${program} (package ${debian})`).join(', ')}`;
}

/** Why the lab cannot run on this machine; undefined when it can. */
export async function whyNoLab(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'the lab needs Linux';
  if (process.getuid?.() !== 0) return 'the lab needs root';
  const gone = missing(programs);
  if (gone !== undefined) return gone;
  const mounts = 'd=$(mktemp -d) && mount -t tmpfs t "$d" && mkdir "$d/u" "$d/w" "$d/m" && mount -t overlay -o ';
  const overlay = `${mounts}"lowerdir=/usr,upperdir=$d/u,workdir=$d/w" o "$d/m" && umount "$d/m" "$d" && rmdir "$d"`;
  const namespaces = await run([
    'unshare',
    '--mount',
    '--net',
    '--uts',
    '--ipc',
    '--pid',
    '--fork',
    'sh',
    '-c',
    overlay,
  ]);
  if (namespaces.code !== 0) return `namespaces or overlay mounts are not allowed here: ${namespaces.stderr.trim()}`;
  const loops = await run(['losetup', '--find']);
  if (loops.code !== 0) return `no loop devices: ${loops.stderr.trim()}`;
  return undefined;
}
