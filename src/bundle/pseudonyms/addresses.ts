/** Addresses in a text, in every form in which an operating system writes them: found, and replaced by pseudonyms. Pure. */
import { isIPv6 } from 'node:net';
import { UsageError } from '../../core/errors.js';
import { hex } from '../../core/format.js';

/** In which order a machine prints the bytes of an address in /proc/net/tcp. */
export type ByteOrder = 'little' | 'big';

/** Numbers with dots between them: four are an address, five or more a version, or an address and what follows it. */
const dotted = /(?<!\d)\d+(?:\.\d+){3,}(?!\d)/g;
/** As host names of clouds hold them: ip-10-0-0-1. */
const dashed = /(?<!\d|\d-)\d{1,3}(?:-\d{1,3}){3}(?!\d|-\d)/g;
const coloned = /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:]|\.\d)/g;
/** A socket of /proc/net/tcp and tcp6. */
const socket = /(?<![0-9A-Za-z])([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}(?![0-9A-Za-z])/g;
const word = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])/g;

/** Finds the addresses of texts, then replaces them. */
export class AddressPseudonyms {
  readonly #four = new Ipv4Pseudonyms();
  readonly #six = new Ipv6Pseudonyms();
  readonly #kept: ReadonlySet<string>;

  /** `kept` are numbers with dots that are known to be no addresses, such as an installed build. */
  constructor(kept: ReadonlySet<string>) {
    this.#kept = kept;
  }

  /** Notes the pseudonyms that a text holds already; for all texts, before the first `note`. */
  reserve(text: string, order: ByteOrder): void {
    this.#each(
      text,
      order,
      (four) => this.#four.reserve(four),
      (six) => this.#six.reserve(six),
    );
  }

  /** Gives pseudonyms to the addresses of a text. */
  note(text: string, order: ByteOrder): void {
    this.#each(
      text,
      order,
      (four) => this.#four.give(four),
      (six) => this.#six.give(six),
    );
  }

  /** How many addresses have one. */
  get count(): number {
    return this.#four.entries().length + this.#six.entries().length;
  }

  /** The text with every known address replaced, in whatever form it stands. */
  replace(text: string, order: ByteOrder): string {
    return text
      .replace(dotted, (run) => (this.#kept.has(run) ? run : this.#inRun(run)))
      .replace(dashed, (run) => this.#quad(run.split('-'))?.replaceAll('.', '-') ?? run)
      .replace(coloned, (address) => this.#coloned(address))
      .replace(
        socket,
        (whole, digits: string) => `${this.#digits(digits, order) ?? digits}${whole.slice(digits.length)}`,
      )
      .replace(word, (digits, at: number, all: string) =>
        // Sockets were seen to, by the order of their machine.
        /^:[0-9A-F]{4}(?![0-9A-Za-z])/.test(all.slice(at + digits.length, at + digits.length + 6))
          ? digits
          : (this.#digits(digits, 'little') ?? this.#digits(digits, 'big') ?? digits),
      );
  }

  #each(text: string, order: ByteOrder, four: (number: number) => void, six: (digits: string) => void): void {
    const either = (digits: string) => {
      const mapped = digits.length === 8 ? digits : mappedIn(digits);
      if (mapped === undefined) six(digits);
      else four(Number.parseInt(mapped, 16));
    };
    for (const [run] of text.matchAll(dotted)) {
      const number = this.#kept.has(run) ? undefined : numberOf(run.split('.'));
      if (number !== undefined) four(number);
    }
    for (const [address] of text.matchAll(coloned)) {
      const digits = digitsOf(address);
      if (digits !== undefined) either(digits);
    }
    for (const [, digits = ''] of text.matchAll(socket)) either(ordered(digits.toLowerCase(), order));
  }

  /** Of a longer run each four numbers that are a known address: a tool may have put a port behind it. */
  #inRun(run: string): string {
    const parts = run.split('.');
    for (let at = 0; at + 4 <= parts.length; at += 1) {
      const found = this.#quad(parts.slice(at, at + 4));
      if (found === undefined) continue;
      parts.splice(at, 4, ...found.split('.'));
      at += 3;
    }
    return parts.join('.');
  }

  #quad(parts: string[]): string | undefined {
    const number = numberOf(parts);
    const pseudonym = number === undefined ? undefined : this.#four.of(number);
    return pseudonym === undefined ? undefined : addressOf(pseudonym);
  }

  #coloned(address: string): string {
    const digits = digitsOf(address);
    if (digits === undefined) return address;
    const mapped = mappedIn(digits);
    if (mapped === undefined) return withDigits(this.#six.of(digits), ipv6Of) ?? address;
    const four = this.#four.of(Number.parseInt(mapped, 16));
    return four === undefined ? address : `::ffff:${addressOf(four)}`;
  }

  /** An address in hexadecimal digits alone, in the case that it stands in. */
  #digits(written: string, order: ByteOrder): string | undefined {
    const digits = ordered(written.toLowerCase(), order);
    const mapped = digits.length === 8 ? digits : mappedIn(digits);
    const known = mapped === undefined ? undefined : this.#four.of(Number.parseInt(mapped, 16));
    const found =
      mapped === undefined
        ? this.#six.of(digits)
        : withDigits(known, (number) => `${digits.slice(0, -8)}${hex(number, 8)}`);
    if (found === undefined) return undefined;
    const back = ordered(found, order);
    return /[a-f]/.test(written) ? back : back.toUpperCase();
  }
}

function withDigits<T>(value: T | undefined, shown: (value: T) => string): string | undefined {
  return value === undefined ? undefined : shown(value);
}

/** The kernel prints an address as words of 32 bits, each in the machine's own order of bytes; there and back are one way. */
function ordered(digits: string, order: ByteOrder): string {
  if (order === 'big') return digits;
  return digits.replace(/.{8}/g, (quarter) => (quarter.match(/../g) ?? []).reverse().join(''));
}

/** The /24 networks that pseudonyms are taken from: benchmarking (RFC 2544), then, for a host with very many peers, the reserved block. */
const pools = [
  { first: (198 << 16) | (18 << 8) | 1, last: (198 << 16) | (19 << 8) | 255 },
  { first: (240 << 16) | 1, last: (254 << 16) | 0xffff },
];

/** An address as a number; undefined for four numbers that are none. */
function numberOf(parts: readonly string[]): number | undefined {
  const octets = parts.map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet <= 255))) return undefined;
  return octets.reduce((number, octet) => number * 256 + octet, 0);
}

/** A number as an address. */
function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** What identifies nobody and stays: this network (0/8), loopback, multicast, netmasks; and what is a pseudonym already. */
function stays(number: number): boolean {
  const first = number >>> 24;
  if (first === 0 || first === 127 || (first >= 224 && first < 240) || first === 255) return true;
  return pools.some(({ first: least, last: most }) => number >>> 8 >= least && number >>> 8 <= most);
}

/** Gives pseudonyms in the order in which addresses are first seen. */
class Ipv4Pseudonyms {
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

const documentation = '20010db8';

/** An address as 32 hexadecimal digits; undefined for what is none. */
function digitsOf(text: string): string | undefined {
  if (!isIPv6(text) || text.includes('.')) return undefined;
  const [head = '', tail] = text.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const [left, right] = [words(head), words(tail ?? '')];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].map((word) => word.toLowerCase().padStart(4, '0')).join('');
}

/** The digits of a pseudonym as an address: only zeros are left out, and only where pseudonyms have them. */
function ipv6Of(digits: string): string {
  const words = (digits.match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16).toString(16));
  const zeros = words.slice(4, 7).every((word) => word === '0');
  return zeros ? `${words.slice(0, 4).join(':')}::${words[7]}` : words.join(':');
}

/** The IPv4 address that an IPv4-mapped one holds, as eight digits. */
function mappedIn(digits: string): string | undefined {
  return /^0{20}f{4}(.{8})$/.exec(digits)?.[1];
}

/** Unspecified, loopback and multicast name nobody; a pseudonym is one already. */
function namesNobody(digits: string): boolean {
  return /^0{31}[01]$|^ff/.test(digits) || digits.startsWith(documentation);
}

/** Gives pseudonyms in the order in which addresses are first seen. */
class Ipv6Pseudonyms {
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
    if (namesNobody(digits) || this.#known.has(digits)) return;
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
