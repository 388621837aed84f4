/** Whether what a folder holds of a pair is what its run wrote, says of itself what is so, and is young enough. */
import { UsageError } from '../core/errors.js';
import { lengthInWords } from '../core/format.js';
import type { Evidence, Report, Rule } from '../core/model.js';
import { exitCode, gateOf } from '../judge/verdict.js';
import type { PairEvent } from './events.js';
import { hashOf } from './fleet.js';
import type { Problem } from './report.js';
import type { ShardFolder } from './shard-folder.js';

/** How far the clocks of two machines may lie apart before a result counts as of the future. */
const CLOCKS_MS = 10 * 60_000;

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
  /** The rules of a pack, of which reports do not say which are guards. */
  rulesOf(pack: string): readonly Rule[];
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
  try {
    const { report, evidence } = shard.saved(event.pair);
    const fault = contradiction(shard, event, report, evidence, how);
    if (fault === undefined) return { report, evidence };
    return bad('altered', 'error', 'has results that contradict themselves', fault);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return bad('unreadable', 'error', 'has results that cannot be read', error.message);
  }
}

/** What a pair's files say that cannot all be true. */
function contradiction(
  { file }: ShardFolder,
  { pair, outcome, startedAt, pack }: Omit<PairEvent, 'event'>,
  { run, findings, product, selection }: Report,
  evidence: Evidence,
  { rulesOf }: Proving,
): string | undefined {
  if (run.pair !== pair) return `its report is of ${run.pair}`;
  if (evidence.inventory.name !== pair)
    return `its evidence is of ${evidence.inventory.name ?? 'a pair without a name'}`;
  if (run.gate !== outcome) return `its report is ${run.gate}, and the run says ${outcome}`;
  const gate = gateOf(findings, rulesOf(product.pack), run.failOn);
  if (gate !== run.gate || exitCode(gate) !== run.exitCode)
    return `its report says ${run.gate} (exit code ${run.exitCode}), and its findings say ${gate}`;
  if (run.startedAt !== startedAt || evidence.takenAt !== startedAt)
    return 'its report and its evidence are of different times';
  if (run.failOn !== file.run.failOn) return `its report was judged with --fail-on ${run.failOn}`;
  if (run.phase !== file.run.phases.join(',') || hashOf(selection) !== hashOf(file.run.selection))
    return 'its report judges other rules than the run';
  const known = file.packs.some(({ name, sha256 }) => name === pack?.name && sha256 === pack.sha256);
  const same = evidence.packs.every(({ sha256 }) => sha256 === pack?.sha256) && product.pack === pack?.name;
  return known && same ? undefined : 'its evidence was judged by another pack';
}
