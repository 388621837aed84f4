import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Releases } from '../../src/pack/releases.js';
import { brought } from '../support.js';

const { releases } = brought;
const decide = (bound: string, installed: string) => releases.decide(bound, releases.parse(installed));

describe('a release is read in every form that documents use', () => {
  it.each([
    ['3.12', 'build', [3, 12]],
    ['4.7', 'build', [4, 7]],
    ['4.17.2', 'build', [4, 17, 2]],
    ['V R5', 'build', [5, 9]],
    ['VR5', 'build', [5, 9]],
    ['v r5', 'build', [5, 9]],
    ['V R5 (5.9.3)', 'build', [5, 9, 3]],
    ['V R7 5.12.7', 'build', [5, 12, 7]],
    ['2020.3', 'year', [2020, 3]],
    ['2021.4.1.0', 'year', [2021, 4, 1, 0]],
    ['2023.1.7', 'year', [2023, 1, 7]],
    ['10.0.0.147420', 'build', [10, 0, 0, 147420]],
    ['5-17-0-116556', 'build', [5, 17, 0, 116556]],
    ['Build 5.17.0', 'build', [5, 17, 0]],
    [' 4.10 ', 'build', [4, 10]],
  ])('%s', (text, line, numbers) => {
    expect(releases.parse(text)).toEqual({ line, numbers });
  });

  it.each(['', ' ', 'latest', 'V R99', '5.9.x', 'V R2 (5.6.x)', '4.7 or so', '.', '4.', '-4.7', '4,7', '2021'])(
    '%j is no release',
    (text) => {
      expect(releases.parse(text)).toBeUndefined();
    },
  );

  it.each(['4.0-4.7', '4.0.1-4.7', '4-5', '2020.3-2021.1'])('%s is a range, not a release', (text) => {
    expect(releases.parse(text)).toBeUndefined();
  });

  it.each(['V R5 4.7', 'V R5 (5.12.1)', '2020.3 10.0.0.1'])('%s says two things at once', (text) => {
    expect(releases.parse(text)).toBeUndefined();
  });
});

describe('a year that the table does not have is placed by those that it has', () => {
  const known = new Releases([
    { name: '5.0', build: '5.0' },
    { name: '2020.3', build: '10.0' },
    { name: '2021.1', build: '11.0' },
  ]);
  it.each([
    ['>=4.8', '2022.4', 'yes'],
    ['<4.8', '2022.4', 'no'],
    ['>=5.0', '2022.4', 'yes'],
    ['>=11.0', '2022.4', 'yes'],
    ['>=12.0', '2022.4', 'undecided'],
    ['>=10.0', '2020.4', 'yes'],
    ['<11.0', '2020.4', 'yes'],
    ['>=10.5', '2020.4', 'undecided'],
    ['>=10.0', '2020.1', 'no'],
    ['>=4.8', '2020.1', 'yes'],
    ['>=2022.4', '4.9', 'no'],
    ['>=2022.4', '12.0', 'undecided'],
    ['<2020.4', '9.0', 'yes'],
    ['>2020.4', '11.0', 'yes'],
  ])('%s on %s: %s', (bound, installed, decision) => {
    expect(known.decide(bound, known.parse(installed))).toBe(decision);
  });
});

describe('a bound is decided by series, not by text and not as a decimal number', () => {
  it.each([
    ['<=4.7', '4.7.3', 'yes'],
    ['<=4.7', '4.7.3.99999', 'yes'],
    ['<=4.7', '4.8.0.1', 'no'],
    ['<=4.7', '4.10', 'no'],
    ['>4.9', '4.10', 'yes'],
    ['>=4.10', '4.9.9.9', 'no'],
    ['>4.7', '4.7.3', 'no'],
    ['4.0-4.7', '4.7.3', 'yes'],
    ['4.0-4.7', '3.12', 'no'],
    ['4.0.1-4.7', '4.5.0.1', 'yes'],
    ['V R2-V R5', '5.9.3.1', 'yes'],
    ['V R2-V R5', '5.10.0.1', 'no'],
    ['>=4.8, <V R5', '5.8.1.1', 'yes'],
    ['>=4.8, <V R5', '5.9.0.1', 'no'],
    ['4.7', '4.7.2.5', 'yes'],
    ['*', '1.0', 'yes'],
    ['<2020.3', 'V R7', 'yes'],
    ['>=2020.3', '5-17-0-116556', 'yes'],
    ['>=2020.3', 'Build 5.17.0', 'yes'],
  ])('%s for %s: %s', (bound, installed, decision) => {
    expect(decide(bound, installed)).toBe(decision);
  });

  it.each([
    ['<=3.12', '3.12.5.1', '4.0.0.1'],
    ['<=4.7', '4.7.9.9', '4.8.0.1'],
    ['<V R5', '5.8.9.1', '5.9.0.1'],
    ['<4.10', '4.9.1.1', '4.10.0.1'],
    ['<2020.4', '5.17.0.116556', '10.0.0.147420'],
    ['<2021.2', '5.12.7.1', '10.0.0.147420'],
    ['<2021.3', '5.17.0.116556', '10.0.0.147420'],
    ['<2021.4', '5.17.0.116556', '10.0.0.147420'],
  ])('the gate %s and its complement are decided by the builds on either side', (bound, inside, outside) => {
    const complement = bound.startsWith('<=') ? bound.replace('<=', '>') : bound.replace('<', '>=');
    expect([decide(bound, inside), decide(bound, outside)]).toEqual(['yes', 'no']);
    expect([decide(complement, inside), decide(complement, outside)]).toEqual(['no', 'yes']);
  });

  it.each(['2020.4', '2021.1', '2021.2', '2021.3'])(
    'a build between 5.17 and 10 cannot be placed against %s',
    (name) => {
      for (const build of ['5.18.0.1', '6.0.0.1', '9.9.9.9']) expect(decide(`>=${name}`, build)).toBe('undecided');
      for (const build of ['5.17.9.1', '5.12.7.1', '4.8.0.1']) expect(decide(`>=${name}`, build)).toBe('no');
      for (const build of ['10.0.0.147420', '11.2.0.1']) expect(decide(`>=${name}`, build)).toBe('yes');
    },
  );

  it('an unknown release decides nothing but *', () => {
    expect(releases.decide('<=4.7', undefined)).toBe('undecided');
    expect(releases.decide('*', undefined)).toBe('yes');
  });

  it.each([
    ['<=4.7', '4'],
    ['>=5.9.3', 'V R5'],
    ['<4.7.2', '4.7'],
    ['>=2021.4.3', '10.0.0.147420'],
    ['<10.0.0.5', '2021.4'],
    ['>=2020.2', '5.16.0.1'],
  ])('%s is not decided by %s, which is too coarse for it', (bound, installed) => {
    expect(decide(bound, installed)).toBe('undecided');
  });
});

describe('two statements about one host', () => {
  it.each([
    ['4.7', '4.7.3.1', true],
    ['V R5', '5.9.3.1', true],
    ['V R5', '5.10.0.1', false],
    ['2021.4', '10.0.0.147420', true],
    ['2021.3', '10.0.0.147420', false],
    ['2021.2', '7.0.0.1', true],
    ['2021.2', '5.12.0.1', false],
    ['2023.1', '2023.1.7', true],
    ['2023.1', '2023.3', false],
  ])('%s and %s agree: %s', (named, found, agrees) => {
    const [a, b] = [releases.parse(named), releases.parse(found)];
    expect(a && b && releases.agree(a, b)).toBe(agrees);
    expect(a && b && releases.agree(b, a)).toBe(agrees);
  });
});

it.each([
  ['5.9.3.1', 'V R5'],
  ['10.0.0.147420', '2021.4'],
  ['5-17-0-116556', '2020.3'],
  ['2021.4.1.0', '2021.4'],
  ['4.10.2', '4.10'],
  ['4.1', undefined],
  ['7.0.0.1', undefined],
])('the name of %s is %s', (text, name) => {
  const release = releases.parse(text);
  expect(release && releases.nameOf(release)).toBe(name);
});

it.each(['', '4.7-', '<', '>=', '<=x', '4.7-4.0', '>=2021.4-2022.1', '<=4.7 <5', '~4.7', '>=4.8,,<5', '<>4.7'])(
  'the bound %j is refused with examples',
  (bound) => {
    expect(releases.faultOf(bound)).toMatch(/is not a release bound; right are/);
  },
);

it.each(['*', '<=4.7', '>= 4.8', '4.0 - 4.7', 'V R5', '2020.3-2021.1', '>=4.8, <V R5'])(
  'the bound %j is accepted',
  (bound) => {
    expect(releases.faultOf(bound)).toBeUndefined();
  },
);

const build = fc.tuple(fc.nat(12), fc.nat(20), fc.nat(3), fc.nat(200000)).map((parts) => parts.join('.'));
const named = fc.constantFrom(...releases.table.map((series) => series.name), '2022.1.2', '2023.3.5');
const installed = fc.oneof(build, named);
const limit = fc.oneof(
  named,
  fc.tuple(fc.nat(12), fc.nat(20)).map((parts) => parts.join('.')),
  build,
);

test('a bound and its complement are never both true, and are undecided together', () => {
  fc.assert(
    fc.property(installed, limit, (release, bound) => {
      for (const [one, other] of [
        ['<=', '>'],
        ['<', '>='],
      ] as const) {
        const pair = [decide(`${one}${bound}`, release), decide(`${other}${bound}`, release)].sort();
        expect([
          ['no', 'yes'],
          ['undecided', 'undecided'],
        ]).toContainEqual(pair);
      }
    }),
    { numRuns: 400 },
  );
});

test('deciding is total: any two texts of the forms give a decision', () => {
  fc.assert(
    fc.property(installed, limit, fc.constantFrom('<', '<=', '>', '>=', ''), (release, bound, operator) => {
      expect(['yes', 'no', 'undecided']).toContain(decide(`${operator}${bound}`, release));
    }),
    { numRuns: 400 },
  );
});

test('order is antisymmetric between whole builds, and every build lies in its own series', () => {
  fc.assert(
    fc.property(build, build, (a, b) => {
      expect(decide(`<${b}`, a)).toBe(decide(`>${a}`, b));
      expect(decide(`=${a}`.slice(1), a)).toBe('yes');
    }),
    { numRuns: 400 },
  );
});

test('order is transitive between builds of four numbers', () => {
  fc.assert(
    fc.property(build, build, build, (a, b, c) => {
      if (decide(`<=${b}`, a) === 'yes' && decide(`<=${c}`, b) === 'yes') expect(decide(`<=${c}`, a)).toBe('yes');
    }),
    { numRuns: 400 },
  );
});

test('a later build is never before a limit that an earlier one has passed', () => {
  fc.assert(
    fc.property(build, build, named, (a, b, name) => {
      const [earlier, later] = decide(`<=${b}`, a) === 'yes' ? [a, b] : [b, a];
      if (decide(`>=${name}`, earlier) === 'yes') expect(decide(`>=${name}`, later)).toBe('yes');
      if (decide(`>=${name}`, later) === 'no') expect(decide(`>=${name}`, earlier)).toBe('no');
    }),
    { numRuns: 600 },
  );
});

test('the names of the table are in chronological order', () => {
  const names = releases.table.map((series) => series.name);
  const pairs = names.flatMap((earlier, index) => names.slice(index + 1).map((later) => [earlier, later] as const));
  for (const [earlier, later] of pairs)
    expect([earlier, later, decide(`<${later}`, earlier)]).toEqual([earlier, later, 'yes']);
});

test('an empty table still orders plain numbers', () => {
  const bare = new Releases([]);
  expect(bare.decide('<=4.7', bare.parse('4.10'))).toBe('no');
  expect(bare.decide('>=2021.1', bare.parse('4.10'))).toBe('undecided');
});
