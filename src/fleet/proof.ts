/** Whether what a folder holds of a pair is what its run wrote, says of itself what is so, and is young enough. */
import { UsageError } from '../core/errors.js';
import { lengthInWords } from '../core/format.js';
import type { Evidence, Report } from '../core/model.js';
import { EditedReport } from '../judge/report-file.js';
import { endedWaiver } from '../judge/waivers.js';
import type { Pack } from '../pack/pack.js';
import { contradictionIn } from './contradiction.js';
import type { PairEvent } from './events.js';
import type { PackNamed } from './prepare.js';
import type { Problem } from './report.js';
import type { ShardFolder } from './shard-folder.js';

/** How far the clocks of two machines may lie apart before a result counts as of the future. */
export const CLOCKS_MS = 10 * 60_000;

/** A pair that is proven, or why it is not: with a problem where that is the parts' fault and not the pair's. */
export type Proof =
  | { report: Report; evidence: Evidence }
  | { outcome: 'error' | 'missing'; why: string; problem?: undefined; words?: undefined }
  | { outcome: 'error' | 'missing'; why: string; problem: Problem['problem']; words: string };

/** What proving a pair needs. */
export interface Proving {
  maxAgeMs: number;
  /** When results are judged to be old. */
  now: Date;
  /** The very pack that a pair was judged by; undefined where it is not here. */
  packOf(pack: PackNamed): Pack | undefined;
}

/** Proves one pair of a shard. */
export function proofOf(shard: ShardFolder, event: Omit<PairEvent, 'event'>, how: Proving): Proof {
  if (event.outcome === 'error') return { outcome: 'error', why: event.message ?? 'it could not be asked' };
  const listed = shard.file.list.find(({ name }) => name === event.pair);
  const bad = (problem: Problem['problem'], outcome: 'error' | 'missing', words: string, why = words): Proof => ({
    outcome,
    why,
    problem,
    words,
  });
  if (listed?.definition !== event.definition)
    return bad('other-list', 'error', 'has results of another definition of the pair');
  const ageMs = how.now.getTime() - Date.parse(event.finishedAt);
  const limit = lengthInWords(how.maxAgeMs / 1000);
  if (ageMs > how.maxAgeMs)
    return bad(
      'stale',
      'missing',
      `has results older than ${limit}`,
      `its result of ${event.finishedAt} is older than ${limit}`,
    );
  if (ageMs < -CLOCKS_MS)
    return bad(
      'stale',
      'missing',
      'has results of the future',
      `its result is of ${event.finishedAt}, which is yet to come`,
    );
  const { files = {} } = event;
  for (const name of new Set(['evidence.json', 'report.json', ...Object.keys(files)])) {
    const state = shard.stateOf(event.pair, name, files[name]);
    if (state === 'missing') return bad('missing', 'missing', 'lacks files of pairs', `its file ${name} is missing`);
    if (state === 'altered')
      return bad(
        'altered',
        'error',
        'has files that are not those that were written',
        `its file ${name} is not the one that was written`,
      );
  }
  const { pack: named } = event;
  const isOfRun = (one: PackNamed | undefined) =>
    one !== undefined && shard.file.packs.some(({ name, sha256 }) => name === one.name && sha256 === one.sha256);
  if (!named || !isOfRun(named))
    return bad('other-pack', 'error', 'has results by another pack than the run', 'it was judged by another pack');
  const pack = how.packOf(named);
  if (!pack)
    return bad(
      'other-pack',
      'error',
      `was judged by a pack ${named.name} (${named.version}) that is not the one here: merge with the pairflight that asked, or name it by --pack`,
      `its pack ${named.name} (${named.version}) is not here, so that nobody can judge it again`,
    );
  try {
    const { report, evidence } = shard.saved(event.pair);
    if (
      evidence.packs.length !== 1 ||
      evidence.packs.some(({ name, sha256 }) => name !== named.name || sha256 !== named.sha256)
    )
      return bad(
        'altered',
        'error',
        'has results that contradict themselves',
        'its evidence was judged by another pack',
      );
    const fault = contradictionIn({ run: shard.file.run, event, report, evidence }, pack);
    if (fault !== undefined) return bad('altered', 'error', 'has results that contradict themselves', fault);
    const ended = endedWaiver(report.findings, how.now);
    if (ended === undefined) return { report, evidence };
    return bad(
      'stale',
      'error',
      'has results that rest on a waiver that has ended since',
      `it passed by a waiver of ${ended.rule}, which ended with ${ended.until}`,
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (error instanceof EditedReport)
      return bad('altered', 'error', 'has results that contradict themselves', error.message);
    return bad('unreadable', 'error', 'has results that cannot be read', error.message);
  }
}
