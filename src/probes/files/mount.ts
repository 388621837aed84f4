/** Which mount holds a path: a disk of this host, or a directory that another machine serves to several. */
import { Unreadable } from '../../core/errors.js';
import {
  absolutePath,
  answer,
  closed,
  command,
  contextName,
  defineProbe,
  groupsOf,
  ran,
  saysMissing,
} from '../define.js';
import { targetIn } from './file.js';
import { shareOf, sharingOf } from './mount-share.js';
import { type MountEntry, mountHolding, readMountTable } from './mount-table.js';

/** Options that decide what a file's writer and reader may rely on. */
const telling =
  /^(rw|ro|hard|soft|softerr|sync|noac|nolock|local_lock=.*|lookupcache=.*|actimeo=.*|ac(reg|dir)(min|max)=.*|vers=.*|sec=.*|cache=.*|proto=.*|noexec|nosuid|nobrl)$/;

const text = { type: 'string' };
const optional = ['path', 'mountPoint', 'isMountPoint', 'source', 'type', 'sharing', 'network', 'readOnly', 'options'];
const ofShare = ['server', 'serverAddress', 'export', 'remotePath', 'identity'];

/**
 * `sharing` tells who else may use it, `network` whether a server gives it. `inode` is the server's number of the directory on
 * most network file systems: other numbers are other directories, whatever they are called; equal ones prove nothing. The mount
 * table is the kernel's own and is read without a question to any server; `readlink` and `stat` do ask one, and end at their limit.
 */
export const mount = defineProbe<{ path: string; as?: string }, unknown>({
  id: 'mount',
  title: 'The mount that holds a path, and for a network file system the server and directory behind it',
  on: 'host',
  params: closed({ path: absolutePath, as: contextName }, ['as']),
  value: closed(
    {
      exists: { type: 'boolean' },
      path: text,
      mountPoint: text,
      isMountPoint: { type: 'boolean' },
      source: text,
      type: text,
      sharing: { enum: ['network', 'cluster', 'local', 'undecided'] },
      network: { type: 'boolean' },
      readOnly: { type: 'boolean' },
      options: { type: 'array', items: text },
      device: text,
      root: text,
      inode: text,
      server: text,
      serverAddress: text,
      export: text,
      remotePath: text,
      identity: text,
    },
    [...optional, 'device', 'root', 'inode', ...ofShare],
  ),
  ask: ({ path, as }) => [
    command(['cat', '/proc/self/mountinfo'], as),
    command(['readlink', '-f', path], as),
    command(['stat', '-L', '-c', '%i %F', path], as),
  ],
  read(outputs, { path: asked }) {
    const mounts = readMountTable(answer(outputs, 0));
    const slow = outputs.find(({ problem }) => problem === 'timeout');
    if (slow)
      throw new Unreadable(`did not answer in time: ${asked} lies on ${inWords(mounts, asked)}`, 'timeout', 'command');
    if (saysMissing(ran(outputs, 2), 'stat')) return { exists: false };
    const [inode] = groupsOf(/^(\d{1,20}) \S.*\n$/, answer(outputs, 2), 'stat did not answer in its form');
    const path = targetIn(outputs, 1);
    const held = mountHolding(mounts, path);
    // An automounter's point stands for what it would mount, and nobody has looked into it yet.
    if (held.type === 'autofs')
      throw new Unreadable(`${held.mountPoint} is mounted on its first use, and was not when it was looked at`);
    const sharing = sharingOf(held.type);
    const share = shareOf(held, path);
    const readOnly = held.options.includes('ro');
    const options = held.options.filter((option) => telling.test(option) && !(readOnly && option === 'rw'));
    return {
      exists: true,
      path,
      mountPoint: held.mountPoint,
      isMountPoint: path === held.mountPoint,
      source: held.source,
      type: held.type,
      sharing,
      ...(sharing !== 'undecided' && { network: sharing === 'network' }),
      readOnly,
      options: [...new Set(options)],
      device: held.device,
      root: held.root,
      inode,
      ...share,
    };
  },
});

/** What is mounted where the asked words lead, should no link stand in them. */
function inWords(mounts: MountEntry[], path: string): string {
  const { mountPoint, type, source } = mountHolding(mounts, path);
  return `${mountPoint} (${type}${source === '' ? '' : `, ${source}`})`;
}
