/** How the hosts of a fleet are reached, and with `--try` whether they are. */
import { join } from 'node:path';
import { enter } from '../../collect/entrance.js';
import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import { plural } from '../../core/format.js';
import type { FleetPair } from '../../fleet/fleet.js';
import { makePrivateFolder } from '../../fleet/folder.js';
import { inPool } from '../../fleet/pool.js';
import { targetOf } from '../../fleet/prepare.js';
import { planSteps } from '../../plan/steps.js';
import { contextsOf } from '../../plan/text.js';
import { type Reached, reachedLines } from '../commands/reach.js';
import { write, writePrivate } from '../deliver.js';
import { phasesOf } from '../options.js';
import { exitCodeOf } from '../run.js';
import { timeoutOf } from '../session.js';
import type { FleetReachOptions } from './options.js';
import { pairsMeant } from './pairs.js';
import { parallelOf } from './run.js';
import { FleetSession } from './session.js';

/** A pair's hosts, or why its way cannot be found. */
interface PairReached {
  pair: string;
  hosts: Reached[];
  fault?: string;
}

/** Reaches every pair; resolves to the exit code: 3 when a host cannot be entered. */
export async function reachFleet(options: FleetReachOptions): Promise<number> {
  const timeoutMs = timeoutOf(options);
  const size = parallelOf(options.parallel);
  const { pairs, choices } = pairsMeant(options, phasesOf(options), timeoutMs);
  const warn = (line: string) => void process.stderr.write(`pairflight: ${escapeForTerminal(line)}\n`);
  if (options.out !== undefined) for (const { name } of pairs) makePrivateFolder(join(options.out, name));
  const session = new FleetSession(pairs, options, warn);
  const reached = new Map<string, PairReached>();
  try {
    await inPool(pairs, size, session.signal, async (pair) => {
      const found = await reachPair(pair, session);
      if (options.out !== undefined) {
        await writePrivate(join(options.out, pair.name, 'reach.json'), `${JSON.stringify(found, null, 2)}\n`);
      }
      reached.set(pair.name, found);
    });
  } finally {
    await session.end();
  }
  const all = pairs.flatMap(({ name }) => reached.get(name) ?? []);
  await write(options.json ? `${JSON.stringify(all, null, 2)}\n` : text(all, options.try));
  const code = all.some(isRefused) || all.length < pairs.length ? 3 : 0;
  return exitCodeOf({ ...(session.endedBy && { signal: session.endedBy }) }, code);

  async function reachPair(pair: FleetPair, through: FleetSession): Promise<PairReached> {
    try {
      const { scope, hosts: every } = targetOf(pair, choices);
      const hosts = every.filter(({ connection }) => connection !== 'endpoint');
      const contexts = contextsOf(planSteps(scope, timeoutMs));
      through.know(pair, hosts);
      const routes = hosts.map(async (host): Promise<Reached> => {
        const route = await through.routeTo(host);
        if (!options.try || route.by === 'none') return route;
        const wanted = contexts.filter((one) => one.host === host.name).map(({ host: _, ...context }) => context);
        return { ...route, entrance: await enter(await through.open(host), wanted) };
      });
      return { pair: pair.name, hosts: await Promise.all(routes) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { pair: pair.name, hosts: [], fault: error.message };
    }
  }
}

const isRefused = ({ hosts, fault }: PairReached) =>
  fault !== undefined || hosts.some(({ entrance }) => entrance?.refused !== undefined);

/** Every pair; of those that were tried only what was refused, and how many were not. */
function text(all: readonly PairReached[], tried: boolean): string {
  const shown = tried ? all.filter(isRefused) : all;
  const lines = shown.flatMap(({ pair, hosts, fault }) => [
    `== ${pair}`,
    ...(fault === undefined ? hosts.flatMap(reachedLines) : [`  ${fault}`]),
  ]);
  const counts = tried ? [`${plural(all.length - shown.length, 'pair')} of ${all.length} can be entered`] : [];
  return `${[...lines, ...counts].map(escapeForTerminal).join('\n')}\n`;
}
