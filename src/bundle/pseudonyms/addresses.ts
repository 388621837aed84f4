/** Addresses in a text, in every form in which an operating system writes them: found, and replaced by pseudonyms. Pure. */
import { addressOf, Ipv4Pseudonyms, numberOf } from '../../pseudonyms-ipv4.js';
import { digitsOf, Ipv6Pseudonyms, ipv6Of, mappedIn } from '../../pseudonyms-ipv6.js';

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
        : withDigits(known, (number) => `${digits.slice(0, -8)}${number.toString(16).padStart(8, '0')}`);
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
