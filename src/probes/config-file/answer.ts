/** What all probes share that pick keys out of a file: nothing but these keys, or what is wrong with the file, leaves its reading. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import {
  type AnyProbe,
  absolutePath,
  closed,
  command,
  contextName,
  defineProbe,
  ran,
  refusal,
  saysMissing,
} from '../define.js';
import { pickKeys } from '../pick-keys.js';
import { keptBefore, MAX_BYTES, saved } from '../picked-form.js';
import { type Fault, faultWords, type Kept, type Leaf, type Picking, pickedValue, pickingParams } from './pick.js';

interface Params extends Picking {
  path: string;
  as?: string;
}

/** A probe that picks keys out of a file; `leavesOf` tells all keys of its text, or what is wrong with it. */
export function pickingProbe(id: string, title: string, leavesOf: (text: string) => Leaf[] | Fault): AnyProbe {
  const keptOf = (text: string, params: Params, token: (secret: string) => string): Kept | Fault =>
    keptBefore(text, params, token) ?? picked(text, params, leavesOf, token);
  return defineProbe<Params, unknown>({
    id,
    title,
    on: 'host',
    params: closed({ path: absolutePath, as: contextName, ...pickingParams }, ['as', 'relaxed']),
    value: pickedValue,
    ask: ({ path, as }) => [command(['cat', path], as, { maxBytes: MAX_BYTES })],
    redact: (outputs, params, token) =>
      outputs.map((output) => {
        const { problem, exit, stdout, stderr } = output;
        if (problem === undefined && exit === 0)
          return { ...output, stdout: saved(keptOf(stdout, params, token)), stderr: '' };
        // The beginning of a file is no file, and may hold what nobody asked for.
        return {
          ...output,
          stdout: stdout.trim() === '' ? '' : saved({ fault: 'cut' }),
          stderr: asCat(stderr, output),
        };
      }),
    read(outputs, params) {
      const output = ran(outputs);
      if (saysMissing(output, 'cat')) return { exists: false };
      if (output.exit !== 0) throw refusal(output);
      const kept = keptOf(output.stdout, params, (secret) => secret);
      if ('fault' in kept) throw new Unreadable(inWords(kept));
      return { exists: true, ...kept };
    },
  });
}

/** What a failed command says of itself; the text of a file never goes there, and if it did it would not be kept. */
function asCat(stderr: string, { problem }: Output): string {
  if (problem !== undefined) return stderr;
  return stderr
    .split('\n')
    .filter((line) => /^[\w./-]+: /.test(line))
    .join('\n');
}

function picked(
  text: string,
  params: Params,
  leavesOf: (text: string) => Leaf[] | Fault,
  token: (secret: string) => string,
): Kept | Fault {
  if (text.trim() === '') return { fault: 'empty' };
  if (text.length > MAX_BYTES) return { fault: 'large' };
  if (text.includes('\0')) return { fault: 'encoding' };
  const leaves = leavesOf(text);
  return 'fault' in leaves ? leaves : pickKeys(leaves, params, token);
}

function inWords({ fault, key, line, column }: Fault): string {
  const place = line === undefined ? '' : ` (line ${line}, column ${column ?? 1})`;
  return `${key === undefined ? '' : `${key}: `}${faultWords[fault]}${place}`;
}
