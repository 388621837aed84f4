/** Commands that a pack declares: each parser's values, what is no value, and what never leaves the host. */
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { addressesIn, type CommandDeclaration, commandProbe, fill, type Parse } from '../../src/probes/command.js';
import { packOf, ruleText } from '../support.js';
import { failed, noAnswers, read, said, spoiled, unreadable } from './support.js';

const declare = (parse: Parse, more: Partial<CommandDeclaration> = {}) =>
  commandProbe('asked', {
    title: 'Asks',
    argv: ['ask', '${key}'],
    as: 'login',
    params: { key: { type: 'string' } },
    parse,
    ...more,
  });
const conf = declare({ key_value: { separator: ' = ', key: '${key}' } });
const params = { key: 'cluster.mode' };

const parsers: [string, Parse, string, unknown][] = [
  ['text', { text: {} }, 'a\nb\n', { text: 'a\nb\n' }],
  ['lines', { lines: {} }, 'a\n\n \t\n b\n', { lines: ['a', ' b'] }],
  ['json', { json: {} }, '{"a":[1,null]}', { value: { a: [1, null] } }],
  ['number', { number: {} }, ' -12.5\n', { value: -12.5 }],
  ['addresses', { addresses: {} }, "[(u'10.0.0.1', 22), '10.0.0.2']", { addresses: ['10.0.0.1', '10.0.0.2'] }],
  ['captures', { captures: { pattern: '^v(?<major>\\d+)(\\.(?<minor>\\d+))?$' } }, 'noise\nv10\n', { major: '10' }],
  [
    'key_value',
    { key_value: { separator: ' = ', key: '${key}' } },
    'cluster.mode = standalone\n',
    { value: 'standalone' },
  ],
];

describe.each(parsers)('%s', (_, parse, text, value) => {
  it('reads a healthy answer', () => {
    expect(read(declare(parse), [said(text)], params)).toEqual(value);
  });

  it.each(noAnswers)('gives no value for %s', (_name, output) => {
    unreadable(declare(parse), [output], params);
  });

  it('gives no value for an answer with a problem, an empty one, another exit, or none', () => {
    for (const output of [...spoiled(said(text)), said(''), said(' \n'), said(text, 3)])
      unreadable(declare(parse), [output], params);
    unreadable(declare(parse), [], params);
  });

  it('reads another exit where the pack says that it is an answer', () => {
    expect(read(declare(parse, { exits: [0, 3] }), [said(text, 3)], params)).toEqual(value);
    unreadable(declare(parse, { exits: [3] }), [said(text, 0)], params);
  });
});

test.each<[Parse, ...unknown[]]>([
  [{ text: {} }, { text: 1 }, {}, { text: 'a', more: 1 }],
  [{ lines: {} }, { lines: 'a' }, { lines: [1] }, { lines: {} }],
  [{ json: {} }, {}, 'a'],
  [{ number: {} }, { value: '1' }, {}],
  [{ addresses: {} }, { addresses: 'a' }, { addresses: [1] }],
  [{ captures: { pattern: 'x' } }, { a: 1 }, ['a'], 'a'],
  [{ outcome: {} }, { exit: '0', text: '' }, { exit: 0.5, text: '' }, { exit: 0, text: 1 }, { text: '' }],
  [{ key_value: { separator: '=', key: 'a' } }, { value: 1 }, {}],
])('%j has a value of one form', (parse, ...others) => {
  for (const other of others) expect([other, check(declare(parse).value, other)]).not.toEqual([other, []]);
});

test('only of an outcome the text may change without a word, and only what may hold a secret is redacted', () => {
  expect(declare({ outcome: {} }).restless).toEqual(['text']);
  expect(declare({ text: {} })).not.toHaveProperty('restless');
  expect(declare({ text: {} })).not.toHaveProperty('redact');
  expect(declare({ text: {} }, { secret: false })).not.toHaveProperty('redact');
});

test('a command has the time and the room that its pack gives it', () => {
  const host = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
  const asked = (more: Partial<CommandDeclaration>) => declare({ text: {} }, more).ask(params, host);
  expect(asked({})).toMatchObject([{ timeoutMs: 30_000, maxBytes: 65_536 }]);
  expect(asked({ timeoutMs: 5, maxBytes: 7 })).toMatchObject([{ timeoutMs: 5, maxBytes: 7 }]);
});

test('a command is costly where its pack says so, and there alone', () => {
  expect(declare({ text: {} }, { costly: true }).costly).toBe(true);
  for (const more of [{}, { costly: false }]) expect(declare({ text: {} }, more)).not.toHaveProperty('costly');
});

test.each([
  '1e999',
  '{"a":-1e999}',
  '{"a":',
  'null x',
  'NaN',
  `${'['.repeat(100_000)}`,
  `${'['.repeat(65)}${']'.repeat(65)}`,
])('json gives no value for %.20j', (text) => {
  unreadable(declare({ json: {} }), [said(text)], params);
});

test('json keys that are special in JavaScript are keys like any other', () => {
  const value = read(declare({ json: {} }), [said('{"__proto__":{"polluted":true}}')], params) as { value: object };
  expect(Object.hasOwn(value.value, '__proto__')).toBe(true);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ['5', 5],
  ['-5\n', -5],
  ['0.25', 0.25],
  ['12.125 \n', 12.125],
])('%j is the number %d', (text, value) => {
  expect(read(declare({ number: {} }), [said(text)], params)).toEqual({ value });
});

test.each(['1e5', '0x10', '.5', '5.', '5 MB', 'v5', 'Infinity', '9'.repeat(400), '1 2', '--1', '1,5'])(
  'number gives no value for %.20j',
  (text) => {
    unreadable(declare({ number: {} }), [said(text)], params);
  },
);

test.each([
  'Error: cluster is not configured',
  'release 10.0.0.147420',
  '10.0.0.1 and 10.0.0.999',
  '10.0.0.1 and 010.0.0.2',
])('addresses: %j is no list of them', (text) => {
  unreadable(declare({ addresses: {} }), [said(text)], params);
});

test('addresses stand in any text, and in many there are none', () => {
  expect(addressesIn('a 10.0.0.1/24, 1.2.3.4.5 and 10.0.0.2:22')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(addressesIn('none')).toEqual([]);
});

test('captures give no value where the pattern does not match, and no group that took no part', () => {
  unreadable(declare({ captures: { pattern: '^v(?<major>\\d+)$' } }), [said('version 10')], params);
  unreadable(declare({ captures: { pattern: 'v10' } }), [said('v10')], params);
});

describe('key and value', () => {
  const other = 'cluster.mode.password = hunter2\nmy.cluster.mode = x\ncluster.mode2 = y\n';

  it('takes the line whose key is exactly the requested one', () => {
    expect(read(conf, [said(`${other}cluster.mode = a = b\n`)], params)).toEqual({ value: 'a = b' });
    expect(read(conf, [said('cluster.mode =\n')], params)).toEqual({ value: '' });
    expect(read(conf, [said('cluster.mode = x\ncluster.mode = x\n')], params)).toEqual({ value: 'x' });
    for (const text of [
      other,
      'cluster.mode\n',
      'cluster.mode=x\n',
      '# cluster.mode = x\n',
      'cluster.mode = x\ncluster.mode = y\n',
    ]) {
      unreadable(conf, [said(text)], params);
    }
  });

  it('keeps nothing of other keys, wherever they were printed', () => {
    const kept =
      conf.redact?.([said(`${other}cluster.mode = x\n`, 0, `${other}Permission denied\n`)], params, String) ?? [];
    expect(JSON.stringify(kept)).not.toMatch(/hunter2|password|mode2/);
    expect(kept[0]?.stdout).toBe('cluster.mode = x\n');
    expect(kept[0]?.stderr).toContain('Permission denied');
    expect(conf.redact?.(kept, params, String)).toEqual(kept);
  });
});

describe('the key of a line', () => {
  const of = (separator: string, key: string, text: string) =>
    commandProbe('asked', { title: 'Asks', argv: ['ask'], as: 'login', parse: { key_value: { separator, key } } }).read(
      [said(text)],
      {},
    );

  test.each([
    [' = ', 'mode', '  mode  = x\n', 'x'],
    [' = ', 'mode', 'mode =\t\n', ''],
    [' = ', 'mode', ' mode  =\n', ''],
    [' =', 'mode', 'mode = x', 'x'],
    [': ', 'mode', 'mode: x: y', 'x: y'],
    [' ', 'mode', 'mode on', 'on'],
    [' = ', 'a =b', 'a =b = c', 'c'],
    [' = ', '', ' = x', 'x'],
  ])('with %j: %j in %j has the value %j', (separator, key, text, value) => {
    expect(of(separator, key, text)).toEqual({ value });
  });

  test.each([
    [' = ', 'mode', 'modes\n'],
    [' = ', 'mode', 'x mode =\n'],
    [' = ', 'mode', 'mode =x\n'],
    [' ', '', 'mode'],
  ])('with %j: no line has %j in %j', (separator, key, text) => {
    expect(() => of(separator, key, text)).toThrow(`no line has exactly the key ${key}`);
  });
});

describe('of a secret only the token is kept', () => {
  const token = (secret: string) => `<${secret.length}>`;
  const kept = (parse: Parse, output: ReturnType<typeof said>) =>
    declare(parse, { secret: true }).redact?.([output], params, token);

  it('of all that was said, but of nothing where nothing was', () => {
    expect(kept({ text: {} }, said(' hunter2 \n', 0, 'hunter3'))).toEqual([said('<8>\n')]);
    expect(kept({ text: {} }, said('', 1, 'hunter3'))).toEqual([said('', 1)]);
  });

  it('of the value of a key', () => {
    const text = 'cluster.mode = hunter2\ncluster.mode.password = x\ncluster.mode = \n\n';
    expect(kept({ key_value: { separator: ' = ', key: '${key}' } }, said(text, 0, 'odd'))).toEqual([
      said('cluster.mode = <7>\ncluster.mode = <0>\n'),
    ]);
  });

  it('and no line of an error that may be of a key', () => {
    const conf = { key_value: { separator: ' = ', key: '${key}' } };
    expect(declare(conf).redact?.([said('', 1, 'a=hunter2\nodd\nb = hunter3')], params, token)).toEqual([
      said('', 1, 'odd'),
    ]);
  });
});

test('only parameters fill a word; the names that every object has do not', () => {
  expect(fill('${key}-${constructor}-${toString}-${other}', { key: '$&${key}' })).toBe(
    '$&${key}-${constructor}-${toString}-${other}',
  );
  expect(conf.ask(params, { name: 'a', role: 'primary', address: '10.0.0.1', connection: 'ssh' })).toMatchObject([
    { argv: ['ask', 'cluster.mode'], as: 'login', effect: 'read' },
  ]);
  expect(check(conf.params, { key: 'x', more: 'y' })).not.toEqual([]);
});

describe('outcome', () => {
  const outcome = declare({ outcome: {} });

  it.each([
    ['an exit of 0', said('10.0.0.2: open\n'), { exit: 0, text: '10.0.0.2: open' }],
    ['any other', said('10.0.0.2: open\n', 3, 'warning\n'), { exit: 3, text: '10.0.0.2: open\nwarning' }],
    ['an exit of 255', failed('no\n', 255), { exit: 255, text: 'no' }],
    ['nothing said', said('', 1), { exit: 1, text: '' }],
    ['words of the command itself', failed('/x: Permission denied'), { exit: 1, text: '/x: Permission denied' }],
    ['an exit that no signal has', said('odd', 128), { exit: 128, text: 'odd' }],
    ['an exit behind those of signals', said('odd', 193), { exit: 193, text: 'odd' }],
    ['a warning of what it is entered by', said(' ', 0, 'su: warning'), { exit: 0, text: 'su: warning' }],
    ['a word of the command about another program', failed('ask: sudo: odd'), { exit: 1, text: 'ask: sudo: odd' }],
    ['a word of another program beside its own', said('checked\n', 1, 'sudo: unable to resolve host a\n'), { exit: 1 }],
  ])('takes %s for an answer', (_, output, value) => {
    expect(read(outcome, [output], params)).toMatchObject(value);
  });

  it.each([
    ['found by nobody', failed('sh: 1: ask: not found', 127), 'not-found'],
    ['not executable', failed('sh: 1: ask: Permission denied', 126), 'not-found'],
    ['not started by timeout', failed("timeout: failed to run command 'ask': No such file or directory"), 'not-found'],
    ['not reached by su', failed('su: failed to execute /bin/bash: No such file or directory'), 'not-found'],
    [
      'not reached by chroot',
      failed("chroot: cannot change root directory to '/x': No such file or directory"),
      'not-found',
    ],
    ['not reached by sudo', said(' \n', 1, 'sudo: a password is required'), 'not-found'],
    ['killed', said('text', 137), undefined],
    ['ended by the last of the signals', said('text', 192), undefined],
    ['ended by the first of the signals', said('text', 129), undefined],
    ['ended by a signal', said('text', 143), undefined],
    ['without an end', said('text', null), undefined],
  ])('of a command that was %s is none', (_, output, problem) => {
    expect(unreadable(outcome, [output], params).problem).toBe(problem);
  });

  it('is none with a problem, or where nothing was asked', () => {
    for (const output of spoiled(said('text', 1))) unreadable(outcome, [output], params);
    unreadable(outcome, [], params);
  });

  it('says why nobody ran it, as far as it is known', () => {
    expect(unreadable(outcome, [failed('\nsh: 1: ask: not found\n', 127)], params).message).toBe(
      'sh: 1: ask: not found',
    );
    expect(unreadable(outcome, [failed('', 127)], params).message).toBe('could not be started');
  });

  it('is a token where what was said is a secret', () => {
    const secret = declare({ outcome: {} }, { secret: true });
    const [kept] = secret.redact?.([said('hunter2\n', 2, 'hunter3')], params, () => 'token') ?? [];
    expect(read(secret, [kept ?? said('')], params)).toEqual({ exit: 2, text: 'token' });
  });

  it('leaves no exit to be declared: a pack that does is refused, with what would be right', () => {
    const declared = (parse: string, exits: string) => () =>
      packOf(
        ruleText('one', ['{ same: kernel.release }']),
        `commands: { ports: { title: t, argv: [x], as: login, parse: { ${parse}: {} }${exits} } }`,
      );
    expect(declared('outcome', '')).not.toThrow();
    expect(declared('text', ', exits: [0, 1]')).not.toThrow();
    expect(declared('outcome', ', exits: [0]')).toThrow(
      /every exit is an outcome; right is parse: \{ outcome: \{\} \}/,
    );
  });
});
