/** Which words of pg_hba.conf stand in quotes: as servers tell its shape, and as their own reader takes it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { type AccessLine, lineSchema } from '../../../src/probes/postgres/access-query.js';
import { wordsOf } from '../../../src/probes/postgres/quotes.js';

const meant = { true: 'name', false: 'word', undefined: 'either' };
const told = (line: AccessLine) => {
  const { databases, users, address } = wordsOf(line);
  return [databases, users, address].map((field) =>
    field.map(({ text, quoted }) => `${text}: ${meant[`${quoted}`]}`).join(', '),
  );
};

describe.each([12, 18])('a server of %i', (major) => {
  const file = new URL(`../fixtures/postgres-${major}/access-quoted`, import.meta.url);
  const lines: AccessLine[] = JSON.parse(readFileSync(file, 'utf8'));

  it('shows lines in their own form', () => {
    for (const line of lines) expect(check(lineSchema, line)).toEqual([]);
  });

  it.each<[number, string, string[]]>([
    [1, 'a line without a sign', ['all: word', 'all: word', '']],
    [2, 'quotes in a remark', ['all: word', 'all: word', '']],
    [3, 'a database called replication', ['replication: name', 'all: word', '10.0.0.0: word']],
    [4, 'a comma after a blank belongs to no field', ['replication: word', 'all: name', 'all: name']],
    [5, 'lists', ['repl?: name, replication: word, shop: word', '+standbys: name, +standbys: word', '10.0.0.1: word']],
    [6, 'names out of a file', ['replication: word', 'all: either, rep: either', 'samehost: word']],
    ...(major < 14
      ? []
      : ([[7, 'a line that goes on', ['replication: word', 'a"l#l: name', 'samehost: name']]] as [
          number,
          string,
          string[],
        ][])),
  ])('line %i: %s', (number, _, words) => {
    const found = lines.find(({ line }) => line === number) as AccessLine;
    expect(told(found)).toEqual(words);
  });
});

it('a line of another file is told by that file', () => {
  const file = new URL('../fixtures/postgres-18/access-quoted', import.meta.url);
  const [, other] = (JSON.parse(readFileSync(file, 'utf8')) as AccessLine[]).filter(({ line }) => line === 3);
  expect(told(other as AccessLine)).toEqual(['replication: name', 'all: name', 'all: word']);
});

const line = (
  shape: string | null | undefined,
  databases: string[],
  users: string[],
  address: string | null = 'all',
) => ({
  ...{ line: 1, type: 'host', databases, users, address, mask: null, method: 'trust', error: null },
  ...(shape !== undefined && { shape }),
});

it.each<[string | null | undefined, string[], string[], string[]]>([
  [undefined, ['a'], ['b'], ['a: word', 'b: word', 'all: word']],
  [null, ['a'], ['b'], ['a: word', 'b: word', 'all: word']],
  // A line that was cut off, or is another one by now, tells of no word.
  ['x "x"', ['a'], ['b'], ['a: name', 'b: either', 'all: either']],
  ['x "x" x x', ['a', 'b'], ['c'], ['a: either, b: either', 'c: word', 'all: word']],
  ['', ['a'], ['b'], ['a: either', 'b: either', 'all: either']],
  ['x x,"x x,x" x "x" x', ['a', 'b'], ['c'], ['a: word, b: name', 'c: word', 'all: name']],
  // What stands before a file keeps its place; what stands behind it may have moved.
  [
    'x x,"x",@x,x x x x',
    ['a', 'b', 'c', 'd', 'e'],
    ['f'],
    ['a: word, b: name, c: either, d: either, e: either', 'f: word', 'all: word'],
  ],
  ['x @"x" "@x" x x', ['a'], ['b'], ['a: either', 'b: name', 'all: word']],
  ['x @ x@x x x', ['@'], ['b'], ['@: word', 'b: word', 'all: word']],
  ['x ""x x"" x x', ['a'], ['b'], ['a: name', 'b: word', 'all: word']],
  ['x "x"#x x', ['a'], [], ['a: name', '', 'all: either']],
  ['x "x#x" x "x"', ['a'], ['b'], ['a: name', 'b: word', 'all: name']],
  [' x  "x" , x x', ['a'], ['b'], ['a: name', 'b: word', 'all: word']],
  ['x x,,"x" x x', ['a', 'b'], ['c'], ['a: word, b: name', 'c: word', 'all: word']],
  ['x "x x" x#,x', ['a'], ['b'], ['a: name', 'b: word', 'all: either']],
  ['x "x x #', ['a'], ['b'], ['a: name', 'b: either', 'all: either']],
  ['x x, # "x"', ['a'], ['b'], ['a: word', 'b: either', 'all: either']],
])('of the shape %j', (shape, databases, users, words) => {
  expect(told(line(shape, databases, users))).toEqual(words);
});

it('a line without an address, or whose words were not told, has none', () => {
  expect(told(line('x "x" x x', ['a'], ['b'], null))).toEqual(['a: name', 'b: word', '']);
  expect(told({ ...line('x "x" x x', [], []), databases: null, users: null })).toEqual(['', '', 'all: word']);
});
