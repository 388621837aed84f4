/** Java properties files, as java.util.Properties itself reads them. */
import { describe, expect, it, test } from 'vitest';
import { properties } from '../../src/probes/config-file/index.js';
import { propertiesLeaves } from '../../src/probes/config-file/properties.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = {
  path: '/etc/shop.properties',
  pick: {
    port: { path: 'shop.port', type: 'number' },
    host: { path: 'shop.host', default: 'localhost' },
    password: { path: 'shop.password' },
  },
};
const pick = (text: string, more: object = {}) => read(properties, [said(text)], { ...params, ...more });
const refused = (text: string, more: object = {}) =>
  unreadable(properties, [said(text)], { ...params, ...more }).message;

it.each(noAnswers)('gives no value for %s', (_, output) => {
  unreadable(properties, [output], params);
});

it('gives no value for an answer with a problem', () => {
  for (const output of spoiled(said('shop.port=1\n'))) unreadable(properties, [output], params);
  unreadable(properties, [], params);
});

test('a file that is not there is a value', () => {
  const missing = failed('cat: /etc/shop.properties: No such file or directory');
  expect(read(properties, [missing], params)).toEqual({ exists: false });
});

test('the asked keys, with defaults and types', () => {
  expect(pick('shop.port = 8088 \nother = x\n! a comment\n  # another = 1\n')).toEqual({
    exists: true,
    keys: { host: 'localhost', port: 8088 },
    absent: ['host', 'password'],
    defaulted: ['host'],
    spelt: [],
  });
  expect(pick('shop.host=a\\\n    b\nshop.port:9\n')).toMatchObject({ keys: { host: 'ab', port: 9 } });
  expect(pick('shop.host=\\u00e9\n')).toMatchObject({ keys: { host: 'é' } });
});

it.each([
  ['a=\\u12\n', 'the file cannot be parsed (line 1, column 1)'],
  ['shop.PORT=1\n', 'shop.port: the key is spelt in another way, which not every program takes (line 1, column 1)'],
  ['shop.port=1\nshop.PORT=1\n', 'shop.port: the key stands there twice, written in different ways (line 2, column 1)'],
  ['shop.host.name=1\n', 'shop.host: other keys in the place of a value (line 1, column 1)'],
  ['shop.host[0]=1\n', 'shop.host: other keys in the place of a value (line 1, column 1)'],
  ['', 'the file is empty'],
])('%j is not read: %s', (text, why) => {
  expect(refused(text)).toBe(why);
});

test.each([
  ['shop.host=é\n', 'host', 'shop.host: characters that programs read in different ways (line 1, column 1)'],
  [
    '# x\n  shop.port=${PORT}\n',
    'port',
    'shop.port: a placeholder that only the program can fill in (line 2, column 3)',
  ],
])('of %j one key has no value, and the others have theirs', (text, name, why) => {
  expect(pick(text)).toMatchObject({ exists: true, unsure: { [name]: why } });
  expect(pick(text)).not.toHaveProperty(['keys', name]);
});

test('of a key that stands there several times the last counts, which is said', () => {
  const value = pick('shop.port=1\nshop.host=a\nother=1\nother=2\nshop.port=2\n\nshop.port=3\n');
  expect(value).toMatchObject({ keys: { host: 'a', port: 3 }, repeated: ['port'] });
  expect(pick('other=1\nother=2\nshop.port=2\n')).not.toHaveProperty('repeated');
});

test('of many keys the last that is read has a place', () => {
  const keys = (times: number) => Array.from({ length: times }, (_, index) => `k${index}=1\n`).join('');
  expect(propertiesLeaves(keys(20_000))).toHaveLength(20_000);
  expect(propertiesLeaves(`${keys(20_000)} over=1\n`)).toEqual({ fault: 'large', line: 20_001, column: 2 });
  expect(propertiesLeaves(`a=1\nb=1\na=2\na=3\n`)).toMatchObject([{ path: 'b' }, { path: 'a', repeated: true }]);
});

test('what is kept names those that stand there several times', () => {
  const [output] =
    properties.redact?.([said('shop.port=1\nshop.port=2\nshop.host=a\nshop.host=b\n')], params, String) ?? [];
  expect(JSON.parse(output?.stdout ?? '')).toMatchObject({ repeated: ['host', 'port'] });
});

test('keys without a name are none, however many there are', () => {
  expect(pick('=a\n=b\n\\\n\n\\\n\nshop.host=c\n')).toMatchObject({ keys: { host: 'c' } });
});

test('the order mark that an editor leaves belongs to the first key, as it does in Java', () => {
  expect(pick('\ufeffshop.host=a\n')).toMatchObject({ keys: { host: 'localhost' }, defaulted: ['host'] });
});

describe('java.util.Properties reads the same', () => {
  const files = fixture('java/properties.jsonl').trimEnd().split('\n');
  test(`in ${files.length} files`, () => {
    for (const line of files) {
      const [text, entries] = JSON.parse(line) as [string, [string, string][] | null];
      const leaves = propertiesLeaves(text);
      if ('fault' in leaves) {
        expect([text, entries]).toEqual([text, null]);
        continue;
      }
      const mine = leaves.map(({ path, value }) => [path, value]);
      expect([text, mine.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))]).toEqual([
        text,
        // Java finds a key without a name in a lone backslash at a file's end.
        entries?.filter(([name]) => name !== ''),
      ]);
    }
  });
});
