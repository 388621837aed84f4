import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/authoring/case.js';
import { judgeCase, loadCases, readCases, runCase } from '../../src/authoring/cases.js';
import { UsageError } from '../../src/core/errors.js';
import { loadPack, packDir, packIndex } from '../../src/pack/load.js';
import { brought, packOf, ruleText } from '../support.js';

const built = async <Module>(file: string): Promise<Module> =>
  import(new URL(`../../dist/${file}`, import.meta.url).href);

const pack = packOf(
  ruleText('same', ['{ same: x.release }'], { facts: '{ x: { probe: kernel } }' }) +
    ruleText('each', ['{ every: x.release, equals: a }'], { per: 'host', facts: '{ x: { probe: kernel } }' }),
);
const [same, each] = pack.rules;
const problemOf = (rule: typeof same, one: Omit<Case, 'name'>) =>
  rule ? runCase(pack, rule, { name: 'n', ...one }, 'f:1:1').problem : 'no rule';
const facts = (left?: string, right?: string): Case['facts'] => ({
  ...(left !== undefined && { left: { x: { release: left } } }),
  ...(right !== undefined && { right: { x: { release: right } } }),
});

describe('a case comes out as stated, or says how it came out', () => {
  it.each([
    [facts('a', 'a'), 'pass', ''],
    [facts('a', 'b'), 'fail', ''],
    [facts('a'), 'unknown', ''],
    [facts('a', 'b'), 'pass', 'twin/same: expected pass, was fail: differs: left a and right b'],
    [facts('a'), 'pass', 'twin/same: expected pass, was unknown: right: x was not reached'],
  ] as const)('%j: %s', (stated, expected, problem) => {
    expect(problemOf(same, { facts: stated, expect: expected })).toBe(problem);
  });

  it('by subject', () => {
    expect(problemOf(each, { facts: facts('a', 'b'), expect: { left: 'pass', right: 'fail' } })).toBe('');
    expect(problemOf(each, { facts: facts('a', 'b'), expect: { left: 'fail' } })).toMatch(
      /^twin\/each \[left\]: expected fail, was pass/,
    );
    expect(problemOf(each, { facts: facts('a', 'b'), expect: { rihgt: 'fail' } })).toBe(
      'twin/each [rihgt]: there is no such finding',
    );
  });

  it('by all that a finding says', () => {
    const says = (message: string) => problemOf(same, { facts: facts('a', 'b'), expect: 'fail', message });
    expect(says('differs: left a and right b')).toBe('');
    expect(says('differs: left a')).toBe(
      'twin/same: expected to say "differs: left a", said "differs: left a and right b"',
    );
    expect(problemOf(same, { facts: facts('a', 'b'), expect: 'pass', message: 'x' })).toMatch(
      /^twin\/same: expected pass/,
    );
  });

  it('by what a finding weighs that does not pass', () => {
    expect(problemOf(same, { facts: facts('a', 'b'), expect: 'fail', severity: 'blocker' })).toBe('');
    expect(problemOf(same, { facts: facts('a', 'a'), expect: 'pass', severity: 'warning' })).toBe('');
    expect(problemOf(same, { facts: facts('a', 'b'), expect: 'fail', severity: 'warning' })).toMatch(
      /^twin\/same: expected a warning, was a blocker/,
    );
  });

  it('a fact that is null was not reached', () => {
    expect(problemOf(same, { facts: { left: { x: { release: 'a' } }, right: null }, expect: 'unknown' })).toBe('');
  });

  it('guards do not stand before the rule', () => {
    const rule = brought.rules.find((one) => one.id === 'alation/same-kernel');
    const found =
      rule &&
      judgeCase(brought, rule, {
        name: 'n',
        facts: {
          primary: { kernel: { release: 'a', machine: 'm' } },
          secondary: { kernel: { release: 'a', machine: 'm' } },
        },
        expect: 'pass',
      });
    expect(found?.map((finding) => finding.verdict)).toEqual(['pass']);
  });
});

describe.each(packIndex().packs)('the cases of the pack %s, which is brought', (name) => {
  const own = loadPack(packDir(name));
  const { cases } = readCases(own);
  it.each(cases.map(({ rule, one, at }) => [`${rule.id}: ${one.name}`, rule, one, at] as const))(
    '%s',
    (_, rule, one, at) => {
      expect(runCase(own, rule, one, at).problem).toBe('');
    },
  );

  it.each(own.rules.map((rule) => [rule.id, rule] as const))(
    '%s has a case that passes, one that fails and one that is unknown',
    (_, rule) => {
      const found = new Set(
        cases
          .filter((one) => one.rule.id === rule.id)
          .flatMap(({ one }) => (typeof one.expect === 'string' ? [one.expect] : Object.values(one.expect))),
      );
      // A rule that only takes note of a value, or of what was refused, has no word that fails.
      const canFail = rule.expect.some(
        ({ matcher }) => matcher?.name !== 'verdicts' || Object.values(matcher.arg as object).includes('fail'),
      );
      const wanted = rule.guard === 'access' || !canFail ? ['pass', 'unknown'] : ['pass', 'fail', 'unknown'];
      for (const verdict of wanted) expect([...found]).toContain(verdict);
    },
  );

  // Thousands of judgements: the built code makes them in a tenth of the time.
  it('notice every change of its rules but a few, which are meant', { timeout: 120_000 }, async () => {
    const [{ gapsOf }, { readCases: read }, { loadPack: load }] = await Promise.all([
      built<typeof import('../../src/authoring/case-gaps.js')>('authoring/case-gaps.js'),
      built<typeof import('../../src/authoring/cases.js')>('authoring/cases.js'),
      built<typeof import('../../src/pack/load.js')>('pack/load.js'),
    ]);
    const pack = load(packDir(name));
    const { changes, open, meant: without, unused } = gapsOf(pack, read(pack));
    expect(open.map(({ rule, says }) => `${rule.id}: ${says}`)).toEqual([]);
    expect(unused.map(({ gap, at }) => `${at}: ${gap.gap}`)).toEqual([]);
    expect(without.length / changes).toBeLessThan(0.05);
  });
});

describe('a mistake in a case file has file, line and column', () => {
  const load = (text: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'pairflight-cases-'));
    try {
      cpSync(brought.dir, dir, { recursive: true, filter: (path) => !path.endsWith('.cases.yaml') });
      writeFileSync(join(dir, 'sections/x.cases.yaml'), text);
      return loadCases({ ...brought, dir });
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
  const kernel = 'alation/same-kernel';
  const ports = 'alation/ha-ports-reachable';
  it.each([
    [
      'an unknown rule',
      'alation/same-kernl:\n  - { name: n, facts: {}, expect: pass }\n',
      /x\.cases\.yaml:1:1: no rule has the id alation\/same-kernl; did you mean "alation\/same-kernel"/,
    ],
    [
      'an unknown fact',
      `${kernel}:\n  - { name: n, facts: { primary: { kernal: {} } }, expect: pass }\n`,
      /x\.cases\.yaml:2:36: alation\/same-kernel has no fact "kernal"; did you mean "kernel"/,
    ],
    [
      'a value that the probe never gives',
      `${kernel}:\n  - { name: n, facts: { primary: { kernel: { relase: x } } }, expect: pass }\n`,
      /:2:36: kernel gives no such value: unknown key "relase"/,
    ],
    ['a verdict that does not exist', `${kernel}:\n  - { name: n, facts: {}, expect: green }\n`, /:2:27: .*"green"/],
    ['a case without an expectation', `${kernel}:\n  - { name: n, facts: {} }\n`, /the key "expect" is missing/],
    ['no case', `${kernel}: []\n`, /must NOT have fewer than 1 items/],
    ['a gap without a reason', `${kernel}:\n  - { gap: dropped }\n`, /the key "reason" is missing/],
    ['a case that is a gap, too', `${kernel}:\n  - { gap: dropped, reason: r, facts: {} }\n`, /unknown key "facts"/],
  ])('%s', (_, text, message) => {
    expect(() => load(text)).toThrow(UsageError);
    expect(() => load(text)).toThrow(message);
  });

  // Otherwise the case states nothing, and "unknown" comes true by itself.
  it.each([
    [
      'a host that is none',
      `${kernel}:\n  - { name: n, facts: { primry: { kernel: { release: x, machine: m } } }, expect: unknown }\n`,
    ],
    [
      'a direction that is none',
      `${kernel}:\n  - { name: n, facts: { primary->secondry: { kernel: { release: x, machine: m } } }, expect: unknown }\n`,
    ],
    ['a setting that is none', `${kernel}:\n  - { name: n, facts: {}, settings: { dataDsk: /x }, expect: unknown }\n`],
    [
      'a setting of the wrong type',
      `${kernel}:\n  - { name: n, facts: {}, settings: { dataDisk: 5 }, expect: unknown }\n`,
    ],
    [
      "a phase that is not the rule's",
      `${kernel}:\n  - { name: n, phase: pre-replication, facts: {}, expect: unknown }\n`,
    ],
    ['a release that is none', `${kernel}:\n  - { name: n, release: "x.y", facts: {}, expect: unknown }\n`],
    [
      'a host where a direction is asked',
      `${ports}:\n  - { name: n, facts: { primary: { tcp: { via: bash, ports: [] } } }, expect: unknown }\n`,
    ],
    [
      'a direction where a host is asked',
      `${ports}:\n  - { name: n, facts: { primary->secondary: { ears: { ports: [] } } }, expect: unknown }\n`,
    ],
    [
      'a direction from a host to itself',
      `${ports}:\n  - { name: n, facts: { primary->primary: { tcp: { via: bash, ports: [] } } }, expect: unknown }\n`,
    ],
    [
      'a port between hosts that are none',
      `${ports}:\n  - { name: n, ports: [{ port: 1, name: n, from: primry }], facts: {}, expect: unknown }\n`,
    ],
    ['a port without a name', `${ports}:\n  - { name: n, ports: [{ port: 1 }], facts: {}, expect: unknown }\n`],
    [
      'a property that a derived fact never has',
      `alation/same-version:\n  - { name: n, facts: { primary: { build: { valu: x } } }, expect: unknown }\n`,
    ],
    [
      'an address of a host that is none',
      `${kernel}:\n  - { name: n, facts: {}, addresses: { primry: x }, expect: unknown }\n`,
    ],
  ])('%s', (_, text) => {
    expect(() => load(text)).toThrow(UsageError);
  });
});
