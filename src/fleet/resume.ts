/** `--resume`: what an earlier run in the same folder has done and this one need not do again. */
import { UsageError } from '../core/errors.js';
import { lengthInWords, plural } from '../core/format.js';
import { tool } from '../core/version.js';
import type { PairEvent } from './events.js';
import { type FleetPair, hashOf } from './fleet.js';
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
  const found = own.flatMap(({ name, definition }): [string, PairEvent][] => {
    const event = earlier.pairs.get(name);
    // What was an error may be none now.
    if (event === undefined || event.outcome === 'error') return [];
    const { pack, finishedAt } = event;
    const samePack = how.packs.some((one) => one.name === pack?.name && one.sha256 === pack.sha256);
    const why = !sameTool
      ? 'of another version of pairflight'
      : !samePack
        ? 'judged by another pack'
        : definition !== event.definition
          ? 'defined in another way since'
          : Date.now() - Date.parse(finishedAt) > resume.maxAgeMs
            ? `older than ${lengthInWords(resume.maxAgeMs / 1000)}`
            : !folder.holds(event)
              ? 'with files altered or removed since'
              : undefined;
    if (why === undefined) return [[name, event]];
    again(why);
    return [];
  });
  for (const [why, count] of anew) warn(`asked again: ${plural(count, 'pair')} ${why}`);
  return new Map(found);
}

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
