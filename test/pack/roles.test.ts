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

it('a word that is an option is no name of a role', () => {
  expect(isReserved('a-word-of-this-test')).toBe(false);
  reserveRoleNames(['a-word-of-this-test', 'another']);
  expect(['a-word-of-this-test', 'another', 'node'].map(isReserved)).toEqual([true, true, false]);
});
