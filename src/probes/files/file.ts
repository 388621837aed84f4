/** Probes of single files: their text, what they are, and where a link leads. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import {
  absolutePath,
  answer,
  closed,
  command,
  contextName,
  defineProbe,
  groupsOf,
  oneLine,
  ran,
  refusal,
  saysMissing,
  wholeNumber,
} from '../define.js';

interface PathParams {
  path: string;
  as?: string;
}

const params = closed({ path: absolutePath, as: contextName }, ['as']);

/** A file that does not exist is a value; `line` is there when the file holds exactly one line that is not blank. */
export const file = defineProbe<PathParams, unknown>({
  id: 'file',
  title: 'The text of a small file',
  on: 'host',
  params,
  value: closed({ exists: { type: 'boolean' }, text: { type: 'string' }, line: { type: 'string' } }, ['text', 'line']),
  ask: ({ path, as }) => [command(['cat', path], as, { maxBytes: 64 * 1024 })],
  read(outputs) {
    const output = ran(outputs);
    if (saysMissing(output, 'cat')) return { exists: false };
    if (output.exit !== 0) throw refusal(output);
    const [line, ...others] = output.stdout.split('\n').filter((one) => one.trim() !== '');
    const alone = line !== undefined && others.length === 0;
    return { exists: true, text: output.stdout, ...(alone && { line: line.trim() }) };
  },
});

/** stat(1), links followed. Times are Unix seconds, sizes bytes. */
export const stat = defineProbe<PathParams, unknown>({
  id: 'stat',
  title: 'Kind, size, owner, mode and time of a file or directory',
  on: 'host',
  params,
  value: closed(
    {
      exists: { type: 'boolean' },
      kind: { enum: ['file', 'directory', 'other'] },
      bytes: { type: 'integer' },
      modifiedAt: { type: 'integer' },
      owner: { type: 'integer' },
      group: { type: 'integer' },
      mode: { type: 'string' },
    },
    ['kind', 'bytes', 'modifiedAt', 'owner', 'group', 'mode'],
  ),
  restless: ['modifiedAt'],
  ask: ({ path, as }) => [command(['stat', '-L', '-c', '%s %Y %u %g %a %F', path], as)],
  read(outputs) {
    const output = ran(outputs);
    if (saysMissing(output, 'stat')) return { exists: false };
    const form = /^(\d+) (\d+) (\d+) (\d+) ([0-7]+) (.+)\n$/;
    const [bytes, modifiedAt, owner, group, mode, kind = ''] = groupsOf(
      form,
      answer(outputs),
      'stat did not answer in its form',
    );
    return {
      exists: true,
      kind: kind === 'directory' ? 'directory' : kind.startsWith('regular') ? 'file' : 'other',
      bytes: wholeNumber(bytes),
      modifiedAt: wholeNumber(modifiedAt),
      owner: wholeNumber(owner),
      group: wholeNumber(group),
      mode,
    };
  },
});

/** Where a path leads when every link in it is followed. */
export const link = defineProbe<PathParams, unknown>({
  id: 'link',
  title: 'The path that remains when every link is followed',
  on: 'host',
  params,
  value: closed({ target: { type: 'string' } }),
  ask: ({ path, as }) => [command(['readlink', '-f', path], as)],
  read(outputs) {
    return { target: targetIn(outputs) };
  },
});

/** The path that `readlink -f` gave. @throws Unreadable */
export function targetIn(outputs: Output[], index = 0): string {
  const target = oneLine(answer(outputs, index));
  if (!target.startsWith('/')) throw new Unreadable('readlink gave no absolute path');
  return target;
}
