/** YAML files, as Java programs read them: nested or dotted keys, YAML 1.1, and nothing that is not sure. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { Output } from '../../src/core/model.js';
import { makeTokens } from '../../src/core/secret-token.js';
import { properties, yamlFile } from '../../src/probes/config-file/index.js';
import { type Picked, veiled } from '../../src/probes/config-file/secrets.js';
import { yamlLeaves } from '../../src/probes/config-file/yaml.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = {
  path: '/opt/shop/shop.yml',
  pick: {
    enabled: { path: 'ha.ha_enabled', default: false },
    lease: { path: 'ha.leaseSeconds', default: 1800 },
    agent: { path: 'ha.agentIp' },
    phrase: { path: 'ha.storePwd' },
  },
};
const relaxed = { ...params, relaxed: true };
const pick = (text: string, asked: object = params) => read(yamlFile, [said(text)], asked);
const refused = (text: string, asked: object = params) => unreadable(yamlFile, [said(text)], asked).message;
const hosts = { ...params, pick: { hosts: { path: 'search.hosts' } } };

it.each(noAnswers)('gives no value for %s', (_, output) => {
  unreadable(yamlFile, [output], params);
});

it('gives no value for an answer with a problem', () => {
  for (const output of spoiled(said('a: 1\n'))) unreadable(yamlFile, [output], params);
  unreadable(yamlFile, [], params);
});

test('a file that is not there is a value', () => {
  expect(read(yamlFile, [failed('cat: /x: No such file or directory')], params)).toEqual({ exists: false });
  // Half a file and the same words: something else is wrong.
  unreadable(yamlFile, [said('a: 1\n', 1, 'cat: /x: No such file or directory\n')], params);
});

test.each([
  ['nested', 'ha:\n  ha_enabled: true\n  leaseSeconds: 60\n  agentIp: 10.0.0.1\n'],
  ['dotted', 'ha.ha_enabled: true\nha.leaseSeconds: 60\nha.agentIp: 10.0.0.1\n'],
  ['dotted within', 'ha:\n  "ha_enabled": on\nha.leaseSeconds: 60\nha.agentIp: "10.0.0.1"\n'],
  ['in flow', 'ha: {ha_enabled: yes, leaseSeconds: 0x3C, agentIp: 10.0.0.1}\n'],
  ['with an order mark and CRLF', '\ufeffha:\r\n  ha_enabled: true\r\n  leaseSeconds: 60\r\n  agentIp: 10.0.0.1\r\n'],
  [
    'with what is merged',
    'b: &b {ha_enabled: true, leaseSeconds: 5}\nha:\n  <<: *b\n  leaseSeconds: 60\n  agentIp: 10.0.0.1\n',
  ],
  ['with an alias', 'ip: &ip 10.0.0.1\nha: {ha_enabled: true, leaseSeconds: 60, agentIp: *ip}\n'],
  ['with marks around it', '---\nha: {ha_enabled: true, leaseSeconds: 60, agentIp: 10.0.0.1}\n...\n# end\n'],
])('keys %s', (_, text) => {
  expect(pick(text)).toEqual({
    exists: true,
    keys: { agent: '10.0.0.1', enabled: true, lease: 60 },
    absent: ['phrase'],
    defaulted: [],
    spelt: [],
  });
});

test('a key that is not there takes its default, or is left out', () => {
  expect(pick('# nothing is set\n')).toEqual({
    exists: true,
    keys: { enabled: false, lease: 1800 },
    absent: ['agent', 'enabled', 'lease', 'phrase'],
    defaulted: ['enabled', 'lease'],
    spelt: [],
  });
  expect(pick('ha: 5\n')).toMatchObject({ defaulted: ['enabled', 'lease'] });
  // There, and empty, is not absent.
  expect(pick('ha:\n  agentIp:\n  ha_enabled: ~\n')).toMatchObject({
    keys: { agent: '', enabled: '' },
    absent: ['lease', 'phrase'],
  });
});

test('lists of values, and types', () => {
  expect(pick('search: {hosts: [es1, 9300, true]}\n', hosts)).toMatchObject({ keys: { hosts: ['es1', 9300, true] } });
  const typed = (type: string, value: string) =>
    (
      pick(`search: {hosts: ${value}}\n`, { ...hosts, pick: { hosts: { path: 'search.hosts', type } } }) as {
        keys: object;
      }
    ).keys;
  expect(typed('number', '"8500"')).toEqual({ hosts: 8500 });
  for (const odd of ['x5', '5x', '1.25.5', '1e3']) expect(typed('number', `"${odd}"`)).toEqual({ hosts: odd });
  expect(typed('number', '"1.25"')).toEqual({ hosts: 1.25 });
  for (const odd of ['xtrue', 'truex', 'off1', 'xoff', '10', '01'])
    expect(typed('boolean', `"${odd}"`)).toEqual({ hosts: odd });
  expect(typed('number', '"-1.5"')).toEqual({ hosts: -1.5 });
  expect(typed('number', 'true')).toEqual({ hosts: true });
  expect(typed('number', 'many')).toEqual({ hosts: 'many' });
  expect(typed('number', '"9007199254740993"')).toEqual({ hosts: '9007199254740993' });
  expect(typed('boolean', '"on"')).toEqual({ hosts: true });
  expect(typed('boolean', '0')).toEqual({ hosts: false });
  expect(typed('boolean', 'perhaps')).toEqual({ hosts: 'perhaps' });
  expect(typed('string', '010')).toEqual({ hosts: '8' });
  expect(typed('string', '[1, yes]')).toEqual({ hosts: ['1', 'true'] });
});

test('letters that only some languages take for one are two', () => {
  const long = { path: '/x', pick: { shop: { path: 'shop' } } };
  expect(pick('\u017fhop: 1\n', long)).toMatchObject({ absent: ['shop'] });
});

test('a text of 4096 characters can be compared', () => {
  const text = 'x'.repeat(4096);
  expect(pick(`ha: {agentIp: ${text}}\n`)).toMatchObject({ keys: { agent: text } });
  expect(pick(`ha: {agentIp: ${text}x}\n`)).toMatchObject({ unsure: { agent: expect.stringContaining('too long') } });
});

describe('a key spelt otherwise is never absent', () => {
  it.each(['haEnabled', 'ha-enabled', 'HA_ENABLED', 'haenabled'])('%s', (key) => {
    expect(refused(`ha: {${key}: true}\n`)).toBe(
      'ha.ha_enabled: the key is spelt in another way, which not every program takes (line 1, column 6)',
    );
    expect(pick(`ha: {${key}: true}\n`, relaxed)).toMatchObject({ keys: { enabled: true }, spelt: ['enabled'] });
    for (const asked of [params, relaxed])
      expect(refused(`ha: {${key}: true}\nha.ha_enabled: true\n`, asked)).toMatch(/stands there twice, written/);
  });
});

it.each([
  ['', 'the file is empty'],
  [' \n\n', 'the file is empty'],
  [
    'ha: {agentIp: a}\nha.agentIp: a\n',
    'ha.agentIp: the key stands there twice, written in different ways (line 2, column 1)',
  ],
  ['a: 1\nb: 1\na: 2\n', 'a key stands there twice (line 3, column 1)'],
  ['ha: {agentIp: {deep: 1}}\n', 'ha.agentIp: other keys in the place of a value (line 1, column 16)'],
  ['ha: {agentIp: {}}\n', 'ha.agentIp: other keys in the place of a value (line 1, column 6)'],
  ['ha: {agentIp: [{a: 1}]}\n', 'ha.agentIp: other keys in the place of a value (line 1, column 17)'],
  ['ha.agentIp[0]: a\n', 'ha.agentIp: other keys in the place of a value (line 1, column 1)'],
  ['ha: !!javax.script.ScriptEngineManager {agentIp: 1}\n', 'a tag that asks for a type (line 1, column 1)'],
  ['a\0b', 'characters that programs read in different ways'],
  [
    'spring: a\n---\nha: {agentIp: b}\n',
    'the file holds several documents, and which of them count is decided elsewhere (line 3, column 1)',
  ],
  ['- a\n', 'the file is no mapping of keys to values (line 1, column 1)'],
  ['just text\n', 'the file is no mapping of keys to values (line 1, column 1)'],
  ['? [a]\n: b\n', 'the file is no mapping of keys to values (line 1, column 1)'],
  ['ha:\n\tagentIp: a\n', 'the file cannot be parsed (line 2, column 1)'],
  ['ha: "unfinished\n', 'the file cannot be parsed (line 2, column 1)'],
  ['a: *nobody\n', 'more aliases than a configuration has, or one that leads nowhere (line 1, column 1)'],
  ['a: &a [*a]\n', 'the file is nested too deeply (line 1, column 1)'],
])('%j is not read: %s', (text, why) => {
  expect(refused(text)).toBe(why);
});

it.each([
  ['ha:\n  agentIp: ${AGENT_IP}\n', 'ha.agentIp: a placeholder that only the program can fill in (line 2, column 3)'],
  ['ha: {storePwd: "x${P}y"}\n', 'ha.storePwd: a placeholder that only the program can fill in (line 1, column 6)'],
  ['ha: {leaseSeconds: 08}\n', 'ha.leaseSeconds: a number that programs read in different ways (line 1, column 6)'],
  [
    'ha: {leaseSeconds: 9007199254740993}\n',
    'ha.leaseSeconds: a number that programs read in different ways (line 1, column 6)',
  ],
  [
    'ha: {leaseSeconds: [1, 1e3]}\n',
    'ha.leaseSeconds: a number that programs read in different ways (line 1, column 6)',
  ],
  ['ha: {agentIp: !!int "5"}\n', 'ha.agentIp: a tag that asks for a type (line 1, column 6)'],
  ['ha: {agentIp: a\ufffdb}\n', 'ha.agentIp: characters that programs read in different ways (line 1, column 6)'],
  [`ha: {agentIp: ${'x'.repeat(5000)}}\n`, 'ha.agentIp: a text too long to be compared (line 1, column 6)'],
])('of %j one key has no value, and the others have theirs: %s', (text, why) => {
  const names = { 'ha.agentIp': 'agent', 'ha.leaseSeconds': 'lease', 'ha.storePwd': 'phrase' };
  const [path = ''] = why.split(': ');
  const name = names[path as keyof typeof names];
  const value = pick(`${text}ha.ha_enabled: true\n`);
  expect(value).toMatchObject({ keys: { enabled: true } });
  expect(Object.keys((value as { unsure: object }).unsure)).toEqual([name]);
  for (const list of ['absent', 'defaulted', 'spelt'])
    expect((value as Record<string, string[]>)[list]).not.toContain(name);
  expect(pick(text)).toMatchObject({ unsure: { [name]: why } });
  expect(pick(text)).not.toHaveProperty(['keys', name]);
  // What is saved of it says the same again.
  const saved = yamlFile.redact?.([said(text)], params, (secret) => secret) as Output[];
  expect(read(yamlFile, saved, params)).toEqual(pick(text));
});

test('what nobody asked for may be as unsure as it likes', () => {
  const text = 'x: ${P}\ny: 1e3\nz: caf\ufffd\nw: !!int "5"\nX: 1\nha: {agentIp: a}\n';
  expect(pick(text)).toMatchObject({ keys: { agent: 'a' } });
});

describe('a file that was made to tire its reader ends as any other', () => {
  const laughs = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((one, index) => `${one}: &${one} [${`*${'abcdefgh'[index]},`.repeat(9)}]\n`).join('')}ha: {agentIp: a}\n`;
  const many = Array.from({ length: 40_000 }, (_, index) => `k${index}:`);
  it.each<[string, string, RegExp]>([
    ['aliases of aliases', laughs, /more aliases/],
    ['lists in lists, in flow', '['.repeat(200_000), /nested too deeply/],
    ['lists in lists', '- '.repeat(120_000), /nested too deeply/],
    ['keys in keys', '? '.repeat(120_000), /nested too deeply/],
    ['many documents', '---\n'.repeat(60_000), /more than is read|several/],
    ['many keys', many.join('\n'), /more than is read/],
    ['many keys in flow', `{${many.map((key) => key.slice(0, -1)).join(',')}}`, /more than is read/],
    ['more than the limit', `a: ${'x'.repeat(300_000)}`, /more than is read/],
  ])('%s', (_, text, why) => {
    expect(refused(text)).toMatch(why);
  });

  test('a line of 200 KB that nobody asked for', () => {
    expect(pick(`x: ${'y '.repeat(100_000)}\nha: {agentIp: a}\n`)).toMatchObject({ keys: { agent: 'a' } });
  });
});

describe('an unquoted scalar', () => {
  const scalar = (text: string) => {
    const leaves = yamlLeaves(`k: ${text}\n`);
    return 'fault' in leaves ? leaves.fault : leaves.map(({ value, fault }) => fault ?? value);
  };

  it.each<readonly [string, number]>([
    ...([
      ['0b101', 5],
      ['-0b1_0', -2],
      ['+0b11', 3],
      ['0b_1_', 1],
      ['0b1', 1],
    ] as const),
    ...([
      ['010', 8],
      ['+010', 8],
      ['-010', -8],
      ['0_1_7_', 15],
      ['00', 0],
      ['01', 1],
    ] as const),
    ...([
      ['0x1F', 31],
      ['-0x_a_', -10],
      ['0xF', 15],
      ['+0xf', 15],
    ] as const),
    ...([
      ['1:30', 90],
      ['190:20:30', 685230],
      ['-1:0:0', -3600],
    ] as const),
    ...([
      ['1.5', 1.5],
      ['-1.5', -1.5],
      ['+1.5', 1.5],
      ['1.', 1],
      ['-1.', -1],
      ['12.25', 12.25],
    ] as const),
    ...([
      ['1_0.2_5', 10.25],
      ['1.5e+3', 1500],
      ['1.5E-1', 0.15],
      ['1.e+2', 100],
      ['1.25e+12', 1.25e12],
    ] as const),
    ...([
      ['-0.0', 0],
      ['-0', 0],
      ['+0', 0],
      ['1_', 1],
      ['1_000', 1000],
    ] as const),
  ])('%s is %d', (text, value) => {
    expect(scalar(text)).toEqual([value]);
  });

  it.each([
    ...['x010', 'g0xF', '0x1g', '1:30x', '1:60x', '08x', '1ex3', '1.5x', 'x1.5', '1.5ex3', '0c1', '+-1', '0.5.'],
    ...['1.2.3', '1.2.3.4', '1.2.3e5', '2001-01-01', 'nUll', 'yEs', 'yesno', 'x y'],
  ])('%s is a text', (text) => {
    expect(scalar(text)).toEqual([text]);
  });

  it.each([
    ...['1e3', '1e33', '1e+33', '1.5e3', '12345678901234567890.5', '0.1e+400', '9007199254740993', '08', '08_', '.5'],
    ...['1:30.5', '1:30.', '1:30.55', '12:30.5', '1:3.5', '1:30:15.5', '.inf', '-.INF', '.nan'],
    ...['0b', '0x', '0x_', '0b2', '0b12ab', '0_'],
  ])('%s is a number to some, and none to others', (text) => {
    expect(scalar(text)).toEqual(['number']);
  });

  it.each<[string, unknown]>([
    ['~', ''],
    ['Null', ''],
    ['OFF', false],
    ['On', true],
    ['!!str 5', '5'],
    ['!!str yes', 'yes'],
    ['"5"', '5'],
    ['!!int 5', 'tag'],
  ])('%s is %j', (text, value) => {
    expect(scalar(text)).toEqual([value]);
  });
});

describe('all keys of a file', () => {
  it.each<[string, [string, unknown, string?][]]>([
    ['{}\n', []],
    ['a: {}\n', [['a', [], 'mapping']]],
    ['a: 1\n---\n', [['a', 1]]],
    ['"<<": {a: 1}\n', [['<<.a', 1]]],
    [
      'b: &b {x: 1}\nc: &c {x: 2, y: 3}\na:\n  <<: [*b, *c]\n',
      [
        ['b.x', 1],
        ['c.x', 2],
        ['c.y', 3],
        ['a.x', 1],
        ['a.y', 3],
      ],
    ],
    ['!!str b: a\n', [['b', 'a']]],
    ['a: !!map {b: !!seq [1]}\n', [['a.b', [1]]]],
    [
      'a: {"[b]": 1, "c[": 2}\n',
      [
        ['a[b]', 1],
        ['a.c[', 2],
      ],
    ],
    [
      'a: {b, c: }\n',
      [
        ['a.b', ''],
        ['a.c', ''],
      ],
    ],
    [
      'a: [x, {b: 1}]\n',
      [
        ['a[0]', 'x'],
        ['a[1].b', 1],
      ],
    ],
    [
      'a: [1, [2]]\n',
      [
        ['a[0]', 1],
        ['a[1]', [2]],
      ],
    ],
    ['a: [1, 1e3]\n', [['a', [], 'number']]],
    ['a: "\ufeffb"\n', [['a', '\ufeffb']]],
    [
      'a: &x 1\nb: &x 2\nc: *x\n',
      [
        ['a', 1],
        ['b', 2],
        ['c', 2],
      ],
    ],
  ])('%j', (text, leaves) => {
    const found = yamlLeaves(text);
    if ('fault' in found) throw new Error(found.fault);
    expect(found.map(({ path, value, fault }) => [path, value, ...(fault ? [fault] : [])])).toEqual(leaves);
  });

  it.each([
    ['a: {<<: 5}\n', 'form', 1, 5],
    ['<<: {a: 1}\n<<: {b: 1}\n', 'duplicate', 2, 1],
    ['!!int 5: a\n', 'form', 1, 7],
    ['a: 1\nb: !!mapx {b: 1}\n', 'tag', 2, 1],
    ['a: !<xtag:yaml.org,2002:map> {b: 1}\n', 'tag', 1, 1],
    ['a: [*x]\nb: &x 1\n', 'aliases', 1, 1],
    ['# list\n- a\n', 'form', 2, 1],
  ])('%j has none: %s', (text, fault, line, column) => {
    expect(yamlLeaves(text)).toEqual({ fault, line, column });
  });
});

describe('what is read of a large file has one limit', () => {
  const nested = (depth: number, inner: string, key = 'a') =>
    `${`{${key}: `.repeat(depth)}${inner}${'}'.repeat(depth)}`;
  const faultOf = (text: string) => {
    const leaves = yamlLeaves(text);
    return 'fault' in leaves ? leaves.fault : leaves.length;
  };

  it('of depth, also where aliases and merges go on from one place to another', () => {
    expect(faultOf(nested(64, '1'))).toBe(1);
    expect(faultOf(nested(65, '1'))).toBe('deep');
    const anchored = (how: string, depth: number) => `b: &b ${nested(30, '{x: 1}')}\nc: ${nested(depth, '*b', how)}\n`;
    expect(faultOf(anchored('k', 32))).toBe(2);
    expect(faultOf(anchored('k', 33))).toBe('deep');
    const merged = (depth: number) => `b: &b ${nested(30, '{x: 1}', '<<')}\nc: ${nested(depth, '*b', '<<')}\n`;
    expect(faultOf(merged(33))).toBe(2);
    expect(faultOf(merged(34))).toBe('deep');
    expect(faultOf(`b: &b ${nested(40, '[{x: 1}]')}\nc: ${nested(40, '*b')}\n`)).toBe('deep');
    expect(faultOf(`b: &b ${'['.repeat(40)}1, {x: 1}${']'.repeat(40)}\nc: ${nested(40, '*b')}\n`)).toBe('deep');
  });

  it('before anything is made of it, also of what would be no mapping', () => {
    expect(faultOf('? '.repeat(100))).toBe('deep');
    expect(faultOf('- '.repeat(100))).toBe('deep');
    expect(faultOf(`${'- '.repeat(64)}x`)).toBe('form');
    expect(faultOf(`[${'x,'.repeat(40_000)}]`)).toBe('large');
  });

  it('of aliases', () => {
    const followed = (times: number) =>
      `x: &x 1\n${Array.from({ length: times }, (_, index) => `k${index}: *x\n`).join('')}`;
    expect(faultOf(followed(100))).toBe(101);
    expect(faultOf(followed(101))).toBe('aliases');
  });

  it('of keys, and of what stands in lists', () => {
    const keys = (times: number, value: string) =>
      Array.from({ length: times }, (_, index) => `k${index}:${value}\n`).join('');
    expect(faultOf(keys(19_999, ' v'))).toBe(19_999);
    expect(faultOf(keys(20_000, ''))).toBe('large');
    expect(faultOf(`list: [${'x,'.repeat(19_000)}]\n${keys(1_100, '')}`)).toBe('large');
  });
});

describe('SnakeYAML reads the same', () => {
  const scalars = fixture('java/scalars.jsonl').trimEnd().split('\n');
  test(`of ${scalars.length} unquoted scalars`, () => {
    let sure = 0;
    for (const line of scalars) {
      const [text, kind, value] = JSON.parse(line) as [string, string, string];
      const leaves = yamlLeaves(`k: ${text}\n`);
      if ('fault' in leaves || leaves[0]?.fault) {
        // Unsure are only what some version takes for a number.
        expect([text, 'fault' in leaves ? leaves.fault : leaves[0]?.fault]).toEqual([text, 'number']);
        continue;
      }
      sure += 1;
      const expected: Record<string, unknown> = { null: '', Boolean: value === 'true', String: value, Date: text };
      expect([text, leaves[0]?.value]).toEqual([text, kind in expected ? expected[kind] : Number(value)]);
    }
    expect(sure).toBeGreaterThan(scalars.length / 2);
  });
});

const key = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/).map((word) => `k${word}`);
const value = fc.oneof(
  fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter((text) => !/\$\{|\ufffd|[\0\ud800-\udfff]|:\/\/.*@/u.test(text)),
  fc.boolean(),
  fc.maxSafeInteger(),
);

test('what was written is what is picked', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 8, selector: ([name]) => name.toLowerCase() }),
      fc.boolean(),
      (entries, dotted) => {
        const lines = entries.map(([name, one]) => `${dotted ? 'top.' : '  '}${name}: ${JSON.stringify(one)}`);
        const text = `${dotted ? '' : 'top:\n'}${lines.join('\n')}\n`;
        const asked = Object.fromEntries(entries.map(([name]) => [name, { path: `top.${name}` }]));
        fc.pre(!entries.some(([name]) => /pwd|passw|token|secret/i.test(name)));
        expect(pick(text, { path: '/x', pick: asked })).toEqual({
          ...{ exists: true, keys: Object.fromEntries(entries), absent: [], defaulted: [], spelt: [] },
        });
      },
    ),
  );
});

describe('redaction', () => {
  const { token } = makeTokens();
  const kept = (text: string, asked: object = params, probe = yamlFile) =>
    probe.redact?.([said(text)], asked, token) as Output[];

  test('keeps the picked keys alone, and of a secret its token', () => {
    const [output] = kept('ha:\n  agentIp: 10.0.0.1 # Kassel\n  storePwd: hunter2\nother: hunter3\n');
    expect(JSON.parse(output?.stdout ?? '')).toEqual({
      schema: 'pairflight/picked/1',
      keys: { agent: '10.0.0.1', enabled: false, lease: 1800, phrase: token('hunter2') },
      absent: ['enabled', 'lease'],
      defaulted: ['enabled', 'lease'],
      spelt: [],
    });
  });

  test('is one text for one file: names in their order, and a file that was cut is none', () => {
    const stdout =
      '{"schema":"pairflight/picked/1","keys":{"a":1,"b":null,"c":"5"},"absent":["b"],"defaulted":["b"],"spelt":[]}\n';
    const asked = {
      path: '/x',
      pick: { c: { path: 'c' }, b: { path: 'b', default: null, type: 'string' }, a: { path: 'a' } },
    };
    expect(kept('a: 1\nc: "5"\n', asked)).toEqual([said(stdout)]);
    for (const output of spoiled(said('a: 1\n', 0, 'odd')))
      expect(yamlFile.redact?.([output], asked, token)).toEqual([
        { ...output, stdout: '{"schema":"pairflight/picked/1","fault":"cut"}\n' },
      ]);
    expect(yamlFile.redact?.([said(' \n', 1, 'a: 1\ncat: /x: odd\nx cat: odd\n')], asked, token)).toEqual([
      said('', 1, 'a: 1\ncat: /x: odd'),
    ]);
    expect(unreadable(yamlFile, [said(' \n', 1, 'cat: /x: odd')], params).message).toBe(
      'ended with exit 1: cat: /x: odd',
    );
    expect(yamlFile.read([said('ha: {storePwd: hunter2}\n')], params)).toMatchObject({ keys: { phrase: 'hunter2' } });
  });

  test('of what was saved keeps what may be in it', () => {
    const earlier = (more: object, pad = '') =>
      pick(
        `${JSON.stringify({ schema: 'pairflight/picked/1', keys: {}, absent: [], defaulted: [], spelt: [], ...more })}${pad}\n`,
      );
    const none = { exists: true, keys: {}, absent: [], defaulted: [], spelt: [] };
    const [long, longer] = ['x'.repeat(4 * 4096), 'x'.repeat(4 * 4096 + 1)];
    for (const agent of ['a', null, true, 5, [], ['a', null, 1], long])
      expect(earlier({ keys: { agent } })).toEqual({ ...none, keys: { agent } });
    for (const agent of [longer, {}, ['a', ['b']], [['b'], 'a'], ['a', {}], [{}, 'a']])
      expect(earlier({ keys: { agent } })).toEqual(none);
    const both = ['agent', 'lease'];
    expect(
      earlier({
        keys: { agent: 'a', lease: 5 },
        absent: both,
        defaulted: both,
        unsure: { agent: { fault: 'tag', key: 'x' } },
      }),
    ).toEqual({
      ...{ exists: true, keys: { lease: 5 }, absent: ['lease'], defaulted: ['lease'], spelt: [] },
      unsure: { agent: 'a tag that asks for a type' },
    });
    expect(earlier({ unsure: 5 })).toEqual(none);
    expect(earlier({ unsure: { agent: 5 } })).toEqual(none);
    // As large as what is saved may become, and not larger.
    const room =
      2 * 256 * 1024 - JSON.stringify({ schema: 'pairflight/picked/1', ...none, exists: undefined }).length - 1;
    expect(earlier({}, ' '.repeat(room))).toEqual(none);
    const larger = `${JSON.stringify({ schema: 'pairflight/picked/1', ...none, exists: undefined })}${' '.repeat(room + 1)}\n`;
    expect(() => yamlFile.read([said(larger)], params)).toThrow('the file holds more than is read');
  });

  test('of a fault that was saved keeps what may be in it', () => {
    const why = (more: object) => refused(`${JSON.stringify({ schema: 'pairflight/picked/1', ...more })}\n`);
    expect(why({ fault: 'tag', key: 'ha.agentIp', line: 2, column: 3 })).toBe(
      'ha.agentIp: a tag that asks for a type (line 2, column 3)',
    );
    expect(why({ fault: 'tag', line: 2, column: 'x' })).toBe('a tag that asks for a type (line 2, column 1)');
    expect(why({ fault: 'tag', key: 'other', line: 'x' })).toBe('a tag that asks for a type');
    for (const fault of ['odd', ['empty'], 5, null, 'toString'])
      expect(why({ fault })).toBe('the file cannot be parsed');
  });

  test('takes no other file for what was saved', () => {
    expect(pick('{"keys": {"agent": "x"}, "absent": []}\n')).toMatchObject({
      absent: ['agent', 'enabled', 'lease', 'phrase'],
    });
    const filled = (size: number) => `ha: {agentIp: a}\n#${'x'.repeat(size - 18)}`;
    expect(pick(filled(256 * 1024))).toMatchObject({ keys: { agent: 'a' } });
    expect(refused(filled(256 * 1024 + 1))).toBe('the file holds more than is read');
  });

  test.each<[unknown, boolean, unknown]>([
    ['http://u:hunter2@es1:9200/x', false, 'http://u:<7>@es1:9200/x'],
    ['a://u:x@h b://:yy@h', false, 'a://u:<1>@h b://:<2>@h'],
    ['http://es2:9200', false, 'http://es2:9200'],
    ['http://u:@h', false, 'http://u:@h'],
    ['http://u:p@q@h', false, 'http://u:<3>@h'],
    [['http://u:x@h', 5], false, ['http://u:<1>@h', 5]],
    [null, true, null],
    ['', true, ''],
    [5, true, '<1>'],
    [true, false, true],
    ['-----BEGIN EC PRIVATE KEY-----', false, '<30>'],
  ])('of %j (secret: %j) keeps %j', (value, isSecret, kept) => {
    expect(veiled(value as Picked, isSecret, (word) => `<${word.length}>`)).toEqual(kept);
  });

  test('one secret has one token, however it is written, and wherever it comes from', () => {
    const asked = { path: '/x', pick: { a: { path: 'pwd', default: '17' }, b: { path: 'plain', secret: true } } };
    const tokenIn = (text: string) => JSON.parse(kept(text, asked)[0]?.stdout ?? '').keys;
    expect(tokenIn('pwd: 17\nplain: "17"\n')).toEqual({ a: token('17'), b: token('17') });
    expect(tokenIn('plain: 17\n')).toEqual({ a: token('17'), b: token('17') });
    expect(tokenIn('pwd: ""\nplain:\n')).toEqual({ a: '', b: '' });
  });

  test('a password inside another value goes, and the rest of it stays', () => {
    const text = 'search: {hosts: ["http://elastic:hunter2@es1:9200", "http://es2:9200"]}\n';
    expect(pick(text, hosts)).toMatchObject({
      keys: { hosts: [expect.stringContaining('es1'), 'http://es2:9200'] },
    });
    const [output] = kept(text, hosts);
    expect(output?.stdout).not.toContain('hunter2');
    expect(output?.stdout).toContain('http://elastic:secret:');
    expect(kept(output?.stdout ?? '', hosts)).toEqual([output]);
    expect(kept('search: {hosts: "-----BEGIN RSA PRIVATE KEY-----hunter3"}\n', hosts)[0]?.stdout).not.toContain(
      'hunter3',
    );
  });

  const secret = fc.stringMatching(/^[A-Z][a-z0-9]{10,14}$/).map((word) => `HIDDEN${word}`);
  // ¤ is where the secret stands.
  const context = fc.constantFrom(
    ...['ha:\n  storePwd: ¤\n', 'ha: {storePwd: "¤"}\n', 'ha.storePwd: ¤\n', 'ha.store-pwd: ¤\n'],
    ...['ha:\n  storePwd:\n    - ¤\n', 'ha: {storePwd: {deep: ¤}}\n', 'ha: {storePwd: |\n ¤\n}\n'],
    ...[
      'other: ¤\n',
      '# ¤\nha: {agentIp: 1}\n',
      '"¤": 1\n',
      '¤',
      '¤: *¤\n',
      'a: &¤ 1\nb: *¤\n',
      'a: !¤ 1\n',
      '%¤\n---\n',
    ],
    ...['ha: {agentIp: ${¤}}\n', 'ha: {agentIp: "http://u:¤@h/"}\n', '---\na: ¤\n---\nb: ¤\n', 'ha: [¤\n'],
    ...['ha.storePwd=¤\n', 'ha.storePwd = a\\\n  ¤\n', '! ¤\n', 'ha.storePwd=¤\\u00\n'],
    ...['{"schema":"pairflight/picked/1","keys":{"agent":{"x":"¤"},"phrase":"¤","other":"¤"},"absent":["¤"]}\n'],
    ...[
      '{"schema":"pairflight/picked/1","keys":{"agent":"¤"},"unsure":{"agent":{"fault":"¤","key":"¤"},"¤":{},"lease":"¤"}}\n',
    ],
    ...['{"schema":"pairflight/picked/1","fault":"¤","key":"¤","line":"¤"}\n', '{"schema":"pairflight/picked/1","¤'],
  );

  test('lets no secret out, whatever the file looks like', () => {
    fc.assert(
      fc.property(
        secret,
        fc.array(context, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 1),
        fc.boolean(),
        (word, parts, exit, loose) => {
          const text = parts.join('').replaceAll('¤', word);
          for (const probe of [yamlFile, properties]) {
            const outputs = probe.redact?.(
              [said(text, exit, exit === 0 ? text : '')],
              { ...params, relaxed: loose },
              token,
            );
            expect(JSON.stringify(outputs)).not.toContain(word);
            try {
              expect(JSON.stringify(probe.read(outputs ?? [], params))).not.toContain(word);
            } catch (error) {
              expect(String(error)).not.toContain(word);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('a pick is a path that leads somewhere, and nothing beside it', () => {
  const mistakes = (one: object) => check(yamlFile.params, { path: '/x', pick: { name: one } }).length;
  expect(mistakes({ path: 'a.b', default: null, secret: true, type: 'number' })).toBe(0);
  for (const wrong of [
    {},
    { path: '' },
    { path: 'a..b' },
    { path: 'a[0]' },
    { path: 'a', secret: false },
    { path: 'a', defualt: 1 },
    { path: 'a', default: [1] },
  ])
    expect(mistakes(wrong)).toBeGreaterThan(0);
  expect(check(yamlFile.params, { path: '/x', pick: {} })).not.toEqual([]);
});
