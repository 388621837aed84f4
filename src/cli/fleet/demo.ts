/** `demo fleet N`: N pairs, played by this process and judged as any fleet, or played until Ctrl-C. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.js';
import { makeTemporaryFolder } from '../../core/folder.js';
import { plural } from '../../core/format.js';
import { shownLine } from '../../core/shell/words.js';
import { startFleet } from '../../demo/fleet.js';
import { loadDemo } from '../../demo/index.js';
import { packDir, packIndex } from '../../pack/load.js';
import { write } from '../deliver.js';
import type { ReportOptions } from '../options.js';
import type { SceneOptions } from '../scenes.js';
import { checkFleet } from './run.js';

const MOST = 2000;

/** Options on a played fleet. */
export interface PlayedFleetOptions {
  seed?: string;
  faults?: string;
  parallel?: number;
  out?: string;
  serve?: string;
}

/** Plays a fleet: with `serve` for others, else for a run of its own. */
export async function demoFleet(options: SceneOptions & ReportOptions & PlayedFleetOptions): Promise<number> {
  const count = wholeNumber('demo fleet', options.more ?? '12', 1, MOST);
  const seed = wholeNumber('--seed', options.seed ?? '1', 0, 4_294_967_295);
  const faultPercent = wholeNumber('--faults', options.faults ?? '10', 0, 100);
  const phase = options.phase ?? 'preflight';
  const product = options.product ?? packIndex().default;
  if (options.out === undefined && options.report?.some((spec) => /^html(=|$)/.test(spec)))
    throw new UsageError(
      '--report html: the page of a fleet leads to those of its pairs, and without --out they are gone when it is read',
      'pairflight demo fleet 12 --out results --report html=results/index.html',
    );
  const made = makeTemporaryFolder('pairflight-fleet-');
  const remove = () => rmSync(made, { recursive: true, force: true });
  process.once('exit', remove);
  const ended = new AbortController();
  const end = () => ended.abort();
  if (options.serve !== undefined) process.on('SIGINT', end).on('SIGTERM', end);
  const running = await startFleet(
    loadDemo(packDir(product)),
    { count, phase, seed, faultPercent },
    options.serve ?? made,
  );
  try {
    process.stderr.write(
      `pairflight: ${plural(count, 'pair')} played, seed ${seed}, faults on ${faultPercent} % of them\n`,
    );
    const { file, knownHosts } = running;
    if (options.serve !== undefined) {
      const reach = ['--known-hosts', knownHosts, '--ssh-config', 'none'];
      const line = ['pairflight', 'fleet', 'check', file, '--phase', phase, ...reach, '--out', 'results'];
      await write(`${shownLine(line)}\n`);
      if (!ended.signal.aborted)
        await new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve(), { once: true }));
      return 0;
    }
    const { parallel, report, reportMode, color, failOn } = options;
    return await checkFleet(
      {
        fleet: file,
        out: options.out ?? join(made, 'results'),
        knownHosts,
        sshConfig: 'none',
        acceptNewHostKeys: false,
        resume: false,
        failOn,
        ...(parallel !== undefined && { parallel }),
        ...(report && { report }),
        ...(reportMode !== undefined && { reportMode }),
        ...(color !== undefined && { color }),
      },
      phase,
    );
  } finally {
    await running.close();
    process.off('SIGINT', end).off('SIGTERM', end).off('exit', remove);
    remove();
  }
}

function wholeNumber(what: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(
    `${what} ${text}: must be a whole number between ${least} and ${most}`,
    'pairflight demo fleet 12 --seed 1 --faults 10',
  );
}
