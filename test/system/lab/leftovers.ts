/** What a lab leaves when its test run was killed: found by its name and its dead owner, and removed at the next start. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { run } from './command.js';

const prefix = 'pflab-';

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold blanks and brackets; the fields after it do not. The 22nd is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const made = new Set<string>();

function removeMade(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

/** Makes a lab's folder, marked as owned by this process, with which it goes. Its last part, without the prefix, is the lab's id. */
export function makeFolder(): { folder: string; id: string } {
  const folder = mkdtempSync(`${tmpdir()}/${prefix}`);
  if (made.size === 0) {
    process.once('exit', removeMade);
    // That is how the worker of a test run ends, with labs that wait for another file.
    process.once('SIGTERM', () => process.exit());
  }
  made.add(folder);
  writeFileSync(`${folder}/owner`, `${process.pid} ${startOf(process.pid)}\n`);
  return { folder, id: folder.slice(-6) };
}

/** Removes the folders and network cables of labs whose test run has ended; gives their ids. */
export async function removeLeftovers(): Promise<string[]> {
  const dead: string[] = [];
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = `${tmpdir()}/${name}`;
    let owner: string[] = [];
    try {
      owner = readFileSync(`${folder}/owner`, 'utf8').trim().split(' ');
    } catch {
      // Killed before it could sign, or just being made by somebody else: only an owner known to be dead is cleaned.
      continue;
    }
    if (startOf(Number(owner[0])) === owner[1]) continue;
    const id = name.slice(prefix.length);
    // The processes died with their owner, and mounts and namespaces with them; a cable can outlive them by a moment.
    await run(['ip', 'link', 'delete', `pflab${id}`]);
    rmSync(folder, { recursive: true, force: true });
    dead.push(id);
  }
  return dead;
}
