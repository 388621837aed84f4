/** Addresses as people write them: four decimal numbers, a name, or IPv6 where it is allowed. Pure. */
import { isIPv6 } from 'node:net';
import { ipv4 } from './ipv4.js';
import { isPlaceholder } from './placeholder.js';

/**
 * What stands in a template until somebody fills it in, and what templates make of a value that is not there. Letters in the places
 * of an address's numbers are no name that anybody has.
 */
const unfilled = [
  /[<>{}$]/,
  /^(your|my)[_-]|^your(host|server|domain|ip|db)/i,
  /^(null|none|nil|undefined|unknown|nan|hostname)$/i,
  /^((primary|standby|secondary|host|server|private|public)[_-]?)?ip([_-]?addr(ess)?)?$/i,
  /^([a-z]|x+|n+|y+)(\.([a-z]|x+|n+|y+)){3}$/i,
  /^\d+(\.(\d+|x+|n+|y+))*\.[xny]+$/i,
];

const isUnfilled = (text: string) => unfilled.some((one) => one.test(text)) || isPlaceholder(text);

/** A label of a host's name (RFC 1123), and the underscore that some directories allow. */
const label = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/**
 * Why a text is no address of a host; undefined for one that is. What looks like a number is four decimal numbers without leading
 * zeros or nothing: other spellings (octal, hexadecimal, shortened, inet_aton(3)) lead to another machine in another program.
 */
export function addressFault(text: string, { ipv6 = false }: { ipv6?: boolean } = {}): string | undefined {
  if (isUnfilled(text)) return 'is a placeholder that was not filled in';
  if (text.includes(':')) return colonFault(text, ipv6);
  if (/^0x[0-9a-f]+$/i.test(text) || /^[\d.]+$/.test(text) || /\.(\d+|0x[0-9a-f]*)\.?$/i.test(text))
    return numbersFault(text);
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= 253 && labels.every((one) => label.test(one))
    ? undefined
    : 'is neither an IPv4 address nor a name';
}

function numbersFault(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part)))
    return 'is no IPv4 address: right is four decimal numbers, for example 10.0.0.1';
  if (parts.some((part) => /^0\d/.test(part)))
    return 'has a number with a leading zero, which some programs read as octal; right is for example 10.0.0.1';
  if (ipv4(text) === undefined) return 'has a number above 255';
  return text === '0.0.0.0' ? 'means every address of a machine, not one' : undefined;
}

function colonFault(text: string, ipv6: boolean): string | undefined {
  if (/^(\[.*\]|[\w.-]+):\d{1,5}$/.test(text)) return 'has a port; an address has none';
  const bare = bracketed(text);
  if (bare !== undefined)
    return `is an IPv6 address in brackets; ${ipv6 ? `right is ${bare}` : 'the hosts of a pair reach each other by IPv4: right is for example 10.0.0.1'}`;
  if (!isIPv6(text)) return 'is neither an IPv4 address nor a name';
  if (/^[0:]+$/.test(text)) return 'means every address of a machine, not one';
  return ipv6 ? undefined : 'is an IPv6 address; the hosts of a pair reach each other by IPv4';
}

/** The IPv6 address that a text holds between brackets, as URLs have it. */
export function bracketed(text: string): string | undefined {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? '';
  return isIPv6(inner) ? inner : undefined;
}

/** Why a text is no URL of a web server: its scheme, its host (an IPv4 address or a name), its port; undefined for one that is. */
export function urlFault(text: string): string | undefined {
  const [, host, port, path = ''] = /^https?:\/\/([^/?#:@\s]+)(?::(\d{1,5}))?([/?#]\S*)?$/i.exec(text) ?? [];
  if (host === undefined) return 'is no URL; right is for example http://10.0.0.1:8080/path';
  if (/[<>{}$]/.test(path) || isPlaceholder(path)) return 'holds a placeholder that was not filled in';
  if (Number(port) < 1 || Number(port) > 65_535) return 'has a port that cannot be';
  const fault = addressFault(host);
  return fault === undefined ? undefined : `names the host "${host}", which ${fault}`;
}
