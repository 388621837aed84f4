import { describe, expect, it } from 'vitest';
import { inventoryFromHosts } from '../../src/cli/host-option.js';
import { UsageError } from '../../src/core/errors.js';
import { parseInventory, readInventory } from '../../src/plan/inventory.js';
import { checkInventory } from '../../src/plan/inventory-check.js';
import { brought } from '../support.js';

const pair = 'hosts:\n  primary: { address: 10.0.0.1 }\n  secondary: { address: 10.0.0.2 }\n';
const checked = (yaml: string) => () => {
  const inventory = parseInventory(yaml, 'inv.yaml');
  checkInventory(inventory, brought);
  return inventory;
};

describe('an inventory is read', () => {
  it('a host takes its role from its name and is reached over SSH unless it says otherwise', () => {
    const { hosts } = checked(pair)();
    expect(hosts[0]).toEqual({
      name: 'primary',
      role: 'primary',
      address: '10.0.0.1',
      connection: 'ssh',
      ssh: {},
      settings: {},
    });
  });

  it('the pair may have a name, which is made for files and for dotted names', () => {
    expect(checked(`name: billing.eu-1\n${pair}`)().name).toBe('billing.eu-1');
    expect(checked(pair)()).not.toHaveProperty('name');
    for (const bad of ['""', '../x', 'a b', '5', '.x', 'x'.repeat(65)])
      expect(checked(`name: ${bad}\n${pair}`)).toThrow(/inv\.yaml:1:1: name/);
  });

  it('names and roles may differ', () => {
    const yaml =
      'hosts:\n  db-a: { role: primary, address: 10.0.0.1, connection: local }\n  db-b: { role: secondary, address: 10.0.0.2, ssh: { port: 2222 } }\n';
    expect(checked(yaml)().hosts.map(({ name, role, connection, ssh }) => [name, role, connection, ssh])).toEqual([
      ['db-a', 'primary', 'local', {}],
      ['db-b', 'secondary', 'ssh', { port: 2222 }],
    ]);
  });

  it("its ports are the inventory's own word", () => {
    expect(checked(`${pair}ports: [{ port: 9092, name: bus, from: secondary, to: primary }]\n`)().ports).toEqual([
      {
        port: 9092,
        name: 'bus',
        from: 'secondary',
        to: 'primary',
        basis: 'documented',
        confidence: 'given by the inventory',
      },
    ]);
  });
});

describe('a mistake is one line with file, line and column, and what would be right', () => {
  it.each([
    [
      'an address that other programs read as another',
      pair.replace('10.0.0.1', '010.000.000.001'),
      /^inv\.yaml:2:14: "010\.000\.000\.001" has a number with a leading zero, which some programs read as octal/,
    ],
    [
      'an address with a port',
      pair.replace('10.0.0.2', '"10.0.0.2:22"'),
      /^inv\.yaml:3:16: "10\.0\.0\.2:22" has a port; an address has none$/,
    ],
    [
      'a name to log in to that is a number of another form',
      pair.replace('10.0.0.1 }', '10.0.0.1, ssh: { host: "0x0a000001" } }'),
      /^inv\.yaml:2:40: "0x0a000001" is no IPv4 address/,
    ],
    ['an unknown key', `${pair}setings: {}\n`, /^inv\.yaml:4:1: unknown key "setings"; did you mean "settings"\?$/],
    [
      'a release without quotes',
      `release: 4.10\n${pair}`,
      /^inv\.yaml:1:1: release: must be string, not 4\.1, for example "2021\.4"$/,
    ],
    [
      'a release that is none',
      `release: "9.x"\n${pair}`,
      /^inv\.yaml:1:1: "9\.x" is not a release of .*; right is for example "2021\.4"$/,
    ],
    ['a release that is a range', `release: "4.0-4.7"\n${pair}`, /is not a release/],
    ['no hosts', 'product: alation\n', /^inv\.yaml:1:1: the key "hosts" is missing$/],
    ['hosts without one', 'hosts: {}\n', /^inv\.yaml:1:1: hosts: must NOT have fewer than 1 properties/],
    [
      'a missing host',
      'hosts:\n  primary: { address: 10.0.0.1 }\n',
      /^inv\.yaml:1:1: no host has the role secondary; right is hosts: \{ secondary: \{ address: 10\.0\.0\.1 \} \}, or --host secondary=HOST$/,
    ],
    [
      'two primaries',
      `${pair}  other: { role: primary, address: 10.0.0.3 }\n`,
      /^inv\.yaml:4:3: 2 hosts have the role primary \(primary, other\); there must be one$/,
    ],
    ['two hosts of one name', `${pair}  primary: { address: 10.0.0.3 }\n`, /^inv\.yaml:4:3: Map keys must be unique$/],
    [
      'an unknown role',
      'hosts:\n  primry: { address: 10.0.0.1 }\n  secondary: { address: 10.0.0.2 }\n',
      /^inv\.yaml:2:3: unknown role "primry"; did you mean "primary"\?$/,
    ],
    [
      'a missing address',
      'hosts:\n  primary: {}\n  secondary: { address: 10.0.0.2 }\n',
      /^inv\.yaml:2:3: hosts\.primary: the key "address" is missing$/,
    ],
    [
      'an address that is an option',
      'hosts:\n  primary: { address: "-oProxyCommand=id" }\n',
      /^inv\.yaml:2:14: hosts\.primary\.address: "-oProxyCommand=id" is not an address, for example "10\.0\.0\.1"$/,
    ],
    ['a port of 0', `${pair}ports:\n  - { port: 0, name: x }\n`, /^inv\.yaml:5:7: ports\.0\.port: must be >= 1/],
    [
      'a port that is a text',
      `${pair}ports:\n  - { port: "22", name: x }\n`,
      /^inv\.yaml:5:7: ports\.0\.port: must be integer, not "22", for example 5432/,
    ],
    [
      'a port of an unknown role',
      `${pair}ports:\n  - { port: 22, name: x, from: primry }\n`,
      /^inv\.yaml:5:26: unknown role "primry"; did you mean "primary"/,
    ],
    [
      'an unknown setting',
      `${pair}settings: { dataDsk: /data }\n`,
      /^inv\.yaml:4:13: unknown setting "dataDsk"; did you mean "dataDisk"/,
    ],
    [
      'a setting of the wrong type',
      `${pair}settings: { dataDisk: data }\n`,
      /^inv\.yaml:4:13: setting dataDisk must be an absolute path, not "data"/,
    ],
    [
      'an unknown setting of one host',
      'hosts:\n  primary: { address: 10.0.0.1, settings: { x: 1 } }\n  secondary: { address: 10.0.0.2 }\n',
      /^inv\.yaml:2:45: unknown setting "x"; known: /,
    ],
    [
      'a setting named like what every object has',
      `${pair}settings: { constructor: 1 }\n`,
      /^inv\.yaml:4:13: unknown setting "constructor"/,
    ],
    [
      'a waiver of an unknown rule',
      `${pair}waivers:\n  - { rule: alation/same-kernl, reason: r, owner: o, until: "2026-12-31" }\n`,
      /^inv\.yaml:5:7: unknown rule "alation\/same-kernl"; did you mean "alation\/same-kernel"/,
    ],
    [
      'a waiver of a guard',
      `${pair}waivers:\n  - { rule: alation/two-machines, reason: r, owner: o, until: "2026-12-31" }\n`,
      /^inv\.yaml:5:7: alation\/two-machines is a guard and cannot be waived/,
    ],
    [
      'a waiver of a host that is not there',
      `${pair}waivers:\n  - { rule: alation/same-kernel, host: third, reason: r, owner: o, until: "2026-12-31" }\n`,
      /^inv\.yaml:5:34: no host is named "third"/,
    ],
    [
      'a waiver until a day that is none',
      `${pair}waivers:\n  - { rule: alation/same-kernel, reason: r, owner: o, until: "2026-02-30" }\n`,
      /^inv\.yaml:5:55: .*"2026-02-30" is not a date/,
    ],
    [
      'a waiver without an end',
      `${pair}waivers:\n  - { rule: alation/same-kernel, reason: r, owner: o }\n`,
      /^inv\.yaml:5:5: waivers\.0: the key "until" is missing/,
    ],
    [
      'a waiver without an owner',
      `${pair}waivers:\n  - { rule: alation/same-kernel, reason: r, until: "2026-12-31" }\n`,
      /the key "owner" is missing/,
    ],
    ['settings without any', `${pair}settings:\n`, /^inv\.yaml:4:1: settings: must be object, not null/],
    [
      'hosts that are numbered',
      'hosts:\n  1: { role: primary, address: 10.0.0.1 }\n  2: { role: secondary, address: 10.0.0.2 }\n',
      /^inv\.yaml:2:3: hosts: "1" is not the name of a host: a letter, then .*, for example "db-1"/,
    ],
    [
      'a port with a leading zero in YAML 1.1',
      `%YAML 1.1\n---\n${pair.replace('10.0.0.1 }', '10.0.0.1, ssh: { port: 022 } }')}`,
      /^inv\.yaml:4:46: 022 has a leading zero/,
    ],
    ['unreadable YAML', 'hosts: {\n', /^inv\.yaml:\d+:\d+: /],
  ])('%s', (_, yaml, message) => {
    expect(checked(yaml)).toThrow(UsageError);
    expect(checked(yaml)).toThrow(message);
  });

  it.each(
    ['host', 'user', 'identityFile'].flatMap((key) =>
      ['"${P}"', '"keys-$USER"', '"{{ x }}"', '{{ x }}', '<user>', 'changeme'].map((text) => [key, text]),
    ),
  )('a placeholder in ssh: { %s: %s }', (key, text) => {
    expect(checked(pair.replace('10.0.0.1 }', `10.0.0.1, ssh: { ${key}: ${text} } }`))).toThrow(
      /^inv\.yaml:2:\d+: ".*" is a placeholder that was not filled in$/,
    );
  });

  it.each(['"${P}"', '$HOST', '"{{ x }}"', '{{ x }}', '<host>'])('a placeholder as address: %s', (text) => {
    expect(checked(pair.replace('10.0.0.1', text))).toThrow(
      /^inv\.yaml:2:\d+: ".*" is a placeholder that was not filled in$/,
    );
  });

  it('a variable with its sign where its name is meant', () => {
    expect(checked(pair.replace('10.0.0.1 }', '10.0.0.1, sudoPasswordEnv: $SUDO }'))).toThrow(
      /^inv\.yaml:2:33: "\$SUDO" is no variable's name; right is for example SUDO_PASSWORD, without \$$/,
    );
  });

  // defect: these rows are accepted and never become a finding, or become two findings of one key.
  it.each([
    ['a port from a role to itself', '{ port: 9, name: x, from: primary, to: primary }'],
    ['a port of a role that no rule asks', '{ port: 9, name: x, from: test, to: primary }'],
    ['a port that is there twice', '{ port: 9, name: x }, { port: 9, name: y }'],
  ])('%s', (_, rows) => {
    expect(checked(`${pair}ports: [${rows}]\n`)).toThrow(UsageError);
  });

  it('a file that is not there', () => {
    expect(() => readInventory('/nonesuch/pair.yaml')).toThrow(
      new UsageError('/nonesuch/pair.yaml: there is no such file'),
    );
  });

  it('a folder', () => {
    expect(() => readInventory('/')).toThrow(UsageError);
  });
});

describe('hosts from the command line', () => {
  it.each([
    ['primary=db-a', { name: 'primary', role: 'primary', address: 'db-a', ssh: { host: 'db-a' } }],
    ['primary=ops@db-a:2222,address=10.0.0.1', { address: '10.0.0.1', ssh: { host: 'db-a', user: 'ops', port: 2222 } }],
    ['primary=10.0.0.1', { address: '10.0.0.1', ssh: { host: '10.0.0.1' } }],
  ])('%s', (spec, host) => {
    expect(inventoryFromHosts([spec]).hosts[0]).toMatchObject(host);
  });

  it.each([
    'primary',
    'primary=',
    '=db-a',
    'primary=a@',
    'primary=db:x',
    'primary=db:0',
    'primary=db:65536',
    'primary=db,adress=1',
    'primary=db,address=',
    'primary=db,via=',
    'primary=db,via',
    'primary=db,,via=x',
    'PRIMARY=db',
    'primary=a b',
  ])('%j is refused with an example', (spec) => {
    expect(() => inventoryFromHosts([spec])).toThrow(UsageError);
    expect(() => inventoryFromHosts([spec])).toThrow(
      /^--host .*right is ROLE=\[user@\]host\[:port\]\[,address=IP\]\[,via=HOST\], for example primary=ec2-user@db-a,address=10\.0\.0\.1$/,
    );
  });

  it('refuses an IPv6 address, and says where it stands', () => {
    expect(() => inventoryFromHosts(['primary=fd00::1'])).toThrow(
      /^--host primary=fd00::1: right is .*; IPv6 stands in an inventory, for example ssh: \{ host: 2001:db8::1 \}$/,
    );
  });

  // defect: the address is not judged here; the plan refuses it later, at the place of a rule.
  it.each([
    'primary=db,address=-oProxyCommand=id',
    'primary=db,address=$(id)',
    'primary=-oProxyCommand=id',
    'primary=db;id',
  ])('%j is no address', (spec) => {
    expect(() => inventoryFromHosts([spec])).toThrow(UsageError);
  });

  it('several hosts of a role are numbered, and refused where there must be one', () => {
    const inventory = inventoryFromHosts(['primary=a', 'secondary=b', 'primary=c']);
    expect(inventory.hosts.map(({ name }) => name)).toEqual(['primary-1', 'secondary', 'primary-2']);
    expect(() => checkInventory(inventory, brought)).toThrow(
      /2 hosts have the role primary \(primary-1, primary-2\); there must be one/,
    );
  });

  it('a missing role is told without a file', () => {
    expect(() => checkInventory(inventoryFromHosts(['primary=a']), brought)).toThrow(
      /^--host: no host has the role secondary/,
    );
  });
});
