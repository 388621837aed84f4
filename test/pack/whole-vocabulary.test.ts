/** What the words of a pack come to, each on many values and to the letter, as fixtures/ keep it. */
import { describe, it } from 'vitest';
import type { FactDefinition, Rule } from '../../src/core/model.js';
import { type FactSource, readFact } from '../../src/evidence/facts.js';
import {
  derivationOf,
  derivations,
  everySourceOf,
  isOfSeveralHosts,
  probeFactsUnder,
  sourcesOf,
} from '../../src/pack/derivations.js';
import { comparesHosts, readExpectation } from '../../src/pack/expectation.js';
import { argumentFault, fits, intervalOf, match, matcherNamed, matchers, takesSome } from '../../src/pack/matchers.js';
import { faultInCondition, faultInParameters, referencesIn } from '../../src/pack/references.js';
import { Releases } from '../../src/pack/releases.js';
import { checkSettings, expand, fitsSetting, settingsUsed, variantHolds, variantsOf } from '../../src/pack/settings.js';
import { Kept } from '../kept.js';

const kept = (name: string) => new Kept(new URL(`fixtures/${name}.txt`, import.meta.url));

/** A result, or what was thrown. */
function outcome(make: () => unknown): unknown {
  try {
    return make() ?? null;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}
const show = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
const onEach = <T>(some: readonly T[], make: (one: T) => unknown) =>
  Object.fromEntries(some.map((one) => [JSON.stringify(one) ?? 'nothing', outcome(() => make(one))]));

const values: unknown[] = [
  ...[
    0,
    1,
    5,
    -1,
    1.5,
    true,
    false,
    null,
    '',
    'a',
    'b',
    '1',
    'true',
    'a\nb',
    '10.1.2.3',
    '10.1.255.255',
    '10.2.0.0',
    'x'.repeat(20),
  ],
  ...[
    [],
    ['a'],
    ['a', 'b'],
    [1, 2],
    [{ a: 1 }],
    { a: 1 },
    { low: 1, high: 5 },
    { low: 5, high: 9 },
    { low: 9, high: 5 },
    { low: '1', high: '2' },
    { low: 1, high: '5' },
    { low: '1', high: 5 },
    { low: 1 },
  ],
];

describe('matchers come out as they are kept', () => {
  const lines = kept('matchers');
  const args: Record<string, unknown[]> = {
    equals: ['a', 1, true, null, [], { a: 1 }, '${x}'],
    one_of: [['a', 'b'], [1, 'a'], [], 'a', [[1, 2]]],
    matches: ['^a', '^[', 'a\\nb', '', 5],
    at_least: [0, 1, 5, -1, Number.NaN, '5', '${x}', 'a${x}', '${x}a', ['${x}'], '@left.x.v'],
    at_most: [0, 1, 5, -1, Number.POSITIVE_INFINITY, '5', '${x}'],
    in_network: [
      'x10.1.2.3',
      '10.1.0.0/16',
      '10.1.2.3',
      '0.0.0.0/0',
      '10.1.2.3/33',
      '10.1.2/8',
      'a',
      5,
      '10.1.2.3/32',
      '10.1.2.2/31',
    ],
    includes: ['a', 1, { a: 1 }, undefined],
    excludes: ['a', 1, { a: 1 }, undefined],
    numeric: [true, false, 'yes'],
    verdicts: [{ a: 'pass', b: 'fail', true: 'unknown', 1: 'skip' }, {}, { a: 'no' }, 'a'],
    empty: [true, false, 'yes'],
    absent: [true, false, 'yes'],
    count: [
      { at_least: 1 },
      { at_most: 1 },
      { at_least: 2, at_most: 2 },
      {},
      { at_least: 1.5 },
      { at_least: 1, at_most: 1.5 },
      { at_least: 1, at_most: 'many' },
      { at_least: '${x}' },
      'x',
    ],
    trend: [
      { small: 1, falling: 'pass', rising: 'fail', stuck: 'fail', mixed: 'unknown', not_a_number: 'fail' },
      { small: 1 },
      {},
    ],
    schema: [{ type: 'object', required: ['a'] }, { type: 'array' }, { type: 'nothing' }, { $id: 'x' }, 'x', true],
  };

  it.each(Object.keys(matchers))('%s', (name) => {
    const matcher = matcherNamed(name);
    if (!matcher) throw new Error(name);
    const own = [
      ...(args[name] ?? []),
      ...Object.entries(matcher.example).flatMap(([word, arg]) => (word === name ? [arg] : [])),
    ];
    const results: Record<string, unknown> = {};
    for (const arg of [...own, null]) {
      const about = `${name} ${JSON.stringify(arg) ?? 'nothing'}`;
      results[`${about}, its fault`] = outcome(() => argumentFault(name, arg));
      results[`${about}, fits`] = outcome(() => fits(matcher, arg));
      results[`${about}, its limits`] = outcome(() =>
        matcher.limits?.(arg).map(({ put, ...rest }) => ({ ...rest, put: put(7) })),
      );
      results[`${about}, its words`] = outcome(() => matcher.words?.(arg, show));
      results[`${about}, in bytes`] = outcome(() => match(name, 2048, arg, 'bytes'));
      results[`${about}, takes`] = [
        ...[undefined, {}, { type: 'string' }, { type: 'number' }, { type: ['array', 'null'] }, { type: 'boolean' }],
        ...[{ type: 'object' }, { type: 'integer' }, { enum: ['a', 1] }],
      ].map((schema) => outcome(() => takesSome(matcher, schema as never, arg)));
      results[about] = onEach(values, (value) => match(name, value, arg));
    }
    lines.expect(results);
  });

  it('intervals, and a matcher that does not exist', () => {
    lines.expect({ intervals: onEach(values, intervalOf), unknown: outcome(() => match('toString', 1, 1)) });
  });

  it('and no others are', () => {
    lines.expectNoMore();
  });
});

describe('derived facts come out as they are kept', () => {
  const lines = kept('derivations');
  const rule = { facts: {} } as unknown as Rule;
  const facts = (value: unknown): Record<string, unknown> => ({
    x: { v: value, w: 7, list: [{ name: 'a', value: '1' }, { name: 'b' }, null], path: 'YQ==' },
  });
  const source = (value: unknown, definition: FactDefinition): FactSource => ({
    stated: (_, name) => {
      const all = facts(value);
      return name in all ? { value: all[name], steps: [name] } : undefined;
    },
    define: (_, name) => (name === 'd' ? definition : undefined),
    times: () => [],
    hostsOf: () => [],
  });
  const definitions: FactDefinition[] = [
    { from: 'x.v' },
    { from: 'x.v', number: true },
    { from: 'x.v', map: { a: 1, true: 'yes', 1: 'one', '': 'nothing' } },
    { from: 'x.v', captures: '(?<value>[ab])' },
    { from: 'x.v', captures: '^(?<first>\\d+)[.](?<second>\\d+)' },
    { from: 'x.v', addresses: true },
    { from: 'x.v', entries: 'name' },
    { from: 'x.list', entries: 'name' },
    { from: 'x.v', decode: 'base64' },
    { from: 'x.path', decode: 'base64' },
    { first: ['x.v', 'x.w'] },
    { first: ['x.none', 'x.v'] },
    { template: 'it is {x.v}, {x.w}' },
    { sum: ['x.v', 'x.w'] },
    { quotient: ['x.w', 'x.v'] },
    { quotient: ['x.v', 'x.w'] },
  ] as FactDefinition[];

  it.each(definitions)('%j', (definition) => {
    const results: Record<string, unknown> = {};
    const more = ['3.14', 'YQ==', '10.0.0.1, x 10.0.0.2\n10.0.0.1', [{ name: 'a' }, { name: 'a' }], { a: { name: 1 } }];
    results[show(definition)] = onEach([...values, ...more], (value) => {
      const reading = readFact(source(value, definition), rule, 'd', { kind: 'host', host: 'h' });
      return 'value' in reading ? reading.value : reading.unread.reason;
    });
    lines.expect(results);
  });

  const words: FactDefinition[] = [
    ...definitions,
    ...Object.values(derivations).map(({ example }) => example as unknown as FactDefinition),
    { probe: 'kernel', with: {} },
    { sum: ['@left.m.bytes', '@right.m.bytes'] },
    { sum: ['@left.m.bytes', 'm.bytes'] },
    { sum: ['@left.m.bytes', '@left.address'] },
  ] as FactDefinition[];

  it('in words, and what they rest on', () => {
    const define = (name: string): FactDefinition | undefined =>
      name === 'm'
        ? { probe: 'memory', with: {} }
        : name === 'two'
          ? ({ sum: ['@left.m.bytes', '@right.m.bytes'] } as FactDefinition)
          : undefined;
    const results: Record<string, unknown> = {};
    for (const definition of [...words, { sum: ['two.bytes', 'm.bytes'] } as FactDefinition]) {
      const of = (name: string) => (name === 'd' ? definition : define(name));
      results[`${show(definition)}, in words`] = outcome(() => {
        const found = derivationOf(definition);
        return found && [found.word, found.says(found.words as never, show), found.value?.(found.words as never)];
      });
      results[`${show(definition)}, sources`] = outcome(() => [sourcesOf(definition), everySourceOf(definition)]);
      results[`${show(definition)}, of several hosts`] = outcome(() => isOfSeveralHosts('d', of));
      results[`${show(definition)}, rests on`] = outcome(() => probeFactsUnder('d', of));
    }
    lines.expect(results);
  });

  it('and no others are', () => {
    lines.expectNoMore();
  });
});

describe('releases come out as they are kept', () => {
  const lines = kept('releases');
  // A bound that was decided once is remembered: each test has its own.
  const made = () =>
    new Releases([
      ...[
        { name: '4.0', build: '4.0' },
        { name: '4.7', build: '4.7' },
        { name: 'V R1', build: '5.0' },
        { name: 'V R5', build: '5.9' },
      ],
      ...[
        { name: '2020.3', build: '10.0' },
        { name: '2020.4' },
        { name: '2021.1', build: '11.0' },
        { name: '2022.1', build: '13.0' },
      ],
    ]);
  const texts =
    `4.0 4.7 4.7.3 4.8 4 5 V_R1 V_R5 VR5 V_R5_(5.9.3) V_R5_5.9.3 V_R5_(5.12) V_R9 V_R9_(4.7) Ubuntu_20.04 Build_5.9.1 5.9 5.10 9.0
    10.0 10.0.1 10.5 11.0 12 13.0.1 14.0 2019.1 2020.3 2020.3.1 2020.4 2020.4.2 2021.1 2021.1.7 2021.3 2022.1 2022.4 2023.1 5-17-0-116556 1-2 x (5.9) 1000 999 1001 1-2-3-4 12-3-4-5 1000.1 rebuild_5.9 _4.8_ V_R5_build_5.9.3 2020.4_10.5 Build__5.9 build5.9 5..9 _4.7_ 4.7) V_R5_5-9-3-1`
      .split(/\s+/)
      .map((text) => text.replaceAll('_', ' '));
  const bounds = [
    '*',
    '>=4.8',
    '<=4.7',
    '<4.7',
    '>4.7',
    '4.7',
    '=4.7',
    '4.0-4.7',
    '4.7-4.0',
    'V R1-V R5',
    '<V R5',
    '>=V R5',
    '>=4.8, <V R5',
    ...[
      '>=10.0',
      '<11.0',
      '>=12.0',
      '>=2020.3',
      '>2020.3',
      '<2021.1',
      '2020.3-2021.1',
      '>=2020.4',
      '<=2022.1',
      '2022.4',
      '>=2023.1',
      '10.0.1',
      '>=x',
      'x-y',
      '4.0-4.7-5',
      '4.0 - 4.7',
      '4.0- 4.7',
      '4.0 -4.7',
      '4.7-4.7',
      '<4.0-4.7',
      '4.0-x',
      'x-4.7',
      '>=4.8,<V R5',
      '>=4.8 ,<V R5',
      '>=4.8,  <V R5',
      'x>=4.8',
      '>= 4.8',
      '>=  4.8\n',
      '>=4.8\n5',
      '',
      '>',
    ],
  ];

  it('forms', () => {
    lines.expect({
      'read as': onEach(texts, (text) => made().parse(text)),
      'is called': onEach(texts, (text) => {
        const release = made().parse(text);
        return release && made().nameOf(release);
      }),
      faults: onEach(bounds, (bound) => made().faultOf(bound)),
    });
  });

  it.each(bounds)('%j', (bound) => {
    const releases = made();
    lines.expect({
      [`${JSON.stringify(bound)} on`]: onEach([...texts, 'nothing'], (text) =>
        releases.decide(bound, releases.parse(text)),
      ),
    });
  });

  const many = texts.slice(0, 42);
  it.each(many)('%s', (text) => {
    const releases = made();
    const one = releases.parse(text);
    lines.expect({
      [`${text} agrees with`]: onEach(many, (other) => {
        const second = releases.parse(other);
        return one && second && releases.agree(one, second);
      }),
    });
  });

  it('and no others are', () => {
    lines.expectNoMore();
  });
});

describe('settings and references come out as they are kept', () => {
  const lines = kept('settings');
  const item = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' } },
    additionalProperties: false,
  };
  const declarations = {
    text: { title: 't', type: 'string' as const, basis: 'documented' as const },
    number: { title: 'n', type: 'number' as const, basis: 'documented' as const },
    flag: { title: 'f', type: 'boolean' as const, basis: 'documented' as const },
    path: { title: 'p', type: 'path' as const, basis: 'documented' as const },
    address: { title: 'a', type: 'address' as const, basis: 'documented' as const },
    url: { title: 'u', type: 'url' as const, basis: 'documented' as const },
    list: { title: 'l', type: 'list' as const, basis: 'documented' as const },
    items: { title: 'i', type: 'list' as const, basis: 'documented' as const, items: item },
  };
  const given: unknown[] = [
    ...[
      '',
      'a',
      '/a',
      '/a\nb',
      ' /a',
      'a/b',
      'host-1',
      '10.0.0.1',
      '10.0.0.256',
      '::1',
      'http://a/b',
      'ftp://a',
      'http://',
      0,
      1.5,
      Number.NaN,
    ],
    ...[
      Number.POSITIVE_INFINITY,
      true,
      null,
      {},
      [],
      ['a'],
      ['a', ''],
      ['a\nb'],
      ['a', 1],
      [{ name: 'x' }],
      [{ name: 1 }],
      [{}],
      [{ name: 'x', y: 1 }],
    ],
  ];

  it.each(Object.keys(declarations))('%s', (name) => {
    lines.expect({
      [`${name} takes`]: onEach([...given, ['/a'], ['http://a/b'], ['host-1']], (value) =>
        fitsSetting(declarations, name, value),
      ),
      [`${name} is`]: onEach(given, (value) => checkSettings(declarations, { [name]: value }, (one) => `f:${one}`)),
    });
  });

  it('what stands for another', () => {
    const lookup = (name: string) => ({ a: 1, b: 'two', c: ['x'] })[name];
    const refer = (name: string) => ({ 'left.address': '10.0.0.1', 'self.x.v': 5 })[name];
    const written = [
      ...[
        '${a}',
        '${b}',
        '${c}',
        '${none}',
        'x${a}',
        '${a}x',
        '${a}${b}',
        '${aa}',
        'x${none}x',
        '$a',
        '${a b}',
        '@left.address',
        '@{left.address}:1',
        '@self.x.v',
      ],
      ...[
        '@none',
        'a@left.address',
        '@Left',
        '@left.address ',
        'x @{self.x.v} ${b} @{none}',
        5,
        null,
        true,
        [],
        ['${a}', '@self.x.v', 'x'],
      ],
      ...[{ a: '${a}', none: '${none}', deep: { b: ['${b}'] } }, { none: '@none' }],
    ];
    lines.expect({
      expanded: onEach(written, (one) => {
        const meant = expand(one, lookup, refer);
        return [meant, Object.keys(Object(meant))];
      }),
      'of a setting that there is not': [
        fitsSetting(declarations, 'nothing', 'a'),
        fitsSetting(declarations, 'toString', 'a'),
      ],
      used: onEach([...written, undefined], settingsUsed),
      referred: onEach(written, referencesIn),
    });
  });

  it('references that lead nowhere', () => {
    const written =
      `@self.address @peer.x.v @left.x.v @left.name @left.role @left.port @left @lfet.x @port.number @port.nmber @port.must_listen @port
      @before.x.v @before.x @before @self @self.x @peer.name @given.x @ports @port.from @left.x.v.w`.split(/\s+/);
    const roles = ['left', 'right'];
    lines.expect({
      'in conditions': onEach(
        [
          ...written,
          ...written.map((one) => `a {${one}} b`),
          'x',
          5,
          { a: ['@lfet.x'] },
          { a: '@left.address', b: '@lfet.address' },
        ],
        (one) => faultInCondition(one, roles),
      ),
      'in parameters': onEach(
        [
          ...written,
          ...written.map((one) => `a @{${one.slice(1)}} b`),
          'x',
          5,
          { a: ['@lfet.x'] },
          '@given.mine',
          '@given.mien',
          { a: '@left.address', b: '@lfet.address' },
          '@Left.x',
          '@L',
          'x@Left.x',
          '@left-',
          '@left.',
        ],
        (one) => (['host', 'pair'] as const).map((on) => outcome(() => faultInParameters(one, roles, ['mine'], on))),
      ),
    });
  });

  it('defaults that the release decides', () => {
    const of = (...cases: [string, unknown][]) => ({
      title: 't',
      type: 'string' as const,
      basis: 'documented' as const,
      by_release: cases.map(([releases, value]) => ({ releases, value })),
    });
    const all = {
      base: of(['<2.0', '/old'], ['>=2.0', '/new']),
      too: of(['<2.0', 'a'], ['>=2.0', 'b']),
      other: of(['<=1.5', 'x'], ['>1.5', 'y']),
      plain: { title: 't', type: 'string' as const, basis: 'documented' as const, default: 'd' },
    };
    const releases = new Releases([
      { name: '1.0', build: '1.0' },
      { name: '1.5', build: '1.5' },
      { name: '2.0', build: '2.0' },
    ]);
    const installed = ['1.0', '1.5', '1.7', '2', '2.0', '2.1', 'none'];
    const results: Record<string, unknown> = {};
    for (const hand of [{}, { base: 1 }, { base: 1, too: 2 }, { other: 1 }, { base: 1, too: 1, other: 1 }])
      for (const text of installed) {
        const release = releases.parse(text);
        const variants = () => variantsOf(all, hand, (bound) => releases.decide(bound, release));
        results[`${show(hand)} given, ${text}`] = outcome(() =>
          variants().map((one) => [one, variantHolds(one, releases, release)]),
        );
      }
    results['nothing fits'] = outcome(() =>
      variantsOf({ base: of(['<1.0', 'x']), too: of(['<1.0', 'x']) }, {}, () => 'no'),
    );
    lines.expect(results);
  });

  it('and no others are', () => {
    lines.expectNoMore();
  });
});

describe('conditions as they are written come out as they are kept', () => {
  const lines = kept('conditions');
  const written: Record<string, unknown>[] = [
    ...[
      {},
      { equals: 1 },
      { every: 'x.v' },
      { every: 'x.v', any: 'x.v', equals: 1 },
      { every: 'x.v', equals: 1, at_least: 1 },
    ],
    ...[
      { evry: 'x.v', equals: 1 },
      { every: 'x.v', eqals: 1 },
      { every: 'x.v', equals: null },
      { every: 5, equals: 1 },
      { every: 'x', equals: 1 },
    ],
    ...[
      { lfet: 'x.v', equals: 1 },
      { left: 'x.v', equals: 1 },
      { role: 'x.v', equals: 1 },
      { same: 'x.v', equals: 1 },
      { same: 'x.v' },
    ],
    ...[
      { same: 'x.v', tolerance_percent: 5 },
      { same: 'x.v', tolerance_percent: '${x}' },
      { same: 'x.v', tolerance_percent: 'a' },
    ],
    ...[
      { same: 'x.v', tolerance_percent: -1 },
      { every: 'x.v', equals: 1, tolerance_percent: 5 },
      { distinct: 'x.v', tolerance_percent: 5 },
    ],
    ...[
      { same: 'x.v', its: 'a' },
      { same: 'x.v', where: { a: 1 } },
      { count: 'x.v', at_least: 1 },
      { count: 'x.v', where: 'a', at_least: 1 },
    ],
    ...[
      { count: 'x.v', where: ['a', {}], at_least: 1 },
      { count: 'x.v', where: { a: 1 }, at_least: 1 },
      { count: 'x.v', where: 'a', its: 'b', at_least: 1 },
    ],
    ...[
      { every: 'x.v', where: 'a', equals: 1 },
      { every: 'x.v', where: { a: 1 }, equals: 1 },
      { every: 'x.v', its: 'a', equals: 1 },
      { every: 'x.v', its: 5, equals: 1 },
    ],
    ...[
      { row: 'number', where: { a: 1 }, equals: 1 },
      { row: 'number', its: 'a', equals: 1 },
      { row: 'number', equals: 1 },
      { difference: 'x.v' },
    ],
    ...[
      { difference: 'x.v', at_most: 1 },
      { difference: 'x.v', equals: 'a' },
      { every: 'x.v', matches: '@left.x.v' },
      { every: 'x.v', matches: '@home' },
      { every: 'x.v', matches: '@Home' },
    ],
    ...[
      { every: 'x.v', equals: '@lfet.x.v' },
      { every: 'x.v', equals: '@left.x.v' },
      { every: 'x.v', equals: 1, says: 's' },
      { every: 'x.v', equals: 1, when: {} },
    ],
    ...[
      { every: 'x.v', equals: 1, when: [{ left: 'x.v', absent: true }] },
      { every: 'x.v', equals: 1, given: { left: 'x.v', equals: 1, when: {} } },
    ],
    ...[
      { every: 'x.v', equals: 1, unless: { left: 'x.v' } },
      { every: 'x.v', equals: 1, hosts: ['left'], phases: ['p'], releases: '*', severity: 'advice' },
    ],
    ...[
      { every: 'x.v', equals: 1, fault: 'f', remedy: 'r' },
      { pair: 'x.v', equals: 1 },
      { before: 'x.v', equals: '@before.x.v' },
      { every: 'x.v', nothing: 1, equals: 1 },
    ],
  ];

  it.each(written)('%j', (one) => {
    const at = (...path: string[]) => `f:1:1 (${path.join('.')})`;
    lines.expect({ [show(one)]: outcome(() => readExpectation(one, ['left', 'right'], at)) });
  });

  it('which of them compare hosts', () => {
    const both = { sum: ['@left.m.bytes', '@right.m.bytes'] } as unknown as FactDefinition;
    const define = (name: string) => (name === 'two' ? both : undefined);
    const some = [
      ...[
        { every: 'x.v', equals: 1 },
        { same: 'x.v' },
        { every: 'x.v', equals: '@peer.x.v' },
        { every: 'x.v', equals: '@self.x.v' },
      ],
      ...[
        { left: 'x.v', equals: '@left.x.v' },
        { left: 'x.v', equals: '@right.x.v' },
        { left: 'two.bytes', at_least: 1 },
        { row: 'number', equals: 22 },
      ],
      ...[
        { every: 'x.v', equals: '@peer.address' },
        { every: 'x.v', equals: 1, when: { same: 'x.v' } },
        { every: 'x.v', equals: '@before.x.v' },
      ],
      ...[
        { left: 'x.v', equals: '@self.x.v' },
        { every: 'x.v', equals: '@left.x.v' },
      ],
    ];
    const at = () => 'f:1:1';
    lines.expect({
      'compare hosts': onEach(some, (one) => [
        comparesHosts(readExpectation(one, ['left', 'right'], at)),
        comparesHosts(readExpectation(one, ['left', 'right'], at), define),
      ]),
    });
  });

  it('and no others are', () => {
    lines.expectNoMore();
  });
});
