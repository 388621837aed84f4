import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { allPacks, loadPack, packDir, packIndex } from '../../src/pack/load.js';
import { brought, packOf, ruleText } from '../support.js';

const one = ruleText('one', ['{ same: kernel.release }']);
const packYaml = `name: twin
version: "1"
title: Twin
roles: { left: { title: Left, count: "1" }, right: { title: Right, count: "1" } }
pair: [left, right]
phases: { preflight: { title: before } }
documents: { page: { title: The Page } }
sections: [rules]
settings: {}
releases: [{ name: "1.0", basis: documented }]
`;

it('every pack of the index loads, and the default one is among them', () => {
  const { default: standard, packs } = packIndex();
  expect(packs).toContain(standard);
  for (const name of packs) expect(loadPack(packDir(name)).name).toBe(name);
});

it('a product without a pack is a mistake that names those there are', () => {
  expect(() => packDir('nonesuch')).toThrow(
    new UsageError(
      `no pack for the product "nonesuch"; there are: ${packIndex().packs.join(', ')}`,
      'pairflight rules list --product alation',
    ),
  );
});

it('a product without a pack is told where it is named, with the one that is meant', () => {
  expect(() => packDir('alaton', 'f.yaml:1:1')).toThrow(
    new UsageError('f.yaml:1:1: no pack for the product "alaton"; did you mean "alation"?'),
  );
  expect(() => packDir('nonesuch', 'f.yaml:1:1')).toThrow(
    /^f\.yaml:1:1: no pack for the product "nonesuch"; there are: /,
  );
});

it('all packs are those of the index, the default one first', () => {
  const { default: standard, packs } = packIndex();
  const names = allPacks().map(({ name }) => name);
  expect(names[0]).toBe(standard);
  expect(names.toSorted()).toEqual(packs.toSorted());
});

it('a pack is checked once, for as long as its files stay', () => {
  expect(loadPack(packDir('alation'))).toBe(loadPack(packDir('alation')));
});

it('a pack has what it does not name, empty', () => {
  const { ports, declared, notVerified, notRun, discover, contexts, never, facts, mappings } = packOf(one);
  expect({ ports, declared, notVerified, notRun, discover, contexts, never, facts, mappings }).toEqual({
    ports: [],
    declared: new Set(),
    notVerified: [],
    notRun: [],
    discover: {},
    contexts: {},
    never: [],
    facts: {},
    mappings: undefined,
  });
});

it('ports must be listened to where the pack says so', () => {
  const row = (more: string) => `{ port: 1, name: n, basis: inferred, confidence: c${more} }`;
  const common = { port: 1, name: 'n', basis: 'inferred', confidence: 'c' };
  const ports = (more: string) => packOf(one, `ports: [${row(more)}]`).ports;
  expect(ports('')).toStrictEqual([common]);
  expect(ports(', must_listen: true')).toStrictEqual([{ ...common, mustListen: true }]);
  expect(ports(', must_listen: false')).toStrictEqual([{ ...common, mustListen: false }]);
});

it('a pack without rules is a mistake', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pairflight-empty-'));
  writeFileSync(join(dir, 'pack.yaml'), packYaml);
  expect(() => loadPack(dir)).toThrow(/there is no sections\/rules\.yaml$/);
  rmSync(dir, { recursive: true });
});

it('a folder without pack.yaml is a mistake', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pairflight-empty-'));
  expect(() => loadPack(dir)).toThrow(/has no pack\.yaml; a pack is a folder with/);
  rmSync(dir, { recursive: true });
});

it('a folder that does not exist is a mistake', () => {
  expect(() => loadPack(join(tmpdir(), 'pairflight-nonesuch'))).toThrow(UsageError);
});

describe("a pack's sum", () => {
  it('is the same for the same words', () => {
    expect(packOf(one).sha256).toBe(packOf(one).sha256);
  });

  it('changes with a rule, and not with cases or the embedded pair, which judge nothing', () => {
    const plain = packOf(one).sha256;
    expect(packOf(`${one}# a word more\n`).sha256).not.toBe(plain);
    expect(packOf(one, '', { 'sections/rules.cases.yaml': '{}', 'demo.yaml': 'x: 1' }).sha256).toBe(plain);
  });
});

describe('sections', () => {
  const other = `title: Other\nsource: { doc: page, section: s }\nrules:\n${ruleText('two', ['{ same: kernel.release }'])}`;

  it.each([
    ['rules, other', ['twin/one', 'twin/two']],
    ['other, rules', ['twin/two', 'twin/one']],
  ])('are read in the order in which pack.yaml names them: %s', (order, ids) => {
    expect(packOf(one, `sections: [${order}]`, { 'sections/other.yaml': other }).rules.map((rule) => rule.id)).toEqual(
      ids,
    );
  });

  it('a file beside pack.yaml that no section names is a mistake: its rules would vanish', () => {
    expect(() => packOf(one, '', { 'sections/other.yaml': other })).toThrow(/does not name sections\/other\.yaml/);
  });

  it.each(['other.yaml', 'x-pack.yaml', 'pack.yaml.yaml', 'demo.yaml.yaml'])(
    'a file of rules beside pack.yaml: %s',
    (name) => {
      expect(() => packOf(one, '', { [name]: other })).toThrow(/rules and their cases lie in sections\//);
    },
  );

  it('a pack of 0.1, with its rules beside pack.yaml, is refused with the line that moves them', () => {
    const moving = /rules and their cases lie in sections\/ since 0\.2/;
    expect(() => packOf(one, '', { 'other.yaml': other })).toThrow(moving);
    try {
      packOf(one, '', { 'other.yaml': other, 'other.cases.yaml': '{}' });
    } catch (error) {
      const [, from, to] = /^mkdir -p (\S+)\/sections && mv (.+)$/.exec((error as UsageError).next ?? '') ?? [];
      expect(to).toBe(`${from}/other.cases.yaml ${from}/other.yaml ${from}/sections/`);
    }
    expect.assertions(2);
  });

  it('a section without its file is a mistake', () => {
    expect(() => packOf(one, 'sections: [rules, nonesuch]')).toThrow(/there is no sections\/nonesuch\.yaml/);
  });
});

it('no rule of the pack that is brought lacks a source, a remedy or a guard to rest on', () => {
  expect(brought.rules.filter((rule) => rule.guard).map((rule) => rule.guard)).toEqual(
    expect.arrayContaining(['access', 'identity']),
  );
  for (const rule of brought.rules) {
    expect(brought.documents[rule.source.doc]).toBeDefined();
    expect(rule.remedy.length).toBeGreaterThan(10);
  }
});
