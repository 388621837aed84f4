/** Plays the engine's script that asks about a path which a file of the host names. */

import { pathIn } from '../../probes/files/followed-path.js';
import { type Answer, fails, says } from './answer.js';
import { allows } from './permissions.js';
import { onHost, type Runner } from './runner.js';
import { lookUp } from './tree.js';

/** The question that the script becomes, and the path that it says first; or all that it says. */
export function follow(
  [file = '', line = '1', then = '', ...question]: string[],
  runner: Runner,
): { path: string; question: string[] } | Answer {
  const real = onHost(file, runner);
  const entry = lookUp(runner.machine, real);
  if (!entry) return fails(`head: cannot open '${file}' for reading: No such file or directory`);
  if (entry.kind === 'directory') return fails(`head: error reading '${file}': Is a directory`);
  if (!allows(real, 'r', runner)) return fails(`head: cannot open '${file}' for reading: Permission denied`);
  const { names, path } = pathIn(entry.text, { line_of: file, line: Number(line), then });
  if (path === undefined) return says(`${names}\n`);
  const below = `${path.replace(/\/$/, '')}/`;
  return { path, question: question.map((word) => (word === '{path}' ? path : word === '{path}/' ? below : word)) };
}
