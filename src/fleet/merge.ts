/** Puts the folders of shards together, and proves that nothing of the fleet is missing, there twice, altered or somebody else's. */
import { byName, hashOf } from './fleet.js';
import { CLOCKS_MS, type Proving, proofOf } from './proof.js';
import type { FleetReport, Problem } from './report.js';
import { inShard } from './shard.js';
import type { Found, ShardFolder } from './shard-folder.js';
import { Tally } from './tally.js';

/** A problem with the parts, in words that end with the pairs it is about. */
function problemOf(
  problem: Problem['problem'],
  message: string,
  shards: readonly string[],
  pairs: readonly string[],
): Problem {
  const shown = pairs.slice(0, 10).join(', ');
  const more = pairs.length > 10 ? ` and ${pairs.length - 10} more` : '';
  return {
    problem,
    message: `${message}${pairs.length > 0 ? `: ${shown}${more}` : ''}`,
    shards: [...shards],
    pairs: [...pairs].sort(byName),
  };
}

/** The report of a whole fleet; undefined where no folder says what the whole is. */
export function mergeShards(found: readonly Found[], how: Proving): FleetReport | undefined {
  const problems: Problem[] = found.flatMap((one) =>
    'fault' in one ? [problemOf('unreadable', `${one.folder}: ${one.fault}`, [one.folder], [])] : [],
  );
  const folders = found.filter((one) => !('fault' in one)) as ShardFolder[];
  const reference = usual(folders);
  if (!reference) return undefined;
  const { file: ref } = reference;
  const names = ref.list.map(({ name }) => name);
  const accepted = folders.filter((one) => {
    const others = differences(one, reference);
    problems.push(...others);
    return others.length === 0;
  });
  for (const one of accepted.filter(({ file }) => Date.parse(file.finishedAt) > how.now.getTime() + CLOCKS_MS))
    problems.push(
      problemOf(
        'stale',
        `shard ${shown(one)} ended at ${one.file.finishedAt}, which is yet to come`,
        [shown(one)],
        one.file.pairs.map(({ pair }) => pair),
      ),
    );
  const byIndex = new Map<number, ShardFolder[]>();
  for (const one of accepted) byIndex.set(one.file.shard.index, [...(byIndex.get(one.file.shard.index) ?? []), one]);
  const tally = new Tally();
  for (let index = 1; index <= ref.shard.total; index++) {
    const shard = { index, total: ref.shard.total };
    const own = inShard(names, shard);
    const [first, ...again] = byIndex.get(index) ?? [];
    for (const one of again)
      problems.push(
        problemOf(
          'twice',
          `shard ${shown(first as ShardFolder)} is there twice, also in ${one.folder}`,
          [shown(first as ShardFolder), shown(one)],
          own,
        ),
      );
    if (!first) {
      const words = `shard ${index}/${shard.total} is missing`;
      problems.push(
        problemOf('missing', own.length > 0 ? words : `${words}; it has no pairs`, [`${index}/${shard.total}`], own),
      );
      for (const name of own)
        tally.addWithout(name, labelsOf(reference, name), 'missing', `its shard ${index}/${shard.total} is missing`);
      continue;
    }
    problems.push(...addShard(tally, first, own, how));
  }
  const used = [...byIndex.values()].flat();
  const times = (key: 'startedAt' | 'finishedAt') => used.map(({ file }) => file[key]).sort();
  return tally.report({
    tool: ref.tool,
    packs: ref.packs,
    run: {
      ...ref.run,
      id: ref.runId,
      startedAt: times('startedAt')[0] ?? ref.startedAt,
      finishedAt: times('finishedAt').at(-1) ?? ref.finishedAt,
    },
    problems,
  });
}

const shown = ({ file: { shard }, folder }: ShardFolder) => `${shard.index}/${shard.total} (${folder})`;

const labelsOf = ({ file }: ShardFolder, name: string) => file.list.find((one) => one.name === name)?.labels ?? {};

/** What shards must have in common, and what it is to people. */
const common = [
  ['other-run', 'is of another run', ({ file }: ShardFolder) => file.runId],
  ['other-list', 'has another list of pairs', ({ file }: ShardFolder) => file.list],
  ['other-pack', 'was judged by another pack', ({ file }: ShardFolder) => file.packs],
  ['other-version', 'is of another version of pairflight', ({ file }: ShardFolder) => file.tool],
  ['other-run', 'was asked something else (phase, labels, rules or settings)', ({ file }: ShardFolder) => file.run],
  ['other-run', 'is one of another number of shards', ({ file }: ShardFolder) => file.shard.total],
] as const;

/** What most folders agree on; of as many, what the youngest says. */
function usual(folders: readonly ShardFolder[]): ShardFolder | undefined {
  const groups = new Map<string, ShardFolder[]>();
  for (const one of folders) {
    const key = hashOf(common.map(([, , of]) => of(one)));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const youngest = (group: readonly ShardFolder[]) =>
    group
      .map(({ file }) => file.finishedAt)
      .sort()
      .at(-1) ?? '';
  const [best] = [...groups.values()].sort((a, b) => b.length - a.length || byName(youngest(b), youngest(a)));
  return best?.[0];
}

function differences(one: ShardFolder, reference: ShardFolder): Problem[] {
  if (one === reference) return [];
  return common.flatMap(([problem, words, of]) => {
    if (hashOf(of(one)) === hashOf(of(reference))) return [];
    const [mine, theirs] = [of(one), of(reference)];
    const values = typeof mine === 'string' || typeof mine === 'number' ? ` (${mine}, not ${String(theirs)})` : '';
    return [
      problemOf(
        problem,
        `shard ${shown(one)} ${words} than ${shown(reference)}${values}`,
        [shown(one)],
        one.file.pairs.map(({ pair }) => pair),
      ),
    ];
  });
}

/** Adds the pairs of a shard; one that is not proven is a row without a verdict, and a problem. */
function addShard(tally: Tally, shard: ShardFolder, own: readonly string[], how: Proving): Problem[] {
  const { file, folder } = shard;
  const wrong = new Map<string, { problem: Problem['problem']; words: string; pairs: string[] }>();
  const note = (problem: Problem['problem'], words: string, pair: string) => {
    const key = `${problem} ${words}`;
    const known = wrong.get(key) ?? { problem, words, pairs: [] };
    wrong.set(key, known);
    known.pairs.push(pair);
  };
  for (const name of own) {
    const labels = labelsOf(shard, name);
    const events = file.pairs.filter(({ pair }) => pair === name);
    const [event] = events;
    if (events.length > 1) note('twice', 'lists a pair twice', name);
    if (!event) {
      note('missing', 'was ended before these pairs were asked', name);
      tally.addWithout(name, labels, 'missing', `shard ${shown(shard)} was ended before it was asked`);
      continue;
    }
    const proof = proofOf(shard, event, how);
    if ('report' in proof) tally.add({ event: 'pair', ...event }, labels, proof.report, proof.evidence);
    else {
      if (proof.problem) note(proof.problem, proof.words, name);
      tally.addWithout(name, labels, proof.outcome, proof.why);
    }
  }
  const strangers = file.pairs.map(({ pair }) => pair).filter((pair) => !own.includes(pair));
  for (const pair of strangers) note('other-list', 'lists pairs that are not its own', pair);
  for (const pair of shard.folders.filter((name) => !file.pairs.some((one) => one.pair === name)))
    note('altered', 'holds folders that no pair of its run has', pair);
  return [...wrong.values()].map(({ problem, words, pairs }) =>
    problemOf(problem, `shard ${file.shard.index}/${file.shard.total} (${folder}) ${words}`, [shown(shard)], pairs),
  );
}
