/** The network as a played host shows it: /proc/net, and what a connection to another host comes to. */
import { hex } from '../../core/format.js';
import type { Machine, Reach } from '../file/machine.js';

interface Ear {
  address: string;
  port: number;
}

/** Who has an address of its own in a scenario, and what listens there (`address:port`, by any name). */
export type Listening = Pick<Machine, 'address' | 'listeners'>;

/** /proc/net/fib_trie, its local table only: the addresses that the kernel answers for. */
export function fibTrie(machine: Machine): string {
  const leaves = addressesOf(machine).map((address) => `     |-- ${address}\n        /32 host LOCAL\n`);
  return `Local:\n  +-- 0.0.0.0/0 3 0 5\n${leaves.join('')}`;
}

/** `ip -4 -o addr show`. */
export function ipAddresses(machine: Machine): string {
  return Object.entries(machine.interfaces)
    .map(([name, address], index) => {
      const scope = name === 'lo' ? 'host' : 'global';
      return `${index + 1}: ${name}    inet ${address} scope ${scope} ${name}\\       valid_lft forever preferred_lft forever\n`;
    })
    .join('');
}

/** /proc/net/tcp or tcp6: the listening sockets, addresses in the byte order of a little-endian machine. */
export function sockets(machine: Machine, family: 4 | 6): string {
  const ears = listenersOf(machine).filter(({ address }) => address.includes(':') === (family === 6));
  const nobody = '0'.repeat(family === 4 ? 8 : 32);
  const lines = ears.map(({ address, port }, index) => {
    const local = `${family === 4 ? hex4(address) : hex6(address)}:${hex(port, 4).toUpperCase()}`;
    return `${String(index).padStart(4)}: ${local} ${nobody}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${20_000 + index} 1 0000000000000000 100 0 0 10 0\n`;
  });
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${lines.join('')}`;
}

/** `ss -6 -l -n -t -e`: the IPv6 sockets that listen; all of a played host's take IPv4 too. */
export function listeningSockets6(machine: Machine): string {
  const lines = listenersOf(machine)
    .filter(({ address }) => address.includes(':'))
    .map(({ address, port }, index) => {
      const local = address === '::' ? `*:${port}` : `[${address}]:${port}`;
      return `LISTEN 0      128    ${local.padEnd(20)} *:*    ino:${20_000 + index} sk:${index + 1} v6only:0 <->\n`;
    });
  return `State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n${lines.join('')}`;
}

/** What a TCP connection comes to: as the scenario says, else by what listens on the host that owns the address. */
export function reachOf(
  machine: Pick<Machine, 'reach'>,
  hosts: readonly Listening[],
  address: string,
  port: number,
): Reach {
  const told = machine.reach[`${address}:${port}`];
  if (told) return told;
  const owner = hosts.find((host) => host.address === address);
  if (!owner) return 'unreachable';
  return listensOn(owner, address, port) ? 'open' : 'refused';
}

/** Whether something listens on a port for an address: bound to it, or to a wildcard. */
export function listensOn(machine: Pick<Machine, 'listeners'>, address: string, port: number): boolean {
  return listenersOf(machine).some((ear) => ear.port === port && [address, '0.0.0.0', '::'].includes(ear.address));
}

/** What bash says of a connection that failed, and how long it took; `timeout` ends one that nobody answers. */
const complaints: Record<Reach, { exit: number; ms: string; words: string }> = {
  open: { exit: 0, ms: '1', words: '' },
  refused: { exit: 1, ms: '1', words: 'Connection refused' },
  filtered: { exit: 124, ms: '-', words: '' },
  unreachable: { exit: 1, ms: '3', words: 'No route to host' },
  unresolved: { exit: 1, ms: '5', words: 'Name or service not known' },
};

/** Plays the engine's reachability script (its words: address, seconds, ports) on a host that has bash. */
export function playReach(
  machine: Machine,
  hosts: readonly Machine[],
  [address = '', , ...ports]: string[],
  reach = reachOf,
): string {
  const lines = ports.map((port) => {
    const { exit, ms, words } = complaints[reach(machine, hosts, address, Number(port))];
    const said =
      words && `${address}: line 1: connect: ${words} ${address}: line 1: /dev/tcp/${address}/${port}: ${words}`;
    return `${port} ${exit} ${ms} ${said}\n`;
  });
  return `via bash\n${lines.join('')}end\n`;
}

/** The addresses of a machine's interfaces, without their prefixes. */
export function addressesOf(machine: Pick<Machine, 'interfaces'>): string[] {
  return Object.values(machine.interfaces).map((address) => address.replace(/\/.*/, ''));
}

function listenersOf(machine: Pick<Machine, 'listeners'>): Ear[] {
  return Object.values(machine.listeners).map((ear) => {
    const colon = ear.lastIndexOf(':');
    return { address: ear.slice(0, colon).replace(/[[\]]/g, ''), port: Number(ear.slice(colon + 1)) };
  });
}

function hex4(address: string): string {
  return address
    .split('.')
    .reverse()
    .map((byte) => hex(Number(byte), 2).toUpperCase())
    .join('');
}

/** Four words of 32 bits, the bytes of each reversed. */
function hex6(address: string): string {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  const bytes = groups.map((group) => group.padStart(4, '0').toUpperCase()).join('');
  return bytes.replace(/(..)(..)(..)(..)/g, '$4$3$2$1');
}
