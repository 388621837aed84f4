/** What a name means to OpenSSH: `ssh -G` is asked, and its words are kept as they are. */
import { existsSync } from 'node:fs';
import { UsageError } from '../../../core/errors.js';
import type { Host } from '../../../core/model.js';
import type { SshProgram } from './program.js';

/** Each directive that `ssh -G` prints, in its spelling, with its values in their order. Nothing in them is expanded. */
export type Configuration = ReadonlyMap<string, readonly string[]>;

/** A name as it is given to ssh; what is absent is the configuration's. */
export interface Named {
  name: string;
  user?: string;
  port?: number;
}

/** What a name means with the person's configuration, and without any. */
export interface Meaning {
  configured: Configuration;
  plain: Configuration;
}

/** Where a connection leads, as ssh says it. */
export interface Login {
  hostname: string;
  port: number;
  user: string;
  /** The name under which the host's key is known, where it is another than the host's. */
  keyAlias?: string;
  /** The first file of host keys, as ssh writes it. */
  knownHosts?: string;
}

/** The directives in the words of `ssh -G`. */
export function parseConfiguration(text: string): Configuration {
  const directives = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const values = directives.get(name.toLowerCase());
    if (values) values.push(value);
    else directives.set(name.toLowerCase(), [value]);
  }
  return directives;
}

/** What a host is called where ssh is asked. */
export function namedBy({ address, ssh: { host, user, port } }: Host): Named {
  return { name: host ?? address, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

/** Asks what names mean, each once. */
export class Meanings {
  readonly #program: SshProgram;
  readonly #file: string | undefined;
  readonly #known = new Map<string, Promise<Configuration>>();
  readonly #plain = new Map<string | undefined, Promise<Configuration>>();

  /** `file`: the configuration that was named, or `none`; absent: the person's and the system's. */
  constructor(program: SshProgram, file: string | undefined) {
    this.#program = program;
    this.#file = file;
  }

  /** @throws UsageError where ssh does not accept the configuration or the name */
  async of(named: Named): Promise<Meaning> {
    const [configured, plain] = await Promise.all([this.#ask(named, this.#file), this.#withoutAny(named)]);
    return { configured, plain };
  }

  /**
   * Without a configuration a name and its port stand for themselves, and nobody looks at them: one host is asked for all of a user.
   * Where its name is none, each is asked for itself.
   */
  #withoutAny(named: Named): Promise<Configuration> {
    const first = this.#plain.get(named.user) ?? this.#ask(named, 'none');
    this.#plain.set(named.user, first);
    return first.catch(() => this.#ask(named, 'none'));
  }

  /**
   * Later clients let a configuration tell a login that runs nothing, as a master's, from a person's.
   * @throws UsageError where it leads such a login elsewhere
   */
  async demandSame(named: Named): Promise<void> {
    const [person, master] = await Promise.all([this.#ask(named, this.#file), this.#ask(named, this.#file, ['-N'])]);
    const names = new Set([...person.keys(), ...master.keys()]);
    names.delete('sessiontype');
    const other = [...names].filter((name) => !same(person.get(name) ?? [], master.get(name) ?? []));
    if (other.length === 0) return;
    throw new UsageError(
      `the SSH configuration of ${named.name} depends on the kind of session (Match sessiontype), and says another ` +
        `${other.toSorted().slice(0, MAX_NAMED).join(', ')} for one that others are opened over; leave such a Match out for this name`,
    );
  }

  #ask(named: Named, file: string | undefined, more: readonly string[] = []): Promise<Configuration> {
    const words = [...fileWords(file), ...more, ...nameWords(named)];
    const key = JSON.stringify(words);
    const known = this.#known.get(key) ?? this.#program.configuration(words).then(parseConfiguration);
    this.#known.set(key, known);
    return known;
  }
}

/** The words that name a configuration. */
export function fileWords(file: string | undefined): string[] {
  return file === undefined ? [] : ['-F', file];
}

/** The words that name a host, the name last; a `--` belongs before it. */
export function nameWords({ name, user, port }: Named): string[] {
  return [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)]), name];
}

/** Where a configuration leads. */
export function loginOf(configured: Configuration): Login {
  const one = (name: string) => configured.get(name)?.[0];
  const keyAlias = one('hostkeyalias');
  // Of several names that are printed without their quotes nobody can say where one ends; the usual two are known.
  const [first, second] = one('userknownhostsfile')?.split(' ') ?? [];
  const knownHosts = second === undefined || second === `${first}2` ? first : undefined;
  return {
    hostname: one('hostname') ?? '',
    port: Number(one('port') ?? 22),
    user: one('user') ?? '',
    ...(keyAlias === undefined ? {} : { keyAlias }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
  };
}

/** A login's host as messages name it. */
export function hostOf({ hostname, port }: Pick<Login, 'hostname' | 'port'>): string {
  return port === 22 ? hostname : `${hostname} port ${port}`;
}

/** The way that is taken to a host, and why. */
export interface Choice {
  transport: 'ssh2' | 'openssh';
  why: string;
}

/** What ssh2 follows by itself, and what has no meaning for a connection that neither of us forwards or updates anything on. */
const FOLLOWED = new Set(['host', 'hostname', 'port', 'user', 'updatehostkeys']);
const FILES = new Set(['identityfile', 'userknownhostsfile', 'globalknownhostsfile']);
const MAX_NAMED = 4;

/**
 * ssh2 is taken only where the configuration says nothing but where the host is, who logs in, and files that are named
 * letter by letter and are there. Later clients expand a user's name. Whatever else it says, even what seems to have no meaning here, ssh itself does.
 */
export function choose({ configured, plain }: Meaning, exists: (file: string) => boolean = existsSync): Choice {
  const names = new Set([...configured.keys(), ...plain.keys()]);
  const beyond = [...names].filter((name) => {
    const values = configured.get(name) ?? [];
    if (same(values, plain.get(name) ?? [])) return false;
    if (FOLLOWED.has(name)) return name === 'user' && values.some((value) => /[%$]/.test(value));
    return !FILES.has(name) || !literalFiles(name, values).every((file) => isLiteral(file) && exists(file));
  });
  if (beyond.length === 0)
    return { transport: 'ssh2', why: 'the SSH configuration says no more than where the host is' };
  const more = beyond.length - MAX_NAMED;
  const named = beyond.toSorted().slice(0, MAX_NAMED).join(', ');
  return { transport: 'openssh', why: `the SSH configuration sets ${named}${more > 0 ? ` and ${more} more` : ''}` };
}

/** The files that a directive names, where each stands for itself; a list of known_hosts files has lost its quotes. */
export function literalFiles(name: string, values: readonly string[]): string[] {
  return name === 'identityfile' ? [...values] : values.flatMap((value) => value.split(' '));
}

const same = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** Nothing in it stands for something else: no home, no token, no variable, no quote. */
function isLiteral(file: string): boolean {
  return /^\/[^~%$"'\\\s]*$/.test(file);
}
