/** Runs tests as usual, and keeps each of them for the mutants. */
import type { RunnerTestCase } from 'vitest';
import { TestRunner } from 'vitest';
import { readTodo, todoFolder } from './todo.js';
import { runFirst } from './tries.js';

const { tooLong } = readTodo(todoFolder());

/** The runner of `npm run mutate`. */
export default class MutationRunner extends TestRunner {
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
