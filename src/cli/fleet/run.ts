/** A run of a fleet: pairs, folder, session, reports. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import { plural, readDuration } from '../../core/format.js';
import type { FleetRun } from '../../fleet/events.js';
import { FleetFolder } from '../../fleet/folder.js';
import { runFleet } from '../../fleet/run.js';
import type { PairResult } from '../../fleet/run-pair.js';
import { inShard, runIdOf, type ShardChoice, shardOf } from '../../fleet/shard.js';
import { reporters } from '../../reporters/index.js';
import { startFleetProgress } from '../progress/index.js';
import { exitCodeOf } from '../run.js';
import { timeoutOf } from '../session.js';
import { deliverFleet, openFleetTargets } from './deliver.js';
import { type FleetOptions, MAX_AGE } from './options.js';
import { type PairsMeant, pairsMeant } from './pairs.js';
import { FleetSession } from './session.js';

const MOST_PARALLEL = 256;

/** Judges a fleet by the rules of a phase, and reports; resolves to the exit code. */
export async function checkFleet(options: FleetOptions, phase: string): Promise<number> {
  const timeoutMs = timeoutOf(options);
  const parallel = parallelOf(options.parallel);
  const maxAgeMs = readDuration('--max-age', options.maxAge ?? MAX_AGE);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard, process.env);
  const runId = runIdFor(options.runId, shard);
  const meant = pairsMeant(options, [phase], timeoutMs);
  if (shard) process.stderr.write(`pairflight: ${escapeForTerminal(shardInWords(shard, meant))}\n`);
  const progress = await startFleetProgress();
  const folder = FleetFolder.open(options.out, progress.say);
  let session: FleetSession | undefined;
  try {
    const targets = await openFleetTargets(options, [{ what: 'the fleet', path: options.fleet || '-' }]);
    session = new FleetSession(meant.pairs, options, progress.say);
    const { report, bugs } = await runFleet({
      run: fleetRun(meant, options, phase),
      runId,
      ...(shard && { shard: { index: shard.index, total: shard.total } }),
      pairs: meant.pairs,
      packs: meant.packs,
      choices: meant.choices,
      failOn: options.failOn,
      timeoutMs,
      folder,
      parallel,
      ...(options.resume && { resume: { maxAgeMs } }),
      ...(targets.some(({ format }) => format === 'html') && { pages }),
      collecting: session.collecting,
      signal: session.signal,
      observer: progress,
      warn: progress.say,
    });
    progress.end();
    for (const [pair, error] of bugs) sayBug(pair, error);
    await deliverFleet(report, targets, options.color, (pair) => pageIn(options.out, pair));
    if (bugs.size > 0) return 70;
    return exitCodeOf({ ...(session.endedBy && { signal: session.endedBy }) }, report.run.exitCode);
  } finally {
    progress.end();
    await session?.end();
    folder.close();
  }
}

function fleetRun({ name, choices }: PairsMeant, options: FleetOptions, phase: string): FleetRun {
  return {
    fleet: name,
    phases: [phase],
    where: [...(options.where ?? [])].sort(),
    selection: { only: options.only ?? [], skip: options.skip ?? [] },
    settings: choices.settings ?? {},
    ...(options.release !== undefined && { release: options.release }),
    ...(options.provePorts && { provePorts: true }),
    ...(options.allowCommand && { allowCommand: [...options.allowCommand].sort() }),
    failOn: options.failOn,
  };
}

/** How many pairs at once: an option, or as many as the machine can judge. @throws UsageError */
export function parallelOf(given: number | undefined): number {
  if (given === undefined) return Math.min(32, 4 * availableParallelism());
  if (!Number.isInteger(given) || given < 1 || given > MOST_PARALLEL)
    throw new UsageError(`--parallel: must be a whole number between 1 and ${MOST_PARALLEL}`);
  return given;
}

/** Shards that cannot be told to be of one run would never be put together. @throws UsageError */
function runIdFor(given: string | undefined, shard: ShardChoice | undefined): string {
  const id = given ?? runIdOf(process.env);
  if (id !== undefined && !/^[\w.:+@/-]{1,200}$/.test(id))
    throw new UsageError(`--run-id ${id}: right is a word of letters, digits and . : + @ / - _`);
  if (id === undefined && shard && shard.total > 1)
    throw new UsageError('--shard needs --run-id ID: one that all shards of a run have, and no other run has');
  return id ?? randomUUID();
}

function shardInWords({ index, total, engine }: ShardChoice, { pairs }: PairsMeant): string {
  const count = inShard(
    pairs.map(({ name }) => name),
    { index, total },
  ).length;
  const whence = engine === undefined ? '' : ` (${engine})`;
  return `shard ${index}/${total}${whence}: ${count === 0 ? 'no pair' : plural(count, 'pair')} of ${pairs.length}`;
}

const pages = async ({ report }: PairResult) => ({
  'report.html': await reporters.html(report, { color: false, columns: 100 }),
});

/** What is opened for a pair: its page, else its report. */
function pageIn(folder: string, pair: string): string | undefined {
  return ['report.html', 'report.json'].map((name) => join(folder, pair, name)).find((file) => existsSync(file));
}

function sayBug(pair: string, error: Error): void {
  const stack = process.env.PAIRFLIGHT_DEBUG ? `\n${error.stack}` : '';
  process.stderr.write(
    `pairflight: ${pair}: this is a bug of pairflight itself: ${escapeForTerminal(error.message)}${stack}\n`,
  );
}
