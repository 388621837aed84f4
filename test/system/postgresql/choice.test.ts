/** The choice of rows by commit. */
import { expect, it } from 'vitest';
import { versionFor } from './choice.js';
import { majors } from './majors.js';

it('tries a row on one of its versions, and over many commits on each of them', () => {
  const commits = Array.from({ length: 200 }, (_, n) => `${n}`);
  const tried = commits.map((commit) => versionFor('replay is paused', majors, commit));
  expect([...new Set(tried)].sort()).toEqual([...majors]);
  expect(versionFor('replay is paused', [15], 'any')).toBe(15);
  expect(commits.map((commit) => versionFor('replay is paused', majors, commit))).toEqual(tried);
});
