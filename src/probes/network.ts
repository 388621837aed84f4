/** Probes of a host's own side of the network: its addresses and what listens, both from /proc. */
import { Unreadable } from '../core/errors.js';
import { ipv4 } from '../core/ipv4.js';
import { answer, closed, command, defineProbe, hostAddress, ran, saysMissing } from './define.js';

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

/** The addresses that /proc/net/fib_trie says are the host's own, each once. */
export function localAddresses(table: string): string[] {
  const found = table.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n(?:\s+\/\d+ .*\n)*?\s+\/32 host LOCAL/g);
  return [...new Set([...found].map(([, address = '']) => address))];
}

/**
 * Words of uname -m by the byte order in which /proc/net/tcp prints addresses. On another machine (mips has one word for both)
 * a socket that listens would be overlooked.
 */
const littleEndian = /^(x86_64|i[3-6]86|aarch64|armv\d+l|ppc64le|riscv64|loongarch64)$/;
const bigEndian = /^(s390x?|ppc|ppc64|aarch64_be|sparc|sparc64|parisc(64)?)$/;

/** Ports on which something listens for the given address: bound to it, or to a wildcard. */
export const listeners = defineProbe<{ address: string }, unknown>({
  id: 'listeners',
  title: 'TCP ports that listen for an address (/proc/net/tcp, tcp6)',
  on: 'host',
  params: closed({ address: hostAddress }),
  value: closed({ ports: { type: 'array', items: { type: 'integer' } } }),
  ask: () => [
    command(['cat', '/proc/net/tcp'], 'login', { maxBytes: 8 * 1024 * 1024 }),
    command(['cat', '/proc/net/tcp6'], 'login', { maxBytes: 8 * 1024 * 1024 }),
    command(['uname', '-m']),
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
    const mapped = `0000000000000000${swapped ? 'FFFF0000' : '0000FFFF'}${wanted}`;
    const ports = [
      ...sockets.filter((socket) => socket.address === wanted || /^0+$/.test(socket.address)),
      ...sockets6.filter((socket) => socket.address === mapped || /^0+$/.test(socket.address)),
    ].map((socket) => socket.port);
    return { ports: [...new Set(ports)].sort((a, b) => a - b) };
  },
});

/** The listening sockets (state 0A) of /proc/net/tcp (proc(5)). @throws Unreadable on any other line: it may be a listener. */
function readSockets(text: string, digits: 8 | 32): { address: string; port: number }[] {
  const [heading = '', ...rows] = text.replace(/\n$/, '').split('\n');
  if (!/^\s*sl\s+local_address/.test(heading) || !text.endsWith('\n'))
    throw new Unreadable('/proc/net/tcp has not its form');
  const form = new RegExp(
    `^\\s*\\d+: ([0-9A-F]{${digits}}):([0-9A-F]{4}) [0-9A-F]{${digits}}:[0-9A-F]{4} ([0-9A-F]{2}) `,
  );
  return rows.flatMap((row) => {
    const [, address, port, state] = form.exec(row) ?? [];
    if (address === undefined || port === undefined) throw new Unreadable('/proc/net/tcp has a line of another form');
    return state === '0A' ? [{ address, port: Number.parseInt(port, 16) }] : [];
  });
}

function hexAddress(ipv4: string, swapped: boolean): string {
  const bytes = ipv4.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'));
  return (swapped ? bytes.reverse() : bytes).join('');
}
