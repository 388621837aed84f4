/** Probes of a host's own side of the network: its addresses and what listens, both from /proc. */
import { Unreadable } from '../core/errors.js';
import { ipv4 } from '../core/ipv4.js';
import type { Output } from '../core/model.js';
import { answer, closed, command, defineProbe, groupsOf, hostAddress, ran, refusal, saysMissing } from './define.js';

/** IPv4 addresses that the kernel answers for (its local routing table). Loopback is left out: no peer can mean it. */
export const interfaces = defineProbe({
  id: 'interfaces',
  title: "IPv4 addresses on the host's own interfaces (/proc/net/fib_trie)",
  on: 'host',
  params: closed({}),
  value: closed({ ipv4: { type: 'array', items: { type: 'string' } } }),
  ask: () => [command(['cat', '/proc/net/fib_trie'], 'login', { maxBytes: 4 * 1024 * 1024 })],
  read(outputs) {
    const found = localAddresses(answer(outputs));
    if (found.length === 0 || found.some((address) => ipv4(address) === undefined))
      throw new Unreadable('fib_trie lists no local address');
    return { ipv4: found.filter((address) => !address.startsWith('127.')) };
  },
});

/** All addresses that are the host's own, IPv6 in its one short form; loopback, and what only one link knows, are left out. */
export const addresses = defineProbe({
  id: 'addresses',
  title: "Addresses of the host's own interfaces (/proc/net/fib_trie, if_inet6)",
  on: 'host',
  params: closed({}),
  value: closed({ all: { type: 'array', items: { type: 'string' } } }),
  ask: () => [
    command(['cat', '/proc/net/fib_trie'], 'login', { maxBytes: 4 * 1024 * 1024 }),
    command(['cat', '/proc/net/if_inet6'], 'login', { maxBytes: 1024 * 1024 }),
  ],
  read(outputs) {
    const found = localAddresses(answer(outputs)).filter((address) => !address.startsWith('127.'));
    // A kernel without IPv6 has no such file.
    const six = ran(outputs, 1);
    if (six.exit !== 0 && !saysMissing(six, 'cat')) throw refusal(six);
    const all = [...found, ...interfaceAddresses(six.stdout)];
    if (all.length === 0) throw new Unreadable('the kernel lists no address of its own');
    return { all };
  },
});

/** The addresses in /proc/net/if_inet6, but those of one link (scope 20) and of the host itself (10). */
function interfaceAddresses(table: string): string[] {
  return table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const [digits = '', , , scope = ''] = line.trim().split(/\s+/);
      if (!/^[0-9a-f]{32}$/.test(digits)) throw new Unreadable('if_inet6 has a line of another form');
      if (scope === '10' || scope === '20') return [];
      return [new URL(`http://[${digits.replace(/.{4}(?!$)/g, '$&:')}]/`).hostname.slice(1, -1)];
    });
}

/** The addresses that /proc/net/fib_trie says are the host's own, each once. */
export function localAddresses(table: string): string[] {
  const found = table.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n(?:\s+\/\d+ .*\n)*?\s+\/32 host LOCAL/g);
  return [...new Set([...found].map(([, address = '']) => address))];
}

const portList = { type: 'array', items: { type: 'integer' } };

/**
 * Words of uname -m by the byte order in which /proc/net/tcp prints addresses. On another machine (mips has one word for both)
 * a socket that listens would be overlooked.
 */
const littleEndian = /^(x86_64|i[3-6]86|aarch64|armv\d+l|ppc64le|riscv64|loongarch64)$/;
const bigEndian = /^(s390x?|ppc|ppc64|aarch64_be|sparc|sparc64|parisc(64)?)$/;

/**
 * Ports on which something listens for the given address: bound to it, or to a wildcard. A socket on `::` takes IPv4 unless it is
 * IPV6_V6ONLY (ipv6(7)), which /proc does not say and ss does; of a port whose socket nobody told of, nothing is claimed.
 */
export const listeners = defineProbe<{ address: string }, unknown>({
  id: 'listeners',
  title: 'TCP ports that listen for an address (/proc/net/tcp, tcp6)',
  on: 'host',
  params: closed({ address: hostAddress }),
  value: closed({ ports: portList, perhaps: portList }),
  ask: () => [
    command(['cat', '/proc/net/tcp'], 'login', { maxBytes: 8 * 1024 * 1024 }),
    command(['cat', '/proc/net/tcp6'], 'login', { maxBytes: 8 * 1024 * 1024 }),
    command(['uname', '-m']),
    command(['ss', '-6', '-l', '-n', '-t', '-e'], 'login', { maxBytes: 8 * 1024 * 1024 }),
  ],
  read(outputs, { address }) {
    if (ipv4(address) === undefined) throw new Unreadable(`${address} is not an IPv4 address`);
    const machine = answer(outputs, 2).trim();
    const swapped = littleEndian.test(machine);
    if (!swapped && !bigEndian.test(machine)) throw new Unreadable('the byte order of this machine is not known');
    const sockets = readSockets(answer(outputs, 0), 8);
    // A kernel without IPv6 has no tcp6; nothing can listen there.
    const sockets6 = saysMissing(ran(outputs, 1), 'cat') ? [] : readSockets(answer(outputs, 1), 32);
    const wanted = hexAddress(address, swapped);
    const mapped = `0000000000000000${swapped ? 'FFFF0000' : '0000FFFF'}`;
    // As an IPv6 address an IPv4 one may be named, and IPv4's wildcard too.
    const isMapped = (socket: ListeningSocket) => [wanted, '00000000'].some((one) => socket.address === mapped + one);
    const onAny6 = sockets6.filter(isAny);
    const v6only = v6onlyByInode(outputs[3]);
    const ports = portsOf([
      ...sockets.filter((socket) => socket.address === wanted || isAny(socket)),
      ...sockets6.filter(isMapped),
      ...onAny6.filter(({ inode }) => v6only.get(inode) === false),
    ]);
    const untold = portsOf(onAny6.filter(({ inode }) => !v6only.has(inode)));
    return { ports, perhaps: untold.filter((port) => !ports.includes(port)) };
  },
});

interface ListeningSocket {
  address: string;
  port: number;
  inode: string;
}

const isAny = ({ address }: ListeningSocket): boolean => /^0+$/.test(address);

function portsOf(sockets: ListeningSocket[]): number[] {
  return [...new Set(sockets.map(({ port }) => port))].sort((a, b) => a - b);
}

/** Whether each IPv6 socket that listens takes IPv6 alone, by its inode, as `ss -e` says; empty where it cannot be had. */
function v6onlyByInode(output: Output | undefined): Map<string, boolean> {
  if (!output || output.problem || output.exit !== 0) return new Map();
  const told = output.stdout.matchAll(/^LISTEN .* ino:(\d+) (?:.* )?v6only:([01])(?: |$)/gm);
  return new Map([...told].map(([, inode = '', only]) => [inode, only === '1']));
}

/** The listening sockets (state 0A) of /proc/net/tcp (proc(5)). @throws Unreadable on any other line: it may be a listener. */
function readSockets(text: string, digits: 8 | 32): ListeningSocket[] {
  const [heading = '', ...rows] = text.replace(/\n$/, '').split('\n');
  if (!/^\s*sl\s+local_address/.test(heading) || !text.endsWith('\n'))
    throw new Unreadable('/proc/net/tcp has not its form');
  const form = new RegExp(
    `^\\s*\\d+: ([0-9A-F]{${digits}}):([0-9A-F]{4}) [0-9A-F]{${digits}}:[0-9A-F]{4} ([0-9A-F]{2}) \\S+ \\S+ \\S+ +\\d+ +\\d+ (\\d+) `,
  );
  return rows
    .map((row) => {
      const [address = '', port = '', state, inode = ''] = groupsOf(
        form,
        row,
        '/proc/net/tcp has a line of another form',
      );
      return { address, port: Number.parseInt(port, 16), state, inode };
    })
    .filter(({ state }) => state === '0A');
}

function hexAddress(ipv4: string, swapped: boolean): string {
  const bytes = ipv4.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'));
  return (swapped ? bytes.reverse() : bytes).join('');
}
