/** The lock of a run's folder: one run at a time has it, and a process that is gone keeps none. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../core/errors.js';
import { systemReason } from '../core/file-error.js';

/** Who holds a lock: `started` and `boot` tell a process from a later one of the same number. */
interface Holder {
  pid: number;
  machine: string;
  started: string;
  boot: string;
}

/** Takes the lock of a folder; what is returned gives it back. @throws UsageError while a living process has it */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'fleet.lock');
  const own = `${lock}.${process.pid}`;
  const text = `${JSON.stringify(holderOf(process.pid))}\n`;
  try {
    writeFileSync(own, text, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${folder}: cannot be written: ${systemReason(error)}`);
  }
  try {
    take(folder, lock, own);
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (read(lock) === text) rmSync(lock, { force: true });
  };
}

function take(folder: string, lock: string, own: string): void {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      // A link is made whole or not at all, and never over another.
      linkSync(own, lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new UsageError(`${lock}: ${systemReason(error)}`);
    }
    const held = read(lock);
    if (held === undefined) continue;
    const holder = parsed(held);
    if (holder !== undefined && isAlive(holder)) throw busy(folder, holder);
    discard(lock, held, `${own}.old`);
  }
  throw new UsageError(`${folder}: another run has just begun in this folder`);
}

/** Takes a dead lock away, unless somebody has put a living one in its place meanwhile. */
function discard(lock: string, held: string, aside: string): void {
  try {
    renameSync(lock, aside);
    if (read(aside) !== held) linkSync(aside, lock);
  } catch {
    // Somebody else was faster; the next attempt sees what is there now.
  }
  rmSync(aside, { force: true });
}

function busy(folder: string, { pid, machine }: Holder): UsageError {
  const where = machine === hostname() ? '' : ` on ${machine}`;
  const remove = machine === hostname() ? undefined : `rm ${join(folder, 'fleet.lock')}`;
  return new UsageError(
    `${folder}: a run is going on in this folder (process ${pid}${where}); ${remove === undefined ? 'wait for it, or name another folder' : 'if that machine has ended it, remove the lock'}`,
    remove,
  );
}

function holderOf(pid: number): Holder {
  return {
    pid,
    machine: hostname(),
    started: startOf(pid),
    boot: read('/proc/sys/kernel/random/boot_id')?.trim() ?? '',
  };
}

/** Of a process on another machine nothing can be seen: it counts as alive. */
function isAlive({ pid, machine, started, boot }: Holder): boolean {
  if (machine !== hostname()) return true;
  const now = holderOf(pid);
  if (boot !== now.boot) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === now.started;
}

/** When a process began, in the kernel's ticks; empty where the kernel does not say. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
