import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Schema } from '../../src/core/schema.js';
import { object, table, text } from '../../src/core/schema.js';
import { readDocument } from '../../src/core/yaml-document.js';

const schema: Schema = {
  $id: 'https://example.org/document-test',
  title: 'test',
  ...object({
    name: text,
    hosts: table(object({ address: text }, ['address'])),
    ports: { type: 'array', items: object({ port: { type: 'integer' } }) },
  }),
};
const read = (yaml: string) => readDocument<Record<string, unknown>>(yaml, 'f.yaml', schema);

function messageOf(yaml: string): string {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
}

describe('each mistake is told with line and column', () => {
  it.each([
    ['an unknown key', 'name: a\nhots: {}\n', 'f.yaml:2:1: unknown key "hots"; did you mean "hosts"?'],
    [
      'a wrong type',
      'name: a\nports:\n  - port: 22\n  - port: ssh\n',
      'f.yaml:4:5: ports.1.port: must be integer, not "ssh"',
    ],
    ['a missing key', 'hosts:\n  a: { address: x }\n  b: {}\n', 'f.yaml:3:3: hosts.b: the key "address" is missing'],
    [
      'flow style',
      'hosts: { a: { address: x, adress: y } }\n',
      'f.yaml:1:27: hosts.a: unknown key "adress"; did you mean "address"?',
    ],
    ['a key that is no name', 'hosts:\n  "1a": { address: x }\n', /^f\.yaml:2:3: /],
    ['a key that is there twice', 'name: a\nname: b\n', /^f\.yaml:2:1: Map keys must be unique/],
    ['an unclosed bracket', 'ports: [\n', /^f\.yaml:\d+:\d+: /],
    ['a tab for indentation', 'hosts:\n\ta: 1\n', /^f\.yaml:2:1: /],
    ['an empty file', '', 'f.yaml:1:1: must be object, not null'],
    ['a comment alone', '# nothing\n', /^f\.yaml:1:1: must be object, not null/],
    ['two documents', 'name: a\n---\nname: b\n', 'f.yaml:2:1: a second document begins, and a file holds one'],
    ['UTF-16', 'n\0a\0m\0e\0:\0 \0a\0', 'f.yaml:1:1: is no UTF-8 text, but perhaps UTF-16; save it as UTF-8'],
    [
      'a leading zero',
      'ports:\n  - port: 022\n',
      'f.yaml:2:11: 022 has a leading zero, which some programs read as octal; write 22, or in quotes "022"',
    ],
    ['a leading zero in YAML 1.1', '%YAML 1.1\n---\nports: [{ port: 022 }]\n', /^f\.yaml:3:17: 022 has a leading zero/],
    ["a template's braces", 'hosts: { a: { address: {{ x }} } }\n', /^f\.yaml:1:24: "\{\{ x \}\}" is a placeholder/],
    ['a variable in the place of a number', 'ports: [{ port: "${P}" }]\n', /^f\.yaml:1:11: "\$\{P\}" is a placeholder/],
    ['a key that is a list', '? [a]\n: b\n', 'f.yaml:1:3: a key is a word, not a list or a map'],
    ['a list in place of a table', '- a\n', 'f.yaml:1:1: must be object, not ["a"]'],
    ['the braces of a template in a map', 'hosts: {a: {{ x }}}\n', 'f.yaml:1:12: "{{ x }}" is a placeholder'],
    ['a key that is a map in braces', 'hosts: {{a: {b: 1}}: c}\n', 'f.yaml:1:9: a key is a word, not a list or a map'],
    ['a leading zero below zero', 'ports: [{ port: -022 }]\n', 'f.yaml:1:17: -022 has a leading zero'],
    [
      'a key that is there twice by its alias',
      'hosts: { &a l: { address: x }, *a : { address: y } }\n',
      'f.yaml:1:32: Map keys must be unique',
    ],
    [
      'a key that stands for a list',
      'ports: &a [{ port: 1 }]\nhosts: { *a : { address: x } }\n',
      'f.yaml:2:10: a key is a word',
    ],
    ['a key that stands for nothing', 'hosts: { *a : { address: x } }\n', 'f.yaml:1:10: no anchor &a'],
    [
      'a merge key of a list that is not all maps',
      'hosts: { a: &a { address: x }, b: { <<: [*a, x] } }\n',
      'f.yaml:1:37: "<<" takes a map, or a list of maps',
    ],
    ['an element that is no map', 'ports: [x]\n', 'f.yaml:1:9: ports.0: must be object'],
    [
      'a name that is a number of another spelling',
      'hosts: { 1.10: {} }\n',
      'f.yaml:1:10: 1.10 is read as the number 1.1; a name of digits stands in quotes: "1.10"',
    ],
    ['a name that is a number', 'hosts: { 7: { address: x } }\n', /^f\.yaml:1:10: (?!.*is read as)/],
    [
      'a name that means nothing',
      'hosts: { ~: {} }\n',
      'f.yaml:1:10: a name is missing; if it is to be "~", write it in quotes',
    ],
    ['a name that is not there', 'hosts: { : {} }\n', /^f\.yaml:1:9: a name is missing$/],
    [
      'a tag',
      'hosts: { a: { address: !Ref  x } }\n',
      "f.yaml:1:24: the tag !Ref is another program's; write the value out",
    ],
    [
      'a tag of a list',
      'ports: !Sub [{ port: 1 }]\n',
      "f.yaml:1:8: the tag !Sub is another program's; write the value out",
    ],
    ['CRLF line ends', 'name: a\r\nhots: {}\r\n', /^f\.yaml:2:1: unknown key "hots"/],
    ['a byte order mark', '\ufeffname: a\nhots: {}\n', /^f\.yaml:2:1: unknown key "hots"/],
    ['an alias without its anchor', 'name: a\nports: *x\n', 'f.yaml:2:8: no anchor &x stands before the alias *x'],
    ['an alias before its anchor', 'name: *x\nports: &x []\n', /^f\.yaml:1:7: no anchor &x/],
    ['a merge key of a key that is unknown', 'hosts: { a: &a { adress: x }, b: { <<: *a } }\n', /unknown key/],
    ['an anchor that is no part of it', 'base: &b { address: x }\nhosts: { a: { <<: *b } }\n', /unknown key "base"/],
    ['a merge key of a text', 'hosts: { a: { <<: x } }\n', 'f.yaml:1:15: "<<" takes a map, or a list of maps'],
    ['a merge key that leads nowhere', 'hosts: { a: { <<: *x } }\n', 'f.yaml:1:19: no anchor &x'],
    ['a map that is merged into itself', 'hosts: { a: &a { address: x, <<: *a } }\n', /^f\.yaml:1:34: /],
  ])('%s', (_, yaml, message) => {
    expect(messageOf(yaml)).toMatch(
      typeof message === 'string' ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) : message,
    );
  });

  it.each([
    ['ports: [\n', 'f.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    [`${'\n'.repeat(11)}name: "abcde\\q"\n`, 'f.yaml:12:13: Invalid escape sequence \\q'],
    ['hots: {}\n', 'f.yaml:1:1: unknown key "hots"; did you mean "hosts"?'],
    ['name: ["${X}"]\n', 'f.yaml:1:1: name: must be string, not ["${X}"]'],
    [
      'hosts: { a: { address: [fd00::1] } }\n',
      'f.yaml:1:15: hosts.a.address: "[fd00::1]" is an IPv6 address in brackets; the hosts of a pair reach each other by IPv4: right is for example 10.0.0.1',
    ],
    ['hosts: { a: { address: [fd00::1, x] } }\n', 'f.yaml:1:15: hosts.a.address: must be string, not ["fd00::1","x"]'],
  ])('and in these words: %j', (yaml, message) => {
    expect(messageOf(yaml)).toBe(message);
  });

  it('how many more there are is said', () => {
    expect(messageOf('a: 1\nb: 2\nc: 3\n')).toMatch(/\(and 2 more\)$/);
  });

  it('aliases that multiply are refused, not expanded', () => {
    const layers = Array.from(
      { length: 9 },
      (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(', ')}]`,
    );
    expect(messageOf(`l0: &l0 [x]\n${layers.join('\n')}\n`)).toMatch(/^f\.yaml:\d+:\d+: too many aliases/);
  });

  it('merge keys that multiply are refused, not merged', () => {
    const layers = Array.from(
      { length: 30 },
      (_, at) => `l${at + 1}: &l${at + 1} { <<: [${Array(3).fill(`*l${at}`).join(', ')}] }`,
    );
    expect(messageOf(`l0: &l0 { x: 1 }\n${layers.join('\n')}\n`)).toMatch(/^f\.yaml:\d+:\d+: too many aliases/);
  });

  it('a mistake is one line, however long the value is', () => {
    const message = messageOf(`"${'x'.repeat(9000)}"\n`);
    expect(message.length).toBeLessThan(300);
    expect(message).not.toContain('\n');
  });
});

test('any text is either read or refused with file, line and column', () => {
  const scrap = fc.constantFrom(
    'name',
    'hosts',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '"',
    "'",
    '|',
    '>',
    '!!int',
    '%',
    '#',
    '---',
    '?',
    ',',
    '1',
    '\t',
    '<<',
  );
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 15 }), (words) => {
      expect(messageOf(words.join(''))).toMatch(/^$|^f\.yaml:\d+:\d+: ./);
    }),
    { numRuns: 500 },
  );
});

test("a merge key takes over what the map does not say itself, and a word of another YAML's is a word", () => {
  const merged = 'hosts:\n  a: &a { address: x }\n  b: { <<: *a }\n  c: { <<: [*a], address: y }\n';
  expect(read(merged).value).toEqual({ hosts: { a: { address: 'x' }, b: { address: 'x' }, c: { address: 'y' } } });
  // A directive that nobody knows is no tag.
  expect(read('%FOO bar\n---\nname: !!str no\n').value).toEqual({ name: 'no' });
  expect(read('%YAML 1.1\n---\nname: no\n').value).toEqual({ name: 'no' });
});

test('what only looks like one of them is read', () => {
  expect(read('name: "022"\nports: [{ port: 1022 }, { port: 0 }]\n').value).toEqual({
    name: '022',
    ports: [{ port: 1022 }, { port: 0 }],
  });
  const aliased = 'hosts: { l: { address: &a x }, r: { address: &b y }, *a : { address: z }, *b : { address: z } }\n';
  expect(Object.keys(read(aliased).value.hosts as object)).toEqual(['l', 'r', 'x', 'y']);
});

test('a document begins where its first value stands', () => {
  const document = read('# about\n\nname: a\n');
  expect([document.at([]), document.at(['hosts'])]).toEqual(['f.yaml:3:1', 'f.yaml:3:1']);
});

describe('a checked document still knows where its values stand', () => {
  const document = read('name: a\nhosts:\n  left:\n    address: x\nports:\n  - port: 22\n  - { port: 23 }\n');
  it.each([
    [['name'], 'f.yaml:1:1'],
    [['hosts'], 'f.yaml:2:1'],
    [['hosts', 'left'], 'f.yaml:3:3'],
    [['hosts', 'left', 'address'], 'f.yaml:4:5'],
    [['ports', 0, 'port'], 'f.yaml:6:5'],
    [['ports', 1], 'f.yaml:7:5'],
    [['ports', 1, 'port'], 'f.yaml:7:7'],
    [['hosts', 'left', 'role'], 'f.yaml:3:3'],
    [['ports', 5, 'port'], 'f.yaml:5:1'],
    [['nothing', 'there'], 'f.yaml:1:1'],
    [[], 'f.yaml:1:1'],
  ])('%j', (path, place) => {
    expect(document.at(path)).toBe(place);
  });
});
