/** Pseudonyms of IPv4 addresses: from 198.18.0.0/15, which nobody routes; addresses of one /24 stay in one /24. */
import { UsageError } from './core/errors.js';

/** The /24 networks that pseudonyms are taken from: benchmarking (RFC 2544), then, for a host with very many peers, the reserved block. */
const pools = [
  { first: (198 << 16) | (18 << 8) | 1, last: (198 << 16) | (19 << 8) | 255 },
  { first: (240 << 16) | 1, last: (254 << 16) | 0xffff },
];

/** An address as a number; undefined for four numbers that are none. */
export function numberOf(parts: readonly string[]): number | undefined {
  const octets = parts.map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet <= 255))) return undefined;
  return octets.reduce((number, octet) => number * 256 + octet, 0);
}

/** A number as an address. */
export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** What identifies nobody and stays: this network (0/8), loopback, multicast, netmasks; and what is a pseudonym already. */
function stays(number: number): boolean {
  const first = number >>> 24;
  if (first === 0 || first === 127 || (first >= 224 && first < 240) || first === 255) return true;
  return pools.some(({ first: least, last: most }) => number >>> 8 >= least && number >>> 8 <= most);
}

/** Gives pseudonyms in the order in which addresses are first seen. */
export class Ipv4Pseudonyms {
  readonly #networks = new Map<number, { base: number; next: number }>();
  readonly #known = new Map<number, number>();
  readonly #taken = new Set<number>();
  readonly #free = this.#unused();

  /** Notes what is in use already, so that no pseudonym is given twice. */
  reserve(number: number): void {
    if (stays(number)) this.#taken.add(number >>> 8);
  }

  /** The pseudonym of an address that was given one. */
  of(number: number): number | undefined {
    return this.#known.get(number);
  }

  /** Gives an address its pseudonym. Last numbers of 0 and 255, a network's own, stay what they are; no other becomes one. */
  give(number: number): void {
    if (stays(number) || this.#known.has(number)) return;
    const network = this.#networks.get(number >>> 8) ?? { base: this.#nextNetwork(), next: 1 };
    this.#networks.set(number >>> 8, network);
    const last = number & 255;
    const own = last === 0 || last === 255 ? last : network.next++;
    this.#known.set(number, network.base * 256 + own);
  }

  /** Every address that has a pseudonym, with it. */
  entries(): [number, number][] {
    return [...this.#known];
  }

  #nextNetwork(): number {
    const { value } = this.#free.next();
    if (value === undefined) throw new UsageError('--redact addresses: there are more networks than pseudonyms');
    return value;
  }

  *#unused(): Generator<number, undefined> {
    for (const { first, last } of pools) {
      for (let network = first; network <= last; network += 1) if (!this.#taken.has(network)) yield network;
    }
  }
}
