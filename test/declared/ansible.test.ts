/** Ansible's facts as what declares hosts: the same rules, read as the probes would have read the hosts. */
import { describe, expect, it } from 'vitest';
import { cacheFiles, findingOf, judgeDeclared } from './declared.js';
import { pairInventory, pairPlan } from './plans.js';

const bare =
  'product: alation\nrelease: "2021.4"\nhosts: { primary: { address: 10.11.2.60 }, secondary: { address: 10.11.2.61 } }\n';

/** Facts in the form of `setup`, those that are read and some that are not. */
const facts = (host: string, more: Record<string, unknown> = {}) => ({
  ansible_facts: {
    ansible_all_ipv4_addresses: [host === 'primary' ? '10.11.2.60' : '10.11.2.61'],
    ansible_architecture: 'x86_64',
    ansible_date_time: { iso8601: '2026-11-20T04:41:00Z' },
    ansible_distribution: 'RedHat',
    ansible_distribution_version: '9.4',
    ansible_kernel: '5.14.0-427.el9.x86_64',
    ansible_machine: 'x86_64',
    ansible_machine_id: (host === 'primary' ? '1' : '2').repeat(32),
    ansible_memtotal_mb: 64000,
    ansible_mounts: [
      { mount: '/', device: '/dev/nvme0n1p1', fstype: 'xfs', size_total: 107000000000, size_available: 90000000000 },
      {
        mount: '/opt/alation',
        device: '/dev/nvme1n1',
        fstype: 'xfs',
        size_total: 53660876800,
        size_available: 30000000000,
      },
    ],
    ansible_nodename: host,
    ansible_processor_vcpus: 16,
    ansible_user_id: 'ops',
    ...more,
  },
  changed: false,
});

const judge = (of: Record<string, unknown>, inventory = bare) => {
  const texts = new Map(
    Object.entries(of).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  const read = (name: string) => (texts.has(name) ? Buffer.from(texts.get(name) ?? '') : undefined);
  return judgeDeclared(undefined, { inventory, files: cacheFiles, ansible: { dir: 'facts', read } });
};
const both = (more: Record<string, unknown> = {}) => ({
  primary: facts('primary'),
  secondary: facts('secondary', more),
});

describe("Ansible's facts", () => {
  it.each([
    'same-cpu-count',
    'same-memory',
    'same-architecture',
    'same-kernel',
    'same-operating-system',
    'install-space-same-size',
    'not-clones',
    'memory-minimum [primary]',
    'address-on-interface [secondary]',
  ])('answer %s', (rule) => {
    const told = judge(both());
    const known = rule === 'not-clones' ? 'unknown' : 'pass';
    expect(findingOf(told, rule).verdict).toBe(known);
    expect(told.report.run.gate).toBe('declared');
  });

  it.each([
    ['same-cpu-count', { ansible_processor_vcpus: 8 }],
    ['same-memory', { ansible_memtotal_mb: 32000 }],
    ['same-architecture', { ansible_machine: 'aarch64' }],
    ['same-kernel', { ansible_kernel: '5.14.0-503.el9.x86_64' }],
    ['same-operating-system', { ansible_distribution: 'Rocky' }],
    ['not-clones', { ansible_machine_id: '1'.repeat(32) }],
    ['address-on-interface [secondary]', { ansible_all_ipv4_addresses: ['10.11.2.99'] }],
    [
      'install-space-free [secondary]',
      { ansible_mounts: [{ mount: '/opt/alation', size_total: 53660876800, size_available: 1000 }] },
    ],
  ])('fail %s', (rule, more) => {
    expect(findingOf(judge(both(more)), rule).verdict).toBe('fail');
  });

  it.each([
    ['same-operating-system', { ansible_distribution: 'Void' }],
    ['same-operating-system', { ansible_distribution_version: '9.5' }],
    ['same-cpu-count', { ansible_processor_vcpus: '16' }],
    ['same-memory', { ansible_memtotal_mb: null }],
    ['same-memory', { ansible_memtotal_mb: '64000' }],
    ['same-kernel', { ansible_kernel: 'NA' }],
    ['install-space-same-size', { ansible_mounts: [] }],
  ])('leave %s unknown', (rule, more) => {
    expect(findingOf(judge(both(more)), rule).verdict).toBe('unknown');
  });

  it.each([
    ['same-kernel', { ansible_kernel: 'NA' }],
    ['same-kernel', { ansible_kernel: '' }],
    ['same-architecture', { ansible_machine: 'NA' }],
    ['same-operating-system', { ansible_distribution_version: 'NA' }],
    ['same-operating-system', { ansible_distribution_version: true }],
  ])('that could not be found out are not alike: %s %j', (rule, more) => {
    const told = judge({ primary: facts('primary', more), secondary: facts('secondary', more) });
    expect(findingOf(told, rule).verdict).toBe('unknown');
  });

  it('may come from a fact cache, under another name', () => {
    const inventory = bare.replace('{ address: 10.11.2.60 }', '{ address: 10.11.2.60, declared: { ansible: db-a } }');
    const { ansible_facts: cached } = facts('primary');
    const told = judge({ 'db-a': cached, '10.11.2.61': facts('secondary') }, inventory);
    expect(findingOf(told, 'same-cpu-count').verdict).toBe('pass');
    expect(told.report.declared?.sources.map(({ file }) => file)).toContain('facts/db-a');
    expect(JSON.stringify(told.evidence)).not.toContain('ansible_user_id');
  });

  it.each([
    [{}, bare, 'has no file of the name of a host'],
    [{ primary: '{' }, bare, 'facts/primary: is not JSON'],
    [{ primary: '{"a":1,"a":2}' }, bare, 'has the key "a" twice'],
    [{ primary: {} }, bare, 'has no facts of Ansible'],
    [{ primary: facts('primary'), secondary: facts('primary') }, bare, 'are facts of one machine'],
    [
      {
        primary: { ansible_facts: { ansible_memtotal_mb: 64000 } },
        secondary: { ansible_facts: { ansible_memtotal_mb: 64000 } },
      },
      bare,
      'are facts of one machine',
    ],
    [
      Object.fromEntries(
        ['primary', 'secondary'].map((host) => [
          host,
          facts(host, { ansible_default_ipv4: { address: '10.11.2.60', macaddress: '02:00:00:00:00:01' } }),
        ]),
      ),
      bare,
      'are facts of one machine',
    ],
    [
      both(),
      bare.replace('{ address: 10.11.2.61 }', '{ address: 10.11.2.61, declared: { ansible: ../x } }'),
      'facts has no file ../x',
    ],
  ])('are refused where they make no sense: %#', (of, inventory, why) => {
    expect(() => judge(of, inventory)).toThrow(why);
  });
});

describe('a plan and facts of one host', () => {
  const read = (more: object) => (name: string) => {
    const { ansible_facts: all } = facts(name, name === 'secondary' ? { ...more } : {});
    return ['primary', 'secondary'].includes(name) ? Buffer.from(JSON.stringify(all)) : undefined;
  };
  const judged = (more: object) =>
    judgeDeclared(pairPlan(), { inventory: pairInventory, ansible: { dir: 'facts', read: read(more) } });

  it('agree where both are alike', () => {
    expect(findingOf(judged({}), 'same-cpu-count').verdict).toBe('pass');
  });

  it('tell nothing where one of them differs', () => {
    expect(findingOf(judged({ ansible_processor_vcpus: 8 }), 'same-cpu-count').verdict).toBe('unknown');
  });

  it('are unknown where they contradict each other', () => {
    const finding = findingOf(judged({}), 'install-space-same-size');
    expect(finding).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('contradict each other') });
  });
});
