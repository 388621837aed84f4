/** Fleets that a process of its own plays, and runs of them whose cost is watched. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FleetReport } from '../../../src/fleet/report.js';

const program = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));

/** Pairs that are played until they are ended. */
export interface PlayedApart {
  count: number;
  /** The fleet's file, and the keys of its hosts and of whoever logs in. */
  file: string;
  knownHosts: string;
  identity: string;
  end(): Promise<void>;
}

/** Plays so many pairs; `faults`: of how many in a hundred one host or both are not as they should be. */
export async function playApart(folder: string, count: number, faults = 5): Promise<PlayedApart> {
  const dir = join(folder, `played-${count}-${faults}`);
  const words = ['demo', 'fleet', String(count), '--serve', dir, '--faults', String(faults)];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return {
    count,
    file: join(dir, 'fleet.json'),
    knownHosts: join(dir, 'known_hosts'),
    identity: join(dir, 'id_ed25519'),
    end: async () => {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** What a run of a fleet cost. */
export interface FleetRun {
  seconds: number;
  /** MiB. */
  peak: number;
  /** The report as it was written. */
  text: string;
  report: FleetReport;
}

let runs = 0;

/** Runs `pairflight fleet preflight`; its folder is kept where a name is given. @throws where no report came about */
export async function runFleet(
  folder: string,
  { file, knownHosts }: PlayedApart,
  more: readonly string[],
  keep?: string,
): Promise<FleetRun> {
  const out = join(folder, keep ?? `out-${runs++}`);
  // Nobody answers an echo request at the addresses of played hosts, and waiting for it costs seconds.
  const played = [file, '--known-hosts', knownHosts, '--ssh-config', 'none', '--skip', '*/runner-reaches-hosts'];
  const run = await watch(['fleet', 'preflight', ...played, '--out', out, ...more], `${out}.json`);
  if (keep === undefined) rmSync(out, { recursive: true });
  return run;
}

/** Runs `pairflight fleet merge` on folders that were kept. */
export function mergeFolders(folder: string, names: readonly string[]): Promise<FleetRun> {
  return watch(['fleet', 'merge', ...names.map((name) => join(folder, name))], join(folder, `merged-${runs++}.json`));
}

async function watch(words: readonly string[], file: string): Promise<FleetRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...words, '--report', `json=${file}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const closed = once(child, 'close');
  let peak = 0;
  let ended = false;
  closed.then(() => {
    ended = true;
  });
  while (!ended) {
    const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
    await Promise.race([sleep(100), closed]);
  }
  const [code] = await closed;
  const seconds = (performance.now() - started) / 1000;
  // On a machine that is too busy some played hosts answer too late.
  if (![0, 1, 3].includes(code)) throw new Error(`pairflight ${words[0]} ${words[1]} ended with ${code}`);
  const text = readFileSync(file, 'utf8');
  return { seconds, peak, text, report: JSON.parse(text) };
}
