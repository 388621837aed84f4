/** When a tree of files was last written to: which of two hosts is the one that is used. */
import {
  absolutePath,
  closed,
  command,
  contextName,
  defineProbe,
  groupsOf,
  ran,
  refusal,
  wholeNumber,
} from '../define.js';
import { giveWay, onlyVanished } from './disk-usage.js';
import { ageAt, isNotThere, secondsAt } from './newest-file.js';

interface Params {
  path: string;
  except?: string[];
  as?: string;
}

/** Greater than the time of any file, so that find's own status stands behind all of them when they are sorted. */
const BEHIND_ALL = '99999999999999';

/** Names that find is told to leave out: a name, in which `*` stands for any characters. */
export const fileNames = '^[A-Za-z0-9._*-]+$';

/**
 * Takes a path, and names to leave out; prints the time of the newest file below it in Unix seconds, and ends as find
 * ended.
 */
export const lastWriteScript = `${giveWay}
p=$1
shift
left=$#
while [ "$left" -gt 0 ]; do
  set -- "$@" '!' -name "$1"
  shift
  left=$((left - 1))
done
all=$({ $n find -H "$p" -xdev -type f "$@" -exec stat -c %Y '{}' +; echo "${BEHIND_ALL} $?"; } | sort -n | tail -n 2)
printf '%s' "\${all%${BEHIND_ALL} *}"
exit "\${all##* }"
`;

/** As long as for the size of the tree: each of its files is looked at. */
const TIMEOUT_MS = 600_000;

/** `ageSeconds` is the age of the newest file by the host's own clock; a tree without files has none. */
export const lastWrite = defineProbe<Params, unknown>({
  id: 'last-write',
  title: 'How long ago a file was last written below a path, on its own file system',
  on: 'host',
  params: closed(
    {
      path: absolutePath,
      except: { type: 'array', items: { type: 'string', pattern: fileNames, maxLength: 255 }, maxItems: 20 },
      as: contextName,
    },
    ['except', 'as'],
  ),
  value: closed({ exists: { type: 'boolean' }, ageSeconds: { type: 'integer', minimum: 0 } }, ['ageSeconds']),
  costly: true,
  restless: ['ageSeconds'],
  ask: ({ path, except = [], as }) => [
    command(['/bin/sh', '-c', lastWriteScript, 'last-write', path, ...except], as, { timeoutMs: TIMEOUT_MS }),
    command(['date', '+%s']),
  ],
  read(outputs, { path }) {
    const output = ran(outputs, 0);
    if (isNotThere(output, path)) return { exists: false };
    if (output.exit !== 0 && !onlyVanished(output.exit, output.stderr, ['find', 'stat'])) throw refusal(output);
    if (output.stdout === '' && output.exit === 0) return { exists: true };
    const [newest] = groupsOf(/^(\d{1,13})\n$/, output.stdout, 'find and stat did not print one time');
    const age = ageAt(secondsAt(outputs, output), { name: 'a file', modified: wholeNumber(newest) });
    return { exists: true, ageSeconds: Math.max(0, Math.floor(age)) };
  },
});
