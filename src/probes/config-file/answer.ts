/** What all probes share that pick keys out of a file: nothing but these keys, or what is wrong with the file, leaves its reading. */
import { Unreadable } from '../../core/errors.js';
import { ownProperty } from '../../core/fact-path.js';
import { isRecord } from '../../core/json.js';
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
import type { FaultWord } from './pick.js';
import {
  type Fault,
  faultWords,
  isSecret,
  type Kept,
  type Leaf,
  MAX_TEXT,
  type Picking,
  pickedValue,
  pickingParams,
  pickKeys,
} from './pick.js';
import type { Picked } from './secrets.js';
import { veiled } from './secrets.js';

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
      const { unsure, ...sure } = kept;
      const faults = Object.entries(unsure ?? {}).map(([name, fault]) => [name, inWords(fault)] as const);
      return { exists: true, ...sure, ...(faults.length > 0 && { unsure: Object.fromEntries(faults) }) };
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

/** Bytes of a file that are read; no configuration that a person keeps is larger. */
const MAX_BYTES = 256 * 1024;

const schema = 'pairflight/picked/1';

/** One line of JSON. */
function saved(kept: Kept | Fault): string {
  return `${JSON.stringify({ schema, ...kept })}\n`;
}

/**
 * What was saved of an earlier reading; undefined for a file's own text. It is built anew from what may be in it: a file that
 * looks as if it had been picked shows no more than any other.
 */
function keptBefore(text: string, { pick }: Picking, token: (secret: string) => string): Kept | Fault | undefined {
  if (!text.startsWith(`{"schema":"${schema}",`) || text.length > MAX_BYTES * 2) return undefined;
  const told = parsed(text);
  if (told === undefined) return undefined;
  if (told.fault !== undefined)
    return faultBefore(
      told,
      Object.values(pick).map(({ path }) => path),
    );
  const names = Object.keys(pick).toSorted();
  const list = (value: unknown) => (Array.isArray(value) ? names.filter((name) => value.includes(name)) : []);
  const { keys } = told;
  const repeated = list(told.repeated);
  const values = names.flatMap((name) => {
    const [wanted, value] = [pick[name], ownProperty(keys, name)];
    if (!wanted || !isPicked(value)) return [];
    return [[name, veiled(value, isSecret(name, wanted), token)] as const];
  });
  const unsure = unsureBefore(told.unsure, pick);
  const isSure = (name: string) => !Object.hasOwn(unsure, name);
  return {
    keys: Object.fromEntries(values.filter(([name]) => isSure(name))),
    absent: list(told.absent).filter(isSure),
    defaulted: list(told.defaulted).filter(isSure),
    spelt: list(told.spelt),
    ...(repeated.length > 0 && { repeated }),
    ...(Object.keys(unsure).length > 0 && { unsure }),
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function faultBefore({ fault, key, line, column }: Record<string, unknown>, paths: string[]): Fault {
  const whole = (name: 'line' | 'column', value: unknown) =>
    Number.isSafeInteger(value) ? { [name]: Number(value) } : {};
  return {
    fault: typeof fault === 'string' && Object.hasOwn(faultWords, fault) ? (fault as FaultWord) : 'broken',
    ...paths.filter((path) => path === key).map((path) => ({ key: path }))[0],
    ...whole('line', line),
    ...whole('column', column),
  };
}

function unsureBefore(told: unknown, pick: Picking['pick']): Record<string, Fault> {
  const faults = Object.entries(pick).flatMap(([name, { path }]) => {
    const one = ownProperty(told, name);
    return isRecord(one) ? [[name, faultBefore(one, [path])] as const] : [];
  });
  return Object.fromEntries(faults);
}

function isPicked(value: unknown): value is Picked {
  if (Array.isArray(value)) return value.every((one) => !Array.isArray(one) && isPicked(one));
  if (typeof value === 'string') return value.length <= MAX_TEXT * 4;
  return value === null || typeof value === 'boolean' || Number.isFinite(value);
}
