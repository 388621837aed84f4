/** Roles with many hosts, and hosts that are asked over HTTP alone. */
import { describe, expect, it } from 'vitest';
import { judgeCase } from '../../src/authoring/cases.js';
import { inventoryFromHosts } from '../../src/cli/host-option.js';
import { UsageError } from '../../src/core/errors.js';
import { askedFrom, HERE, placeEndpoints } from '../../src/plan/endpoints.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { checkInventory } from '../../src/plan/inventory-check.js';
import { planSteps } from '../../src/plan/steps.js';
import { packOf, ruleText, scopeOf } from '../support.js';

const cluster = `
roles: { node: { title: Node, count: 1.. }, api: { title: API, count: 0.., endpoint: true } }
pair: [node]
`;
const asked = '{ up: { probe: endpoint, with: { url: "http://@{self.address}:8500/v1" } } }';
const rules = [
  ruleText('same', ['{ same: kernel.release }']),
  ruleText('up', ['{ every: up.status, equals: 200 }'], { facts: asked, hosts: '[api]', per: 'host' }),
].join('');
const pack = packOf(rules, cluster);

const nodes = 'a: { role: node, address: 10.0.0.1 }, b: { role: node, address: 10.0.0.2 }';
const inventory = (more = '') => {
  const given = placeEndpoints(parseInventory(`hosts: { ${nodes}${more} }`, 'inv.yaml'), pack);
  checkInventory(given, pack);
  return given;
};

describe('a host of an endpoint role', () => {
  it('is asked from this machine, or from the host that it names', () => {
    const { hosts } = inventory(', x: { role: api, address: 10.0.0.3 }, y: { role: api, address: 127.0.0.1, via: b }');
    expect(hosts.map((host) => [host.name, host.connection, askedFrom(host)])).toEqual([
      ['a', 'ssh', 'a'],
      ['b', 'ssh', 'b'],
      ['x', 'endpoint', HERE],
      ['y', 'endpoint', 'b'],
    ]);
    const asks = planSteps(scopeOf(pack, { inventory: { hosts } })).filter((step) => step.probe === 'endpoint');
    expect(asks.map(({ subject, asks: [ask] }) => [subject, ask?.host])).toEqual([
      [{ kind: 'host', host: 'x' }, HERE],
      [{ kind: 'host', host: 'y' }, 'b'],
    ]);
    expect(JSON.stringify(asks)).toContain('http://10.0.0.3:8500/v1');
  });

  it('is the same question whoever asks it', () => {
    const ids = ['', ', via: a', ', via: b'].map((via) => {
      const { hosts } = inventory(`, x: { role: api, address: 10.0.0.3${via} }`);
      return planSteps(scopeOf(pack, { inventory: { hosts } })).find((step) => step.probe === 'endpoint')?.id;
    });
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['a login', ', x: { role: api, address: 10.0.0.3, ssh: { user: ops } }', /asked over HTTP alone/],
    [
      'another address to log in to',
      ', x: { role: api, address: 10.0.0.3, ssh: { host: h } }',
      /asked over HTTP alone/,
    ],
    ['a connection', ', x: { role: api, address: 10.0.0.3, connection: local }', /asked over HTTP alone/],
    [
      'nobody to ask it',
      ', x: { role: api, address: 10.0.0.3, via: c }',
      /inv\.yaml:1:\d+: no host that could ask is named "c"/,
    ],
    [
      'another endpoint',
      ', x: { role: api, address: 1.2.3.4, via: y }, y: { role: api, address: 1.2.3.5 }',
      /no host that could ask/,
    ],
  ])('may not have %s', (_, more, message) => {
    expect(() => inventory(more)).toThrow(UsageError);
    expect(() => inventory(more)).toThrow(message);
  });

  it('alone is asked via another', () => {
    expect(() => inventory(', c: { role: node, address: 10.0.0.3, via: a }')).toThrow(/only an endpoint is asked via/);
  });

  it('comes from the command line, too', () => {
    const given = placeEndpoints(inventoryFromHosts(['node=a', 'node=b', 'api=10.0.0.3,via=node-1']), pack);
    expect(() => checkInventory(given, pack)).not.toThrow();
    expect(given.hosts.map(({ name, connection, via }) => [name, connection, via])).toEqual([
      ['node-1', 'ssh', undefined],
      ['node-2', 'ssh', undefined],
      ['api', 'endpoint', 'node-1'],
    ]);
  });
});

describe('a pack whose hosts are many', () => {
  it.each([
    [
      'a probe that no endpoint can answer',
      ruleText('one', ['{ every: kernel.release, matches: "." }'], { hosts: '[api]' }),
      cluster,
      /api is an endpoint, which the probe kernel cannot ask/,
    ],
    [
      'a role of endpoints as its pair',
      ruleText('one', ['{ same: kernel.release }']),
      'roles: { api: { title: A, count: 1.., endpoint: true } }\npair: [api]',
      /api is an endpoint; the hosts that are compared are logged in to/,
    ],
    [
      'a pair of one host',
      ruleText('one', ['{ same: kernel.release }']),
      'roles: { node: { title: N, count: "1" } }\npair: [node]',
      /one role alone is compared where it has several hosts/,
    ],
    [
      'a reference within a text that leads nowhere',
      ruleText('one', ['{ every: up.status, equals: 200 }'], {
        facts: '{ up: { probe: endpoint, with: { url: "http://@{nobody.address}/" } } }',
      }),
      cluster,
      /unknown host "nobody"/,
    ],
  ])('may not have %s', (_, text, more, message) => {
    expect(() => packOf(text, more)).toThrow(message);
  });

  const judged = (facts: Record<string, Record<string, unknown> | null>) => {
    const [rule] = pack.rules;
    if (!rule) throw new Error('the pack has no rule');
    return judgeCase(pack, rule, { name: 'case', facts, expect: 'pass' })[0];
  };
  const runs = (release: string) => ({ kernel: { release, machine: 'x86_64' } });

  it.each([
    ['all alike', { 'node-1': runs('6.1'), 'node-2': runs('6.1'), 'node-3': runs('6.1') }, 'pass'],
    ['the third is another', { 'node-1': runs('6.1'), 'node-2': runs('6.1'), 'node-3': runs('5.4') }, 'fail'],
    ['the third was not reached', { 'node-1': runs('6.1'), 'node-2': runs('6.1'), 'node-3': null }, 'unknown'],
    [
      'two differ, whatever the third would say',
      { 'node-1': runs('6.1'), 'node-2': runs('5.4'), 'node-3': null },
      'fail',
    ],
    ['one alone is like nobody', { 'node-1': runs('6.1') }, 'unknown'],
  ])('%s', (_, facts, verdict) => {
    expect(judged(facts)?.verdict).toBe(verdict);
  });
});

describe('a fact of a role with many hosts', () => {
  const rules = ruleText('agrees', ['{ every: up.json, equals: "@node.kernel.release" }'], {
    facts: '{ up: { probe: endpoint, with: { url: "http://@{self.address}/" } }, kernel: { probe: kernel } }',
    hosts: '[api]',
  });
  const [rule] = packOf(rules, cluster).rules;
  const judged = (first: string, second: string | undefined) =>
    rule &&
    judgeCase(packOf(rules, cluster), rule, {
      name: 'case',
      facts: {
        'node-1': { kernel: { release: first } },
        'node-2': second === undefined ? null : { kernel: { release: second } },
        'api-1': { up: { json: '6.1' } },
      },
      expect: 'pass',
    })[0];

  it.each([
    ['is compared with where all agree', '6.1', '6.1', 'pass', /^api-1: 6\.1/],
    ['that all agree on may be another', '5.4', '5.4', 'fail', /expected 5\.4/],
    [
      'is nothing to compare with where they differ, whoever comes first',
      '6.1',
      '5.4',
      'unknown',
      /node-1 and node-2 differ in kernel\.release/,
    ],
    ['is nothing to compare with while one was not read', '6.1', undefined, 'unknown', /node-2/],
  ])('%s', (_, first, second, verdict, message) => {
    expect(judged(first, second)).toMatchObject({ verdict, message: expect.stringMatching(message) });
  });

  it.each([
    ['an address', '{ every: up.json, equals: "@node.address" }', {}, /there may be several hosts of the role node/],
    [
      'a parameter',
      '{ every: up.json, equals: x }',
      { facts: '{ up: { probe: endpoint, with: { url: "http://@{node.address}/" } } }' },
      /there may be several hosts/,
    ],
    ['a sentence', '{ every: up.json, equals: x }', { tells: '["{node} leads"]' }, /there may be several hosts/],
  ])('cannot be meant by %s', (_, expectation, over, message) => {
    const text = ruleText('one', [expectation], {
      facts: '{ up: { probe: endpoint, with: { url: "http://a/" } } }',
      hosts: '[api]',
      ...over,
    });
    expect(() => packOf(text, cluster)).toThrow(message);
  });
});

describe('a setting without a value', () => {
  const settings = (more: string) => `${cluster}settings: { ca: { title: c, type: path, basis: inferred${more} } }\n`;
  const withCa = ruleText('up', ['{ every: up.status, equals: 200 }'], {
    facts: '{ up: { probe: endpoint, with: { url: "https://a/", ca: "${ca}" } } }',
    hosts: '[api]',
  });
  const asked = (more: string, given: Record<string, unknown>) => {
    const own = packOf(withCa, settings(more));
    const { hosts } = inventory(', x: { role: api, address: 10.0.0.3 }');
    return planSteps(scopeOf(own, { inventory: { hosts, settings: given } })).map(({ params }) => params);
  };

  it('that is optional leaves its parameter out', () => {
    expect(asked(', optional: true', {})).toEqual([{ url: 'https://a/' }]);
    expect(asked(', optional: true', { ca: '/ca.pem' })).toEqual([{ url: 'https://a/', ca: '/ca.pem' }]);
  });

  it('that is not leaves the question unasked', () => {
    expect(asked('', {})).toEqual([]);
  });
});

describe('what a list holds', () => {
  const rules = ruleText(
    'few',
    ['{ every: up.json, where: { state: bad }, its: id, count: { at_most: 0 }, says: none that is bad }'],
    {
      facts: asked,
      hosts: '[api]',
    },
  );
  it('is counted by the field that names it', () => {
    const own = packOf(rules, cluster);
    const [rule] = own.rules;
    const json = [{ id: 'a', state: 'good' }, { id: 'b', state: 'bad' }, { state: 'bad' }];
    const [finding] = rule
      ? judgeCase(own, rule, { name: 'c', facts: { 'api-1': { up: { json } } }, expect: 'fail' })
      : [];
    expect(finding).toMatchObject({ verdict: 'fail', message: 'api-1: b, {"state":"bad"}, expected none that is bad' });
  });
});

describe('a word that stands for another', () => {
  const rules = ruleText('mapped', ['{ every: word.value, equals: https }'], {
    facts: '{ kernel: { probe: kernel }, word: { from: kernel.release, map: { "true": https, "false": http } } }',
  });
  const own = packOf(rules, cluster);
  const judged = (release: unknown) => {
    const [rule] = own.rules;
    const facts = { 'node-1': { kernel: { release } } } as Record<string, Record<string, unknown>>;
    return rule && judgeCase(own, rule, { name: 'c', facts, expect: 'pass' })[0];
  };
  it.each([
    ['true', 'pass'],
    ['false', 'fail'],
    ['maybe', 'unknown'],
    ['toString', 'unknown'],
  ])('%s: %s', (word, verdict) => {
    expect(judged(word)?.verdict).toBe(verdict);
  });
});
