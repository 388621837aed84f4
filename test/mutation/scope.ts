/** What is mutated, and which tests judge it: few and quick ones, in process. A test that starts a program or a connection does not count. */
import { readdirSync } from 'node:fs';

/** A file that is mutated, and the test files that judge it. */
export interface Mutated {
  file: string;
  judgedBy: string[];
}

const judgeTests = (...names: string[]) => names.map((name) => `test/judge/${name}.test.ts`);
const coreTests = (...names: string[]) => names.map((name) => `test/core/${name}.test.ts`);
const probeTests = (...names: string[]) => ['asks', ...names].map((name) => `test/probes/${name}.test.ts`);
const probes = (...names: string[]) => names.map((name) => `src/probes/${name}.ts`);

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
    judgedBy: judgeTests('report-parts', 'report-file', 'declared-report', 'regressions', 'sentences', 'attestations'),
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
      'subjects',
      'trend',
      'verdict',
      'waivers',
      'whole-findings',
      'whole-outcomes',
    ),
  },
  {
    files: ['declared', 'derive', 'facts', 'facts-in-evidence', 'followed-in-evidence', 'read-answer'].map(
      (name) => `src/evidence/${name}.ts`,
    ),
    judgedBy: [
      ...['changes', 'declared', 'facts', 'facts-in-evidence', 'read-answer', 'sampled-evidence'].map(
        (name) => `test/evidence/${name}.test.ts`,
      ),
      ...judgeTests('regressions', 'whole-findings', 'whole-outcomes'),
      'test/pack/vocabulary.test.ts',
    ],
  },
  {
    files: ['src/evidence/'],
    // All but the whole runs of release 0.1, which take twenty seconds.
    judgedBy: [
      'against-plan',
      'archive',
      'baseline',
      'changes',
      'changes-in-form',
      'discover',
      'evidence',
      'kept-evidence',
      'merge',
      'merge-small',
      'saved-forms',
      'strangers-files',
      'texts',
    ]
      .map((name) => `test/evidence/${name}.test.ts`)
      .concat('test/bundle/bundle.test.ts'),
  },
  {
    files: ['src/pack/check/', 'src/pack/load.ts', 'src/pack/rules.ts', 'src/pack/sentences.ts', 'src/pack/roles.ts'],
    judgedBy: ['fitting-parts', 'load', 'pack-check', 'roles', 'rules', 'sentences'].map(
      (name) => `test/pack/${name}.test.ts`,
    ),
  },
  {
    files: ['allowed-commands', 'cache', 'declared', 'mappings', 'pack', 'row-properties', 'schema'].map(
      (name) => `src/pack/${name}.ts`,
    ),
    judgedBy: ['allowed-commands', 'cache', 'expectation'].map((name) => `test/pack/${name}.test.ts`),
  },
  {
    files: ['src/pack/derivations.ts'],
    judgedBy: [
      ...['fitting-parts', 'vocabulary', 'whole-vocabulary'].map((name) => `test/pack/${name}.test.ts`),
      'test/evidence/facts.test.ts',
    ],
  },
  { files: ['src/pack/'], judgedBy: ['test/pack/', ...judgeTests('whole-outcomes', 'trend', 'guards')] },
  {
    files: probes('read-only', 'reading-programs'),
    judgedBy: [
      ...probeTests('read-only', 'reading-programs', 'near-misses', 'reading-words'),
      'test/pack/allowed-commands.test.ts',
    ],
  },
  {
    files: probes('access', 'inventory', 'machine', 'network', 'process', 'programs', 'time'),
    judgedBy: probeTests('machine', 'network', 'process', 'programs', 'time'),
  },
  { files: probes('command'), judgedBy: probeTests('command') },
  { files: ['src/probes/config-file/'], judgedBy: probeTests('properties', 'yaml-file') },
  { files: probes('define', 'index', 'joints'), judgedBy: probeTests('define') },
  {
    files: probes('files/key-store', 'files/path-permissions', 'files/followed-path'),
    judgedBy: probeTests('key-store', 'followed-path'),
  },
  {
    files: ['src/probes/files/'],
    judgedBy: probeTests(
      ...['disk-usage', 'file', 'filesystem', 'filesystems-below', 'last-write', 'mount', 'mount-table', 'newest-file'],
    ),
  },
  { files: ['src/probes/http/'], judgedBy: probeTests('curl-answer', 'endpoint', 'http') },
  {
    files: ['src/probes/ports/'],
    judgedBy: probeTests('near-misses', 'ping', 'port-proof', 'tcp-reach-answer', 'tcp-reach-times'),
  },
  { files: ['src/probes/rsync/'], judgedBy: probeTests('rsync-dry-run') },
  { files: probes('ssh-batch'), judgedBy: probeTests('ssh-batch') },
  {
    files: ['src/probes/postgres/'],
    judgedBy: [...probeTests('postgres', 'postgres-installed'), 'test/probes/postgres/'],
  },
  {
    files: [
      'address',
      'exact-json',
      'exact-number',
      'fact-path',
      'format',
      'glob',
      'ipv4',
      'json',
      'json-pointer',
      'placeholder',
      'strangers-json',
      'version',
    ].map((name) => `src/core/${name}.ts`),
    judgedBy: coreTests(
      'address',
      'duration',
      'exact-json',
      'exact-number',
      'format',
      'ipv4',
      'json',
      'paths',
      'version',
    ),
  },
  { files: ['src/core/yaml-document.ts'], judgedBy: coreTests('yaml-document') },
  { files: ['src/core/course.ts'], judgedBy: judgeTests('trend') },
  { files: ['src/collect/transport/frame.ts'], judgedBy: ['test/collect/transport/frame.test.ts'] },
];

/** Tests that are too long to be run again and again: properties of whole runs. */
export const tooLong = [
  ...['lists in lists, in flow', 'lists in lists', 'keys in keys', 'many documents'].map(
    (name) => `test/probes/yaml-file.test.ts > ${name}`,
  ),
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
