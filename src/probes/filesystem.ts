/** The file system under a path, and the block device under that. */
import { Unreadable } from '../errors.js';
import type { Output } from '../model.js';
import { absolutePath, answer, closed, command, contextName, defineProbe, ran, saysMissing } from './define.js';

interface Mount {
  mountPoint: string;
  device: string;
  type: string;
  source: string;
}

/**
 * Sizes are bytes. `bytes` is the block device's size where the file system lies on one device, else the file system's own
 * (`measured` says which). A path that does not exist is a value (`exists: false`) without sizes.
 */
export const filesystem = defineProbe<{ path: string; as?: string }, unknown>({
  id: 'filesystem',
  title: 'Size, free space, device and mount point of the file system that holds a path',
  on: 'host',
  params: closed({ path: absolutePath, as: contextName }, ['as']),
  value: closed(
    {
      exists: { type: 'boolean' },
      path: { type: 'string' },
      bytes: { type: 'integer', minimum: 0 },
      measured: { enum: ['block device', 'file system'] },
      filesystemBytes: { type: 'integer', minimum: 0 },
      freeBytes: { type: 'integer', minimum: 0 },
      usedPercent: { type: 'number', minimum: 0, maximum: 100 },
      device: { type: 'string' },
      mountPoint: { type: 'string' },
      isMountPoint: { type: 'boolean' },
      type: { type: 'string' },
    },
    ['path', 'bytes', 'measured', 'filesystemBytes', 'freeBytes', 'usedPercent', 'device', 'mountPoint', 'isMountPoint', 'type'],
  ),
  ask: ({ path, as }) => [
    command(['readlink', '-f', path], as),
    // -P keeps one file system on one line however long its device's name is; -k fixes the unit.
    command(['df', '-P', '-k', path], as),
    command(['cat', '/proc/self/mountinfo'], as),
    command(['cat', '/proc/partitions'], as),
  ],
  read(outputs) {
    if (saysMissing(ran(outputs, 1))) return { exists: false };
    const path = answer(outputs, 0).replace(/\n$/, '');
    if (!path.startsWith('/')) throw new Unreadable('readlink gave no absolute path');
    const space = readDf(answer(outputs, 1));
    const mount = readMounts(answer(outputs, 2)).findLast((each) => each.mountPoint === space.mountPoint);
    if (mount === undefined) throw new Unreadable(`mountinfo does not list ${space.mountPoint}`);
    const deviceBytes = readPartition(outputs[3], mount);
    return {
      exists: true,
      path,
      bytes: deviceBytes ?? space.filesystemBytes,
      measured: deviceBytes === undefined ? 'file system' : 'block device',
      filesystemBytes: space.filesystemBytes,
      freeBytes: space.freeBytes,
      usedPercent: space.usedPercent,
      device: mount.source,
      mountPoint: space.mountPoint,
      isMountPoint: path === space.mountPoint,
      type: mount.type,
    };
  },
});

function readDf(text: string) {
  const lines = text.trimEnd().split('\n');
  const columns = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(lines[1] ?? '');
  if (lines.length !== 2 || !/1024-blocks|1K-blocks/.test(lines[0] ?? '') || columns === null) {
    throw new Unreadable('df did not answer in its POSIX form');
  }
  const [size = 0, used = 0, free = 0] = columns.slice(1, 4).map(Number);
  // A full file system may have less than nothing to give; its reserve is not ours to count.
  const available = Math.max(free, 0);
  return {
    filesystemBytes: size * 1024,
    freeBytes: available * 1024,
    usedPercent: used + available === 0 ? 0 : Math.round((used / (used + available)) * 1000) / 10,
    mountPoint: columns[4] ?? '',
  };
}

/** The lines of /proc/self/mountinfo (proc(5)); blanks in paths are octal escapes there. */
function readMounts(text: string): Mount[] {
  const plain = (field: string) => field.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  const mounts = text.split('\n').flatMap((line) => {
    const [, device, mountPoint, type, source] = /^\d+ \d+ (\d+:\d+) \S+ (\S+) .*? - (\S+) (\S+) /.exec(`${line} `) ?? [];
    if (device === undefined || mountPoint === undefined || type === undefined || source === undefined) return [];
    return [{ device, mountPoint: plain(mountPoint), type, source: plain(source) }];
  });
  if (mounts.length === 0) throw new Unreadable('mountinfo lists no mounts');
  return mounts;
}

/** Bytes of the block device by its number, or by its name where a file system has a number of its own (btrfs). */
function readPartition(output: Output | undefined, mount: Mount): number | undefined {
  const text = answer(output === undefined ? [] : [output]);
  if (!/^major minor\s+#blocks\s+name$/m.test(text)) throw new Unreadable('/proc/partitions has no heading');
  for (const line of text.split('\n')) {
    const [, major, minor, kib, name] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (`${major}:${minor}` === mount.device || mount.source === `/dev/${name}`) return Number(kib) * 1024;
  }
  return undefined;
}
