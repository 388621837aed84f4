/** Pseudonyms of IPv6 addresses: from 2001:db8::/32, the documentation's; addresses of one /64 stay in one /64. */
import { isIPv6 } from 'node:net';
import { UsageError } from './core/errors.js';

const documentation = '20010db8';

/** An address as 32 hexadecimal digits; undefined for what is none. */
export function digitsOf(text: string): string | undefined {
  if (!isIPv6(text) || text.includes('.')) return undefined;
  const [head = '', tail] = text.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const [left, right] = [words(head), words(tail ?? '')];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].map((word) => word.toLowerCase().padStart(4, '0')).join('');
}

/** The digits of a pseudonym as an address: only zeros are left out, and only where pseudonyms have them. */
export function ipv6Of(digits: string): string {
  const words = (digits.match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16).toString(16));
  const zeros = words.slice(4, 7).every((word) => word === '0');
  return zeros ? `${words.slice(0, 4).join(':')}::${words[7]}` : words.join(':');
}

/** The IPv4 address that an IPv4-mapped one holds, as eight digits. */
export function mappedIn(digits: string): string | undefined {
  return /^0{20}f{4}(.{8})$/.exec(digits)?.[1];
}

/** Unspecified, loopback and multicast name nobody; a pseudonym is one already. */
function stays(digits: string): boolean {
  return /^0{31}[01]$|^ff/.test(digits) || digits.startsWith(documentation);
}

/** Gives pseudonyms in the order in which addresses are first seen. */
export class Ipv6Pseudonyms {
  readonly #networks = new Map<string, { base: string; next: number }>();
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();
  #count = 0;

  /** Notes what is in use already, so that no pseudonym is given twice. */
  reserve(digits: string): void {
    if (digits.startsWith(documentation)) this.#taken.add(digits.slice(0, 16));
  }

  /** The pseudonym of an address that was given one. */
  of(digits: string): string | undefined {
    return this.#known.get(digits);
  }

  /** Gives an address its pseudonym. */
  give(digits: string): void {
    if (stays(digits) || this.#known.has(digits)) return;
    const network = this.#networks.get(digits.slice(0, 16)) ?? { base: this.#nextNetwork(), next: 1 };
    this.#networks.set(digits.slice(0, 16), network);
    this.#known.set(digits, `${network.base}${hex(network.next++, 16)}`);
  }

  /** Every address that has a pseudonym, with it. */
  entries(): [string, string][] {
    return [...this.#known];
  }

  #nextNetwork(): string {
    do this.#count += 1;
    while (this.#taken.has(`${documentation}${hex(this.#count, 8)}`));
    if (this.#count > 0xffff) throw new UsageError('--redact addresses: there are more networks than pseudonyms');
    return `${documentation}${hex(this.#count, 8)}`;
  }
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
