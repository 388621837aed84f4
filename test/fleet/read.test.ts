/** A fleet's files: pairs over defaults, each wrong one told with its place and hiding no other. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { preparePairs, targetOf } from '../../src/fleet/prepare.js';
import { readFleet } from '../../src/fleet/read.js';
import { fleetSchema } from '../../src/fleet/schema.js';
import { selectPairs } from '../../src/fleet/select.js';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files. */
function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'pairflight-fleet-'));
  made.push(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

const fleetIn = (text: string, more: Record<string, string> = {}) =>
  readFleet(join(folder({ 'fleet.yaml': text, ...more }), 'fleet.yaml'));

const hosts = (last: number, standby = last + 1) =>
  `hosts: { primary: { address: 10.0.0.${last} }, standby: { address: 10.0.0.${standby} } }`;

/** What is wrong, without the folder. */
const told = ({ faults }: { faults: { pair: string; message: string }[] }) =>
  faults.map(({ pair, message }) => `${pair}: ${message.replace(/\S*\/(?=[\w-]+\.yaml)/g, '')}`);

describe('a fleet file', () => {
  it('has its pairs sorted, over the defaults, and each pair wins', () => {
    const { name, pairs, faults } = fleetIn(`
fleet: eu-prod
defaults:
  product: postgresql
  settings: { port: 5432, user: monitor }
  labels: { site: ams, tier: gold }
  ssh: { user: ops }
pairs:
  stock: { ${hosts(3)} }
  billing: { settings: { port: 5433 }, labels: { site: fra }, hosts: { primary: { address: 10.0.0.1, ssh: { user: root } }, standby: { address: 10.0.0.2 } } }
`);
    expect({ name, faults, names: pairs.map((pair) => pair.name) }).toEqual({
      name: 'eu-prod',
      faults: [],
      names: ['billing', 'stock'],
    });
    const [billing, stock] = pairs;
    expect(billing?.labels).toEqual({ site: 'fra', tier: 'gold' });
    expect(billing?.inventory).toMatchObject({
      name: 'billing',
      product: 'postgresql',
      settings: { port: 5433, user: 'monitor' },
    });
    const target = billing && targetOf(billing, { phases: ['verify'] });
    expect(target?.hosts.map(({ ssh }) => ssh)).toEqual([{ user: 'root' }, { user: 'ops' }]);
    expect(target?.scope.inventory.name).toBe('billing');
    expect(stock?.inventory.settings).toEqual({ port: 5432, user: 'monitor' });
    expect(billing?.definition).not.toBe(stock?.definition);
  });

  it('takes the pairs of included inventories by their own name, or the name of their file', () => {
    const { pairs, faults } = fleetIn('include: [inventories/*.yaml]\n', {
      'inventories/a.yaml': `product: postgresql\nlabels: { site: fra }\n${hosts(1)}\n`,
      'inventories/b.yaml': `name: stock\nproduct: postgresql\n${hosts(3)}\n`,
      'inventories/README.md': 'none of them',
    });
    expect(faults).toEqual([]);
    expect(pairs.map(({ name, labels }) => [name, labels])).toEqual([
      ['a', { site: 'fra' }],
      ['stock', {}],
    ]);
  });

  it('may be a folder of inventories', () => {
    const path = folder({ 'a.yaml': hosts(1), 'b.json': '{"hosts":{"primary":{"address":"10.0.0.3"}}}' });
    expect(readFleet(path).pairs.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('tells every pair that is wrong, with its place', () => {
    const fleet = fleetIn(
      `pairs:
  billing: { hosts: { primary: { adress: 10.0.0.1 } } }
  Stock: { ${hosts(3)} }
  wages: { name: other, ${hosts(5)} }
include: [more/*.yaml]
`,
      { 'more/stock.yaml': hosts(9), 'more/torn.yaml': 'hosts: [' },
    );
    expect(told(fleet)).toEqual([
      expect.stringMatching(/^billing: fleet\.yaml:2:34: .*unknown key "adress"; did you mean "address"\?/),
      'stock: stock.yaml:1:1: a pair is named Stock already, at fleet.yaml:3:3',
      expect.stringMatching(/^torn: torn\.yaml:\d+:\d+: /),
      expect.stringMatching(/^wages: fleet\.yaml:4:12: unknown key "name".*; the key is the name of the pair/),
    ]);
    expect(fleet.pairs.map(({ name }) => name)).toEqual(['Stock']);
  });

  it.each([
    ['pairs: {}', /fleet\.yaml:1:1: pairs: must NOT have fewer than 1 properties/],
    ['fleet: eu-prod', /names no pairs; right is pairs:/],
    ['hosts: { primary: { address: 10.0.0.1 } }', /unknown key "hosts"/],
    ['include: [none/*.yaml]', /fleet\.yaml:1:11: none\/\*\.yaml: there is no such file/],
    [`pairs: { a: { ${hosts(1)} }, a: { ${hosts(3)} } }`, /Map keys must be unique/],
    [`pairs: { "../a": { ${hosts(1)} } }`, /is not a name of letters/],
    [
      `pairs: { 1.10: { ${hosts(1)} } }`,
      /1\.10 is read as the number 1\.1; a name of digits stands in quotes: "1\.10"/,
    ],
    [`pairs: { 0x10: { ${hosts(1)} } }`, /0x10 is read as the number 16/],
    [`pairs: { null: { ${hosts(1)} } }`, /a name is missing; if it is to be "null", write it in quotes/],
    [`pairs: { "a\\0b": { ${hosts(1)} } }`, /is not a name of letters/],
    [`pairs: { "a\\u202eb": { ${hosts(1)} } }`, /is not a name of letters/],
    [`pairs: { ${'a'.repeat(65)}: { ${hosts(1)} } }`, /more than 64 characters/],
    [`pairs: { a: !Ref Pair }`, /the tag !Ref is another program's; write the value out/],
    [`{"pairs":{"a":{"hosts":{}}},"pairs":{}}`, /Map keys must be unique/],
  ])('is refused as a whole: %s', (text, message) => {
    expect(() => fleetIn(text)).toThrow(message);
  });

  it('refuses names that a folder of results has itself', () => {
    expect(told(fleetIn(`pairs: { shard.json: { ${hosts(1)} } }`))).toEqual([
      expect.stringContaining('choose another name'),
    ]);
  });

  it('has a published schema that takes what is read, and refuses what is not', () => {
    const pair = { labels: { site: 'fra' }, hosts: { primary: { address: '10.0.0.1' } } };
    const value = { fleet: 'a', defaults: { ssh: { user: 'ops' } }, pairs: { billing: pair }, include: ['*.yaml'] };
    expect(check(fleetSchema, value)).toEqual([]);
    expect(check(fleetSchema, { pairs: { billing: { ...pair, name: 'billing' } } })).toHaveLength(1);
  });
});

describe('waivers and attestations of a fleet', () => {
  const waiver = 'rule: postgresql/two-machines-x, reason: drill, owner: ops, until: "2030-01-01"';
  const attest = 'what: fencing, by: ops, when: "2026-01-01", until: "2030-01-01"';

  it('are for the pairs of a label, or of names', () => {
    const { pairs, faults } = fleetIn(`
defaults: { product: postgresql }
waivers: [ { where: { site: fra }, ${waiver} } ]
attest: [ { pairs: [stock], ${attest} } ]
pairs:
  billing: { labels: { site: fra }, waivers: [ { rule: postgresql/own, reason: x, owner: ops, until: "2030-01-01" } ], ${hosts(1)} }
  stock: { labels: { site: ams }, ${hosts(3)} }
`);
    expect(faults).toEqual([]);
    const [billing, stock] = pairs;
    expect(billing?.inventory.waivers.map(({ rule }) => rule)).toEqual(['postgresql/own', 'postgresql/two-machines-x']);
    expect(billing?.inventory.attest).toEqual([]);
    expect(stock?.inventory.waivers).toEqual([]);
    expect(stock?.inventory.attest).toEqual([{ what: 'fencing', by: 'ops', when: '2026-01-01', until: '2030-01-01' }]);
  });

  it('are told where they stand themselves', () => {
    const fleet = fleetIn(`defaults: { product: postgresql }
pairs: { billing: { ${hosts(1)} } }
waivers:
  - { ${waiver} }
`);
    const { faults } = preparePairs(fleet.pairs, { phases: ['verify'] });
    expect(told({ faults })).toEqual([
      expect.stringMatching(/^billing: fleet\.yaml:4:7: unknown rule "postgresql\/two-machines-x"/),
    ]);
  });

  it('that are for nobody are wrong', () => {
    const text = `defaults: { product: postgresql }
pairs: { billing: { ${hosts(1)} } }
waivers: [ { where: { site: fra }, ${waiver} } ]
attest: [ { pairs: [biling], ${attest} } ]
`;
    expect(told(fleetIn(text))).toEqual([
      expect.stringMatching(/fleet\.yaml:3:12: no pair is meant by it/),
      expect.stringMatching(/fleet\.yaml:4:11: no pair is named biling/),
    ]);
  });
});

describe('what no two pairs may have in common', () => {
  const prepared = (text: string) => preparePairs(fleetIn(text).pairs, { phases: ['verify'] });

  it('is a host and the settings that name an instance, told with both places', () => {
    const { faults } = prepared(`defaults: { product: postgresql }
pairs:
  billing: { ${hosts(1)} }
  stock: { ${hosts(5, 1)} }
`);
    expect(told({ faults })).toEqual([
      expect.stringMatching(
        /^stock: fleet\.yaml:4:53: standby is 10\.0\.0\.1, port 5432, which is primary of billing already, at fleet\.yaml:3:23$/,
      ),
    ]);
  });

  it('is not a host alone: another instance on it is ordinary', () => {
    const { faults, packs } = prepared(`defaults: { product: postgresql }
pairs:
  billing: { ${hosts(1)} }
  stock: { settings: { port: 5433 }, ${hosts(1)} }
`);
    expect(faults).toEqual([]);
    expect(packs).toEqual([{ name: 'postgresql', version: expect.any(String), sha256: expect.any(String) }]);
  });

  it('is a host that is spelled otherwise, and a way to it that is spelled out', () => {
    const at = (primary: string, standby: number) =>
      `{ hosts: { primary: { ${primary} }, standby: { address: 10.0.0.${standby} } } }`;
    const told = (one: string, other: string) =>
      prepared(`defaults: { product: postgresql }\npairs: { a: ${at(one, 1)}, b: ${at(other, 2)} }\n`).faults.length;
    expect(told('address: db.example.org', 'address: DB.example.org.')).toBe(1);
    const way = (ssh: string) => `address: 10.0.0.9, ssh: { ${ssh} }`;
    expect(told(way('host: gate'), way('host: GATE, port: 22'))).toBe(1);
    expect(told(way('host: gate, port: 23'), way('host: gate, port: 22'))).toBe(0);
  });

  it('is not an address of two networks, where both pairs say how it is reached', () => {
    const reached = (host: string) =>
      `hosts: { primary: { address: 10.0.0.1, ssh: { host: ${host}-a } }, standby: { address: 10.0.0.2, ssh: { host: ${host}-b } } }`;
    const text = (other: string) => `defaults: { product: postgresql }
pairs: { billing: { ${reached('fra')} }, stock: { ${reached(other)} } }
`;
    expect(prepared(text('ams')).faults).toEqual([]);
    expect(prepared(text('fra')).faults).toHaveLength(2);
  });
});

describe('--where', () => {
  const { pairs } = fleetIn(`pairs:
  a: { labels: { site: fra, tier: gold }, ${hosts(1)} }
  b: { labels: { site: ams }, ${hosts(3)} }
  c: { labels: { site: fra }, ${hosts(5)} }
`);
  const names = (...where: string[]) => selectPairs(pairs, where).map(({ name }) => name);

  it('picks the pairs that have all of the labels', () => {
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(names('site=fra')).toEqual(['a', 'c']);
    expect(names('site=fra', 'tier=gold')).toEqual(['a']);
  });

  it.each([
    [['site'], /right is key=value/],
    [['sit=fra'], /no pair has a label "sit"; did you mean "site"\?/],
    [['site=fro'], /no pair has site "fro"; did you mean "fra"\?/],
    [['site=ams', 'tier=gold'], /no pair has all of these labels/],
  ])('%j is refused: an empty selection proves nothing', (where, message) => {
    expect(() => names(...where)).toThrow(message);
  });
});
