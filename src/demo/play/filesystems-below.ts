/** Plays the engine's script that asks df of all that a directory holds. */
import { type Answer, fails, says } from './answer.js';
import { df } from './programs.js';
import { onHost, type Runner } from './runner.js';
import { lookUp, resolve } from './tree.js';

/** Plays the engine's script around df: of all that a directory holds. */
export function playBelow([path = '']: string[], runner: Runner): Answer {
  const { machine } = runner;
  const real = resolve(machine, onHost(path, runner)).replace(/\/$/, '');
  if (lookUp(machine, real)?.kind !== 'directory')
    return fails(`ls: cannot access '${path}': No such file or directory`);
  const held = [machine.links, machine.directories ?? {}, machine.files, machine.filesystems].flatMap(Object.keys);
  const own = [...new Set(held)].filter((one) => one.slice(0, one.lastIndexOf('/')) === real && one !== '/');
  return own.length === 0 ? says('') : df(['-P', '-k', ...own.sort()], runner);
}
