/** The file system under a path, and the block device under that. */
import { Unreadable } from '../../core/errors.js';
import {
  absolutePath,
  answer,
  type Bounds,
  closed,
  command,
  contextName,
  defineProbe,
  groupsOf,
  ran,
  saysMissing,
  sizeInBytes,
  sizeOf,
  wholeNumber,
} from '../define.js';
import { targetIn } from './file.js';
import { type MountEntry, readMountTable } from './mount-table.js';

/**
 * How much of its device a file system takes at least when it was made for it: tables and journals take a few percent, more on
 * very small ones. One that was not grown after its device takes less, and then the device's size is not what it offers.
 */
const FILLED = 0.9;

/**
 * Sizes are bytes. `bytes` is the block device's size where one file system fills one device, else the file system's own
 * (`measured` says which); `readOnly`: by the mount's own options or the file system's. A path that does not exist is a value (`exists: false`) without sizes.
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
      bytes: sizeInBytes,
      measured: { enum: ['block device', 'file system'] },
      filesystemBytes: sizeInBytes,
      freeBytes: sizeInBytes,
      usedPercent: { type: 'number', minimum: 0, maximum: 100 },
      device: { type: 'string' },
      mountPoint: { type: 'string' },
      isMountPoint: { type: 'boolean' },
      type: { type: 'string' },
      readOnly: { type: 'boolean' },
    },
    [
      'path',
      'bytes',
      'measured',
      'filesystemBytes',
      'freeBytes',
      'usedPercent',
      'device',
      'mountPoint',
      'isMountPoint',
      'type',
      'readOnly',
    ],
  ),
  restless: ['freeBytes', 'usedPercent'],
  ask: ({ path, as }) => [
    command(['readlink', '-f', path], as),
    // -P keeps one file system on one line however long its device's name is; -k fixes the unit.
    command(['df', '-P', '-k', path], as),
    command(['cat', '/proc/self/mountinfo'], as),
    command(['cat', '/proc/partitions'], as),
  ],
  read(outputs) {
    if (saysMissing(ran(outputs, 1), 'df')) return { exists: false };
    const path = targetIn(outputs);
    const space = readDf(answer(outputs, 1));
    const mount = topmost(readMountTable(answer(outputs, 2)), space.mountPoint);
    const size = most(space.filesystemBytes);
    const filled = (bytes = 0) => size <= bytes && size >= bytes * FILLED;
    // Where the kernel shows no devices at all, as in a container, what df says is all there is.
    const { exit, stdout } = ran(outputs, 3);
    const none = exit === 0 && stdout === '';
    const deviceBytes = [none ? undefined : readPartition(answer(outputs, 3), mount)].find((bytes) => filled(bytes));
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
      readOnly: mount.options.includes('ro'),
    };
  },
});

/** What df says of a file system. */
export interface Space {
  filesystemBytes: number | Bounds;
  freeBytes: number | Bounds;
  usedPercent: number;
  mountPoint: string;
}

/** The one file system that df was asked for. @throws Unreadable */
function readDf(text: string): Space {
  const [space, ...rest] = spacesIn(text);
  if (space === undefined || rest.length > 0) throw new Unreadable(NO_FORM);
  return space;
}

const NO_FORM = 'df did not answer in its POSIX form';

/** All that `df -P -k` prints. @throws Unreadable */
export function spacesIn(text: string): Space[] {
  const [heading = '', ...lines] = text.trimEnd().split('\n');
  if (!/1024-blocks|1K-blocks/.test(heading)) throw new Unreadable(NO_FORM);
  return lines.map(spaceIn);
}

/** The columns of one line: names on either side of the numbers may hold blanks. A network's file system may have 16 EiB. */
function spaceIn(line: string): Space {
  const words = [...line.matchAll(/[^ ]+/g)];
  const forms = [/^\d+$/, /^-?\d+$/, /^-?\d+$/, /^(\d+%|-)$/, /^\//];
  const found = words.flatMap((_, at) =>
    forms.every((form, index) => form.test(words[at + index]?.[0] ?? '')) ? [at] : [],
  );
  const [first, another] = found;
  // Whoever names a device may write numbers into the name.
  if (first === undefined || another !== undefined) throw new Unreadable(NO_FORM);
  // A full file system may have less than nothing to give, its reserve is not ours to count; and some count what is used below zero.
  const [size = 0, used = 0, free = 0] = words
    .slice(first, first + 3)
    .map(([kib]) => (kib.startsWith('-') ? 0 : sizeOf(kib, 1024)));
  if (size === 0) throw new Unreadable('df says that the file system has no size');
  const taken = most(used) + most(free);
  return {
    filesystemBytes: size,
    freeBytes: free,
    usedPercent: taken === 0 ? 100 : Math.round((most(used) / taken) * 1000) / 10,
    mountPoint: line.slice(words[first + 4]?.index),
  };
}

/** A size, or the larger of its bounds. */
function most(size: number | Bounds): number {
  return typeof size === 'number' ? size : size.high;
}

/** Of mounts over one another the one that is seen: the last that carries no other on the same point. */
function topmost(mounts: MountEntry[], point: string): MountEntry {
  const there = mounts.filter((mount) => mount.mountPoint === point);
  const mount = there.findLast(({ id }) => there.every(({ parent }) => parent !== id));
  if (mount === undefined) throw new Unreadable(`mountinfo does not list ${point}`);
  if (mount.type === 'autofs') throw new Unreadable(`${point} was not mounted yet when it was looked at`);
  return mount;
}

/** Bytes of the block device by its number, or by its name where the file system has a number of its own (btrfs). */
function readPartition(text: string, mount: MountEntry): number | undefined {
  if (!/^major minor\s+#blocks\s+name\n/.test(text) || !text.endsWith('\n'))
    throw new Unreadable('/proc/partitions has not its form');
  const rows = text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  const devices = rows.map((line) => {
    const form = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)$/;
    const [major, minor, kib, name] = groupsOf(form, line, '/proc/partitions has a line of another form');
    return { number: `${major}:${minor}`, source: `/dev/${name}`, kib };
  });
  // Other file systems without a device may carry any text as their source.
  const named = mount.type === 'btrfs' ? mount.source : undefined;
  const device =
    devices.find(({ number }) => number === mount.device) ?? devices.find(({ source }) => source === named);
  return device && wholeNumber(device.kib, 1024);
}
