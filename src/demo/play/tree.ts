/** The files and directories of a played host: links are followed, parents of what is there are there. */
import { fileOf, type Machine } from '../file/machine.js';
import { generatedFiles } from './proc.js';

/** Directories that every Linux host has. */
const USUAL = [
  '/',
  '/bin',
  '/etc',
  '/home',
  '/opt',
  '/proc',
  '/root',
  '/sys',
  '/tmp',
  '/usr',
  '/usr/bin',
  '/usr/local',
  '/var',
];
const MAX_LINKS = 40;

/** What is at a path; `mode` is octal with a leading zero. */
export type Entry = { kind: 'directory'; mode: string; owner: number } | ({ kind: 'file' } & ReturnType<typeof fileOf>);

/** The path with every link in it followed, whether or not anything is there. */
export function resolve(machine: Machine, path: string): string {
  let left = MAX_LINKS;
  const rest = path.split('/').reverse();
  let at = '';
  while (rest.length > 0) {
    const name = rest.pop();
    if (name === undefined || name === '' || name === '.') continue;
    if (name === '..') {
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
      continue;
    }
    const target = machine.links[`${at}/${name}`];
    left -= 1;
    if (target === undefined || left <= 0) {
      at = `${at}/${name}`;
      continue;
    }
    at = '';
    rest.push(...target.split('/').reverse());
  }
  return at === '' ? '/' : at;
}

/** What is at a path, links followed; undefined when nothing is. */
export function lookUp(machine: Machine, path: string): Entry | undefined {
  const real = resolve(machine, path);
  const played = machine.files[real];
  if (played !== undefined) return { kind: 'file', ...fileOf(played, machine.clockOffsetMs) };
  const generate = generatedFiles[real];
  if (generate) return { kind: 'file', ...fileOf(generate(machine)) };
  const inside = real === '/' ? '/' : `${real}/`;
  const { files, links, filesystems, directories = {} } = machine;
  const places = [files, generatedFiles, links, filesystems, directories].flatMap((table) => Object.keys(table));
  const isDirectory =
    USUAL.includes(real) ||
    places.some((place) => place.startsWith(inside)) ||
    real in filesystems ||
    real in directories;
  return isDirectory ? { kind: 'directory', mode: '0755', owner: 0, ...directories[real] } : undefined;
}

/** The number that stat prints of a path: of a network file system the server's, which is the same on every host. */
export function inodeOf(machine: Machine, path: string): number {
  const mount = mountPointOf(machine, path) ?? '/';
  const { device = '', number = '' } = machine.filesystems[mount] ?? {};
  const inside = resolve(machine, path).slice(mount.length === 1 ? 0 : mount.length);
  const seen = `${device.startsWith('/dev/') ? number : device}${inside}`;
  return [...seen].reduce((hash, char) => (hash * 31 + (char.codePointAt(0) ?? 0)) % 2 ** 31, 128);
}

/** The mount point whose file system holds a path. */
export function mountPointOf(machine: Machine, path: string): string | undefined {
  const real = resolve(machine, path);
  return Object.keys(machine.filesystems)
    .filter((mount) => mount === '/' || real === mount || real.startsWith(`${mount}/`))
    .sort((a, b) => b.length - a.length)[0];
}
