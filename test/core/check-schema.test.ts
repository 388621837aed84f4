import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { suggestion } from '../../src/core/did-you-mean.js';
import { address, day, object, portNumber } from '../../src/core/schema.js';
import { casesSchema } from '../../src/pack/schema.js';

const schema = {
  ...object({ port: portNumber, day, address, kind: { enum: ['a', 'b'] }, fixed: { const: 1 } }, ['port']),
};

describe('mistakes say what is wrong and show what is right', () => {
  it.each([
    [{}, [], 'the key "port" is missing'],
    [{ port: '22' }, ['port'], 'port: must be integer, not "22", for example 5432'],
    [{ port: 0 }, ['port'], 'port: must be >= 1, for example 5432'],
    [{ port: 22, day: 'soon' }, ['day'], 'day: "soon" is not a date (UTC, quoted), for example "2026-12-31"'],
    [
      { port: 22, day: '2026-02-30' },
      ['day'],
      'day: "2026-02-30" is not a date (UTC, quoted), for example "2026-12-31"',
    ],
    [{ port: 22, address: '-o' }, ['address'], 'address: "-o" is not an address, for example "10.0.0.1"'],
    [{ port: 22, kind: 'c' }, ['kind'], 'kind: "c" is not one of a, b'],
    [{ port: 22, fixed: 2 }, ['fixed'], 'fixed: must be 1'],
    [{ port: 22, prot: 1 }, ['prot'], 'unknown key "prot"; did you mean "port"?'],
    [{ port: 22, zzzzzz: 1 }, ['zzzzzz'], 'unknown key "zzzzzz"; known: port, day, address, kind, fixed'],
  ])('%j', (value, path, message) => {
    expect(check(schema, value)).toEqual([{ path, message }]);
  });

  it('a value that satisfies the schema has none', () => {
    expect(check(schema, { port: 22, day: '2026-12-31', address: 'fd00::1', kind: 'a', fixed: 1 })).toEqual([]);
  });

  it('the deepest comes first: it is the one that explains the others', () => {
    expect(check(object({ a: object({ b: { type: 'string' } }) }, ['z']), { a: { b: 1 } })[0]?.path).toEqual([
      'a',
      'b',
    ]);
  });

  it('keys with a slash are shown as they are written', () => {
    const [mistake] = check(casesSchema, { 'p/rule': [{ name: 'x', facts: [], expect: 'pass' }] });
    expect(mistake?.path).toEqual(['p/rule', 0, 'facts']);
    expect(mistake?.message).toMatch(/^p\/rule\.0\.facts: must be object/);
  });

  it('a verdict that does not exist is named', () => {
    const mistakes = check(casesSchema, { 'p/rule': [{ name: 'x', facts: {}, expect: 'passs' }] });
    expect(mistakes.map((mistake) => mistake.message).join('\n')).toContain(
      '"passs" is not one of pass, fail, unknown, error, skip',
    );
  });
});

describe('a suggestion', () => {
  it.each([
    ['evry', ['every', 'any'], '; did you mean "every"?'],
    ['pear', ['pair', 'peer'], '; did you mean "peer"?'],
    ['Equals', ['equals'], '; did you mean "equals"?'],
    ['at_leest', ['at_most', 'at_least'], '; did you mean "at_least"?'],
    ['x', ['id', 'root'], '; known: id, root'],
    ['db', ['test', 'primary'], '; known: test, primary'],
    ['x', [], ''],
  ])('%s of %j%s', (word, known, said) => {
    expect(suggestion(word, known)).toBe(said);
  });

  test('a known word in other letters is always found', () => {
    const known = ['every', 'any', 'same', 'distinct', 'difference'];
    fc.assert(
      fc.property(fc.constantFrom(...known), (word) => {
        expect(suggestion(word.toUpperCase(), known)).toBe(`; did you mean "${word}"?`);
      }),
    );
  });
});
