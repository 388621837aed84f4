/** /proc/self/mountinfo (proc(5)): the mounts of a host as a process sees them, and which of them holds a path. Pure. */
import { Unreadable } from '../../core/errors.js';

/** One mount. `root` is the directory of the file system that is seen at the mount point. */
export interface MountEntry {
  id: string;
  parent: string;
  /** `major:minor` of the file system. */
  device: string;
  root: string;
  mountPoint: string;
  type: string;
  source: string;
  /** The mount's own options, and behind them the file system's. */
  options: string[];
}

/**
 * All mounts in their order. A line that is lost may be the mount that is looked for, so no line may be of another form; only the file
 * system's own options at its end may hold blanks, which 9p and overlay do not escape, but not what would be another mount. @throws Unreadable
 */
export function readMountTable(text: string): MountEntry[] {
  if (!text.endsWith('\n')) throw new Unreadable('mountinfo has no end');
  return text.slice(0, -1).split('\n').map(readMount);
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`; any number of fields may stand before the dash. */
function readMount(line: string): MountEntry {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [id = '', parent = '', device = '', root = '', mountPoint = '', own = ''] = fields;
  // The source may be empty; then two blanks stand there.
  const [type = '', source, ...shared] = fields.slice(dash + 1);
  const whole = dash !== -1 && shared.length > 0 && fields.slice(0, dash).every((field) => field !== '') && type !== '';
  const numbered = /^\d+$/.test(id) && /^\d+$/.test(parent) && isDevice(device);
  if (!whole || !numbered || shared.slice(1).some(isDevice))
    throw new Unreadable('mountinfo has a line of another form');
  const options = [own, shared.join(' ')].flatMap((list) => list.split(',')).map(plain);
  return { id, parent, device, root: plain(root), mountPoint: plain(mountPoint), type, source: plain(source), options };
}

const isDevice = (field: string) => /^\d+:\d+$/.test(field);

/** Blanks and backslashes are octal escapes there. */
function plain(field = ''): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The mount in which a path without links lies. From the root on, the first mount point on the way is crossed, as the kernel
 * does: what was mounted beneath a directory before something else was mounted over that is no longer seen. @throws Unreadable
 */
export function mountHolding(mounts: readonly MountEntry[], path: string): MountEntry {
  const ids = new Set(mounts.map(({ id }) => id));
  const bottom = mounts.find(({ id, parent, mountPoint }) => mountPoint === '/' && (parent === id || !ids.has(parent)));
  // In a changed root that is no mount point itself its file system is not listed.
  if (!bottom) throw new Unreadable('mountinfo does not list the root');
  let at = bottom;
  for (let crossed = 0; crossed <= mounts.length; crossed += 1) {
    const next = mounts
      .filter(({ id, parent, mountPoint }) => parent === at.id && id !== at.id && isWithin(path, mountPoint))
      .reduce<MountEntry | undefined>(
        (first, one) => (first && first.mountPoint.length < one.mountPoint.length ? first : one),
        undefined,
      );
    if (!next) return at;
    at = next;
  }
  throw new Unreadable('mountinfo has mounts in a circle');
}

/** Whether a path is a directory, or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}
