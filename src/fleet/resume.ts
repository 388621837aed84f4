/** `--resume`: what an earlier run in the same folder has done and this one need not do again. */
import { UsageError } from '../core/errors.js';
import { lengthInWords, plural } from '../core/format.js';
import { tool } from '../core/version.js';
import { endedWaiver } from '../judge/waivers.js';
import { packFor } from '../plan/scope.js';
import { contradictionIn } from './contradiction.js';
import type { PairEvent } from './events.js';
import { type FleetPair, hashOf } from './fleet.js';
import { CLOCKS_MS } from './proof.js';
import type { FleetRunning } from './running.js';
import type { Shard } from './shard.js';

/** What an earlier run has done of these pairs and still holds; what is left out is said. @throws UsageError for the folder of another run */
export function doneBefore(how: FleetRunning, own: readonly FleetPair[]): Map<string, PairEvent> {
  const { folder, resume, run, shard, warn } = how;
  const { earlier } = folder;
  if (!earlier) return new Map();
  const { run: before } = earlier;
  const named = (part: Shard | undefined) => (part ? `shard ${part.index}/${part.total} of it` : 'the whole of it');
  if (before.fleet !== run.fleet)
    throw new UsageError(
      `${folder.path}: holds a run of the fleet ${before.fleet}, not of ${run.fleet}; name another folder`,
    );
  if (hashOf(before.shard ?? null) !== hashOf(shard ?? null))
    throw new UsageError(
      `${folder.path}: holds ${named(before.shard)}, not ${named(shard)}; each has a folder of its own`,
    );
  if (!resume) {
    warn(`${folder.path}: the run of ${before.at} is replaced (--resume would go on with it)`);
    return new Map();
  }
  const changed = (
    ['phases', 'where', 'selection', 'settings', 'release', 'provePorts', 'allowCommand', 'failOn'] as const
  ).find((key) => hashOf(before[key] ?? null) !== hashOf(run[key] ?? null));
  if (changed !== undefined)
    throw new UsageError(
      `${folder.path}: --resume goes on with the same run, and this one differs in its ${words[changed]}; name another folder`,
    );
  const anew = new Map<string, number>();
  const again = (why: string) => void anew.set(why, (anew.get(why) ?? 0) + 1);
  const sameTool = hashOf(before.tool) === hashOf(tool());
  const found = own.flatMap((pair): [string, PairEvent][] => {
    const { name } = pair;
    const event = earlier.pairs.get(name);
    // What was an error may be none now.
    if (event === undefined || event.outcome === 'error') return [];
    const why = !sameTool ? 'of another version of pairflight' : whyAgain(how, pair, event, resume.maxAgeMs);
    if (why === undefined) return [[name, event]];
    again(why);
    return [];
  });
  for (const [why, count] of anew) warn(`asked again: ${plural(count, 'pair')} ${why}`);
  return new Map(found);
}

/** Why a pair that is done is asked again; undefined where what is saved of it is proven, and young enough. */
function whyAgain(how: FleetRunning, pair: FleetPair, event: PairEvent, maxAgeMs: number): string | undefined {
  const { pack, finishedAt } = event;
  if (!how.packs.some((one) => one.name === pack?.name && one.sha256 === pack.sha256)) return 'judged by another pack';
  if (pair.definition !== event.definition) return 'defined in another way since';
  const now = new Date();
  const ageMs = now.getTime() - Date.parse(finishedAt);
  if (ageMs > maxAgeMs) return `older than ${lengthInWords(maxAgeMs / 1000)}`;
  if (ageMs < -CLOCKS_MS) return 'with a result of the future';
  if (!how.folder.holds(event)) return altered;
  try {
    const saved = how.folder.saved(pair.name);
    const judgedBy = packFor(pair.inventory, how.choices);
    if (contradictionIn({ run: how.run, event, ...saved }, judgedBy) !== undefined) return altered;
    return endedWaiver(saved.report.findings, now) && 'passed by a waiver that has ended since';
  } catch (error) {
    if (error instanceof UsageError) return altered;
    throw error;
  }
}

const altered = 'with files altered or removed since';

const words = {
  phases: 'phase',
  where: '--where',
  selection: '--only or --skip',
  settings: '--set',
  release: '--release',
  provePorts: '--prove-ports',
  allowCommand: '--allow-command',
  failOn: '--fail-on',
} as const;
