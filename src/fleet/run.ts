/** A run of a fleet: a pool of pairs, each written down as soon as it is done. */
import { UsageError } from '../core/errors.js';
import { plural } from '../core/format.js';
import type { Gate } from '../core/model.js';
import { tool } from '../core/version.js';
import { evidenceText } from '../evidence/evidence.js';
import { json } from '../reporters/json.js';
import type { EndEvent, Outcome, PairEvent } from './events.js';
import type { FleetPair } from './fleet.js';
import { type FleetFolder, SHARD } from './folder.js';
import { tidier } from './memory.js';
import { inPool } from './pool.js';
import type { FleetReport } from './report.js';
import { doneBefore } from './resume.js';
import { type PairResult, runPair } from './run-pair.js';
import type { FleetRunning } from './running.js';
import { inShard } from './shard.js';
import { shardFile } from './shard-file.js';
import { Tally } from './tally.js';

/** How a run of a fleet ended. */
export interface FleetEnd {
  report: FleetReport;
  /** Faults of pairflight itself, by pair. */
  bugs: Map<string, Error>;
}

/** Asks the pairs of a fleet, or of a shard of it. @throws UsageError where results cannot be written */
export async function runFleet(how: FleetRunning): Promise<FleetEnd> {
  const { folder, observer, signal } = how;
  const startedAt = new Date();
  const own = pairsOf(how);
  const events = doneBefore(how, own);
  if (how.resume) folder.reopen();
  else folder.clear();
  folder.append({
    event: 'run',
    schema: 'pairflight/fleet-event/1',
    at: startedAt.toISOString(),
    tool: tool(),
    runId: how.runId,
    ...(how.shard && { shard: how.shard }),
    packs: how.packs,
    pairs: own.length,
    ...(how.resume && { resumed: events.size }),
    ...how.run,
  });
  const tally = new Tally();
  const tidy = tidier();
  for (const [name, event] of events) addSaved(tally, folder, event, labelsOf(own, name));
  observer.begun(own.length, events.size);
  const bugs = new Map<string, Error>();
  // A disk that is full ends the run as Ctrl-C does: what is done stays.
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let failure: unknown;
  const open = own.filter(({ name }) => !events.has(name));
  try {
    await inPool(open, how.parallel, stopping.signal, async (pair) => {
      observer.asked(pair.name);
      const began = new Date();
      try {
        const { event, result } = await resultOf(pair, began, how, bugs);
        // A pair that was ended early is not done: it is asked again.
        if (stopping.signal.aborted) return;
        const files = result && folder.writePair(pair.name, { ...textsOf(result), ...(await how.pages?.(result)) });
        const done: PairEvent = { ...event, ...(files && { files }) };
        folder.append(done);
        events.set(pair.name, done);
        if (result) tally.add(done, pair.labels, result.report, result.evidence);
        else tally.addWithout(pair.name, pair.labels, 'error', done.message ?? '');
        observer.done(done);
        tidy();
      } catch (error) {
        failure ??= error;
        stop();
      }
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (failure !== undefined) throw withProgress(failure, events.size, own.length);
  return { report: ended(how, own, events, tally, startedAt), bugs };
}

/** The pairs of this run: all, or those of its shard. */
function pairsOf({ pairs, shard }: FleetRunning): FleetPair[] {
  if (!shard) return [...pairs];
  const names = new Set(
    inShard(
      pairs.map(({ name }) => name),
      shard,
    ),
  );
  return pairs.filter(({ name }) => names.has(name));
}

const labelsOf = (pairs: readonly FleetPair[], name: string) => pairs.find((pair) => pair.name === name)?.labels ?? {};

/** A pair of a fleet is asked; one that is only declared has not passed. */
const outcomes = {
  passed: 'passed',
  failed: 'failed',
  incomplete: 'incomplete',
  declared: 'incomplete',
} as const satisfies Record<Gate, Outcome>;

/** What a pair came to; one that cannot be asked is an error of its own, and costs the others nothing. */
async function resultOf(
  pair: FleetPair,
  began: Date,
  how: FleetRunning,
  bugs: Map<string, Error>,
): Promise<{ event: PairEvent; result?: PairResult }> {
  const common = { event: 'pair', pair: pair.name, definition: pair.definition } as const;
  try {
    const result = await runPair(pair, how);
    const { run } = result.report;
    const { startedAt, finishedAt, durationMs } = run;
    const { pack, instances } = result;
    return {
      event: { ...common, outcome: outcomes[run.gate], startedAt, finishedAt, durationMs, pack, instances },
      result,
    };
  } catch (error) {
    const isMistake = error instanceof UsageError;
    if (!isMistake) bugs.set(pair.name, error as Error);
    const message = `${isMistake ? '' : 'a bug of pairflight itself: '}${(error as Error).message}`;
    const ended = new Date();
    const durationMs = ended.getTime() - began.getTime();
    const times = { startedAt: began.toISOString(), finishedAt: ended.toISOString(), durationMs };
    return { event: { ...common, outcome: 'error', ...times, message } };
  }
}

function textsOf({ report, evidence }: PairResult): Record<string, string> {
  return { 'evidence.json': evidenceText(evidence), 'report.json': json(report) };
}

function addSaved(tally: Tally, folder: FleetFolder, event: PairEvent, labels: Record<string, string>): void {
  const { report, evidence } = folder.saved(event.pair);
  tally.add(event, labels, report, evidence);
}

/** Writes the end down, and what makes the folder a whole shard. */
function ended(
  how: FleetRunning,
  own: readonly FleetPair[],
  events: ReadonlyMap<string, PairEvent>,
  tally: Tally,
  startedAt: Date,
): FleetReport {
  const interrupted = how.signal.aborted;
  const left = own.filter(({ name }) => !events.has(name));
  for (const { name, labels } of left)
    tally.addWithout(name, labels, 'missing', 'the run was ended before it was asked');
  const finishedAt = new Date().toISOString();
  const report = tally.report({
    tool: tool(),
    packs: how.packs,
    run: {
      ...how.run,
      id: how.runId,
      ...(how.shard && { shard: how.shard }),
      startedAt: startedAt.toISOString(),
      finishedAt,
      ...(interrupted && { interrupted }),
    },
  });
  const { pairs: _, ...counts } = report.summary;
  const end: EndEvent = {
    event: 'end',
    at: finishedAt,
    exitCode: report.run.exitCode,
    pairs: counts,
    ...(interrupted && { interrupted }),
  };
  how.folder.append(end);
  const done = own.flatMap(({ name }) => events.get(name) ?? []);
  how.folder.write(SHARD, `${JSON.stringify(shardFile(how, done, startedAt, finishedAt), null, 1)}\n`);
  return report;
}

function withProgress(failure: unknown, done: number, all: number): unknown {
  if (!(failure instanceof UsageError)) return failure;
  return new UsageError(
    `${failure.message}; ${done} of ${plural(all, 'pair')} are done and kept, --resume goes on`,
    failure.next,
  );
}
