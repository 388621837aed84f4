/**
 * Where a text goes that a command line names: into a file that takes the place of an older one only when it is whole, or into
 * what no file can take the place of (a device, a pipe, a descriptor of this program).
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { UsageError } from '../core/errors.js';
import { isNotThere, systemReason } from '../core/file-error.js';
import { shownLine } from '../core/shell/words.js';

/** How long a pipe waits for somebody who reads it, and for one who stopped reading. */
const PATIENCE_MS = 5000;
const TRY_AGAIN_MS = 20;

const onDisk = promisify(fs.fsync);

/** What a path leads to, once every link has been followed. */
type Destination =
  | { kind: 'file' | 'folder' | 'socket' | 'device' | 'pipe'; path: string; stat: fs.Stats | undefined }
  | { kind: 'descriptor'; descriptor: number };

/** A place that is ready to be written to. */
export interface OutputFile {
  /** As it was named. */
  path: string;
  /** @throws UsageError */
  write(content: string | Uint8Array): Promise<void>;
}

/** Follows links to their end; a name of an open descriptor is one, whatever is behind it. */
function destinationOf(path: string): Destination {
  let at = resolve(path);
  // As many links as the system itself follows.
  for (let links = 0; links < 40; links++) {
    const descriptor = descriptorIn(at);
    if (descriptor !== undefined) return { kind: 'descriptor', descriptor };
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (!stat?.isSymbolicLink()) return { kind: kindOf(stat), path: at, stat };
    at = resolve(fs.realpathSync(dirname(at)), fs.readlinkSync(at));
  }
  throw Object.assign(new Error('ELOOP: too many symbolic links'), { code: 'ELOOP' });
}

function descriptorIn(path: string): number | undefined {
  const [, number] = /^\/(?:dev|proc\/(?:self|\d+))\/fd\/(\d{1,7})$/.exec(path) ?? [];
  if (number !== undefined) return Number(number);
  return { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 }[path];
}

function kindOf(stat: fs.Stats | undefined): 'file' | 'folder' | 'socket' | 'device' | 'pipe' {
  if (stat === undefined || stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  if (stat.isFIFO()) return 'pipe';
  return stat.isSocket() ? 'socket' : 'device';
}

/**
 * What makes two paths one file: device and inode; for a file that is not there yet, those of its folder, and its name. Absent
 * for what several may write to (a device), and where nothing can be.
 */
export function identityOf(path: string): string | undefined {
  try {
    const found = destinationOf(path);
    if (found.kind === 'descriptor') return identityOfDescriptor(found.descriptor);
    if (found.kind !== 'file' && found.kind !== 'pipe') return undefined;
    if (found.stat) return `${found.stat.dev}:${found.stat.ino}`;
    const folder = fs.statSync(dirname(found.path));
    return `${folder.dev}:${folder.ino}/${basename(found.path)}`;
  } catch {
    return undefined;
  }
}

/** The same for a descriptor of this program: the file or the pipe behind it. */
export function identityOfDescriptor(descriptor: number): string | undefined {
  try {
    const stat = fs.fstatSync(descriptor);
    return stat.isFile() || stat.isFIFO() ? `${stat.dev}:${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}

/** Sees that a place can be written to, before hosts are asked; a file gets this mode. @throws UsageError */
export async function openOutput(path: string, mode = 0o600): Promise<OutputFile> {
  try {
    const found = destinationOf(path);
    switch (found.kind) {
      case 'file':
        return openFile(path, found.path, mode);
      case 'descriptor': {
        const stat = fs.fstatSync(found.descriptor);
        // What Node itself holds open (its timers, its signals) is none of these.
        if (![stat.isFile(), stat.isFIFO(), stat.isSocket(), stat.isCharacterDevice()].includes(true))
          throw new Error('there is no such descriptor to write to');
        return writerTo(path, () => found.descriptor);
      }
      case 'pipe': {
        // Held until it is written: a reader takes the end of the only writer for the end of the text.
        const pipe = await openPipe(found.path);
        return writerTo(path, () => pipe, fs.closeSync);
      }
      case 'device': {
        const open = () => fs.openSync(found.path, fs.constants.O_WRONLY | fs.constants.O_NOCTTY);
        fs.closeSync(open());
        return writerTo(path, open, fs.closeSync);
      }
      case 'socket':
        throw new Error('is a socket; name a file, a pipe or /dev/fd/N');
      case 'folder':
        throw new Error('is a folder');
    }
  } catch (error) {
    throw refused(path, error);
  }
}

/** Removes a regular file, links to it stay; what else a path leads to is left alone. Says what could not be removed. */
export function removeFile(path: string): string | undefined {
  try {
    const found = destinationOf(path);
    if (found.kind !== 'file' || !found.stat) return undefined;
    try {
      fs.unlinkSync(found.path);
    } catch {
      // Its folder does not let it go (a single file that is mounted, say): then nothing of it stays.
      fs.truncateSync(found.path);
    }
    return undefined;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    return `${path}: is of an earlier run, and cannot be removed: ${systemReason(error)}`;
  }
}

function openFile(path: string, target: string, mode: number): OutputFile {
  if (fs.existsSync(target)) fs.accessSync(target, fs.constants.W_OK);
  // The folder has to take a file beside the target, now and when the text is there.
  const beside = () => join(dirname(target), `.pairflight-${randomBytes(6).toString('hex')}`);
  const trial = beside();
  fs.closeSync(fs.openSync(trial, 'wx', 0o600));
  fs.unlinkSync(trial);
  return {
    path,
    write: async (content) => {
      const whole = beside();
      try {
        const file = fs.openSync(whole, 'wx', 0o600);
        try {
          fs.writeFileSync(file, content);
          fs.fchmodSync(file, mode);
          // Not on this program's time: whoever has something else to do need not wait for the disk.
          await onDisk(file);
        } finally {
          fs.closeSync(file);
        }
        fs.renameSync(whole, target);
      } catch (error) {
        fs.rmSync(whole, { force: true });
        throw refused(path, error);
      }
    },
  };
}

async function openPipe(path: string): Promise<number> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(TRY_AGAIN_MS)) {
    try {
      return fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (Date.now() > end) throw new Error(`nobody reads this pipe (waited ${PATIENCE_MS / 1000} s)`);
    }
  }
}

function writerTo(path: string, open: () => number, close: (descriptor: number) => void = () => {}): OutputFile {
  return {
    path,
    write: async (content) => {
      try {
        const descriptor = open();
        try {
          await writeAll(descriptor, Buffer.from(content));
        } finally {
          close(descriptor);
        }
      } catch (error) {
        // A reader that has seen enough is no error.
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw refused(path, error);
      }
    },
  };
}

async function writeAll(descriptor: number, bytes: Buffer): Promise<void> {
  let end = Date.now() + PATIENCE_MS;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(descriptor, bytes, at);
      end = Date.now() + PATIENCE_MS;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      if (Date.now() > end) throw new Error(`its reader has stopped reading (waited ${PATIENCE_MS / 1000} s)`);
      await sleep(TRY_AGAIN_MS);
    }
  }
}

function refused(path: string, error: unknown): UsageError {
  const folder = dirname(path);
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !fs.existsSync(folder);
  return new UsageError(
    `${path}: cannot be written: ${systemReason(error)}`,
    isMissing ? `mkdir -p ${shownLine([folder])}` : undefined,
  );
}
