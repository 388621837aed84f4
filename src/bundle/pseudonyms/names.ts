/** Names of hosts, of their domains and of users in a text: found by where they stand, and replaced as whole words. Pure. */

import { UsageError } from '../../core/errors.js';
import { label, namesBeside } from './where-names-stand.js';

/** What names are hidden. */
interface NameClasses {
  hostnames: boolean;
  users: boolean;
}

const pseudonym = /(?<![A-Za-z0-9])(?:host|domain|user)-\d+(?![A-Za-z0-9])/g;

/** As long as a name in the DNS can be; what is longer is none. A text that names more than this many hides nobody well. */
const LONGEST = 253;
const MOST = 2000;

/** Accounts that every system has, names that mean the machine itself, and the word that marks our own lines. */
const everywhere = new Set(
  'root postgres nobody daemon bin www-data login localhost localhost.localdomain here pairflight'.split(' '),
);

/** Finds the names of texts, then replaces them. */
export class NamePseudonyms {
  readonly #classes: NameClasses;
  readonly #isKept: (name: string) => boolean;
  readonly #known = new Map<string, string>();
  readonly #anyCase = new Map<string, string>();
  readonly #domains = new Map<string, string>();
  readonly #reserved = new Set<string>();
  readonly #counts = { host: 0, domain: 0, user: 0 };
  /** Names that stay because the pack itself has them: they tell nobody apart. */
  readonly kept = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(classes: NameClasses, isKept: (name: string) => boolean) {
    this.#classes = classes;
    this.#isKept = isKept;
  }

  /** Notes the pseudonyms that a text holds already; for all texts, before any name is given one. */
  reserve(text: string): void {
    for (const [found] of text.matchAll(pseudonym)) this.#reserved.add(found.toLowerCase());
  }

  /** Gives a host's name, and its domain, a pseudonym. `alone`: its first label means it too, where it stands by itself. */
  host(name: string, alone = true): void {
    if (!this.#classes.hostnames || name.length > LONGEST || /^[\d.]*$|:/.test(name)) return;
    const [first = '', ...rest] = name.replace(/\.$/, '').split('.');
    const domain = rest.join('.');
    if (domain === '') {
      if (!this.#anyCase.has(first.toLowerCase()) || (alone && !this.#known.has(first))) this.#give(first, 'host');
      return;
    }
    if (this.#anyCase.has(name.toLowerCase()) || this.#stays(name)) return;
    // A word like "www" stands for much else.
    const means = alone || /[\d-]/.test(first);
    const short = this.#anyCase.get(first.toLowerCase()) ?? (means ? this.#give(first, 'host') : this.#next('host'));
    this.#add(name, `${short ?? first}.${this.#domain(domain)}`);
  }

  /** Gives a user's name a pseudonym. */
  user(name: string): void {
    if (this.#classes.users && name !== '' && name.length <= 2000 && !this.#anyCase.has(name.toLowerCase()))
      this.#give(name, 'user');
  }

  /** Finds names by what they stand beside. */
  note(text: string): void {
    const { hosts, saidHosts, users } = namesBeside(text);
    for (const user of users) this.user(user);
    for (const host of saidHosts) this.host(host);
    for (const host of hosts) this.host(host, false);
  }

  /** Finds whole names: a known host with a domain, and any host of a known domain. */
  noteWhole(text: string): void {
    const [shorts, domains] = [
      [...this.#known].filter(([name, to]) => /^host-\d+$/.test(to) && !name.includes('.')).map(([name]) => name),
      [...this.#domains.keys()].filter((domain) => domain.includes('.')),
    ];
    const patterns = [
      shorts.length > 0 && `(?:${alternatives(shorts)})(?:\\.${label})+`,
      domains.length > 0 && `(?:${label}\\.)+(?:${alternatives(domains)})`,
    ].flatMap((one) => one || []);
    for (const one of patterns) {
      for (const [name] of text.matchAll(wholeNames(one))) if (!/\.\d+$/.test(name)) this.host(name, false);
    }
  }

  /** How many names have a pseudonym. */
  get count(): number {
    return this.#known.size;
  }

  /** The text with every known name replaced, the longest first, whatever its case. */
  replace(text: string): string {
    if (this.#known.size === 0) return text;
    this.#pattern ??= wholeWords([...this.#known.keys()]);
    return text.replace(this.#pattern, (found: string, at: number) => {
      const pseudonym = this.#known.get(found) ?? this.#anyCase.get(found.toLowerCase());
      return pseudonym === undefined ? found : fitted(pseudonym, found, at, text);
    });
  }

  #stays(name: string): boolean {
    if (everywhere.has(name.toLowerCase()) || this.#reserved.has(name.toLowerCase())) return true;
    if (!this.#isKept(name)) return false;
    this.kept.add(name);
    return true;
  }

  #give(name: string, kind: 'host' | 'user'): string | undefined {
    if (this.#stays(name)) return undefined;
    const given = this.#next(kind);
    this.#add(name, given);
    return given;
  }

  #domain(domain: string): string {
    const key = domain.toLowerCase();
    const known = this.#domains.get(key);
    if (known !== undefined) return known;
    const given = this.#reserved.has(key) ? domain : this.#next('domain');
    this.#domains.set(key, given);
    // A last label alone ("local", "internal") is an ordinary word.
    if (domain.includes('.') && given !== domain) this.#add(domain, given);
    return given;
  }

  #add(name: string, given: string): void {
    this.#known.set(name, given);
    if (this.#known.size > MOST)
      throw new UsageError(
        `--redact: the answers name more than ${MOST} hosts, domains and users; leave out hostnames or users`,
      );
    if (!this.#anyCase.has(name.toLowerCase())) this.#anyCase.set(name.toLowerCase(), given);
    this.#pattern = undefined;
  }

  #next(kind: 'host' | 'domain' | 'user'): string {
    do this.#counts[kind] += 1;
    while (this.#reserved.has(`${kind}-${this.#counts[kind]}`));
    return `${kind}-${this.#counts[kind]}`;
  }
}

/** Names as whole words of a text: where one begins and ends, whatever stands around it, and how a variable is called. Pure. */

/** What follows an escape of JSON or of a URL begins a word, though the escape ends in a letter or digit. */
const begin = '(?:(?<![A-Za-z0-9])|(?<=\\\\(?:[bfnrt]|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}))';

const end = '(?![A-Za-z0-9])';

/** Finds each of some names, the longest first, whatever its case. */
function wholeWords(names: readonly string[]): RegExp {
  return new RegExp(`${begin}(?:${alternatives(names)})${end}`, 'gi');
}

/** Finds whole names of hosts that a pattern describes: one that takes any letter must not take those of an escape. */
function wholeNames(pattern: string): RegExp {
  return new RegExp(`(?<![.%\\\\-])${begin}${pattern}${end}`, 'gi');
}

/** A pattern for any of some texts, the longest first. */
function alternatives(texts: readonly string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|');
}

/** Longer names of variables are not looked at. */
const LONGEST_WORD = 255;

/** A pseudonym as it may stand there: within the name of a variable (`ACME_TOKEN`) as a part of such a name (`HOST_1_TOKEN`). */
function fitted(pseudonym: string, found: string, at: number, text: string): string {
  const [before = ''] = /\w*$/.exec(text.slice(Math.max(0, at - LONGEST_WORD), at)) ?? [];
  const [behind = ''] = /^\w*/.exec(text.slice(at + found.length, at + found.length + LONGEST_WORD)) ?? [];
  const isPart = before !== '' || behind !== '';
  return isPart && /^[A-Z0-9_]+$/.test(`${before}${found}${behind}`)
    ? pseudonym.toUpperCase().replaceAll(/[-.]/g, '_')
    : pseudonym;
}
