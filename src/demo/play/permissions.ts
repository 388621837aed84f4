/** Who may do what with the files of a played host, and the programs that tell: test, ls along a path, id. */

import type { Machine } from '../file/machine.js';
import { type Answer, fails, says } from './answer.js';
import { onHost, type Runner } from './runner.js';
import { type Entry, lookUp, mountPointOf, resolve } from './tree.js';

const BITS = { r: 4, w: 2, x: 1 } as const;

/** Whether access(2) would allow it on a path of the host: root everything but to write where the mount is read-only. */
export function allows(
  path: string,
  letter: keyof typeof BITS,
  runner: Pick<Runner, 'machine' | 'user' | 'uid'>,
): boolean {
  const { machine, user, uid } = runner;
  const entry = lookUp(machine, path);
  if (!entry || (letter === 'w' && isReadOnly(machine, path))) return false;
  if (uid === 0) return letter !== 'x' || entry.kind === 'directory' || /[1357]/.test(entry.mode);
  const groups = [uid, ...(machine.users?.[user]?.groups ?? [])];
  const granted = ({ mode, owner }: Entry, bit: number) => {
    const whose = uid === owner ? 6 : groups.includes(owner) ? 3 : 0;
    return ((Number.parseInt(mode, 8) >> whose) & bit) !== 0;
  };
  return granted(entry, BITS[letter]) && wayTo(machine, path).every((directory) => granted(directory, BITS.x));
}

function isReadOnly(machine: Machine, path: string): boolean {
  const { options = 'rw' } = machine.filesystems[mountPointOf(machine, path) ?? ''] ?? {};
  return /^ro(,|$)/.test(options);
}

/** The directories before the end of a path, from the root on, links followed. */
function wayTo(machine: Machine, path: string): (Entry & { path: string })[] {
  const parts = resolve(machine, path).split('/').slice(1, -1);
  const paths = ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
  return paths.flatMap((directory) => {
    const entry = lookUp(machine, directory);
    return entry ? [{ path: directory, ...entry }] : [];
  });
}

/** `test -w PATH` and its like: no words, an exit status alone. */
export function test([option = '', path = '', ...more]: string[], runner: Runner): Answer {
  const real = onHost(path, runner);
  const kind = lookUp(runner.machine, real)?.kind;
  const answers: Record<string, () => boolean> = {
    '-e': () => kind !== undefined,
    '-f': () => kind === 'file',
    '-d': () => kind === 'directory',
    '-r': () => allows(real, 'r', runner),
    '-w': () => allows(real, 'w', runner),
    '-x': () => allows(real, 'x', runner),
  };
  const asked = answers[option];
  if (!asked || more.length > 0) return fails(`test: ${option}: unary operator expected`, 2);
  return { ...says(''), exit: asked() ? 0 : 1 };
}

/** Plays the engine's script that tells of everything on the way to a path. */
export function playPermissions([path = '']: string[], runner: Runner): Answer {
  const { machine } = runner;
  const real = resolve(machine, onHost(path, runner));
  const end = lookUp(machine, real);
  const seen = [...wayTo(machine, real), ...(end && real !== '/' ? [{ path: real, ...end }] : [])];
  const lines = seen.map((one) => {
    const [type, bytes] = one.kind === 'file' ? ['-', Buffer.byteLength(one.text)] : ['d', 4096];
    return `at ${one.path}\n${type}${lettersOf(one.mode)} 1 ${one.owner} ${one.owner} ${bytes} Jan  5 09:12 ${one.path}\n`;
  });
  const told = `marks\n${lines.join('')}`;
  if (end) return says(`${told}end\n`);
  return { ...fails(`ls: cannot access '${real}': No such file or directory`), stdout: `${told}at ${real}\n` };
}

/** `0640` as ls writes it. */
function lettersOf(mode: string): string {
  const letters = (digit: string) => [...'rwx'].map((letter, at) => ((Number(digit) & (4 >> at)) === 0 ? '-' : letter));
  return [...mode.slice(-3)].flatMap(letters).join('');
}

/** `id -un`, `id -u [USER]` and `id -G USER`. */
export function id([option = '', name]: string[], { machine, user, uid }: Runner): Answer {
  if (!['-un', '-u', '-G'].includes(option)) return fails(`id: unrecognized option '${option}'`, 2);
  const known = new Map([
    ['root', 0],
    [user, uid],
    ...Object.values(machine.contexts).map((context) => [context.user, context.uid] as const),
    ...Object.entries(machine.users ?? {}).map(([other, one]) => [other, one.uid] as const),
  ]);
  const asked = name ?? user;
  const number = known.get(asked);
  if (number === undefined) return fails(`id: '${asked}': no such user`);
  if (option === '-un') return says(`${asked}\n`);
  const groups = option === '-G' ? (machine.users?.[asked]?.groups ?? []) : [];
  return says(`${[number, ...groups].join(' ')}\n`);
}
