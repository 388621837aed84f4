/** The lists of mutation testing: what is listed has a reason and is little, and what is scored is still there. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampledFiles, sampledMutants, shuffled } from './sample.js';
import { grouped, mutated } from './scope.js';
import { isHeld, reached, readScores, scoreOf } from './scores.js';
import { survivors } from './survivors.js';
import type { Came } from './todo.js';

const files = mutated().map(({ file }) => file);

describe('what is mutated', () => {
  it('stands once, with tests that are there', () => {
    expect(files.length).toBe(new Set(files).size);
    for (const test of mutated().flatMap(({ judgedBy }) => judgedBy))
      expect([test, existsSync(test)]).toEqual([test, true]);
    for (const { file, judgedBy } of mutated()) expect([file, judgedBy.length]).not.toEqual([file, 0]);
  });

  it('is put together by the tests that judge it', () => {
    const groups = grouped(mutated());
    expect(groups.flat()).toHaveLength(files.length);
    for (const group of groups) expect(new Set(group.map(({ judgedBy }) => judgedBy.join())).size).toBe(1);
  });
});

describe('what is listed', () => {
  it('is of a file that is mutated, has a reason, and stands once', () => {
    for (const [file, rows] of Object.entries(survivors)) {
      expect(files).toContain(file);
      expect(new Set(rows.map(({ change }) => change)).size).toBe(rows.length);
      for (const { change, reason } of rows) expect([change, reason?.length > 10]).toEqual([change, true]);
    }
  });

  it('is as many as the scores say', () => {
    const scores = readScores();
    expect(files).toEqual(expect.arrayContaining(Object.keys(scores)));
    for (const [file, { listed, equal }] of Object.entries(scores)) {
      expect([file, survivors[file]?.length ?? 0]).toEqual([file, listed + equal]);
    }
  });

  it('is at most a twentieth of a file that a sample may fail on, and leaves nothing open', () => {
    const score = { noticed: 95, listed: 5, open: 0, equal: 7, leftOut: 3 };
    expect(isHeld(score)).toBe(true);
    expect(isHeld({ ...score, listed: 6 })).toBe(false);
    expect(isHeld({ ...score, open: 1 })).toBe(false);
  });
});

describe('a score', () => {
  const mutants = ['a', 'b', 'c', 'd'].map((id) => ({ id, file: 'src/x.ts', line: 1, replacement: '', change: id }));
  const came = (words: Record<string, Came>) => new Map(Object.entries(words));

  it('counts as noticed only what a test failed on', () => {
    const { score, open } = scoreOf(
      'src/x.ts',
      mutants,
      came({ a: 'noticed', b: 'survived', c: 'not reached', d: 'left out' }),
    );
    expect(score).toEqual({ noticed: 1, listed: 0, open: 2, equal: 0, leftOut: 1 });
    expect(open.map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('the score of all files', () => {
  const score = { noticed: 0, listed: 0, open: 0, equal: 0, leftOut: 0 };

  it('counts what is listed and what is open against what is noticed, and nothing that is equal or left out', () => {
    const [one, other] = [
      { ...score, noticed: 90, equal: 50 },
      { ...score, noticed: 2, listed: 3, open: 5, leftOut: 9 },
    ];
    expect(reached([one, other])).toEqual({ noticed: 92, mutants: 100, percent: 92, holds: true });
    expect(reached([one, { ...other, open: 6 }])).toMatchObject({ percent: 91, holds: false });
  });

  it('is high enough', () => {
    expect(reached(Object.values(readScores()))).toMatchObject({ holds: true });
  });
});

describe('a sample', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ file: `f${index}`, change: 'c' }));

  it('is the same for the same seed, and another for another', () => {
    expect(shuffled('a', rows, ({ file }) => file)).toEqual(shuffled('a', rows.toReversed(), ({ file }) => file));
    expect(sampledFiles('a', rows)).not.toEqual(sampledFiles('b', rows));
    expect(sampledFiles('a', rows)).toHaveLength(8);
  });

  it('has as many mutants as its seconds allow for, and never none', () => {
    expect(sampledMutants('a', rows, 5)).toHaveLength(10);
    expect(sampledMutants('a', rows, 0)).toHaveLength(1);
  });
});
