/** What stands in braces in the sentences of a rule and of a phase. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/core/model.js';
import { referencesToldIn, rolesInSentence, sentencesIn, sentencesOf } from '../../src/pack/sentences.js';

describe('facts that a sentence tells', () => {
  it.each<[string, { who: string; path: string }[]]>([
    ['{left.kernel.release}', [{ who: 'left', path: 'kernel.release' }]],
    [
      '{a-b.c_d.e-f} and {x1.y2}',
      ['a-b.c_d.e-f', 'x1.y2'].map((one) => ({ who: one.split('.')[0] ?? '', path: one.slice(one.indexOf('.') + 1) })),
    ],
    ['{left} alone is its host', []],
    ['{port.number} is of the row', []],
    ["${left.kernel.release} is a shell's", []],
    ['{Left.kernel} and { left.kernel } and {left.} and {left.a b} are no names', []],
  ])('%s', (sentence, found) => {
    expect(referencesToldIn(sentence)).toEqual(found);
  });
});

it('roles that a sentence of a phase names', () => {
  // Its own word is looked for beside what a sentence of a rule may hold.
  expect(referencesToldIn('{left}')).toEqual([]);
  const named = [...'{left} and {a-b_2}, {} and {a b}'.matchAll(rolesInSentence)].map(([, role]) => role);
  expect(named).toEqual(['left', 'a-b_2']);
});

it('all sentences of a rule', () => {
  expect(sentencesIn(undefined)).toEqual([]);
  expect(sentencesIn('one')).toEqual(['one']);
  expect(sentencesIn({ a: 'one', b: 'two' })).toEqual(['one', 'two']);
  const expectations = [{ fault: 'c', remedy: { a: 'd', b: 'e' } }, { remedy: 'f' }, {}];
  expect(sentencesOf({ tells: ['a'], fault: 'b', expect: expectations } as unknown as Rule)).toEqual([
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
  ]);
});
