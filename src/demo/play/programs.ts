/** The programs of a played operating system: what each prints for its words. */

import { bytesOf, type Machine } from '../file/machine.js';
import { type Answer, fails, says, together } from './answer.js';
import { openssl } from './certificates.js';
import { curl } from './curl.js';
import { find } from './listing.js';
import { ipAddresses, listeningSockets6 } from './network.js';
import { ping, ssh } from './peers.js';
import { allows, id, test } from './permissions.js';
import { psql } from './postgres.js';
import { onHost, type Program, type Runner } from './runner.js';
import { inodeOf, lookUp, mountPointOf, resolve } from './tree.js';

/** Programs by name; a word that is not played as asked is refused as the real one refuses an unknown option. */
export const programs: Record<string, Program> = {
  true: () => says(''),
  false: () => ({ ...says(''), exit: 1 }),
  cat: (words, runner) => together(operands(words).map((path) => cat(path, runner))),
  curl,
  date: ([format], { machine }) => date(format, machine),
  df,
  find,
  hostname: (_, { machine }) => says(`${machine.hostname}\n`),
  id,
  ip: (words, { machine }) =>
    /^-4 -o addr( show)?$/.test(words.join(' ')) ? says(ipAddresses(machine)) : usage('ip', words[0]),
  openssl,
  ping,
  nproc: (_, { machine }) => says(`${machine.processors}\n`),
  ps: (words, { machine }) =>
    words.join(' ') === '-e -o pid= -o args=' ? says(processes(machine)) : usage('ps', words[0]),
  psql,
  readlink: (words, runner) => readlink(words, runner),
  ssh,
  ss: (words, { machine }) =>
    words.join(' ') === '-6 -l -n -t -e' ? says(listeningSockets6(machine)) : usage('ss', words[0]),
  stat: (words, runner) => stat(words, runner),
  // Whoever may enter a product's shell does so before any program is looked for.
  su: (words) =>
    fails(`su: user ${words.at(-3)} does not exist or the user entry does not contain all the required fields`),
  test,
  uname: ([option], { machine }) => {
    const parts: Record<string, string> = {
      '-m': machine.architecture,
      '-r': machine.kernelRelease,
      '-n': machine.hostname,
      '-s': 'Linux',
    };
    const part = parts[option ?? '-s'];
    return part === undefined ? usage('uname', option) : says(`${part}\n`);
  },
};

function usage(program: string, option = ''): Answer {
  return fails(`${program}: unrecognized option '${option}'`, 2);
}

function date(format: string | undefined, { clockOffsetMs = 0, timezone = 'UTC +0000' }: Machine): Answer {
  const now = Date.now() + clockOffsetMs;
  const seconds = Math.floor(now / 1000);
  if (format === '+%s') return says(`${seconds}\n`);
  if (format === '+%s%N') return says(`${seconds}${String(now % 1000).padStart(3, '0')}000000\n`);
  return format === '+%Z %z' ? says(`${timezone}\n`) : usage('date', format);
}

function operands(words: string[]): string[] {
  return words.filter((word) => !word.startsWith('-'));
}

function missing(program: string, path: string): Answer {
  return fails(`${program}: ${path}: No such file or directory`);
}

function cat(path: string, runner: Runner): Answer {
  const entry = lookUp(runner.machine, onHost(path, runner));
  if (!entry) return missing('cat', path);
  if (entry.kind === 'directory') return fails(`cat: ${path}: Is a directory`);
  return allows(onHost(path, runner), 'r', runner) ? says(entry.text) : fails(`cat: ${path}: Permission denied`);
}

/** `df -P -k PATH...` */
export function df(words: string[], runner: Runner): Answer {
  const { machine } = runner;
  const options = words.filter((word) => word.startsWith('-')).join(' ');
  if (!/^(-P -k|-k -P|-Pk|-kP)$/.test(options)) return usage('df', options);
  const answers = operands(words).map((path) => {
    const mount = lookUp(machine, onHost(path, runner)) && mountPointOf(machine, onHost(path, runner));
    const system = mount === undefined ? undefined : machine.filesystems[mount];
    if (!mount || !system) return missing('df', path);
    const kib = (size: number | string) => Math.floor(bytesOf(size) / 1024);
    // A file system keeps some of its device for its own tables.
    const total = Math.floor(kib(system.deviceBytes) * 0.98);
    const free = Math.min(kib(system.freeBytes), total);
    const percent = Math.ceil(((total - free) / Math.max(total, 1)) * 100);
    return says(`${system.device} ${total} ${total - free} ${free} ${percent}% ${mount}\n`);
  });
  const table = together(answers);
  const heading = 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n';
  return table.stdout === '' ? table : { ...table, stdout: heading + table.stdout };
}

function processes(machine: Machine): string {
  const lines = Object.values(machine.processes).map(
    (args, index) => `${String(1200 + index * 17).padStart(7)} ${args}\n`,
  );
  return `${'1'.padStart(7)} /usr/lib/systemd/systemd --switched-root --system\n${lines.join('')}`;
}

/** Like the real one, silent where all but the last part of the path must be there. */
function readlink(words: string[], runner: Runner): Answer {
  const [path, ...more] = operands(words);
  if (words[0] !== '-f' || path === undefined || more.length > 0) return usage('readlink', words[0]);
  const real = resolve(runner.machine, onHost(path, runner));
  const parent = real.slice(0, Math.max(1, real.lastIndexOf('/')));
  if (lookUp(runner.machine, parent)?.kind !== 'directory') return { ...says(''), exit: 1 };
  return says(`${runner.root !== '/' && real.startsWith(`${runner.root}/`) ? real.slice(runner.root.length) : real}\n`);
}

function stat(words: string[], runner: Runner): Answer {
  const [follow, option, format, path] = words;
  if (follow !== '-L' || option !== '-c' || format === undefined || path === undefined) return usage('stat', follow);
  const entry = lookUp(runner.machine, onHost(path, runner));
  if (!entry) return fails(`stat: cannot statx '${path}': No such file or directory`);
  const isFile = entry.kind === 'file';
  const size = isFile ? Buffer.byteLength(entry.text) : 4096;
  const values: Record<string, string | number> = {
    s: size,
    Y: isFile ? entry.modifiedAt : 1_760_000_000,
    i: inodeOf(runner.machine, onHost(path, runner)),
    u: entry.owner,
    g: entry.owner,
    a: entry.mode.replace(/^0/, ''),
    F: isFile ? (size === 0 ? 'regular empty file' : 'regular file') : 'directory',
    n: path,
  };
  return says(`${format.replace(/%(\w)/g, (_, letter: string) => String(values[letter] ?? '?'))}\n`);
}
