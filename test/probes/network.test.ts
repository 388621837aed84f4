/** A host's own addresses and listeners: from fixtures, from sockets of this test, and from a network of its own. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { arch } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { interfaces, listeners, addresses as ownAddresses } from '../../src/probes/network.js';
import { lacking } from '../needs.js';
import { inNamespace } from './namespace.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const missing6 = failed('cat: /proc/net/tcp6: No such file or directory');
const addresses = [
  '10.20.0.5/24',
  '10.20.0.9/24',
  '10.20.0.77/32',
  '192.168.9.2/31',
  '172.16.3.4/12',
  '100.64.255.255/10',
  '10.20.0.254/16',
];
const plain = addresses.map((address) => address.replace(/\/.*/, '')).sort();

const ipv4 = (text: string) => (read(interfaces, [said(text)]) as { ipv4: string[] }).ipv4.sort();

describe('interfaces', () => {
  it('lists own addresses of every prefix, without networks, broadcasts, neighbours and loopback', () => {
    expect(ipv4(fixture('debian-12/fib_trie'))).toEqual(plain);
    expect(ipv4(fixture('rhel-7.9/fib_trie'))).toEqual(['10.11.2.60']);
  });

  const why = lacking('root', 'namespaces', 'ip');
  it.skipIf(why)(`lists what ip addr add has added${why}`, async () => {
    const script =
      'ip link add eth0 type veth peer name eth1; ip link set eth1 up; for a; do ip addr add "$a" dev eth0; done; ip link set eth0 up; cat /proc/net/fib_trie';
    expect(ipv4(await inNamespace(script, addresses))).toEqual(plain);
  });

  it.each([
    ['|-- 10.0.0.5\n  /24 link UNICAST\n     /16 link UNICAST\n   /32 host LOCAL\n', ['10.0.0.5']],
    ['|-- 10.0.0.5\n  /32 link BROADCAST\n /32 host LOCAL\n|-- 10.0.0.6\n /32 host LOCAL\n', ['10.0.0.5', '10.0.0.6']],
    ['|-- 10.0.0.4\n  /32 link BROADCAST\n|-- 10.0.0.5\n /32 host LOCAL\n', ['10.0.0.5']],
    ['|-- 10.0.0.4\n  x /8 link\n /32 host LOCAL\n|-- 10.0.0.5\n /32 host LOCAL\n', ['10.0.0.5']],
  ])('of %j are those that are told to be of the host', (text, expected) => {
    expect(ipv4(text)).toEqual(expected);
  });

  it('one address that is none spoils the list', () => {
    const text = '|-- 10.0.0.5\n /32 host LOCAL\n|-- 10.0.0.300\n /32 host LOCAL\n';
    expect(unreadable(interfaces, [said(text)]).message).toBe('fib_trie lists no local address');
  });

  it('a host with loopback alone has no address of its own', () => {
    expect(ipv4('Local:\n |-- 127.0.0.1\n    /32 host LOCAL\n')).toEqual([]);
  });

  it.each([
    'Local:\n',
    '|-- 10.0.0.1\n  /32 link BROADCAST\n',
    '|-- 10.0.0.300\n  /32 host LOCAL\n',
    '10.0.0.1 /32 host LOCAL\n',
  ])('gives no value for %j', (text) => {
    unreadable(interfaces, [said(text)]);
  });

  it.each(noAnswers)('gives no value for %s', (_, output) => {
    unreadable(interfaces, [output]);
  });
});

describe('addresses', () => {
  const [trie, none] = [
    said(fixture('rhel-7.9/fib_trie')),
    failed('cat: /proc/net/if_inet6: No such file or directory'),
  ];
  const six = [
    '00000000000000000000000000000001 01 80 10 80       lo',
    'fe80000000000000a00027fffe4e66a1 02 40 20 80     eth0',
    'fd000000000000000000000000000002 02 40 00 80     eth0',
    '20010db8000000000000000000000a0b 03 40 00 00     eth1',
    '',
  ].join('\n');
  const all = (...outputs: Output[]) => (read(ownAddresses, outputs) as { all: string[] }).all;

  it('are those of both families that others can mean', () => {
    expect(all(trie, said(six))).toEqual(['10.11.2.60', 'fd00::2', '2001:db8::a0b']);
    expect(all(trie, none)).toEqual(['10.11.2.60']);
    expect(all(trie, said(''))).toEqual(['10.11.2.60']);
  });

  const why = lacking('root', 'namespaces', 'ip');
  it.skipIf(why)(`lists what ip addr add has added${why}`, async () => {
    const script =
      'ip link add eth0 type veth peer name eth1; ip link set eth1 up; ip link set eth0 up; for a; do ip addr add "$a" dev eth0 nodad; done; cat /proc/net/if_inet6';
    const table = await inNamespace(script, ['fd00:0:0:7::5/64', '2001:db8::1/128']);
    expect(all(trie, said(table)).sort()).toEqual(['10.11.2.60', '2001:db8::1', 'fd00:0:0:7::5']);
  });

  it('are not known where one family could not be read, or there is none', () => {
    for (const [, output] of noAnswers) {
      unreadable(ownAddresses, [output, said(six)]);
      if (output.exit !== 0 || output.problem) unreadable(ownAddresses, [trie, output]);
    }
    const line = 'fd000000000000000000000000000002 02 40 00 80 eth0';
    for (const odd of ['fd00 02 40 00 80 eth0', `x${line}`, line.replace(' ', '0 '), 'x'])
      expect(unreadable(ownAddresses, [trie, said(`${odd}\n`)]).message).toBe('if_inet6 has a line of another form');
    // What a file that is not there has beside its words is of nobody.
    expect(all(trie, { ...none, stdout: ' \n' })).toEqual(['10.11.2.60']);
    expect(all(trie, said(` ${`${line}\n${line.replace(' 00 ', ' 20 ')}`.replaceAll(' ', '  ')}\n \t\n`))).toEqual([
      '10.11.2.60',
      'fd00::2',
    ]);
    unreadable(ownAddresses, [said('Local:\n |-- 127.0.0.1\n    /32 host LOCAL\n'), none]);
  });
});

const tcp = said(fixture('s390x/tcp'));
const tcp6 = said(fixture('s390x/tcp6'));

describe('listeners', () => {
  const ports = (outputs: Parameters<typeof read>[1], address: string) =>
    (read(listeners, outputs, { address }) as { ports: number[] }).ports;

  it('on a big-endian machine', () => {
    const outputs = [tcp, tcp6, said('s390x\n')];
    expect(ports(outputs, '10.11.2.60')).toEqual([22, 8080, 8081]);
    expect(ports(outputs, '10.11.2.61')).toEqual([22, 8082]);
    expect(ports(outputs, '127.0.0.1')).toEqual([22, 5432]);
    expect(ports([tcp, missing6, said('s390x\n')], '10.11.2.60')).toEqual([22, 8080]);
  });

  it.each(['x86_64', 'i386', 'i686', 'aarch64', 'armv7l', 'armv10l', 'ppc64le', 'riscv64', 'loongarch64'])(
    'on %s, whose addresses stand the other way round',
    (machine) => {
      const turned = tcp.stdout.replaceAll('0A0B023C', '3C020B0A').replace('7F000001', '0100007F');
      const outputs = [said(turned), missing6, said(`${machine}\n`)];
      expect(ports(outputs, '10.11.2.60')).toEqual([22, 8080]);
      expect(ports(outputs, '127.0.0.1')).toEqual([22, 5432]);
      expect(ports(outputs, '60.2.11.10')).toEqual([22]);
    },
  );

  it.each(['s390', 's390x', 'ppc', 'ppc64', 'aarch64_be', 'sparc', 'sparc64', 'parisc', 'parisc64'])(
    'on %s, too',
    (machine) => {
      expect(ports([tcp, tcp6, said(`${machine}\n`)], '10.11.2.60')).toEqual([22, 8080, 8081]);
    },
  );

  it.each([
    'mips',
    'mips64',
    'i286',
    'i786',
    'armv7',
    'armvxl',
    'ppc64lex',
    'xx86_64',
    'xs390',
    'parisc32',
    's390xx',
    'vax',
    'x86_64 GNU/Linux',
    '\u0000',
  ])('gives no value on %j, whose byte order is not known', (machine) => {
    unreadable(listeners, [tcp, tcp6, said(`${machine}\n`)], { address: '10.11.2.60' });
  });

  it('gives no value where a line may be a listener that was not understood', () => {
    const { stdout } = tcp;
    const texts = [
      stdout.slice(0, -1),
      stdout.slice(0, 300),
      `${stdout}garbage\n`,
      stdout.replace('0A0B023C:1F90', '0A0B023:1F90'),
      stdout.replace('sl  local', ''),
      stdout.toLowerCase(),
    ];
    for (const text of texts) unreadable(listeners, [said(text), tcp6, said('s390x\n')], { address: '10.11.2.60' });
    unreadable(listeners, [tcp6, tcp6, said('s390x\n')], { address: '10.11.2.60' });
    unreadable(listeners, [tcp, tcp, said('s390x\n')], { address: '10.11.2.60' });
  });

  it.each(['localhost', '::1', '10.0.0.300', 'a.b.c.d'])('gives no value for the address %s', (address) => {
    unreadable(listeners, [tcp, tcp6, said('s390x\n')], { address });
  });

  it.each(noAnswers)('gives no value for %s', (_, output) => {
    for (const index of [0, 1, 2])
      unreadable(listeners, [tcp, tcp6, said('s390x\n')].with(index, output), { address: '10.11.2.60' });
  });

  it('gives no value for answers with a problem', () => {
    for (const one of spoiled(tcp))
      for (const index of [0, 1, 2])
        unreadable(listeners, [tcp, tcp6, said('s390x\n')].with(index, one), { address: '10.0.0.1' });
  });
});

describe('a socket on all addresses of IPv6', () => {
  const zeros = (digits: number) => '0'.repeat(digits);
  const row = (address: string, port: string, state: string, inode: number) =>
    `   0: ${address}:${port} ${zeros(32)}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
  const table = (...rows: string[]) => said(`${tcp6.stdout.split('\n')[0] ?? ''}\n${rows.join('')}`);
  const told = (...rows: string[]) =>
    said(
      `State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n${rows.map((one) => `${one}\n`).join('')}`,
    );
  const heard = (six: Output, ss?: Output) =>
    read(listeners, [tcp, six, said('s390x\n'), ...(ss ? [ss] : [])], { address: '10.11.2.61' });
  const six = table(
    row(zeros(32), '270F', '0A', 71),
    row(zeros(32), '03E8', '0A', 72),
    row(zeros(32), '000A', '01', 73),
  );
  const both = 'LISTEN 0      511                *:9999             *:*    ino:71 sk:111a cgroup:/ v6only:0 <->';
  const alone = 'LISTEN 0      511             [::]:1000          [::]:*    uid:7 ino:72 sk:1119 cgroup:/ v6only:1 <->';

  it('listens for IPv4 where ss says so, and not where it says that it is of IPv6 alone', () => {
    expect(heard(six, told(both, alone))).toEqual({ ports: [22, 9999], perhaps: [] });
    expect(heard(six, told(both.replace('v6only:0', 'v6only:1'), alone.replace('v6only:1', 'v6only:0')))).toEqual({
      ports: [22, 1000],
      perhaps: [],
    });
    // An older ss says nothing of a cgroup, nor anything behind it.
    expect(heard(six, told(both.replace('cgroup:/ ', '').replace(' <->', ''), alone))).toEqual({
      ports: [22, 9999],
      perhaps: [],
    });
    expect(heard(six, told(both.replace('sk:111a cgroup:/ ', ''), alone))).toEqual({ ports: [22, 9999], perhaps: [] });
  });

  it.each([
    ['ss was not asked', undefined],
    ['ss is not there', failed('sh: 1: ss: not found', 127)],
    ['ss failed', { ...told(both, alone), exit: 1 }],
    ['ss was cut off', { ...told(both, alone), problem: 'truncated' as const }],
    ['ss lists nothing', told()],
    ['ss lists it as no listener', told(both.replace('LISTEN', 'x LISTEN'), alone.replace('LISTEN', 'ESTAB'))],
    [
      'ss says what it is in a form that nobody knows',
      told(both.replace(':0 <', ':00 <'), alone.replace(':1 <', ':x <')),
    ],
    ['ss lists others', told(both.replace('ino:71', 'ino:171'), alone.replace('ino:72', 'ino:721'))],
  ])('may listen for IPv4 where %s', (_, ss) => {
    expect(heard(six, ss)).toEqual({ ports: [22], perhaps: [1000, 9999] });
  });

  it('may listen where one of two sockets of a port is not told of, unless another listens there', () => {
    const twice = table(
      row(zeros(32), '270F', '0A', 71),
      row(zeros(32), '270F', '0A', 74),
      row(zeros(32), '0016', '0A', 75),
    );
    expect(heard(twice, told(both))).toEqual({ ports: [22, 9999], perhaps: [] });
    expect(heard(twice, told(both.replace('v6only:0', 'v6only:1')))).toEqual({ ports: [22], perhaps: [9999] });
  });

  it("listens for IPv4 where it is bound to IPv4's own wildcard, whatever ss says", () => {
    const mapped = table(row(`${zeros(20)}FFFF${zeros(8)}`, '270F', '0A', 71));
    expect(heard(mapped)).toEqual({ ports: [22, 9999], perhaps: [] });
    expect(heard(mapped, told(both.replace('v6only:0', 'v6only:1')))).toEqual({ ports: [22, 9999], perhaps: [] });
  });

  it('is none where it is bound to one address, or connected', () => {
    const bound = table(row(`${zeros(31)}1`, '270F', '0A', 71), row(`1${zeros(31)}`, '03E8', '0A', 71));
    expect(heard(bound, told(both, alone))).toEqual({ ports: [22], perhaps: [] });
    expect(heard(table(row(zeros(32), '270F', '06', 71)), told(both))).toEqual({ ports: [22], perhaps: [] });
  });
});

it('ports are listed once each, by their number', () => {
  const [heading = '', ...rows] = tcp.stdout.split('\n');
  const all = [heading, ...rows.slice(0, 4).toReversed(), rows[0], rows[0]?.replace(':0016', ':0009'), ''].join('\n');
  expect(read(listeners, [said(all), missing6, said('s390x\n')], { address: '10.11.2.60' })).toEqual({
    ports: [9, 22, 8080],
    perhaps: [],
  });
});

it.each([
  ['x', 'has not its form'],
  [`x${tcp.stdout}`, 'has not its form'],
  [tcp.stdout.replace('   0: ', '   x: '), 'has a line of another form'],
  [tcp.stdout.replace(' 0A ', ' A '), 'has a line of another form'],
  [tcp.stdout.replace(' 21002 ', ' x '), 'has a line of another form'],
  [tcp.stdout.replace('00000000:0016 ', '00000000 '), 'has a line of another form'],
  [tcp.stdout.replace('   0: ', 'x  0: '), 'has a line of another form'],
  [`${tcp.stdout}\n`, 'has a line of another form'],
])('of the table %.20j nothing is claimed', (text, why) => {
  const outputs = [said(text), tcp6, said('s390x\n')];
  expect(unreadable(listeners, outputs, { address: '10.11.2.60' }).message).toBe(`/proc/net/tcp ${why}`);
});

interface Heard {
  ports: number[];
  perhaps: number[];
}

describe('real sockets', () => {
  const open = new Map<string, Server>();
  const bound = ['127.0.0.1', '127.0.0.2', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1', '::ffff:127.0.0.2'];
  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    for (const host of bound) {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
      open.set(host, server);
    }
    const alone = createServer();
    await new Promise<void>((resolve) => alone.listen({ port: 0, host: '::', ipv6Only: true }, resolve));
    open.set(':: alone', alone);
  });
  afterAll(() => Promise.all([...open.values()].map((server) => new Promise((resolve) => server.close(resolve)))));

  const why = lacking('ss');
  test.skipIf(why)(
    `listen for an address when bound to it, to its IPv6 form, or to all that is not IPv6 alone${why}`,
    () => {
      const machine =
        (
          { x64: 'x86_64', arm64: 'aarch64', ppc64: 'ppc64le', riscv64: 'riscv64', s390x: 's390x' } as Record<
            string,
            string
          >
        )[arch()] ?? arch();
      const outputs = [
        said(readFileSync('/proc/net/tcp', 'utf8')),
        said(readFileSync('/proc/net/tcp6', 'utf8')),
        said(`${machine}\n`),
        said(execFileSync('ss', ['-6', '-l', '-n', '-t', '-e'], { encoding: 'utf8' })),
      ];
      const ours = new Map([...open].map(([host, server]) => [portOf(server), host]));
      const named = (ports: number[]) => ports.flatMap((port) => ours.get(port) ?? []).sort();
      const heard = (address: string) => named((read(listeners, outputs, { address }) as Heard).ports);
      expect(heard('127.0.0.1')).toEqual(['0.0.0.0', '127.0.0.1', '::', '::ffff:127.0.0.1'].sort());
      expect(heard('127.0.0.2')).toEqual(['0.0.0.0', '127.0.0.2', '::', '::ffff:127.0.0.2'].sort());
      expect(heard('10.255.255.1')).toEqual(['0.0.0.0', '::']);
      // Without ss nothing is claimed of those on ::, be they IPv6 alone or not.
      const { ports, perhaps } = read(listeners, outputs.slice(0, 3), { address: '127.0.0.1' }) as Heard;
      expect(named(ports)).toEqual(['0.0.0.0', '127.0.0.1', '::ffff:127.0.0.1']);
      expect(named(perhaps)).toEqual(['::', ':: alone']);
      // Of a socket that ss does not list nothing is claimed either.
      const unlisted = outputs.with(3, said('State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n'));
      expect(read(listeners, unlisted, { address: '127.0.0.1' })).toEqual({ ports, perhaps });
    },
  );
});
