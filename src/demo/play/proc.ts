/** The files that a played host's kernel writes: /proc, and the identity files beside it. */
import { bytesOf, type Machine, type PlayedFilesystem } from '../file/machine.js';
import { fibTrie, sockets } from './network.js';

/** Generated files, by path; demo.yaml's own `files` stand before them. */
export const generatedFiles: Record<string, (machine: Machine) => string> = {
  '/etc/hostname': ({ hostname }) => `${hostname}\n`,
  '/etc/machine-id': ({ machineId }) => `${machineId}\n`,
  '/proc/meminfo': meminfo,
  '/proc/net/fib_trie': fibTrie,
  '/proc/net/tcp': (machine) => sockets(machine, 4),
  '/proc/net/tcp6': (machine) => sockets(machine, 6),
  '/proc/partitions': partitions,
  '/proc/self/mountinfo': mountinfo,
  '/proc/stat': stat,
  '/proc/sys/kernel/osrelease': ({ kernelRelease }) => `${kernelRelease}\n`,
  '/proc/sys/kernel/random/boot_id': ({ bootId }) => `${bootId}\n`,
};

function meminfo({ memory }: Machine): string {
  const kib = Math.floor(bytesOf(memory) / 1024);
  const line = (name: string, value: number) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;
  return line('MemTotal', kib) + line('MemFree', Math.floor(kib / 2)) + line('MemAvailable', Math.floor(kib * 0.7));
}

function stat({ processors }: Machine): string {
  const numbers = '4705 150 1120 16250 520 0 17 0 0 0';
  const each = Array.from({ length: processors }, (_, index) => `cpu${index} ${numbers}\n`);
  return `cpu  ${numbers}\n${each.join('')}intr 114930\nctxt 1990473\nbtime 1760000000\nprocesses 2915\nprocs_running 1\nprocs_blocked 0\n`;
}

function partitions({ filesystems }: Machine): string {
  const lines = Object.values(filesystems)
    .filter(({ device }) => device.startsWith('/dev/'))
    .map(({ device, number, deviceBytes }) => {
      const [major = '', minor = ''] = number.split(':');
      const kib = Math.floor(bytesOf(deviceBytes) / 1024);
      return `${major.padStart(4)} ${minor.padStart(8)} ${String(kib).padStart(10)} ${device.slice('/dev/'.length)}\n`;
    });
  return `major minor  #blocks  name\n\n${lines.join('')}`;
}

/** Each mount lies on the mount that holds its point; the root comes first. */
function mountinfo({ filesystems }: Machine): string {
  const points = Object.keys(filesystems).sort((a, b) => a.length - b.length);
  const idOf = (point: string) => 21 + points.indexOf(point);
  return points
    .map((point, index) => {
      const { number, type, device, options = 'rw' } = filesystems[point] as PlayedFilesystem;
      const below = points.findLast((one) => one !== point && (one === '/' || point.startsWith(`${one}/`)));
      const own = /^ro(,|$)/.test(options) ? 'ro' : 'rw';
      return `${idOf(point)} ${below === undefined ? 1 : idOf(below)} ${number} / ${point.replaceAll(' ', '\\040')} ${own},relatime shared:${index + 1} - ${type} ${device} ${options}\n`;
    })
    .join('');
}
