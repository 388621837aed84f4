import { describe, expect, it } from 'vitest';
import { findScenario, loadDemo, readDemo, scenarioFor } from '../../src/demo/scenarios.js';
import { loadPack, packDir } from '../../src/packs.js';

const HOST = `
        address: 10.0.0.1
        bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11
        machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a60
        architecture: x86_64
        kernelRelease: "6.1"
        processors: 2
        memory: 4 GiB
        filesystems: {}
        interfaces: { eth0: 10.0.0.1/24 }
`;
const file = (rest: string) =>
  `product: x\nscenarios:\n  base:\n    description: d\n    hosts:\n      a:${HOST}${rest}`;
const reading = (text: string) => () => readDemo(text, 'demo.yaml');

describe('demo.yaml', () => {
  it('of the seed pack loads, and its scenarios are there', () => {
    const demo = loadDemo(packDir('alation'));
    const names = demo.scenarios.map(({ name }) => name);
    for (const name of [
      'default',
      'healthy',
      'sudo-refused',
      'one-machine',
      'clones',
      'build-differs',
      'wrong-disk-cache',
      'not-standalone',
      'firewall-reset',
      'old-3.12',
    ]) {
      expect(names).toContain(name);
    }
    for (const scenario of demo.scenarios) {
      const [primary, secondary, ...others] = scenario.hosts.map(({ name }) => name);
      expect([primary, secondary]).toEqual(['primary', 'secondary']);
      expect(others.filter((name) => name !== 'test')).toEqual([]);
    }
  });

  it('applies patches over what a scenario extends, and null takes away', () => {
    const demo = readDemo(
      file(`        links: { /a: /b, /c: /d }
  more:
    description: e
    extends: base
    every: { processors: 8, links: { /e: /f } }
    hosts: { a: { links: { /a: null, /c: /x } } }
`),
      'demo.yaml',
    );
    expect(findScenario(demo, 'more').hosts[0]).toMatchObject({ processors: 8, memory: '4 GiB', sudo: 'nopasswd' });
    expect(findScenario(demo, 'more').hosts[0]?.links).toEqual({ '/c': '/x', '/e': '/f' });
    expect(findScenario(demo, 'base').hosts[0]?.links).toEqual({ '/a': '/b', '/c': '/d' });
  });

  it('makes each scenario for a phase that the pack has, and the first of a phase stands for it', () => {
    const demo = loadDemo(packDir('alation'));
    const { phases } = loadPack(packDir('alation'));
    expect(demo.scenarios.map(({ phase }) => phase).filter((phase) => !(phase in phases))).toEqual([]);
    expect(Object.keys(phases).map((phase) => [phase, scenarioFor(demo, phase).name])).toEqual([
      ['preflight', 'default'],
      ['pre-replication', 'before-adding'],
      ['verify', 'protected'],
      ['failover', 'failover-ready'],
    ]);
    expect(() => scenarioFor(demo, 'verfy')).toThrow(
      'no scenario is made for the phase "verfy"; did you mean "verify"?',
    );
  });

  it('passes the phase on to what extends it, and takes preflight where none is said', () => {
    const demo = readDemo(
      file(`
  after: { description: d, extends: base, phase: verify }
  later: { description: d, extends: after }
  last: { description: d, extends: later, phase: failover }
`),
      'demo.yaml',
    );
    expect(demo.scenarios.map(({ name, phase }) => [name, phase])).toEqual([
      ['base', 'preflight'],
      ['after', 'verify'],
      ['later', 'verify'],
      ['last', 'failover'],
    ]);
  });

  it('replaces a list of answers as a whole, and takes away services and what is in them', () => {
    const demo = readDemo(
      file(`        commands: { grow: ["1", "2"] }
        web: { /: [up, down], /a: x }
        postgres: { version: 150000, standby: false, maxWalSenders: 4, senders: { 10.0.0.2: { state: streaming } } }
  one: { description: d, extends: base, every: { commands: { grow: ["3"] }, web: { /: up, /a: null } } }
  two: { description: d, extends: base, every: { postgres: { senders: { 10.0.0.2: null }, maxWalSenders: 9 } } }
  three: { description: d, extends: base, every: { postgres: null, web: null } }
`),
      'demo.yaml',
    );
    const [one, two, three] = ['one', 'two', 'three'].map((name) => findScenario(demo, name).hosts[0]);
    expect(one).toMatchObject({ commands: { grow: ['3'] } });
    expect(one?.web).toEqual({ '/': 'up' });
    expect(two?.postgres).toEqual({ version: 150000, standby: false, maxWalSenders: 9, senders: {} });
    expect([three?.postgres, three?.web]).toEqual([undefined, undefined]);
  });

  it.each<[string, string, RegExp]>([
    [
      'a position that is none',
      '        postgres: { written: [3/5A, 3-5B] }\n',
      /^demo\.yaml:16:37: .*"3-5B" is not a position in the WAL, for example "3\/5A000060"/,
    ],
    ['an empty list of answers', '        commands: { grow: [] }\n', /^demo\.yaml:16:21: .*fewer than 1/],
    [
      'a server that lacks something',
      '        postgres: { standby: true }\n',
      /^demo\.yaml:3:3: base, host a: postgres: the key "version" is missing/,
    ],
    ['a misspelt page', '        web: { /: { boddy: x } }\n', /^demo\.yaml:16:21: .*"boddy"; did you mean "body"\?/],
    ['a misspelt word', '        procesors: 2\n', /^demo\.yaml:16:9: .*"procesors"; did you mean "processors"\?/],
    ['a wrong kind', '        sudo: maybe\n', /^demo\.yaml:16:9: .*"maybe" is not one of nopasswd, password/],
    [
      'a size without a unit',
      '        files: {}\n  s:\n    description: d\n    every: { memory: 4 Gig }\n',
      /^demo\.yaml:19:14: .*a size, for example "50 GiB"/,
    ],
    [
      'a base that is not there',
      '  s: { description: d, extends: bas }\n',
      /^demo\.yaml:16:24: no scenario "bas"; did you mean "base"\?/,
    ],
    [
      'a circle',
      '  s: { description: d, extends: t }\n  t: { description: d, extends: s }\n',
      /^demo\.yaml:17:24: s extends itself/,
    ],
    ['a scenario without hosts', '  s: { description: d }\n', /^demo\.yaml:16:3: s: no hosts/],
    [
      'a host that lacks something',
      '  s:\n    description: d\n    extends: base\n    hosts: { b: { address: 10.0.0.2 } }\n',
      /^demo\.yaml:16:3: s, host b: the key "\w+" is missing/,
    ],
    [
      'a file system that lacks something',
      '  s:\n    description: d\n    extends: base\n    every: { filesystems: { /d: { type: xfs } } }\n',
      /^demo\.yaml:16:3: s, host a: .*the key "device" is missing/,
    ],
    ['a file that is no YAML', '        : : [\n', /^demo\.yaml:\d+:\d+: /],
  ])('tells %s with its place', (_, rest, message) => {
    expect(reading(file(rest))).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) }),
    );
  });

  it('says which file is missing, and which scenarios there are', () => {
    expect(() => loadDemo('/nowhere')).toThrow('/nowhere/demo.yaml: cannot be read');
    expect(() => findScenario(readDemo(file(''), 'demo.yaml'), 'bas')).toThrow(
      'no scenario "bas"; did you mean "base"?',
    );
  });
});
