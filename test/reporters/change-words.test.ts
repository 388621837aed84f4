import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Change } from '../../src/core/model.js';
import { changesInWords } from '../../src/reporters/words/changes.js';
import { hostileText } from './hostile.js';

const change = (over: Partial<Change>): Change => ({ subject: 'db', fact: 'file /x', before: 1, after: 2, ...over });
const [lineOf] = [(over: Partial<Change>) => changesInWords([change(over)])[0]];
const unread = (fact: string, over: Partial<Change> = {}) =>
  change({ fact, before: { count: 1 }, after: 'could not be read: timed out', ...over });

describe('a change is one line', () => {
  it.each<[string, Partial<Change>, string]>([
    [
      'a size',
      { property: 'bytes', before: 2048, after: 1024 },
      'db, file /x bytes: 2 KiB (2048 bytes) -> 1 KiB (1024 bytes)',
    ],
    [
      "a command's value, whose name says nothing",
      { property: 'value', before: 'True', after: 'False' },
      'db, file /x: True -> False',
    ],
    ['a property that was not there', { property: 'line', before: null, after: 'a' }, 'db, file /x line: nothing -> a'],
    ['an empty text', { property: 'line', before: 'a', after: '' }, 'db, file /x line: a -> (empty)'],
    ['a blank', { property: 'line', before: 'a b', after: 'a  b' }, 'db, file /x line: "a b" -> "a\\u0020\\u0020b"'],
    ['a word for nothing', { property: 'line', before: null, after: 'nothing' }, 'db, file /x line: null -> "nothing"'],
    [
      'a whole answer',
      { before: 'could not be read: no', after: { count: 2, ms: 5 } },
      'db, file /x: could not be read: no -> count 2 ms 5 ms',
    ],
    ['all of a list', { property: 'ports', before: [22], after: [80] }, 'db, file /x ports: 22 -> 80'],
    ['a list that is empty now', { property: 'ports', before: [22], after: [] }, 'db, file /x ports: 22 -> none'],
    ['what is gone from a list', { property: 'ports', before: [22, 80], after: [22] }, 'db, file /x ports: gone: 80'],
    [
      'what is new in a list',
      { property: 'ports', before: [22], after: [22, 80, 80] },
      'db, file /x ports: new: 80, 80',
    ],
    ['both', { property: 'ports', before: [22, 80], after: [22, 443] }, 'db, file /x ports: gone: 80; new: 443'],
    ['the order alone', { property: 'ports', before: [1, 2], after: [2, 1] }, 'db, file /x ports: 1, 2 -> 2, 1'],
    [
      'a row of a list',
      {
        property: 'ports',
        before: [
          { port: 22, state: 'open' },
          { port: 80, state: 'open' },
        ],
        after: [
          { port: 22, state: 'open' },
          { port: 80, state: 'filtered' },
        ],
      },
      'db, file /x ports: gone: port 80 state open; new: port 80 state filtered',
    ],
    [
      'an escape',
      { property: 'line', before: '\x1b[2J', after: '\\x1b[2J' },
      'db, file /x line: "\\u001b[2J" -> "\\\\x1b[2J"',
    ],
  ])('%s', (_, over, line) => {
    expect(lineOf(over)).toBe(line);
  });

  it('a long reason stays in words', () => {
    const reason = `could not be read: ${'because '.repeat(30)}`;
    expect(lineOf({ before: { count: 1 }, after: reason })).toBe(`db, file /x: count 1 -> ${reason.slice(0, 120)}...`);
  });

  it('long texts are shown from shortly before the first difference', () => {
    const long = (middle: string) => `${'a'.repeat(400)}${middle}${'z'.repeat(400)}`;
    expect(lineOf({ property: 'text', before: long('1'), after: long('2') })).toBe(
      `db, file /x text: ...${'a'.repeat(20)}1${'z'.repeat(99)}... -> ...${'a'.repeat(20)}2${'z'.repeat(99)}...`,
    );
  });
});

describe('answers that were lost', () => {
  it('for one reason, on one host, are one line', () => {
    expect(changesInWords(['a', 'b', 'c', 'd', 'e'].map((fact) => unread(fact)))).toEqual([
      'db, a, b, c and 2 more: read -> could not be read: timed out',
    ]);
  });

  it('on two hosts, for two reasons, or in the other run, are not', () => {
    const lines = changesInWords([
      unread('a'),
      unread('b', { subject: 'other' }),
      unread('c', { after: 'could not be read: denied' }),
      unread('d', { before: 'could not be read: timed out', after: { count: 1 } }),
    ]);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('db, d: could not be read: timed out -> count 1');
  });

  it('are not mixed up with a value of the same words', () => {
    const words = 'could not be read: timed out';
    const lines = changesInWords(
      ['a', 'b'].map((fact) => change({ fact, property: 'line', before: 'x', after: words })),
    );
    expect(lines).toHaveLength(2);
  });
});

const value = fc.oneof(hostileText, fc.string({ minLength: 250, maxLength: 600 }), fc.jsonValue({ maxDepth: 2 }));
const json = (one: unknown) => JSON.stringify(one);

test('two values that differ are never shown alike, nor at length', () => {
  const close = fc
    .tuple(fc.string({ minLength: 0, maxLength: 300 }), fc.constantFrom('a', ' ', '\n', '\u00a0'), value)
    .map(([start, odd, end]) => [`${start}${odd}${json(end)}`, `${start}${json(end)}`] as [unknown, unknown]);
  const any = fc.oneof(fc.tuple(value, value), close).filter(([a, b]) => json(a) !== json(b));
  fc.assert(
    fc.property(any, fc.constantFrom('bytes', 'text', 'ms'), ([before, after], property) => {
      const line = (lineOf({ property, before, after }) ?? '').replace(/ +/g, ' ');
      expect(line.length).toBeLessThan(2000);
      expect(line).not.toMatch(/: (?:gone: )?(.*)(?: -> |; new: )\1$/s);
    }),
  );
});
