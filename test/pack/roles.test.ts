/** Roles: how many hosts they may have, how these are called, and which names no role may have. */
import { expect, it } from 'vitest';
import { isMany, isReserved, type Role, reserveRoleNames, usualNames } from '../../src/pack/roles.js';

it.each<[Role['count'], boolean, string[]]>([
  ['1', false, ['node']],
  ['0..1', false, ['node']],
  ['0..', true, ['node-1', 'node-2']],
  ['1..', true, ['node-1', 'node-2']],
  ['2..', true, ['node-1', 'node-2']],
])('%s: several %s, %j', (count, several, names) => {
  const role: Role = { title: 'Node', count };
  expect([isMany(role), usualNames('node', role)]).toEqual([several, names]);
});

let runs = 0;
it('a word that is an option is no name of a role', () => {
  // What is reserved stays so: each run has words of its own.
  runs += 1;
  const words = [`option-${runs}`, `other-${runs}`];
  expect(words.map(isReserved)).toEqual([false, false]);
  reserveRoleNames(words);
  expect([...words, 'node'].map(isReserved)).toEqual([true, true, false]);
});
