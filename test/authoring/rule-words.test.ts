/** Expectations in words. */
import { describe, expect, it } from 'vitest';
import { demandInWords } from '../../src/authoring/rule-words.js';
import { packOf, ruleText } from '../support.js';

const many = 'roles: { node: { title: Node, count: 1.. } }\npair: [node]';

describe('an expectation in words', () => {
  const said = (text: string, more = '') => {
    const pack = packOf(ruleText('one', [text]), more);
    const [rule] = pack.rules;
    const [expectation] = rule?.expect ?? [];
    return rule && expectation && demandInWords(pack, rule, expectation);
  };

  it.each([
    ['{ any: kernel.release, matches: x }', '', 'kernel.release on one of left, right: text that matches x'],
    ['{ any: kernel.release, matches: x }', many, 'kernel.release on any node: text that matches x'],
    ['{ every: kernel.release, matches: x }', many, 'kernel.release on every node: text that matches x'],
  ])('%s %s', (text, more, says) => {
    expect(said(text, more)?.says).toBe(says);
  });

  it('tells where it holds, in the words of each condition', () => {
    const condition = (value: string, says = '') => `{ every: kernel.machine, equals: ${value}${says} }`;
    const text = `{ every: kernel.release, equals: x, when: ${condition('a')}, unless: ${condition('b', ', says: an old one')}, given: [${condition('c', ', says: a new one')}, ${condition('d')}] }`;
    expect(said(text)?.holds).toEqual([
      'only where kernel.machine on left and right: a',
      'not where kernel.machine on left and right: an old one',
      'unknown unless kernel.machine on left and right: a new one',
      'unknown unless kernel.machine on left and right: d',
    ]);
  });
});
