/** The last "test" of a mutation run: tries each mutant on the tests that reach it, the quickest and sharpest first. */
import { setImmediate } from 'node:timers/promises';
import { test } from 'vitest';
import type { Mutant } from './instrument.js';
import { type Came, readTodo, sayDone, todoFolder } from './todo.js';
import { type Judging, passes, passesWith, reachedOnLoad, regexes, tests, tidyUp } from './tries.js';

const folder = todoFolder();
const { mutants, wanted, until } = readTodo(folder);
const byId = new Map(mutants.map((one) => [one.id, one]));

test('the mutants', { timeout: 0 }, async () => {
  const onLoad = new Set(reachedOnLoad());
  for (const [index, mutant] of wanted.flatMap((id) => byId.get(id) ?? []).entries()) {
    // However slow the machine is, something is tried.
    if (index > 0 && Date.now() > until) break;
    const { id } = mutant;
    const reached = inOrder(tests().filter((one) => !one.unrepeatable && reaches(one, mutant)));
    sayDone(folder, { begun: id });
    const came =
      reached.length === 0 && onLoad.has(id) ? ({ came: 'left out' } as const) : await tried(mutant, reached);
    sayDone(folder, came === undefined ? { spoilt: id } : { id, ...came });
    if (came === undefined) break;
    await setImmediate();
  }
  await tidyUp();
});

/** Whether a test comes by a mutant. What is made when a file is loaded is used by all tests that use the file. */
function reaches(one: Judging, { id, file }: Mutant): boolean {
  if (!regexes().has(id)) return one.reaches[id] !== undefined;
  return mutants.some((other) => other.file === file && one.reaches[other.id] !== undefined);
}

function inOrder(some: Judging[]): Judging[] {
  const cost = ({ milliseconds, noticed }: Judging) => (milliseconds + 0.5) / (1 + noticed);
  return some.sort((one, other) => cost(one) - cost(other));
}

/** What came of a mutant; undefined when this process is no longer what it was. */
async function tried(mutant: Mutant, reached: Judging[]): Promise<{ came: Came; by?: string } | undefined> {
  if (reached.length === 0) return { came: 'not reached' };
  for (const one of reached) {
    const passed = await passesWith(mutant, one);
    if (!passed && !(await passes(one))) {
      // The test fails with the code as it is, too. It cannot be run twice, or what was changed has left something behind.
      if (one.again > 0) return undefined;
      one.unrepeatable = true;
      sayDone(folder, { unrepeatable: one.name });
      continue;
    }
    one.again += 1;
    if (passed) continue;
    one.noticed += 1;
    return { came: 'noticed', by: one.name };
  }
  return { came: 'survived' };
}
