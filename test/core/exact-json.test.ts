/** JSON of hosts' answers: exact, or none; and in time that grows with its length alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../src/core/exact-json.js';

describe('a JSON text', () => {
  it.each([
    ['{"a":1,"b":{"a":2}}', { a: 1, b: { a: 2 } }],
    ['[{"a":1},{"a":1}]', [{ a: 1 }, { a: 1 }]],
    ['{"a":"12345678901234567890: {\\"a\\":1}"}', { a: '12345678901234567890: {"a":1}' }],
    [`${'['.repeat(64)}${']'.repeat(64)}`, JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`)],
    ['-0', 0],
    ['[-0.0, 1.10]', [0, 1.1]],
  ])('is read: %s', (text, value) => {
    expect(parseExactJson(text)).toStrictEqual(value);
  });

  it.each([
    ['{"a":1,"a":2}', /has the key "a" twice/],
    ['{"a":1,"a":1}', /has the key "a" twice/],
    ['{"a":1,"\\u0061":1}', /has the key "a" twice/],
    ['{"x":[{"b":1,"c":2,"b":3}]}', /has the key "b" twice/],
    ['12345678901234567890', /cannot be read exactly/],
    ['{"a":[9007199254740993]}', /holds 9007199254740993, which cannot be read exactly/],
    [`{"${'k'.repeat(90)}":1,"${'k'.repeat(90)}":2}`, /has the key "k{40}" twice$/],
    [`1${'2'.repeat(90)}`, /holds 12{39}, which/],
    ['1e999', /cannot be read exactly/],
    [`${'['.repeat(65)}${']'.repeat(65)}`, /nested too deeply/],
    ['{"a":1', /JSON/],
    ['{a:1}', /JSON/],
    ['', /JSON/],
  ])('is not read: %s', (text, why) => {
    expect(() => parseExactJson(text)).toThrow(why);
  });

  it('that a program writes is read as it was written, unless a number of it has no exact text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(JSON.stringify(parseExactJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it.each(['"', '\\', '{', '[', '-', '1', '"\\"'])('of nothing but %j ends at once', (character) => {
    expect(() => parseExactJson(`"${character.repeat(250_000)}`)).toThrow(SyntaxError);
    expect(() => parseExactJson(character.repeat(250_000).replace(/^1/, '01'))).toThrow(SyntaxError);
  });
});
