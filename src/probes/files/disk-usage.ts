/** How much a tree of files takes on its disk. */
import {
  absolutePath,
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

/**
 * Lines of a script that put into `$n` the words by which what follows them gives way to every other program; `ionice` is left
 * out where the kernel or the container refuses it.
 */
export const giveWay = `n=
if command -v nice >/dev/null 2>&1; then n='nice -n 19'; fi
if command -v ionice >/dev/null 2>&1 && ionice -c 3 true >/dev/null 2>&1; then n="$n ionice -c 3"; fi`;

/**
 * Takes a path; prints what `du` prints for the whole of it, in KiB. It gives way, because a tree may hold millions of
 * files. A link that is the path itself is followed: without -H its own few bytes would be the answer.
 */
export const duScript = `${giveWay}
exec $n du -s -k -x -H "$1"
`;

/** Ten minutes: with cold caches a large tree takes minutes. */
const TIMEOUT_MS = 600_000;

/** Other file systems mounted below the path are not counted. A path that does not exist is a value (`exists: false`). */
export const diskUsage = defineProbe<{ path: string; as?: string }, unknown>({
  id: 'disk-usage',
  title: 'Bytes that a tree of files takes on its own file system (du)',
  on: 'host',
  params: closed({ path: absolutePath, as: contextName }, ['as']),
  value: closed({ exists: { type: 'boolean' }, bytes: { type: 'integer', minimum: 0 } }, ['bytes']),
  costly: true,
  restless: ['bytes'],
  ask: ({ path, as }) => [
    command(['/bin/sh', '-c', duScript, 'du-gently', path], as, { timeoutMs: TIMEOUT_MS, maxBytes: 1024 * 1024 }),
  ],
  read(outputs) {
    const output = ran(outputs);
    if (saysMissing(output, 'du')) return { exists: false };
    if (output.exit !== 0 && !onlyVanished(output.exit, output.stderr, ['du'])) throw refusal(output);
    const [kib] = groupsOf(/^(\d+)\t[^\n]+\n$/, output.stdout, 'du did not print one total');
    return { exists: true, bytes: wholeNumber(kib, 1024) };
  },
});

/**
 * Whether all that programs said is that files vanished while they looked, which is the rule on a live host; whatever else they
 * complain of may hide a whole subtree.
 */
export function onlyVanished(exit: number | null, stderr: string, programs: string[]): boolean {
  const said = stderr.split('\n').filter((line) => line.trim() !== '');
  const vanished = (line: string) =>
    programs.some((name) => line.startsWith(`${name}: `)) && line.endsWith(': No such file or directory');
  return exit === 1 && said.length > 0 && said.every(vanished);
}
