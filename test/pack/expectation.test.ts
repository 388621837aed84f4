import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { sourcesOf } from '../../src/pack/derivations.js';
import { comparesHosts, conditionsOf, factOf, readExpectation } from '../../src/pack/expectation.js';

const roles = ['left', 'right'];
const read = (written: Record<string, unknown>) =>
  readExpectation(written, roles, (key) => `f:1:1${key === undefined ? '' : ` (${key})`}`);

describe('a limit that is no number, nor anything that becomes one, is refused', () => {
  const courses = { falling: 'pass', rising: 'fail', stuck: 'fail', mixed: 'unknown', not_a_number: 'fail' };
  it.each([
    [{ left: 'x.v', trend: { ...courses, small: 'many' } }],
    [{ left: 'x.v', trend: courses }],
    [{ left: 'x.v', trend: { small: 1, falling: 'pass' } }],
    [{ left: 'x.v', trend: { ...courses, small: 1, rising: 'never' } }],
    [{ left: 'x.v', where: { a: 1 }, count: { at_least: 'one' } }],
    [{ left: 'x.v', where: { a: 1 }, count: { at_least: 1.5 } }],
    [{ left: 'x.v', where: { a: 1 }, count: {} }],
    [{ left: 'x.v', at_least: 'many' }],
  ])('%j', (written) => {
    expect(() => read(written)).toThrow(UsageError);
  });

  it.each([
    [{ left: 'x.v', trend: { ...courses, small: 1 } }],
    [{ left: 'x.v', trend: { ...courses, small: '${limit}' } }],
    [{ left: 'x.v', where: { a: 1 }, count: { at_least: 0 } }],
    [{ left: 'x.v', at_least: '${limit}' }],
  ])('%j is taken', (written) => {
    expect(read(written)).toBeDefined();
  });
});

describe('an expectation as it is written becomes the form that is judged', () => {
  it.each([
    [
      { every: 'x.v', equals: 1 },
      { quantifier: 'every', path: 'x.v', matcher: { name: 'equals', arg: 1 } },
    ],
    [{ same: 'x.v' }, { quantifier: 'same', path: 'x.v' }],
    [
      { same: 'x.v', tolerance_percent: 1 },
      { quantifier: 'same', path: 'x.v', tolerancePercent: 1 },
    ],
    [{ distinct: 'x.v' }, { quantifier: 'distinct', path: 'x.v' }],
    [
      { left: 'x.v', absent: true },
      { quantifier: 'role', role: 'left', path: 'x.v', matcher: { name: 'absent', arg: true } },
    ],
    [
      { count: 'x.v', where: 'master', at_most: 1 },
      { quantifier: 'count', path: 'x.v', where: 'master', matcher: { name: 'at_most', arg: 1 } },
    ],
    [
      { left: 'x.v', where: { a: 1 }, count: { at_least: 1 } },
      {
        quantifier: 'role',
        role: 'left',
        path: 'x.v',
        where: { a: 1 },
        matcher: { name: 'count', arg: { at_least: 1 } },
      },
    ],
    [
      { difference: 'x.v', at_most: 5 },
      { quantifier: 'difference', path: 'x.v', matcher: { name: 'at_most', arg: 5 } },
    ],
    [
      {
        pair: 'x.v',
        where: { port: '@port.number' },
        its: 'state',
        verdicts: { open: 'pass' },
        phases: ['p'],
        says: 's',
      },
      {
        quantifier: 'pair',
        path: 'x.v',
        where: { port: '@port.number' },
        its: 'state',
        matcher: { name: 'verdicts', arg: { open: 'pass' } },
        phases: ['p'],
        says: 's',
      },
    ],
    [
      { every: 'x.v', equals: false },
      { quantifier: 'every', path: 'x.v', matcher: { name: 'equals', arg: false } },
    ],
  ])('%j', (written, condition) => {
    expect(read(written)).toEqual(condition);
  });

  it('`when`, `unless` and `given` are conditions of their own, one or several', () => {
    const one = read({
      every: 'a.v',
      equals: 1,
      when: { row: 'must_listen', equals: true },
      unless: { every: 'c.v', equals: 3 },
      given: [
        { every: 'b.v', equals: 2, says: 'two' },
        { every: 'd.v', equals: 4 },
      ],
    });
    expect(conditionsOf(one).map((condition) => condition.path)).toEqual(['a.v', 'must_listen', 'c.v', 'b.v', 'd.v']);
    expect(conditionsOf(one).map(factOf)).toEqual(['a', undefined, 'c', 'b', 'd']);
    expect(one.given?.[0]?.says).toBe('two');
  });
});

describe('every other word is refused, with a correct example', () => {
  it.each([
    [{ evry: 'x.v', equals: 1 }, /^f:1:1 \(evry\): unknown word "evry"; did you mean "every"\?; right is \{/],
    [{ every: 'x.v', equal: 1 }, /^f:1:1 \(equal\): unknown word "equal"; did you mean "equals"/],
    [{ primary: 'x.v', equals: 1 }, /unknown word "primary"/],
    [{ equals: 1 }, /needs exactly one quantifier .*right is \{ every/],
    [{ every: 'x.v', any: 'x.v', equals: 1 }, /needs exactly one quantifier/],
    [{ every: 'x.v', left: 'x.v', equals: 1 }, /needs exactly one quantifier/],
    [{ every: 'x.v' }, /needs exactly one matcher .*right is \{ every: mode\.value, equals: standalone \}/],
    [{ every: 'x.v', equals: 1, at_least: 2 }, /needs exactly one matcher/],
    [{ same: 'x.v', equals: 1 }, /\(equals\): "same" takes no matcher; right is \{ same: space\.bytes \}/],
    [{ distinct: 'x.v', at_least: 1 }, /"distinct" takes no matcher/],
    [{ every: 'x.v', equals: 1, tolerance_percent: 5 }, /\(tolerance_percent\): tolerance_percent goes with "same"/],
    [{ count: { at_least: 1 } }, /needs exactly one quantifier/],
    [{ every: 'x.v', equals: 1, when: { every: 'x.v' } }, /^f:1:1 \(when\).*exactly one matcher/],
    [{ every: 'x.v', equals: 1, given: { evry: 'x.v', equals: 1 } }, /unknown word "evry"/],
    [{ toString: 'x.v', equals: 1 }, /unknown word "toString"/],
  ])('%j', (written, message) => {
    expect(() => read(written)).toThrow(UsageError);
    expect(() => read(written)).toThrow(message);
  });

  // `when`, `unless` and `given` take no word but quantifier, matcher, where, its, tolerance_percent and says.
  it.each(['phases', 'hosts', 'releases', 'severity', 'when', 'unless', 'given'])(
    '"%s" inside `when` would be ignored',
    (word) => {
      const value =
        word === 'phases' || word === 'hosts'
          ? ['left']
          : word === 'when' || word === 'unless' || word === 'given'
            ? { every: 'x.v', equals: 1 }
            : 'x';
      expect(() => read({ every: 'x.v', equals: 1, when: { every: 'x.v', equals: 1, [word]: value } })).toThrow(
        UsageError,
      );
    },
  );

  // These would always pass, or never judge.
  it.each([
    ['a count of a list without a limit', { every: 'x.v', count: {} }],
    ['a misspelt limit', { every: 'x.v', count: { at_leest: 1 } }],
    ['a count of hosts that does not say with which value', { count: 'x.v', at_most: 1 }],
    ['a count of hosts by fields', { count: 'x.v', where: { a: 1 }, at_most: 1 }],
    ['a pattern that is none', { every: 'x.v', matches: '[' }],
    ['a schema that is none', { every: 'x.v', schema: { type: 'strng' } }],
    ['a network that is none', { every: 'x.v', in_network: '10.0.0.0/' }],
    ['a reference to a property that does not exist', { peer: 'x.v', excludes: '@port.nmber' }],
    ['a reference to a host that does not exist', { every: 'x.v', excludes: '@lfet.address' }],
    ['a property that rows do not have', { row: 'must_lisen', equals: true }],
    ['a limit that is a text', { every: 'x.v', at_least: 'many' }],
    ['a tolerance that is a text', { same: 'x.v', tolerance_percent: '5 %' }],
    ['a count that is no whole number', { every: 'x.v', count: { at_least: '1' } }],
    ['a count that every list has', { every: 'x.v', count: { at_least: -1 } }],
    ['no word to choose from', { every: 'x.v', one_of: [] }],
    ['no verdict at all', { every: 'x.v', verdicts: {} }],
    ['nothing to be equal to', { every: 'x.v', equals: null }],
    ['a schema with an id, which cannot be read twice', { every: 'x.v', schema: { $id: 'a', type: 'string' } }],
    ['elements that are picked by a word', { every: 'x.v', where: 'master', count: { at_most: 0 } }],
    ['a number of hosts that is put to a pattern', { count: 'x.v', where: 'a', matches: '1' }],
    ['a difference that is put to equality', { difference: 'x.v', equals: 0 }],
    ['a field of what is counted', { count: 'x.v', where: 'a', its: 'b', at_most: 1 }],
    ['elements of a row', { row: 'needed', its: 'b', equals: true }],
    ['a path that is none', { every: ['x.v'], equals: 1 }],
    ['a host of which nothing is named', { every: 'x.v', equals: '@peer' }],
    ['a reference with something behind it, which is a text', { every: 'x.v', excludes: '@peer.address/24' }],
    ['a reference in capitals, which is a text', { every: 'x.v', equals: '@Self.address' }],
    ['a fact that stands behind the name of the host', { every: 'x.v', equals: '@self.address.value' }],
    ['a reference deep in an argument', { every: 'x.v', where: { a: { b: '@lfet.address' } }, count: { at_least: 1 } }],
    ['the ports of a direction', { every: 'x.v', includes: '@ports' }],
    ['what is given', { every: 'x.v', equals: '@given.disk' }],
  ])('%s', (_, written) => {
    expect(() => read(written as Record<string, unknown>)).toThrow(UsageError);
  });
});

describe('what is known only when it is judged is not judged before', () => {
  it.each([
    { every: 'x.v', at_most: '${limit}' },
    { left: 'x.v', at_most: '@right.x.v' },
    { every: 'x.v', in_network: '${network}' },
    { every: 'x.v', one_of: '${names}' },
    { every: 'x.v', count: { at_least: '${limit}' } },
    { every: 'x.v', matches: '^${prefix}-\\d+$' },
    { every: 'x.v', matches: '@example\\.org$' },
    { every: 'x.v', equals: '@before.x.v' },
    { same: 'x.v', tolerance_percent: '${limit}' },
  ])('%j', (written) => {
    expect(read(written).path).toBe('x.v');
  });
});

it.each([
  [{ every: 'x.v', equals: 1 }, false],
  [{ left: 'x.v', equals: 1 }, false],
  [{ same: 'x.v' }, true],
  [{ distinct: 'x.v' }, true],
  [{ difference: 'x.v', at_most: 1 }, true],
  [{ count: 'x.v', where: 'a', at_most: 1 }, true],
  [{ pair: 'x.v', equals: 1 }, true],
  [{ peer: 'x.v', equals: 1 }, true],
  [{ every: 'x.v', equals: 1, when: { peer: 'x.v', equals: 1 } }, true],
])('%j compares hosts: %s', (written, compares) => {
  expect(comparesHosts(read(written))).toBe(compares);
});

it.each([
  [{ probe: 'file', with: {} }, []],
  [{ from: 'a.text' }, ['a.text']],
  [{ first: ['a.v', 'b.v'] }, ['a.v', 'b.v']],
  [{ template: '{a.v}-{b.w}' }, ['a.v', 'b.w']],
  [{ template: 'plain' }, []],
])('the sources of %j are %j', (definition, sources) => {
  expect(sourcesOf(definition)).toEqual(sources);
});
