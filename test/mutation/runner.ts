/** Runs tests as usual, and keeps each of them for the mutants. */
import type { RunnerTestCase, RunnerTestSuite } from 'vitest';
import { TestRunner } from 'vitest';
import { readTodo, todoFolder } from './todo.js';
import { atTheEnd, runFirst } from './tries.js';

const { tooLong } = readTodo(todoFolder());

/** The runner of `npm run mutate`. */
export default class MutationRunner extends TestRunner {
  /** What a file tidies up is still needed by its tests. */
  override async onBeforeRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onBeforeRunSuite(suite);
    const hooks = TestRunner.getSuiteHooks(suite);
    atTheEnd(hooks.afterAll.splice(0).map((tidy) => () => tidy(suite)));
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    if (tooLong.includes(`${test.file.name} > ${test.name}`)) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  /** The mutants themselves are tried in a test that comes last, which is not one of those that judge. */
  async runTask(test: RunnerTestCase): Promise<void> {
    if (test.file.name.endsWith('mutants.ts')) await TestRunner.getTestFn(test)();
    else await runFirst(test);
  }
}
