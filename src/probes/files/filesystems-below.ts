/** The file systems that the entries of a directory lie on: links to other disks, as a database has for its tablespaces. */
import { Unreadable } from '../../core/errors.js';
import { absolutePath, closed, command, contextName, defineProbe, ran, refusal, saysMissing } from '../define.js';
import { spacesIn } from './filesystem.js';

/**
 * Takes a directory with a slash behind it, which follows a link to it. Lists it first, so that one that cannot be looked into is not
 * taken for an empty one; then asks once for all that it holds.
 */
export const belowScript = `ls -A "$1" >/dev/null || exit 1
set -- "$1"*
[ -e "$1" ] || [ -L "$1" ] || exit 0
exec df -P -k "$@"
`;

const space = { mountPoint: { type: 'string' }, usedPercent: { type: 'number', minimum: 0, maximum: 100 } } as const;

/** Each file system once, whatever the number of entries on it; `fullestPercent` is 0 where there is no entry. */
export const filesystemsBelow = defineProbe<{ path: string; as?: string }, unknown>({
  id: 'filesystems-below',
  title: 'The file systems that the entries of a directory lie on',
  on: 'host',
  params: closed({ path: absolutePath, as: contextName }, ['as']),
  value: closed(
    {
      exists: { type: 'boolean' },
      entries: { type: 'integer', minimum: 0 },
      filesystems: { type: 'array', items: closed(space) },
      fullestPercent: space.usedPercent,
    },
    ['entries', 'filesystems', 'fullestPercent'],
  ),
  restless: ['filesystems', 'fullestPercent'],
  ask: ({ path, as }) => [command(['/bin/sh', '-c', belowScript, 'filesystems-below', path.replace(/\/*$/, '/')], as)],
  read(outputs) {
    const output = ran(outputs);
    if (saysMissing(output, 'ls')) return { exists: false };
    if (output.exit !== 0) throw refusal(output);
    const spaces = output.stdout === '' ? [] : spacesIn(output.stdout);
    if (output.stdout !== '' && spaces.length === 0) throw new Unreadable('df named no file system');
    const filesystems = new Map(spaces.map(({ mountPoint, usedPercent }) => [mountPoint, { mountPoint, usedPercent }]));
    return {
      exists: true,
      entries: spaces.length,
      filesystems: [...filesystems.values()],
      fullestPercent: Math.max(0, ...spaces.map(({ usedPercent }) => usedPercent)),
    };
  },
});
