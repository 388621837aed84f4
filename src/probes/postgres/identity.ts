/** Which of the primary's senders sends to the standby: told by slot and name on both sides; an address is a hint alone. */
import { isIP, isIPv4 } from 'node:net';
import type { Sender, Server } from './server.js';

/** Where the two hosts are known to be: by the inventory, and by their own interfaces where those could be read. */
export interface Addresses {
  primary: readonly string[];
  standby: readonly string[];
  /** Whether the lists hold all the addresses that a host has. */
  complete: { primary: boolean; standby: boolean };
  /** The port at which the primary's server listens. */
  port?: number | undefined;
}

/** The sender that the standby's receiver confirms; else why there is none, or why it cannot be told. */
export type Found = { sender: Sender } | { nobody: string } | { untold: string };

/** Names that everybody has who was given none. */
const common = /^(walreceiver)?$/;

/** Looks for the standby's own row. */
export function senderTo({ asks }: Pick<Server, 'asks'>, senders: readonly Sender[], addresses: Addresses): Found {
  const standbys = standbysAmong(senders);
  if (standbys.length === 0) return { nobody: 'no standby is attached to the primary' };
  // Before 9.6 a standby does not say whom it asks.
  if (!asks) return alone(standbys.filter((row) => placeOf(row.address, addresses, 'standby') === 'there'));
  const alike = standbys.filter(
    ({ slot, name }) => (slot === undefined || slot === asks.slot) && sameName(name, asks.name),
  );
  if (alike.length === 0)
    return { nobody: "none of the primary's standbys has the slot and the name of this one's receiver" };
  const asked = placeOf(asks.host, addresses, 'primary');
  // An address that is not known to be the primary's is no better where the primary's own could not be read.
  const strange = asked !== 'there' && isIP(asks.host) !== 0 && !isLoopback(asks.host);
  const placed = alike.map((row) => ({ row, at: placeOf(row.address, addresses, 'standby') }));
  const near = placed.filter(({ at }) => at === 'there');
  const named = asks.slot !== '' || !common.test(asks.name);
  // A connection that seems to come from elsewhere and to lead elsewhere is that of another standby, or goes through a proxy.
  if (near.length > 0) return strange && !named ? { untold: elsewhere } : alone(near.map(({ row }) => row));
  // What listens at another port of the primary's host may hand on to another server.
  const itself = asked === 'there' && (addresses.port ?? asks.port) === (asks.port ?? addresses.port);
  const open = placed.filter(({ at }) => at === 'unknown' || itself || (asked === 'there' && named));
  if (open.length === 0) return { untold: elsewhere };
  if (asked !== 'there' && !named)
    return { untold: 'neither the addresses nor the names tell whether it is this one; give it an application_name' };
  if (strange) return { untold: elsewhere };
  return alone(open.map(({ row }) => row));
}

const elsewhere =
  'the standby receives from an address that is not known to be the primary, and its row could be of another';

/** The rows that may be standbys: who only takes the WAL, a subscriber and a base backup are none. */
export function standbysAmong(senders: readonly Sender[]): Sender[] {
  return senders.filter(({ replays, logical, state }) => replays && logical !== true && state !== 'backup');
}

function alone(rows: readonly Sender[]): Found {
  const [only, second] = rows;
  if (only && !second) return { sender: only };
  return { untold: only ? `${rows.length} rows could be of this standby` : 'no row is at an address of this standby' };
}

/** The server cuts names at 63 bytes. */
function sameName(one: string, other: string): boolean {
  return one.slice(0, 63) === other.slice(0, 63);
}

/** Whether an address is one of the host's own; a name, a socket, a tunnel's end and an address of an unread host tell nothing. */
export function placeOf(
  address: string,
  addresses: Addresses,
  host: 'primary' | 'standby',
): 'there' | 'elsewhere' | 'unknown' {
  if (addresses[host].some((own) => sameAddress(own, address))) return 'there';
  if (isIP(address) === 0 || isLoopback(address)) return 'unknown';
  return addresses.complete[host] ? 'elsewhere' : 'unknown';
}

function sameAddress(one: string, other: string): boolean {
  if (isIP(one) === 0 || isIP(other) === 0) return one !== '' && one === other;
  return plain(one) === plain(other);
}

/** Whether an address leads back to its own host. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::1$)/.test(plain(address));
}

/** An address in its one short form; IPv4 in IPv6 is IPv4. */
export function plain(address: string): string {
  if (isIPv4(address)) return address;
  const [bare = ''] = address.split('%');
  const short = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (!mapped) return short;
  const bits = mapped.slice(1).map((half) => Number.parseInt(half, 16));
  return bits.flatMap((half) => [half >> 8, half & 255]).join('.');
}
