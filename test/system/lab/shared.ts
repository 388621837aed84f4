/** Labs that the files of a run use one after the other: one that is handed back as it was built serves the next file, too. */
import { readdirSync, readFileSync } from 'node:fs';
import type { LabHost } from './host.js';
import { type Lab, type LabOptions, startLab } from './lab.js';
import { startPair } from './pair/pair.js';
import { emptyLog, hasServer, touchedByStarts } from './pair/server.js';
import { writeTwinOptions } from './product.js';
import { contentsOf, differences, type Manifest } from './readonly.js';

interface Idle {
  lab: Lab;
  kind: 'lab' | 'pair';
  /** How each of its hosts was when it was built. */
  born: State[];
}

/** What a lab that serves another file must be like. */
interface State {
  files: Manifest;
  rest: Record<'mounts' | 'sockets' | 'processes' | 'firewall', string>;
}

const idle: Idle[] = [];
const lent = new Map<Lab, Idle>();

/** Gives a lab of the usual release and disks, built or handed back; how slow its `alation_conf` is, is set anew. */
export function borrowLab({ confDelay = 0.4 }: Pick<LabOptions, 'confDelay'> = {}): Promise<Lab> {
  return borrow('lab', confDelay, startLab);
}

/** Gives a replicating pair of the usual release and disks, built or handed back. */
export function borrowPair(): Promise<Lab> {
  return borrow('pair', 0, startPair);
}

async function borrow(kind: Idle['kind'], confDelay: number, start: typeof startLab): Promise<Lab> {
  const at = idle.findIndex((one) => one.kind === kind);
  const [found] = at < 0 ? [] : idle.splice(at, 1);
  if (found) {
    lent.set(found.lab, found);
    for (const host of found.lab.hosts) {
      writeTwinOptions(host, { confDelay, confAlwaysSubstring: false });
      if (hasServer(host)) emptyLog(host);
    }
    return found.lab;
  }
  const lab = await start({ confDelay });
  lent.set(lab, { lab, kind, born: await statesOf(lab) });
  return lab;
}

/** Takes a lab back for the next file; fails, and ends it, where a host is not as it was built. */
export async function handBack(lab: Lab | undefined): Promise<void> {
  if (lab === undefined) return;
  const one = lent.get(lab);
  if (!one) throw new Error('lab: only a lab that was borrowed is handed back');
  lent.delete(lab);
  try {
    await lab.reset();
    // What a test has ended, such as a session, may take a moment to be gone.
    let changed = await changesSince(one);
    for (let tries = 0; changed.length > 0 && tries < 20; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      changed = await changesSince(one);
    }
    if (changed.length > 0) throw new Error(`lab: not as it was built: ${changed.join('; ')}`);
    idle.push(one);
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function changesSince({ lab, born }: Idle): Promise<string[]> {
  const now = await statesOf(lab);
  return lab.hosts.flatMap((host, index) => {
    const [before, after] = [born[index], now[index]];
    if (!before || !after) return [`${host.name} is gone`];
    const restarted = new Set(writtenAtStarts(host));
    const files = differences(before.files, after.files).filter((file) => !restarted.has(file));
    const rest = (Object.keys(before.rest) as (keyof State['rest'])[]).filter(
      (part) => before.rest[part] !== after.rest[part],
    );
    const parts = rest.map((part) => `${part}:\n${before.rest[part]}\nand now:\n${after.rest[part]}`);
    return [...files, ...parts].map((what) => `${host.name}: ${what}`);
  });
}

/** Files in which a server notes its process. */
function writtenAtStarts(host: LabHost): string[] {
  return ['/run/sshd.pid', ...(hasServer(host) ? touchedByStarts(host) : [])];
}

function statesOf(lab: Lab): Promise<State[]> {
  return Promise.all(lab.hosts.map(stateOf));
}

async function stateOf(host: LabHost): Promise<State> {
  const lines = (file: string) => readFileSync(`/proc/${file}`, 'utf8').split('\n');
  const mounts = lines(`${host.init}/mountinfo`).map((line) => line.split(' ').slice(2).join(' '));
  const sockets = [...lines(`${host.holder}/net/tcp`), ...lines(`${host.holder}/net/tcp6`)]
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, address = '', , state]) => (state === '0A' ? [address] : []));
  // A server's own processes come and go.
  const processes = readdirSync(`/proc/${host.init}/root/proc`)
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${host.init}/root/proc/${pid}/comm`, 'utf8').trim()];
      } catch {
        return []; // it has just ended
      }
    });
  const firewall = await host.exec(['nft', 'list', 'ruleset']);
  const rest = {
    mounts,
    sockets: sockets.sort(),
    processes: [...new Set(processes)].sort(),
    firewall: [firewall.stdout],
  };
  return {
    files: contentsOf(host),
    rest: Object.fromEntries(Object.entries(rest).map(([part, all]) => [part, all.join('\n')])) as State['rest'],
  };
}
