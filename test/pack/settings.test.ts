import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { Releases } from '../../src/pack/releases.js';
import {
  checkSettings,
  expand,
  type SettingDeclaration,
  settingsUsed,
  variantHolds,
  variantsOf,
} from '../../src/pack/settings.js';
import { brought } from '../support.js';

const releases = new Releases([
  { name: '1.0', build: '1.0' },
  { name: '2.0', build: '2.0' },
]);
const byRelease = (old: unknown, now: unknown): SettingDeclaration => ({
  title: 't',
  type: 'path',
  basis: 'documented',
  by_release: [
    { releases: '<2.0', value: old },
    { releases: '>=2.0', value: now },
  ],
});
const declarations = { root: byRelease('/old', '/new'), lib: byRelease('/old/lib', '/new/lib') };

describe('variants of release-dependent settings', () => {
  it('settings that change at the same releases change together', () => {
    const variants = variantsOf(declarations, {}, () => 'undecided');
    expect(variants).toEqual([
      { gates: ['<2.0'], values: { root: '/old', lib: '/old/lib' } },
      { gates: ['>=2.0'], values: { root: '/new', lib: '/new/lib' } },
    ]);
  });

  it('a setting given by hand has no variants', () => {
    expect(variantsOf({ root: byRelease('/old', '/new') }, { root: '/mine' }, () => 'undecided')).toEqual([
      { gates: [], values: {} },
    ]);
  });

  it('a known release leaves one variant, which holds for it and for no other', () => {
    const release = releases.parse('2.3');
    const variants = variantsOf(declarations, {}, (bound) => releases.decide(bound, release));
    expect(variants.map((variant) => variant.values.root)).toEqual(['/new']);
    const [variant] = variants;
    expect(variant && variantHolds(variant, releases, release)).toBe('yes');
    expect(variant && variantHolds(variant, releases, releases.parse('1.9'))).toBe('no');
    expect(variant && variantHolds(variant, releases, undefined)).toBe('undecided');
  });

  it('a release for which the pack gives no value is a mistake that names the setting, not an empty plan', () => {
    const decide = (bound: string) => brought.releases.decide(bound, brought.releases.parse('3.13'));
    expect(() => variantsOf(brought.settings, {}, decide)).toThrow(UsageError);
    expect(() => variantsOf(brought.settings, {}, decide)).toThrow(/root.*<=3\.12, >=4\.0.*--set root=/);
  });
});

describe('settings are refused', () => {
  const declared: Record<string, SettingDeclaration> = {
    disk: { title: 't', type: 'path', basis: 'documented' },
    limit: { title: 't', type: 'number', basis: 'documented' },
    flag: { title: 't', type: 'boolean', basis: 'documented' },
    names: { title: 't', type: 'list', basis: 'documented' },
    word: { title: 't', type: 'string', basis: 'documented' },
  };
  it.each([
    [{ disc: '/d' }, 'at disc: unknown setting "disc"; did you mean "disk"?'],
    [{ disk: 'data' }, 'at disk: setting disk must be an absolute path, not "data"'],
    [{ disk: '-rf' }, 'at disk: setting disk must be an absolute path, not "-rf"'],
    [{ disk: '/a\n/b' }, 'at disk: setting disk must be an absolute path, not "/a\\n/b"'],
    [{ disk: null }, 'at disk: setting disk must be an absolute path, not null'],
    [{ limit: '5' }, 'at limit: setting limit must be a number, not "5"'],
    [{ limit: Number.NaN }, 'at limit: setting limit must be a number, not null'],
    [{ flag: 'yes' }, 'at flag: setting flag must be true or false, not "yes"'],
    [{ names: [] }, 'at names: setting names must be a list of texts, not []'],
    [{ names: ['a', 1] }, 'at names: setting names must be a list of texts, not ["a",1]'],
    [{ word: 1 }, 'at word: setting word must be a text, not 1'],
  ])('%j', (given, message) => {
    expect(() => checkSettings(declared, given, (name) => `at ${name}`)).toThrow(new UsageError(message));
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'the name %s, which every object has, is unknown like any other',
    (name) => {
      const given = JSON.parse(`{ "${name}": 1 }`) as Record<string, unknown>;
      expect(() => checkSettings(declared, given, () => 'here')).toThrow(UsageError);
    },
  );

  it('settings of the right types are accepted', () => {
    expect(() =>
      checkSettings(declared, { disk: '/d', limit: 0, flag: false, names: ['a b'], word: '' }, () => ''),
    ).not.toThrow();
  });
});

describe('expanding', () => {
  const lookup = (name: string) => ({ a: '/x', n: 5, l: ['p', 'q'] })[name];
  const refer = (reference: string) => `<${reference}>`;
  it.each([
    ['${n}', 5],
    ['${l}', ['p', 'q']],
    ['${a}/${n}', '/x/5'],
    ['@self.address', '<self.address>'],
    ['@ports', '<ports>'],
    ['me@example.org', 'me@example.org'],
    ['@Self', '@Self'],
    [{ k: ['${a}', { d: '@peer.role' }] }, { k: ['/x', { d: '<peer.role>' }] }],
    [true, true],
    [null, null],
  ])('%j becomes %j', (value, expanded) => {
    expect(expand(value, lookup, refer)).toEqual(expanded);
  });

  test('no ${name} of a known setting is left, however deep it stands', () => {
    const leaf = fc.oneof(
      fc.constantFrom('${a}', '${n}/x', 'x ${a} ${l}', '@self.address', 'plain'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('k', 'm'), tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        expect(settingsUsed(expand(value, lookup, refer))).toEqual([]);
      }),
    );
  });

  test('what names no setting and no reference stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!/\$\{|"@/.test(JSON.stringify(value)));
        expect(expand(value, lookup, refer)).toEqual(value);
      }),
    );
  });
});

it.each([
  [{ a: ['${one}', { b: 'x${two}y${one}' }] }, ['one', 'two', 'one']],
  [undefined, []],
  ['$one ${} ${1 x}', []],
])('the settings used in %j are %j', (value, names) => {
  expect(settingsUsed(value)).toEqual(names);
});
