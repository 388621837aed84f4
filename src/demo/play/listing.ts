/** Programs of a played host that look through directories: find, as its newest file is asked for, and the engine's scripts around find and du. */

import { bytesOf, fileOf, type Machine } from '../file/machine.js';
import { type Answer, fails, says } from './answer.js';
import { onHost, type Runner } from './runner.js';
import { lookUp, resolve } from './tree.js';

/** `find DIRECTORY/ -maxdepth 1 -type f -name PATTERN -exec stat -c '%Y %s %n' {} +`, and nothing else. */
export function find([directory = '', ...words]: string[], runner: Runner): Answer {
  const { machine } = runner;
  const pattern = /^-maxdepth 1 -type f -name (\S+) -exec stat -c %Y %s %n \{\} \+$/.exec(words.join(' '))?.[1];
  if (pattern === undefined) return fails(`find: unknown predicate '${words[0] ?? ''}'`);
  const entry = lookUp(machine, onHost(directory, runner));
  if (!entry) return fails(`find: '${directory}': No such file or directory`);
  if (entry.kind === 'file') return fails(`find: '${directory}': Not a directory`);
  const inside = `${resolve(machine, onHost(directory, runner)).replace(/\/$/, '')}/`;
  const named = namedBy(pattern);
  const lines = Object.keys(machine.files)
    .filter(
      (path) =>
        path.startsWith(inside) && named.test(path.slice(inside.length)) && !path.slice(inside.length).includes('/'),
    )
    .map((path) => {
      const { modifiedAt, text, bytes } = fileOf(machine.files[path] ?? '', machine.clockOffsetMs);
      return `${modifiedAt} ${bytes === undefined ? Buffer.byteLength(text) : bytesOf(bytes)} ${directory}${path.slice(inside.length)}\n`;
    });
  return says(lines.join(''));
}

/** Plays the engine's script around du: what demo.yaml says of a directory, else the sizes of the files in it. */
export function playDu([path = '']: string[], runner: Runner): Answer {
  const { machine } = runner;
  const real = resolve(machine, onHost(path, runner));
  const told = machine.usage?.[real];
  if (told === undefined && !lookUp(machine, real))
    return fails(`du: cannot access '${path}': No such file or directory`);
  const files = filesBelow(machine, real);
  const blocks = files.map((file) => Math.ceil(Buffer.byteLength(fileOf(machine.files[file] ?? '').text) / 4096) * 4);
  const kib = told === undefined ? blocks.reduce((sum, one) => sum + one, 4) : Math.ceil(bytesOf(told) / 1024);
  return says(`${kib}\t${path}\n`);
}

/** Plays the engine's script that looks for the newest file of a tree, but for those that bear one of the names. */
export function playLastWrite([path = '', ...except]: string[], runner: Runner): Answer {
  const { machine } = runner;
  const real = resolve(machine, onHost(path, runner));
  if (machine.usage?.[real] === undefined && !lookUp(machine, real))
    return fails(`find: '${path}': No such file or directory`);
  const times = filesBelow(machine, real)
    .filter((file) => !except.some((name) => namedBy(name).test(file.slice(file.lastIndexOf('/') + 1))))
    .map((file) => fileOf(machine.files[file] ?? '', machine.clockOffsetMs).modifiedAt);
  return says(times.length === 0 ? '' : `${Math.max(...times)}\n`);
}

/** What find's -name means by a name with stars. */
function namedBy(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
}

function filesBelow(machine: Machine, real: string): string[] {
  return Object.keys(machine.files).filter((file) => file === real || file.startsWith(`${real.replace(/\/$/, '')}/`));
}
