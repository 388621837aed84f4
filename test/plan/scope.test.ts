import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { directionsOf, hostsOf, isGiven, isNeeded, portRows, selectRules, settingOn } from '../../src/plan/scope.js';
import { brought, packOf, ruleText, scopeOf } from '../support.js';

const select = (only: string[], skip: string[] = [], phases = ['preflight']) =>
  selectRules(brought, phases, { only, skip }).map((rule) => rule.id);
const phasesOf = Object.keys(brought.phases);
const idsOf = (phase: string) => brought.rules.filter((rule) => rule.phases.includes(phase)).map((rule) => rule.id);
/** Any phase of the pack with any rule of it. */
const ruleInPhase = fc.constantFrom(...phasesOf.flatMap((phase) => idsOf(phase).map((id) => ({ phase, id }))));
const guards = brought.rules.filter((rule) => rule.guard).map((rule) => rule.id);

describe('which rules are judged', () => {
  it.each(phasesOf)('all of the phase %s and no other, unless something is selected', (phase) => {
    expect(idsOf(phase).length).toBeLessThan(brought.rules.length);
    expect(select([], [], [phase])).toEqual(idsOf(phase));
  });

  it('each of the phases once, when several are judged', () => {
    expect(select([], [], phasesOf)).toEqual(brought.rules.map((rule) => rule.id));
  });

  it('a rule of another phase alone is a mistake: an empty run proves nothing', () => {
    const others = brought.rules.filter((rule) => !rule.phases.includes('preflight')).map((rule) => rule.id);
    expect(others.length).toBeGreaterThan(0);
    for (const id of others) expect(() => select([id])).toThrow(/^no rule of phase preflight is selected/);
  });

  it.each([
    [['alation/same-kernel'], [], ['alation/same-kernel']],
    [
      ['alation/same-*'],
      ['alation/same-v*'],
      [
        'alation/same-cpu-count',
        'alation/same-memory',
        'alation/same-architecture',
        'alation/same-operating-system',
        'alation/same-kernel',
        'alation/same-timezone',
      ],
    ],
    [['*-disk-cache'], [], ['alation/data-disk-cache', 'alation/backup-disk-cache']],
    [['alation/????-kernel'], [], ['alation/same-kernel']],
    [['alation/same-kernel', 'alation/same-memory'], [], ['alation/same-kernel', 'alation/same-memory']],
  ])('--only %j --skip %j', (only, skip, ids) => {
    expect(
      select(only, skip)
        .filter((id) => !guards.includes(id))
        .sort(),
    ).toEqual([...ids].sort());
  });

  test('guards always run, whatever is selected or skipped', () => {
    const globs = fc.array(
      fc.constantFrom(
        '*',
        'alation/*',
        'alation/same-*',
        'alation/two-machines',
        '*access',
        'alation/services-started',
      ),
      { maxLength: 2 },
    );
    fc.assert(
      fc.property(globs, globs, (only, skip) => {
        let chosen: string[] | undefined;
        try {
          chosen = select(only, skip);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
        if (chosen) expect(chosen).toEqual(expect.arrayContaining(guards));
      }),
    );
  });

  it('guards can be asked for alone', () => {
    expect(select(['alation/two-machines'])).toEqual(guards);
  });

  it.each([
    [['alation/nonesuch'], [], /^--only alation\/nonesuch: no rule has such an id/],
    [['Alation/*'], [], /no rule has such an id/],
    [['alation/same.kernel'], [], /no rule has such an id/],
    [['alation/same-kernel|x'], [], /no rule has such an id/],
    [[''], [], /no rule has such an id/],
    [[], ['alation/nonesuch'], /^--skip alation\/nonesuch: no rule has such an id/],
    [[], ['*'], /an empty run proves nothing/],
    [['alation/same-kernel'], ['alation/same-*'], /an empty run proves nothing/],
  ])('--only %j --skip %j is a mistake', (only, skip, message) => {
    expect(() => select(only, skip)).toThrow(UsageError);
    expect(() => select(only, skip)).toThrow(message);
  });
});

test('a glob without wildcards means itself and nothing else', () => {
  fc.assert(
    fc.property(ruleInPhase, ({ phase, id }) => {
      fc.pre(!guards.includes(id));
      expect(select([id], [], [phase]).filter((one) => !guards.includes(one))).toEqual([id]);
    }),
  );
});

test('a glob of stars and pieces of an id matches that id', () => {
  fc.assert(
    fc.property(ruleInPhase, fc.nat(), fc.nat(), ({ phase, id }, a, b) => {
      const [from, to] = [a % id.length, b % id.length].sort((x, y) => x - y) as [number, number];
      expect(select([`${id.slice(0, from)}*${id.slice(to)}`], [], [phase])).toContain(id);
    }),
  );
});

describe('a scope', () => {
  it.each([
    [{ phases: ['verfiy'] }, /unknown phase "verfiy"/],
    [{ phases: ['constructor'] }, /phase/],
    [{ release: 'x' }, /^--release: "x" is not a release of /],
    [{ release: '3.13' }, /root/],
  ])('%j is a mistake', (run, message) => {
    expect(() => scopeOf(brought, run)).toThrow(UsageError);
    expect(() => scopeOf(brought, run)).toThrow(message);
  });

  it('without a release all variants are possible; a release leaves its own', () => {
    expect(scopeOf(brought).variants.map((variant) => variant.values.root)).toEqual([
      '/usr/local/alation',
      '/opt/alation/alation',
    ]);
    expect(scopeOf(brought, { release: '2021.4' }).variants.map((variant) => variant.values.root)).toEqual([
      '/opt/alation/alation',
    ]);
  });
});

describe("settings: a host's own go before the inventory's, those before the release's, those before the default", () => {
  const [a, b] = ['primary', 'secondary'].map((name, index) => ({
    name,
    role: name,
    address: `10.0.0.${index + 1}`,
    connection: 'ssh' as const,
    settings: (name === 'primary' ? { dataDisk: '/own' } : {}) as Record<string, unknown>,
  }));
  const hosts = a && b ? [a, b] : [];
  const scope = scopeOf(brought, { inventory: { hosts, settings: { backupDisk: '/all', dataDisk: '/all' } } });
  const variant = { gates: [], values: { root: '/v' } };
  it.each([
    ['dataDisk', a, '/own'],
    ['dataDisk', b, '/all'],
    ['dataDisk', undefined, '/all'],
    ['backupDisk', a, '/all'],
    ['root', a, '/v'],
    ['memoryTolerancePercent', a, 1],
  ])('%s of %j', (name, host, value) => {
    expect(settingOn(scope, host, variant, name)).toBe(value);
  });

  it('what was given by hand is known', () => {
    expect([
      isGiven(scope, 'primary', 'dataDisk'),
      isGiven(scope, 'secondary', 'backupDisk'),
      isGiven(scope, 'primary', 'root'),
    ]).toEqual([true, true, false]);
  });
});

// defect: a release-dependent setting given for one host alone loses its default on the other, and becomes the text "undefined".
it('a setting given for one host leaves the default to the other', () => {
  const hosts = ['primary', 'secondary'].map((name, index) => ({
    name,
    role: name,
    address: `10.0.0.${index + 1}`,
    connection: 'ssh' as const,
    settings: (index === 0 ? { root: '/mine' } : {}) as Record<string, unknown>,
  }));
  const scope = scopeOf(brought, { inventory: { hosts } });
  for (const variant of scope.variants) expect(settingOn(scope, hosts[1], variant, 'root')).toMatch(/^\//);
  expect(scope.variants.length).toBeGreaterThan(1);
});

describe('ports', () => {
  const pack = packOf(
    ruleText('one', ['{ same: kernel.release }']),
    'ports:\n  - { port: 1, name: both, basis: inferred, confidence: c }\n  - { port: 2, name: one, from: left, to: right, needed: { preflight: left->right, verify: both }, basis: inferred, confidence: c }\n',
  );
  const scope = scopeOf(pack, {
    inventory: { ports: [{ port: 3, name: 'own', to: 'left', basis: 'documented', confidence: 'given' }] },
  });
  const [left, right] = hostsOf(scope, ['left', 'right']);

  it('a row is judged in the directions that it means', () => {
    if (!left || !right) throw new Error('the pair is not there');
    expect(portRows(scope, left, right).map((row) => row.port)).toEqual([1, 2]);
    expect(portRows(scope, right, left).map((row) => row.port)).toEqual([1, 3]);
    const [, row] = portRows(scope, left, right);
    expect(
      row && [
        isNeeded(row, 'preflight', left, right),
        isNeeded(row, 'preflight', right, left),
        isNeeded(row, 'verify', right, left),
        isNeeded(row, 'other', right, left),
      ],
    ).toEqual([true, false, true, true]);
  });

  it('two hosts have two directions, and a host none to itself', () => {
    expect(directionsOf(scope.hosts).map(({ from, to }) => [from.name, to.name])).toEqual([
      ['left', 'right'],
      ['right', 'left'],
    ]);
    expect(directionsOf(scope.hosts.slice(0, 1))).toEqual([]);
  });
});
