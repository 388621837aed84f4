/** The newest file of a directory whose name has a form: how old the last backup is. */
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
  ran,
  refusal,
  saysMissing,
  wholeNumber,
} from '../define.js';

interface Params {
  directory: string;
  pattern: string;
  as?: string;
}

/** A file may bear a time a little ahead of the clock that we asked (NFS, a clock being slewed); more is no age. */
const AHEAD_SECONDS = 120;

const tenths = { type: 'number', minimum: 0 };

/** Ages are rounded up to a tenth, so that no file looks younger than it is. An empty directory has `count` 0. */
export const newestFile = defineProbe<Params, unknown>({
  id: 'newest-file',
  title: 'The newest file in a directory whose name matches a pattern, and its age',
  on: 'host',
  params: closed(
    {
      directory: absolutePath,
      pattern: { type: 'string', pattern: '^[A-Za-z0-9._*-]+$', maxLength: 255 },
      as: contextName,
    },
    ['as'],
  ),
  value: closed(
    {
      exists: { type: 'boolean' },
      count: { type: 'integer', minimum: 0 },
      name: { type: 'string' },
      bytes: { type: 'integer', minimum: 0 },
      ageHours: tenths,
      ageDays: tenths,
    },
    ['name', 'bytes', 'ageHours', 'ageDays'],
  ),
  restless: ['count', 'name', 'bytes', 'ageHours', 'ageDays'],
  // The slash at the end follows a link, and refuses what is no directory: either would look like an empty one.
  ask: ({ directory, pattern, as }) => [
    command(
      [
        'find',
        inside(directory),
        '-maxdepth',
        '1',
        '-type',
        'f',
        '-name',
        pattern,
        '-exec',
        'stat',
        '-c',
        '%Y %s %n',
        '{}',
        '+',
      ],
      as,
      { timeoutMs: 60_000, maxBytes: 4 * 1024 * 1024 },
    ),
    command(['date', '+%s']),
  ],
  read(outputs, { directory }) {
    const output = ran(outputs, 0);
    if (isNotThere(output, inside(directory))) return { exists: false, count: 0 };
    if (output.exit !== 0) throw refusal(output);
    const now = secondsAt(outputs, output);
    const files = output.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => readFile(line, inside(directory)));
    const [first, ...rest] = files;
    if (first === undefined) return { exists: true, count: 0 };
    const newest = rest.reduce((best, one) => (one.modified > best.modified ? one : best), first);
    const age = ageAt(now, newest);
    const up = (seconds: number) => Math.max(0, Math.ceil((age / seconds) * 10) / 10);
    return {
      exists: true,
      count: files.length,
      name: newest.name,
      bytes: newest.bytes,
      ageHours: up(3600),
      ageDays: up(86_400),
    };
  },
});

function inside(directory: string): string {
  return `${directory.replace(/\/+$/, '')}/`;
}

function readFile(line: string, directory: string) {
  const form = /^(\d+) (\d+) (.+)$/;
  const [modified, bytes, path = ''] = groupsOf(form, line, 'find has a line of another form');
  const name = path.slice(directory.length);
  if (!path.startsWith(directory) || name === '' || /[/\p{Cc}]/u.test(name))
    throw new Unreadable('find has a line of another form');
  return { name, modified: wholeNumber(modified), bytes: wholeNumber(bytes) };
}

/** Whether find says that the path itself is not there: of a file below it that vanished meanwhile it uses the same words. */
export function isNotThere(output: Output, path: string): boolean {
  const said = output.stderr.split('\n');
  const names = [path, `'${path}'`, `\u2018${path}\u2019`];
  return saysMissing(output, 'find') && names.some((name) => said.includes(`find: ${name}: No such file or directory`));
}

/** How many seconds old a file is by the host's own time; below zero where it is a little ahead. @throws Unreadable */
export function ageAt(now: number, { name, modified }: { name: string; modified: number }): number {
  if (now - modified < -AHEAD_SECONDS) throw new Unreadable(`${name} bears a time in the future: its age is not known`);
  return now - modified;
}

/** The host's own time when it looked for files; it told its clock at another moment of the run. */
export function secondsAt(outputs: Output[], looked: Output): number {
  const text = answer(outputs, 1).trim();
  if (!/^\d{9,11}$/.test(text)) throw new Unreadable('date did not print seconds');
  const told = ran(outputs, 1);
  const apart = (Date.parse(looked.startedAt) - Date.parse(told.startedAt)) / 1000;
  if (!Number.isFinite(apart)) throw new Unreadable('it is not known when the host was asked');
  return Number(text) + apart;
}
