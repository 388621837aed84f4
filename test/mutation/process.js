/** A process of its own that runs the tests once, and then the mutants that todo.json names. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { BaseSequencer, startVitest } from 'vitest/node';

const folder = process.env.PAIRFLIGHT_MUTATION;
const { code, tests } = JSON.parse(readFileSync(`${folder}/todo.json`, 'utf8'));
const byPath = new Map(Object.entries(code).map(([file, text]) => [resolve(file), text]));
const last = 'test/mutation/mutants.ts';

class MutantsLast extends BaseSequencer {
  async sort(files) {
    const isLast = ({ moduleId }) => (moduleId.endsWith(last) ? 1 : 0);
    return [...files].sort((one, other) => isLast(one) - isLast(other) || (one.moduleId < other.moduleId ? -1 : 1));
  }
}

const vitest = await startVitest(
  'test',
  [],
  {
    config: false,
    watch: false,
    include: [...tests, last],
    setupFiles: ['test/setup.ts'],
    runner: './test/mutation/runner.ts',
    reporters: [{}],
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
    sequence: { sequencer: MutantsLast },
    testTimeout: 60_000,
    dangerouslyIgnoreUnhandledErrors: true,
    server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
  },
  { plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => byPath.get(id.split('?')[0]) }] },
);
const modules = vitest.state.getTestModules();
for (const module of modules)
  for (const error of [
    ...module.errors(),
    ...[...module.children.allTests('failed')].flatMap((one) => one.result().errors ?? []),
  ])
    console.error(`${module.relativeModuleId}: ${error.message}`);
await vitest.close();
process.exit(0);
