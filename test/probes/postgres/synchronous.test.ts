/** Whom commits wait for: the setting as the server reads it, and whether those are there. */
import { expect, it } from 'vitest';
import { demandOf, synchronousOf } from '../../../src/probes/postgres/synchronous.js';

it.each([
  ['', { method: 'first', number: 0, names: [] }],
  ['a', { method: 'first', number: 1, names: ['a'] }],
  ['a, b', { method: 'first', number: 1, names: ['a', 'b'] }],
  ['*', { method: 'first', number: 1, names: ['*'] }],
  ['2 (a, b, c)', { method: 'first', number: 2, names: ['a', 'b', 'c'] }],
  ['FIRST 2 (a,b)', { method: 'first', number: 2, names: ['a', 'b'] }],
  ['any 1 (a, "b c", "d""e")', { method: 'any', number: 1, names: ['a', 'b c', 'd"e'] }],
  ['ANY 1(*)', { method: 'any', number: 1, names: ['*'] }],
  ['"any 1 (a)"', { method: 'first', number: 1, names: ['any 1 (a)'] }],
  ['a b', undefined],
  ['ANY (a)', undefined],
  [',', undefined],
])('%j', (written, demand) => {
  expect(demandOf(written)).toEqual(demand);
});

const row = (name: string, sync: string) => ({ name, state: 'streaming', sync });
it.each([
  ['', [row('a', 'async')], { state: 'off', wanted: 0 }],
  ['nobody', [row('a', 'async')], { state: 'lacking', wanted: 1, confirming: 0, spare: 0 }],
  ['a', [row('a', 'sync')], { state: 'satisfied', confirming: 1, spare: 0 }],
  ['A', [row('a', 'sync'), row('b', 'async')], { state: 'satisfied', spare: 0 }],
  ['a, b', [row('a', 'sync'), row('b', 'potential')], { state: 'satisfied', spare: 1 }],
  ['2 (a, b)', [row('a', 'sync'), row('b', 'potential')], { state: 'lacking', confirming: 1, wanted: 2 }],
  ['ANY 1 (*)', [row('a', 'quorum'), row('b', 'quorum')], { state: 'satisfied', confirming: 2, spare: 1 }],
  ['a b', [row('a', 'sync')], { state: 'unread' }],
])('%j with what is attached', (names, rows, found) => {
  const settings: Record<string, string> = { synchronous_standby_names: names, synchronous_commit: 'on' };
  expect(synchronousOf((name) => settings[name], rows)).toMatchObject({ commit: 'on', ...found });
});

it('is unread where the setting is hidden', () => {
  expect(synchronousOf(() => undefined, [])).toEqual({ state: 'unread', commit: '' });
});
