/** JSON of strangers, and numbers that a series is made of. */
import { describe, expect, it } from 'vitest';
import { isRecord, pointValue } from '../../src/core/json.js';
import { parseObject } from '../../src/core/strangers-json.js';

const nested = (depth: number, open = '{"a":', close = '}') => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe("a stranger's JSON", () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['\ufeff{"a":1}', { a: 1 }],
    [`${' '.repeat(1000)}{}`, {}],
    ['{"a":"{{{[[["}', { a: '{{{[[[' }],
    ['{"a\\\\":{"b\\"{":1}}', { 'a\\': { 'b"{': 1 } }],
  ])('is read: %j', (text, value) => {
    expect(parseObject(text)).toEqual(value);
  });

  it.each([
    '',
    '[]',
    '1',
    '"{}"',
    '{',
    '{"a"',
    '{"a":1}}',
    '\ufeff\ufeff{}',
    `${' '.repeat(1001)}{}`,
    '{"a":"',
    '{"a":"\\"}',
  ])('is none: %j', (text) => {
    expect(() => parseObject(text)).toThrow(new SyntaxError('is not JSON'));
  });

  it('may be two hundred deep, in objects and lists, one after the other', () => {
    const deep = (text: string) => () => parseObject(text);
    expect(deep(nested(200))).not.toThrow();
    expect(deep(nested(201))).toThrow(/^is nested more than 200 deep$/);
    expect(deep(`{"a":${nested(199, '[', ']')}}`)).not.toThrow();
    expect(deep(`{"a":${nested(200, '[', ']')}}`)).toThrow(/200 deep/);
    expect(deep(`{"a":[${Array(300).fill('[]').join()}],"b":[${Array(300).fill('{}').join()}]}`)).not.toThrow();
    // Brackets in texts are none, however many backslashes stand before a quote.
    expect(deep(`{"a":"${'{'.repeat(300)}\\"${'{'.repeat(300)}"}`)).not.toThrow();
    expect(deep(`{"a":"\\\\","b":${nested(199)}}`)).not.toThrow();
    expect(deep(`{"a":"\\\\","b":${nested(200)}}`)).toThrow(/200 deep/);
  });
});

describe('a value', () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [[], false],
    [null, false],
    ['a', false],
    [undefined, false],
  ])('%j is a record: %s', (value, is) => {
    expect(isRecord(value)).toBe(is);
  });

  it.each<[unknown, unknown]>([
    [0, 0],
    [1.5, 1.5],
    ['12', 12],
    [' 12\n', 12],
    ['1.5', 1.5],
    ['1e3', '1e3'],
    ['-1', '-1'],
    ['1.2.3', '1.2.3'],
    ['x12', 'x12'],
    ['12x', '12x'],
    [-1, '-1'],
    [Number.NaN, 'null'],
    [true, 'true'],
    [[1], '[1]'],
    [null, undefined],
    [undefined, undefined],
    ['', ''],
  ])('%j of a series is %j', (value, point) => {
    expect(pointValue(value)).toEqual(point);
  });
});
