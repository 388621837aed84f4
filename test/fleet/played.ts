/** A fleet of played pairs, and runs of it by the built program. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FleetScene, type RunningFleet, startFleet } from '../../src/demo/fleet.js';
import { loadDemo } from '../../src/demo/index.js';
import type { FleetReport } from '../../src/fleet/report.js';
import { packDir } from '../../src/pack/load.js';
import { pairflightIn, type Ran } from '../cli/run.js';

/** A played fleet in a folder of its own. */
export interface PlayedFleet extends RunningFleet {
  folder: string;
  /** The words of a run, behind the command. */
  words: string[];
  /** Runs `pairflight fleet preflight` on it in its folder. */
  run(...more: string[]): Promise<Ran>;
  runIn(env: Record<string, string>, ...more: string[]): Promise<Ran>;
  /** Runs it with other words behind the command. */
  runWith(words: string[], ...more: string[]): Promise<Ran>;
}

/** Plays a fleet of the default product. */
export async function playFleet(scene: Partial<FleetScene> = {}): Promise<PlayedFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-played-'));
  const whole = { count: 6, phase: 'preflight', seed: 12, faultPercent: 35, ...scene };
  const running = await startFleet(loadDemo(packDir('alation')), whole, join(folder, 'played'));
  // Nobody answers an echo request at the addresses of played hosts, and waiting for it costs seconds.
  const words = [
    running.file,
    '--known-hosts',
    running.knownHosts,
    '--ssh-config',
    'none',
    '--skip',
    '*/runner-reaches-hosts',
  ];
  const runIn = (env: Record<string, string>, ...more: string[]) =>
    pairflightIn(folder, ['fleet', 'preflight', ...words, ...more], env);
  return {
    ...running,
    folder,
    words,
    runIn,
    runWith: (other, ...more) => pairflightIn(folder, ['fleet', 'preflight', ...other, ...more]),
    run: (...more) => runIn({}, ...more),
    close: async () => {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fleet's report from a file. */
export const reportAt = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as FleetReport;
