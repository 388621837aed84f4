/**
 * What a test process keeps while it mutates: the tests that ran, which mutants each of them reaches, and how one test is tried
 * again with one mutant switched on.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import type { RunnerTestCase } from 'vitest';
import { TestRunner } from 'vitest';

/** One test that can be run again, and how often it comes by each mutant. */
export interface Judging {
  test: RunnerTestCase;
  name: string;
  milliseconds: number;
  reaches: Record<string, number>;
  /** How many mutants it has noticed so far. */
  noticed: number;
  /** How often it was run again. */
  again: number;
  /** It passes only the first time: what it needs is gone. */
  unrepeatable: boolean;
}

/** What the instrumented source reads and writes. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

const ground = globalThis as unknown as {
  __stryker__: Switches;
  mutation: {
    tidying: (() => unknown)[];
    regex(ids: string[], expression: RegExp): RegExp;
    regexes: Map<string, RegExp>;
    seen: Set<string>;
    tests: Judging[];
  };
};
ground.__stryker__ ??= {};
ground.mutation ??= {
  regexes: new Map(),
  seen: new Set(),
  tests: [],
  tidying: [],
  // What is made a second time, or while a test runs, stands in a function: its switch works.
  regex(ids, expression) {
    for (const id of ids) {
      if (switches.currentTestId !== undefined || ground.mutation.seen.has(id)) ground.mutation.regexes.delete(id);
      else ground.mutation.regexes.set(id, expression);
      ground.mutation.seen.add(id);
    }
    return expression;
  },
};
const switches = ground.__stryker__;

/** The tests that ran in this process. */
export const tests = (): Judging[] => ground.mutation.tests;

/** The expressions that are made when a file is loaded, by the mutants of each. */
export const regexes = (): Map<string, RegExp> => ground.mutation.regexes;

/** Keeps what is to be tidied up. */
export function atTheEnd(tidying: (() => unknown)[]): void {
  ground.mutation.tidying.push(...tidying);
}

/** Tidies up what all files left to the end. */
export async function tidyUp(): Promise<void> {
  for (const tidy of ground.mutation.tidying.splice(0)) await tidy();
}

/** The mutants that are only reached while a file is loaded. */
export const reachedOnLoad = (): string[] => Object.keys(switches.mutantCoverage?.static ?? {});

/** A test whose end has not come by then has none. */
const END_SECONDS = 60;

let reachedOut = false;
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const)
  watch(childProcess, name);
for (const name of ['connect', 'createConnection', 'createServer'] as const) watch(net, name);
watch(net.Socket.prototype, 'connect');
watch(net.Server.prototype, 'listen');
syncBuiltinESMExports();

/** A test that starts a program or opens a connection is slow, and may not be run with changed code. */
function watch(owner: object, name: string): void {
  const table = owner as Record<string, (...given: unknown[]) => unknown>;
  const original = table[name];
  if (original === undefined) throw new Error(`nothing is called ${name}`);
  table[name] = function (this: unknown, ...given: unknown[]) {
    reachedOut = true;
    if (switches.activeMutant !== undefined) throw new Error(`${name} with changed code`);
    return Reflect.apply(original, this, given);
  };
}

/** Runs a test for the first time: with the code as it is. */
export async function runFirst(test: RunnerTestCase): Promise<void> {
  switches.currentTestId = test.id;
  reachedOut = false;
  const started = performance.now();
  try {
    await run(test);
  } finally {
    switches.currentTestId = undefined;
  }
  const milliseconds = performance.now() - started;
  const reaches = switches.mutantCoverage?.perTest[test.id] ?? {};
  if (!reachedOut)
    tests().push({
      test,
      name: `${test.file.name} > ${test.name}`,
      milliseconds,
      reaches,
      noticed: 0,
      again: 0,
      unrepeatable: false,
    });
}

/** Whether a test passes. */
export async function passes({ test }: Judging): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no end')), END_SECONDS * 1000);
  });
  // Else what is made meanwhile would be taken for what is made when a file is loaded.
  switches.currentTestId = 'again';
  try {
    await Promise.race([run(test), late]);
    return true;
  } catch {
    return false;
  } finally {
    switches.currentTestId = undefined;
    clearTimeout(timer);
  }
}

/** Whether a test passes with a mutant switched on. A mutant that is met far more often than before is in an endless loop. */
export async function passesWith(mutant: { id: string; replacement: string }, judging: Judging): Promise<boolean> {
  const expression = regexes().get(mutant.id);
  if (expression) return withExpression(expression, mutant.replacement, () => passes(judging));
  switches.activeMutant = mutant.id;
  switches.hitCount = 0;
  switches.hitLimit = (judging.reaches[mutant.id] ?? 0) * 100 + 1000;
  try {
    return await passes(judging);
  } finally {
    switches.activeMutant = undefined;
    switches.hitCount = undefined;
  }
}

/** An expression that was made when its file was loaded becomes another one, and itself again. */
async function withExpression(expression: RegExp, literal: string, doing: () => Promise<boolean>): Promise<boolean> {
  const { source, flags } = expression;
  const end = literal.lastIndexOf('/');
  try {
    expression.compile(literal.slice(1, end), literal.slice(end + 1));
  } catch {
    // No expression at all: the file would not load.
    return false;
  }
  try {
    return await doing();
  } finally {
    expression.compile(source, flags);
  }
}

const run = async (test: RunnerTestCase) => {
  await TestRunner.getTestFn(test)();
};
