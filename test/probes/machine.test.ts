/** Identity, operating system, kernel, processors and memory, from real answers and from what is none. */
import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { access } from '../../src/probes/access.js';
import { inventory } from '../../src/probes/inventory.js';
import { bootId, cpu, hostKey, kernel, machineId, memory, operatingSystem } from '../../src/probes/machine.js';
import { fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const uuid = '7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11';
const id32 = '5f0c6a3be1d24c0f9a7d8b3c2e1f4a60';
const key = JSON.stringify({ kind: 'ssh', hostKey: { type: 'ssh-ed25519', sha256: 'abc' } });

describe.each([
  ['boot-id', bootId, [said(`${uuid}\n`)], {}],
  ['machine-id', machineId, [said(`${id32}\n`)], {}],
  ['host-key', hostKey, [said(key)], {}],
  ['operating-system', operatingSystem, [said(fixture('debian-12/os-release'))], {}],
  ['kernel', kernel, [said('6.1.0-18-amd64\n'), said('x86_64\n')], {}],
  ['cpu', cpu, [said(fixture('debian-12/stat'))], {}],
  ['memory', memory, [said(fixture('debian-12/meminfo'))], {}],
  ['access', access, [said('root\n')], { as: 'root' }],
] as const)('%s', (_, probe, healthy, params) => {
  it('reads a healthy answer', () => {
    expect(read(probe, [...healthy], params)).toBeTypeOf('object');
  });

  it.each(noAnswers)('gives no value for %s', (_name, output) => {
    for (const index of healthy.keys())
      expect(unreadable(probe, healthy.with(index, output), params).message).not.toBe('');
  });

  it('gives no value for an answer that has a problem, is empty, garbage, or was not asked', () => {
    for (const [index, output] of healthy.entries()) {
      const worse = [
        ...spoiled(output),
        said(''),
        said('\n\n'),
        said('\u0000\u001b[2J <html>502 Bad Gateway</html>\n'),
        { ...output, exit: 1 },
      ];
      for (const one of worse) unreadable(probe, healthy.with(index, one), params);
    }
    unreadable(probe, [], params);
  });
});

test.each([
  ['debian-12', 'debian', '12'],
  ['rhel-7.9', 'rhel', '7.9'],
  ['rhel-8.10', 'rhel', '8.10'],
  ['rhel-9.4', 'rhel', '9.4'],
  ['amazon-linux-2', 'amzn', '2'],
  ['ubuntu-22.04', 'ubuntu', '22.04'],
  ['alpine-3.19', 'alpine', '3.19.1'],
])('the operating system of %s', (system, id, version) => {
  expect(read(operatingSystem, [said(fixture(`${system}/os-release`))])).toMatchObject({ id, version });
});

test.each(['debian-sid', 'arch'])('%s names no version, so two of them are not proven equal', (system) => {
  unreadable(operatingSystem, [said(fixture(`${system}/os-release`))]);
});

test('os-release that ends before the version, or with an empty one, proves nothing', () => {
  unreadable(operatingSystem, [said('NAME="Rocky"\nID="rocky"\n')]);
  unreadable(operatingSystem, [said('ID=rocky\nVERSION_ID=""\n')]);
  unreadable(operatingSystem, [said('ID=\nVERSION_ID=9\n')]);
  unreadable(operatingSystem, [said('ID=rocky\rx\nVERSION_ID=9\n')]);
  unreadable(operatingSystem, [said('__proto__=x\nconstructor=y\n')]);
});

test.each<[string, unknown]>([
  ['ID=rocky\nVERSION_ID=9\n', { id: 'rocky', version: '9', name: 'rocky 9' }],
  ['ID=rocky\nVERSION_ID=9\nPRETTY_NAME=\n', { id: 'rocky', version: '9', name: 'rocky 9' }],
  [`ID=rocky\nVERSION_ID='9'\nPRETTY_NAME="Rocky 'Nine'"\n`, { id: 'rocky', version: '9', name: "Rocky 'Nine'" }],
  [' ID=rocky \r\n\tVERSION_ID="9"\t\n', { id: 'rocky', version: '9', name: 'rocky 9' }],
  ['# ID=debian\nID=rocky\nVERSION_ID=9\n#VERSION_ID=8\n', { id: 'rocky', version: '9', name: 'rocky 9' }],
  ['ID=rocky\nVERSION_ID=9\nBUILD_ID=8\nOLD-ID=x\nx ID=debian\n', { id: 'rocky', version: '9', name: 'rocky 9' }],
  ['ID="rocky\'\nVERSION_ID="9\n', { id: `"rocky'`, version: '"9', name: `"rocky' "9` }],
])('the fields of %j are those that stand at the beginning of a line', (text, value) => {
  expect(read(operatingSystem, [said(text)])).toEqual(value);
});

test('a machine id leaves the host as its SHA-256 alone', () => {
  const sha256 = createHash('sha256').update(id32).digest('hex');
  expect(read(machineId, [said(`${id32}\n`)])).toEqual({ id: `sha256:${sha256}` });
  for (const text of ['uninitialized\n', '\n', `${id32}0\n`, `${id32}\n${id32}\n`, `${id32.toUpperCase()}\n`])
    unreadable(machineId, [said(text)]);
  const leaks = machineId.redact?.([said(`x ${id32}\n`, 1, `cat: ${id32}: odd`)], {}, String);
  expect(JSON.stringify(leaks)).not.toContain(id32);
  expect(leaks).toEqual([said('', 1, 'cat: [machine id]: odd')]);
  const kept = machineId.redact?.([said(`${id32}\n`)], {}, String) ?? [];
  expect(machineId.redact?.(kept, {}, String)).toEqual(kept);
  for (const odd of [`sha256:${sha256} ${id32}`, `x sha256:${sha256}`, `${id32} sha256:${sha256}`, `sha256:${sha256}0`])
    expect(machineId.redact?.([said(odd)], {}, String)).toEqual([said('')]);
  for (const odd of [id32, `x sha256:${sha256}`, `sha256:${sha256}0`])
    expect(() => machineId.read([said(odd)], {})).toThrow(/has not 32 hexadecimal digits/);
});

test('a host key is taken from a connection that has one', () => {
  expect(read(hostKey, [said(key)])).toEqual({ kind: 'ssh', sha256: 'abc' });
  expect(read(hostKey, [said('{"kind":"local"}')])).toEqual({ kind: 'local' });
  for (const text of [
    '{"kind":"ssh"}',
    '[]',
    'null',
    '"ssh"',
    '{"kind":"ssh","hostKey":{"sha256":1e999}}',
    '{"__proto__":{"kind":"local"}}',
    '{"kind":"telnet","hostKey":{"sha256":"abc"}}',
    'true',
    '7',
  ]) {
    expect(unreadable(hostKey, [said(text)]).message).toMatch(/^no host key was kept$|^the answer holds /);
  }
});

describe('what this machine says of itself', () => {
  const own = (facts: unknown) => [said(JSON.stringify(facts))];

  it('is taken where it is whole', () => {
    expect(read(kernel, own({ release: '6.1.0-18', machine: 'x86_64', more: 1 }))).toEqual({
      release: '6.1.0-18',
      machine: 'x86_64',
    });
    expect(read(cpu, own({ count: 1 }))).toEqual({ count: 1 });
    expect(read(memory, own({ bytes: 33554432 }))).toEqual({ bytes: 33554432 });
  });

  test.each([
    [kernel, { release: '6.1.0-18' }],
    [kernel, { machine: 'x86_64' }],
    [cpu, {}],
    [cpu, { counts: 2 }],
    [memory, { byte: 1 }],
  ] as const)('%#: is none without what was asked', (probe, facts) => {
    expect(unreadable(probe, own(facts)).message).toBe('systeminformation did not give what was asked');
  });

  test.each([0, -1, 1.5, '2', null, [2], true])('%j is no number of processors, nor of bytes', (value) => {
    expect(unreadable(cpu, own({ count: value })).message).toBe('systeminformation gave no number');
    expect(unreadable(memory, own({ bytes: value })).message).toBe('systeminformation gave no number');
  });

  test.each([
    { release: 6, machine: 'x86_64' },
    { release: '6.1', machine: null },
    { release: '', machine: 'x86_64' },
  ])('%j is no kernel', (facts) => {
    expect(unreadable(kernel, own(facts)).message).toBe('uname gave no single word');
  });

  it("is never taken from a host's own commands", () => {
    const facts = said('{"release":"6","machine":"x","count":2,"bytes":4096}');
    expect(unreadable(kernel, [facts, said('x86_64\n')]).message).toBe('uname gave no single word');
    expect(unreadable(cpu, [{ ...facts, stdout: `x ${facts.stdout}` }]).message).toMatch(/does not list processors/);
    expect(unreadable(memory, [said('x {')]).message).toMatch(/has no MemTotal/);
  });
});

test('boot ids, kernels and users are one word', () => {
  for (const text of [uuid.slice(1), `${uuid}\n${uuid}\n`, uuid.toUpperCase(), `x${uuid}`])
    unreadable(bootId, [said(text)]);
  expect(read(kernel, [said('3.10.0-1160.el7.x86_64\n'), said('x86_64\n')])).toEqual({
    release: '3.10.0-1160.el7.x86_64',
    machine: 'x86_64',
  });
  unreadable(kernel, [said('6.1.0\nmotd\n'), said('x86_64\n')]);
  unreadable(kernel, [said('6.1.0\n'), said('x86_64 GNU/Linux\n')]);
  for (const text of ['Last login: today\nroot\n', 'root\nx', '0', '-x', 'a b', `r${'o'.repeat(255)}`])
    expect(unreadable(access, [said(text)], { as: 'root' }).message).toBe('id did not answer with the name of a user');
  const refused = said('root\n', 1, 'sudo: a password is required\n');
  expect(unreadable(access, [refused], { as: 'root' }).message).toBe('ended with exit 1: sudo: a password is required');
  expect(read(access, [said('DOMAIN\\jane.doe\n')], { as: 'login' })).toEqual({ user: 'DOMAIN\\jane.doe' });
});

test.each([
  ['debian-12/stat', 2],
  ['rhel-7.9/stat', 8],
  ['rhel-8.10/stat', 16],
  ['amazon-linux-2/stat', 64],
  ['amazon-linux-2/offline-processors-stat', 3],
])('the processors of %s', (path, count) => {
  expect(read(cpu, [said(fixture(path))])).toEqual({ count });
});

test.each([
  ['cpu  1 2\ncpu0 1 2\nintr 1\nbtime 5\n', { count: 1 }],
  ['cpu0 1\ncpu1 1\nxcpu2 1\n cpu3 1\ncpu4\nbtime 5\n', { count: 2 }],
])('the processors of %j are those that have a line', (text, value) => {
  expect(read(cpu, [said(text)])).toEqual(value);
});

test.each(['cpu  1 2\nbtime 5\n', 'cpu0 1\nxbtime 5\n', 'cpu0 1\nbtime 5x\n', 'cpu0 1\nbtime x\n', 'cpu0 1\n'])(
  '%j lists no processors, or not all of them',
  (text) => {
    expect(unreadable(cpu, [said(text)]).message).toBe('/proc/stat does not list processors');
  },
);

test('processors are counted once each, and only in a list that was not cut', () => {
  const text = fixture('rhel-7.9/stat');
  expect(read(cpu, [said(text + text)])).toEqual({ count: 8 });
  for (const end of [text.indexOf('cpu3'), text.indexOf('intr'), text.indexOf('btime') + 3])
    unreadable(cpu, [said(text.slice(0, end))]);
});

test('memory in bytes', () => {
  expect(read(memory, [said(fixture('rhel-7.9/meminfo'))])).toEqual({ bytes: 32779488 * 1024 });
  expect(read(memory, [said(fixture('rhel-8.10/meminfo'))])).toEqual({ bytes: 65646932 * 1024 });
  for (const amount of ['0', '-5', '1e999', '9'.repeat(20), '9'.repeat(400), 'lots'])
    unreadable(memory, [said(`MemTotal: ${amount} kB\n`)]);
  for (const line of ['MemFree: 12 kB', 'xMemTotal: 12 kB', 'MemTotal: 12 kBytes', 'MemTotal: 12 MB', 'MemTotal:12 kB'])
    expect(unreadable(memory, [said(`${line}\n`)]).message).toBe('/proc/meminfo has no MemTotal');
  expect(read(memory, [said('MemTotal: 12 kB\nMemTotal: 13 kB\n')])).toEqual({ bytes: 12288 });
});

test('the inventory answers with what it says, and nothing where it says nothing', () => {
  expect(read(inventory, [], { value: false })).toEqual({ said: true, value: false });
  expect(read(inventory, [], {})).toEqual({ said: false });
});

describe('a machine id that names no machine', () => {
  const kept = (text: string) => machineId.redact?.([said(text)], {}, () => '') ?? [];

  it('of 32 zeros is no identity, though two hosts may share it', () => {
    expect(unreadable(machineId, kept(`${'0'.repeat(32)}\n`), {}).message).toMatch(
      /32 zeros, which identify no machine/,
    );
  });

  it('of an image that is yet to boot says so', () => {
    expect(unreadable(machineId, kept('uninitialized\n'), {}).message).toMatch(/is not set yet \(uninitialized/);
  });
});
