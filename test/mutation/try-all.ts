/** Tries mutants in processes of their own: one that hangs, or is no longer what it was, is followed by the next. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { tooLong } from './scope.js';
import { type Came, doneFile, readDone, type Todo, writeTodo } from './todo.js';

/** No mutant is tried for longer without a word, whatever else the machine has to do: then it has no end. */
const SILENCE_MS = 150_000;
/** Before the first mutant all tests run once. */
const FIRST_MS = 10 * SILENCE_MS;

/** What came of each mutant, by its id. What was not tried in time has no entry. */
export async function tryAll(todo: Omit<Todo, 'tooLong'>): Promise<Map<string, Came>> {
  const came = new Map<string, Came>();
  const spoilt = new Set<string>();
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-mutation-'));
  const isLeft = (id: string) => !came.has(id);
  try {
    while (todo.wanted.some(isLeft) && Date.now() < todo.until) {
      const before = came.size + spoilt.size;
      writeTodo(folder, { ...todo, tooLong, wanted: todo.wanted.filter(isLeft) });
      await runToItsEnd(folder);
      takeDone(folder, came, spoilt);
      if (came.size + spoilt.size === before && Date.now() < todo.until)
        throw new Error(`nothing was tried:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-4000)}`);
    }
    return came;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function takeDone(folder: string, came: Map<string, Came>, spoilt: Set<string>): void {
  let begun: string | undefined;
  let first: string | undefined;
  for (const one of readDone(folder)) {
    if ('begun' in one) {
      begun = one.begun;
      first ??= begun;
    }
    if ('came' in one) came.set(one.id, one.came);
    if (!('spoilt' in one)) continue;
    // It may have been one before it: then it is tried once more, first in a new process.
    if (spoilt.has(one.spoilt) || first === one.spoilt) came.set(one.spoilt, 'noticed');
    spoilt.add(one.spoilt);
    begun = undefined;
  }
  // The process ended in the midst of it, or had to be ended.
  if (begun !== undefined && !came.has(begun)) came.set(begun, 'noticed');
}

async function runToItsEnd(folder: string): Promise<void> {
  const script = 'exec "$0" test/mutation/process.js >"$1" 2>&1';
  const child = spawn('/bin/sh', ['-c', script, process.execPath, join(folder, 'log')], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, PAIRFLIGHT_MUTATION: folder, NODE_OPTIONS: '--no-warnings' },
  });
  const stop = () => stopGroup(child);
  process.once('exit', stop);
  const end = new Promise<'ended'>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve('ended'));
  });
  while ((await Promise.race([end, setTimeout(1000)])) !== 'ended') {
    const { size, mtimeMs } = statSync(doneFile(folder));
    if (Date.now() - mtimeMs > (size === 0 ? FIRST_MS : SILENCE_MS)) stop();
  }
  process.off('exit', stop);
}

/** Ends a process and those that it started. */
function stopGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}
