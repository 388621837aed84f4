/** What is mutated, and which tests judge it: few and quick ones, in process. A test that starts a program or a connection does not count. */
import { readdirSync } from 'node:fs';

/** A file that is mutated, and the test files that judge it. */
export interface Mutated {
  file: string;
  judgedBy: string[];
}

const judgeTests = (...names: string[]) => names.map((name) => `test/judge/${name}.test.ts`);

/** The first row that a file stands in is its row. What ends with / is a folder. */
const SCOPE: { files: string[]; judgedBy: string[] }[] = [
  { files: ['src/judge/wait/'], judgedBy: ['test/judge/wait/'] },
  {
    files: ['declared', 'compares-declared'].map((name) => `src/judge/${name}.ts`),
    judgedBy: judgeTests('whole-outcomes', 'whole-findings', 'verdict', 'regressions'),
  },
  {
    files: ['src/judge/promised.ts'],
    judgedBy: judgeTests('promised'),
  },
  {
    files: ['report', 'report-file', 'declared-report', 'sentences', 'attestations'].map(
      (name) => `src/judge/${name}.ts`,
    ),
    judgedBy: judgeTests('report', 'sentences', 'attestations'),
  },
  {
    files: ['src/judge/'],
    judgedBy: judgeTests(
      'condition',
      'diff',
      'evaluate',
      'guards',
      'measures',
      'next',
      'outcome',
      'regressions',
      'trend',
      'verdict',
      'waivers',
      'whole-findings',
      'whole-outcomes',
    ),
  },
  { files: ['src/evidence/'], judgedBy: ['test/evidence/'] },
  { files: ['src/pack/'], judgedBy: ['test/pack/', ...judgeTests('whole-outcomes', 'trend', 'guards')] },
  {
    files: ['src/probes/read-only.ts', 'src/probes/reading-programs.ts'],
    judgedBy: [
      'test/probes/read-only.test.ts',
      'test/probes/reading-programs.test.ts',
      'test/probes/near-misses.test.ts',
      'test/probes/reading-words.test.ts',
      'test/pack/allowed-commands.test.ts',
    ],
  },
  { files: ['src/probes/'], judgedBy: ['test/probes/'] },
  { files: ['src/collect/transport/frame.ts'], judgedBy: ['test/collect/transport/frame.test.ts'] },
];

/** Tests that are too long to be run again and again: properties of whole runs. */
export const tooLong = [
  'test/judge/attestations.test.ts > whatever is attested, nothing else of the report changes',
  'test/judge/wait/wait.test.ts > never ends well unless its last full round passed, and never asks what is costly in between',
];

const filesOf = (path: string, end: string) =>
  path.endsWith('/')
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(end))
        .map((name) => path + name)
        .sort()
    : [path];

/** Every file that is mutated, in a fixed order. */
export function mutated(): Mutated[] {
  const seen = new Set<string>();
  return SCOPE.flatMap(({ files, judgedBy }) => {
    const tests = judgedBy.flatMap((one) => filesOf(one, '.test.ts'));
    const some = files.flatMap((one) => filesOf(one, '.ts')).filter((file) => !seen.has(file));
    for (const file of some) seen.add(file);
    return some.map((file) => ({ file, judgedBy: tests }));
  });
}

/** Files that the same tests judge are tried together. */
export function grouped(rows: readonly Mutated[]): Mutated[][] {
  const groups = new Map<string, Mutated[]>();
  for (const row of rows) groups.set(row.judgedBy.join(), [...(groups.get(row.judgedBy.join()) ?? []), row]);
  return [...groups.values()];
}
