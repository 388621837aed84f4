/** A dry run of a copy from a peer into this host: what differs, and what a first copy would move. Nothing is changed anywhere. */
import type { JsonSchema } from '../../core/model.js';
import { absolutePath, closed, command, contextName, defineProbe, hostAddress, ran, wholeNumber } from '../define.js';
import { sshKey, sshUser } from '../ssh-batch.js';
import { bare, readDryRun } from './answer.js';
import { NAMED, rsyncScript } from './script.js';

interface Params {
  key: string;
  user: string;
  address: string;
  paths: { remote: string; local: string }[];
  exclude: string[];
  as: string;
}

/** A directory on the peer, without what its shell would expand: an older rsync hands the path to it. */
const remotePath: JsonSchema = { type: 'string', pattern: '^(/[A-Za-z0-9_@.+-]+)+/?$', maxLength: 4096 };
/** A pattern as rsync(1) has them after --exclude, without blanks: `+ ` and `- ` would begin another kind of rule. */
const excludePattern: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9_@.+*?/\\[\\]-]+$', maxLength: 255 };
const localPath: JsonSchema = { ...absolutePath, pattern: '^/[^\\n\\r\\0/][^\\n\\r\\0]*$' };

/** Whether these are words that the script may be given. */
export function isDryRun([key, user, address, remote, local, ...exclude]: readonly string[]): boolean {
  const fits = ({ pattern }: JsonSchema, word = '') => new RegExp(pattern).test(word);
  return (
    [fits(sshKey, key), fits(sshUser, user), fits(hostAddress, address), fits(remotePath, remote)].every(Boolean) &&
    fits(localPath, local) &&
    exclude.every((pattern) => fits(excludePattern, pattern))
  );
}

/** Ten minutes: a tree may hold millions of files. */
const TIMEOUT_MS = 600_000;

const count: JsonSchema = { type: 'integer', minimum: 0 };

/**
 * Over all paths together: `changes` are differences that are older than two minutes, `young` the others, `files` and `bytes`
 * what a copy would move, `freeBytes` the least that is free where it would go. `noisy`: the login on the peer says something
 * of its own, which rsync takes for the peer's answer. `vanished`: files went away while rsync looked.
 */
export const rsyncDryRun = defineProbe<Params, unknown>({
  id: 'rsync-dry-run',
  title: 'What differs between directories of this host and of the peer, by a dry-run rsync that changes nothing',
  on: 'host',
  params: closed({
    key: sshKey,
    user: sshUser,
    address: hostAddress,
    paths: { type: 'array', items: closed({ remote: remotePath, local: localPath }), minItems: 1, maxItems: 16 },
    exclude: { type: 'array', items: excludePattern, maxItems: 64 },
    as: contextName,
  }),
  value: closed(
    {
      state: { enum: ['compared', 'noisy'] },
      said: { type: 'string' },
      vanished: { const: true },
      changes: count,
      young: count,
      listed: { type: 'array', items: { type: 'string' }, maxItems: NAMED },
      files: count,
      bytes: count,
      totalFiles: count,
      totalBytes: count,
      freeBytes: count,
    },
    ['said', 'vanished', 'changes', 'young', 'listed', 'files', 'bytes', 'totalFiles', 'totalBytes', 'freeBytes'],
  ),
  costly: true,
  restless: true,
  ask: ({ key, user, address, paths, exclude, as }) =>
    paths.map(({ remote, local }) =>
      command(
        [
          ...['/bin/sh', '-c', rsyncScript, 'rsync-gently', key, user, address],
          ...[bare(remote), bare(local), ...exclude],
        ] as unknown as [string, ...string[]],
        as,
        { timeoutMs: TIMEOUT_MS },
      ),
    ),
  read(outputs, params) {
    const told = params.paths.map((path, index) => readDryRun(ran(outputs, index), params, path));
    const noisy = told.find((one) => typeof one === 'string');
    if (noisy !== undefined) return { state: 'noisy', said: noisy };
    const compared = told.filter((one) => typeof one !== 'string');
    const sum = (name: 'changes' | 'young' | 'files' | 'bytes' | 'totalFiles' | 'totalBytes') =>
      wholeNumber(String(compared.reduce((total, one) => total + one[name], 0)));
    return {
      state: 'compared',
      ...(compared.some(({ vanished }) => vanished) && { vanished: true }),
      changes: sum('changes'),
      young: sum('young'),
      listed: compared.flatMap(({ listed }) => listed).slice(0, NAMED),
      files: sum('files'),
      bytes: sum('bytes'),
      totalFiles: sum('totalFiles'),
      totalBytes: sum('totalBytes'),
      freeBytes: Math.min(...compared.map(({ freeBytes }) => freeBytes)),
    };
  },
});
