/** Programs of a played host that look through directories: find, as its newest file is asked for, and du. */

import { bytesOf, fileOf } from '../file/machine.js';
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
  const named = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
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
  const files = Object.keys(machine.files).filter(
    (file) => file === real || file.startsWith(`${real.replace(/\/$/, '')}/`),
  );
  const blocks = files.map((file) => Math.ceil(Buffer.byteLength(fileOf(machine.files[file] ?? '').text) / 4096) * 4);
  const kib = told === undefined ? blocks.reduce((sum, one) => sum + one, 4) : Math.ceil(bytesOf(told) / 1024);
  return says(`${kib}\t${path}\n`);
}
