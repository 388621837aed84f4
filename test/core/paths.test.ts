/** Paths into values, pointers (RFC 6901), and globs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factNamed,
  lastProperty,
  ownProperty,
  propertiesOf,
  roleNamed,
  valueBelow,
  valueWithout,
} from '../../src/core/fact-path.js';
import { globMatches } from '../../src/core/glob.js';
import { pointerForm, pointerTokens, valueAtToken } from '../../src/core/json-pointer.js';

describe('a path', () => {
  it.each([
    ['kernel', undefined, 'kernel', [], 'kernel'],
    ['kernel.release', undefined, 'kernel', ['release'], 'release'],
    ['server.settings.fsync', undefined, 'server', ['settings', 'fsync'], 'fsync'],
    ['@primary.server.version', 'primary', 'server', ['version'], 'version'],
    ['@primary', 'primary', '', [], '@primary'],
  ])('%s', (path, role, fact, properties, last) => {
    expect([roleNamed(path), factNamed(path), propertiesOf(path), lastProperty(path)]).toEqual([
      role,
      fact,
      properties,
      last,
    ]);
  });

  it.each<[unknown, string[], unknown]>([
    [{ a: { b: 1 } }, ['a', 'b'], 1],
    [{ a: { b: 1 } }, ['a', 'c'], undefined],
    [{ a: [7, 8] }, ['a', '1'], 8],
    [{ a: [7, 8] }, ['a', 'length'], 2],
    [{ a: 'text' }, ['a', 'length'], undefined],
    [{ a: null }, ['a', 'b'], undefined],
    [{ a: undefined }, ['a'], undefined],
    [{}, ['constructor'], undefined],
    [{ a: 1 }, [], { a: 1 }],
  ])('below %j at %j stands %j', (value, properties, found) => {
    expect(valueBelow(value, properties)).toEqual(found);
  });

  it('finds nothing that every object inherits', () => {
    for (const name of ['toString', '__proto__', 'hasOwnProperty']) expect(ownProperty({}, name)).toBeUndefined();
    expect(ownProperty(undefined, 'a')).toBeUndefined();
  });

  it.each<[unknown, string[], unknown]>([
    [{ a: 1, b: 2 }, ['a'], { b: 2 }],
    [{ a: { c: 1, d: 2 }, c: 3 }, ['a', 'c'], { a: { d: 2 }, c: 3 }],
    [{ a: [{ c: 1, d: 2 }, { c: 3 }, 4] }, ['a', 'c'], { a: [{ d: 2 }, {}, 4] }],
    [[{ a: 1 }], ['a'], [{}]],
    [{ a: 1 }, ['a', 'b'], { a: 1 }],
    [{ a: 1 }, ['b'], { a: 1 }],
    ['a', ['a'], 'a'],
    [null, ['a'], null],
  ])('%j without %j is %j', (value, properties, rest) => {
    expect(valueWithout(value, properties)).toEqual(rest);
  });
});

describe('a pointer', () => {
  it('names keys and indexes, with / and ~ written out', () => {
    expect(pointerTokens('/a/0/b~1c/~0d/~01')).toEqual(['a', '0', 'b/c', '~d', '~1']);
    expect(pointerTokens('/')).toEqual(['']);
    for (const [text, is] of [
      ['/a', true],
      ['/a~0~1b/', true],
      ['a', false],
      ['', false],
      ['/a~2', false],
      ['/~', false],
    ] as const)
      expect([text, new RegExp(pointerForm).test(text)]).toEqual([text, is]);
  });

  it.each<[unknown, string, unknown]>([
    [['x', 'y'], '1', 'y'],
    [['x', 'y'], '0', 'x'],
    [['x', 'y'], '2', undefined],
    [['x', 'y'], '01', undefined],
    [Array.from({ length: 11 }, (_, at) => at), '10', 10],
    [['x', 'y'], 'length', undefined],
    [['x', 'y'], '-', undefined],
    [{ '01': 'a', length: 3 }, '01', 'a'],
    [{ length: 3 }, 'length', 3],
    ['text', '0', undefined],
  ])('at a token of %j, %s, stands %j', (value, token, found) => {
    expect(valueAtToken(value, token)).toEqual(found);
  });
});

describe('a glob', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a/b', true],
    ['**', '', true],
    ['?', '', false],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ba', true],
    ['*a', 'ab', false],
    ['a*c', 'abbc', true],
    ['a*c', 'abcd', false],
    ['a*b*c', 'a.bb.bc', true],
    ['a*b*c', 'acb', false],
    ['*ab', 'aab', true],
    ['*aab', 'aaaab', true],
    ['p/?*', 'p/', false],
    ['p/same-*', 'p/same-kernel', true],
    ['p/same', 'p/same-kernel', false],
    ['p/same-kernel', 'p/same', false],
    ['a.c', 'abc', false],
    ['a*?', 'ab', true],
  ])('%s on %s: %s', (glob, id, matches) => {
    expect(globMatches(glob, id)).toBe(matches);
  });

  it('matches as its regular expression does', () => {
    const letters = (more: string[]) => fc.array(fc.constantFrom('a', 'b', ...more), { maxLength: 8 });
    fc.assert(
      fc.property(letters(['*', '?']), letters([]), (glob, id) => {
        const pattern = glob.map((one) => ({ '*': '.*', '?': '.' })[one] ?? one).join('');
        expect(globMatches(glob.join(''), id.join(''))).toBe(new RegExp(`^${pattern}$`).test(id.join('')));
      }),
      { numRuns: 300 },
    );
  });
});
