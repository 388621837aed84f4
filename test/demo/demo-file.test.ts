import { describe, expect, it } from 'vitest';
import { fileOf } from '../../src/demo/file/machine.js';
import { findScenario, loadDemo, readDemo, scenarioFor } from '../../src/demo/file/scenarios.js';
import { loadPack, packDir } from '../../src/pack/load.js';

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

  it('of a cluster loads: hosts of one role, and what is asked from them', () => {
    const demo = loadDemo(packDir('alien4cloud'));
    const { roles, phases } = loadPack(packDir('alien4cloud'));
    for (const { name, hosts, endpoints, phase } of demo.scenarios) {
      expect(new Set(hosts.map(({ role }) => role))).toEqual(new Set(['instance']));
      expect(hosts).toHaveLength(name === 'one-instance' ? 1 : 2);
      expect(endpoints.map(({ role }) => roles[role]?.endpoint)).toEqual(endpoints.map(() => true));
      expect(phases).toHaveProperty(phase);
    }
    expect(['preflight', 'verify'].map((phase) => scenarioFor(demo, phase).name)).toEqual(['default', 'running']);
  });

  it('patches endpoints as it does hosts, and null takes either away until it is named again', () => {
    const demo = readDemo(
      `${file('        links: { /a: /b }\n')}    endpoints: { es: { role: search, address: 10.0.0.9, via: a, ports: [9200], web: { /: { list: { x: 1, y: 2 } } } } }
  patched: { description: d, extends: base, endpoints: { es: { web: { /: { list: { x: null } } } } } }
  gone: { description: d, extends: base, endpoints: { es: null } }
  back: { description: d, extends: gone, endpoints: { es: { role: cache, address: 10.0.0.8, via: a, ports: [1] } } }
  two:
    description: d
    extends: base
    hosts:
      b:${HOST}
  one: { description: d, extends: two, hosts: { a: null }, endpoints: { es: { via: b } } }
  again:
    description: d
    extends: one
    hosts:
      a:${HOST}`,
      'demo.yaml',
    );
    const endpointsOf = (name: string) => findScenario(demo, name).endpoints;
    expect(endpointsOf('patched')).toMatchObject([{ name: 'es', role: 'search', web: { '/': { list: { y: 2 } } } }]);
    expect(endpointsOf('gone')).toEqual([]);
    expect(endpointsOf('back')).toEqual([{ name: 'es', role: 'cache', address: '10.0.0.8', via: 'a', ports: [1] }]);
    const hostsOf = (name: string) => findScenario(demo, name).hosts.map((host) => host.name);
    expect([hostsOf('two'), hostsOf('one'), hostsOf('again')]).toEqual([['a', 'b'], ['b'], ['a', 'b']]);
    expect(findScenario(demo, 'again').hosts[0]?.links).toEqual({});
  });

  it('writes YAML files and JSON lists out of what can be patched', () => {
    const demo = readDemo(
      file(`        files: { /a.yml: { yaml: { ha: { on: true, ip: x } } }, /b: { text: t } }
  more: { description: d, extends: base, every: { files: { /a.yml: { yaml: { ha: { on: false, ip: null } } }, /b: { text: null, yaml: { k: v } } } } }
`),
      'demo.yaml',
    );
    const textOf = (name: string, path: string) => fileOf(findScenario(demo, name).hosts[0]?.files[path] ?? '').text;
    expect([textOf('base', '/a.yml'), textOf('base', '/b')]).toEqual(['ha:\n  on: true\n  ip: x\n', 't']);
    expect([textOf('more', '/a.yml'), textOf('more', '/b')]).toEqual(['ha:\n  on: false\n', 'k: v\n']);
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
    [
      'an endpoint that nobody asks',
      '    endpoints: { es: { role: search, address: 10.0.0.9, via: c, ports: [9200] } }\n',
      /^demo\.yaml:3:3: base, endpoint es: no host "c" to ask it; known: a/,
    ],
    [
      'an endpoint that lacks something',
      '    endpoints: { es: { role: search, via: a, ports: [9200] } }\n',
      /^demo\.yaml:3:3: base, endpoint es: the key "address" is missing/,
    ],
    [
      'mount options of another form',
      '  s: { description: d, extends: base, every: { filesystems: { /d: { options: hard } } } }\n',
      /^demo\.yaml:\d+:\d+: .*mount options, for example "rw,vers=4\.2"/,
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
