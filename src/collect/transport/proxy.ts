/** How a host behind others is reached: ProxyJump and ProxyCommand of the OpenSSH configuration. Reads; runs nothing. */

import type { Duplex } from 'node:stream';
import { Failure } from './channel.js';
import type { HostConfig } from './openssh-config.js';

/** The way to one host; at most one of the two is there. */
export interface ProxyRoute {
  /** The jump hosts, the first to be logged in to first. */
  jumps: Jump[];
  /** A shell line whose input and output lead to the host. */
  command: string | undefined;
}

/** A jump host as it is written; what is absent comes from its own entry in the configuration. */
export interface Jump {
  host: string;
  user?: string;
  port?: number;
}

/** What the tokens of the two directives stand for: `%h`, `%n`, `%p`, `%r`. */
export type ProxyTokens = Record<'h' | 'n' | 'p' | 'r', string>;

/** Characters that would mean something to the shell; OpenSSH refuses them in names too. */
const UNSAFE = /^-|[\s'"`$\\;&<>|(){}]|\p{Cc}/u;

/**
 * Reads the directives of one host. The first of the two wins, as for OpenSSH, also with the word `none`.
 * @throws Failure when they ask for what we cannot do: better not at all than past a jump host to another machine.
 */
export function readProxy(config: HostConfig, tokens: ProxyTokens): ProxyRoute {
  const name = Object.keys(config).find((key) => key === 'ProxyJump' || key === 'ProxyCommand');
  const value = name === undefined ? undefined : [config[name]].flat().join(' ').trim();
  if (value === undefined || value.toLowerCase() === 'none') return { jumps: [], command: undefined };
  const refuse = (why: string) =>
    new Failure('unreachable', 'host', `the SSH configuration reaches ${tokens.n} by ${name} ${value}, ${why}`);
  const words = { ...tokens, '%': '%' };
  const expanded = value.replace(/%(.?)/g, (token, letter: string) => {
    const word = Object.hasOwn(words, letter) ? words[letter as keyof typeof words] : undefined;
    if (word === undefined) throw refuse(`and ${token} has no meaning there; right is %h, %n, %p, %r or %%`);
    if (name === 'ProxyCommand' && UNSAFE.test(word)) throw refuse(`and the shell must not be given the name ${word}`);
    return word;
  });
  if (name === 'ProxyJump') return { jumps: readJumps(expanded, refuse), command: undefined };
  if ([config.ProxyUseFdpass].flat()[0]?.toLowerCase() === 'yes') throw refuse('and ProxyUseFdpass is not supported');
  return { jumps: [], command: expanded };
}

function readJumps(text: string, refuse: (why: string) => Failure): Jump[] {
  return text.split(',').map((spec) => {
    const parts = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^\s:@[\]/]+))(?::(\d+))?\/?$/.exec(spec.trim());
    const [, user, bracketed, plain, digits] = parts ?? [];
    const host = bracketed ?? plain;
    const port = digits === undefined ? undefined : Number(digits);
    if (host === undefined || (port !== undefined && (port < 1 || port > 65535))) {
      throw refuse('which is not [user@]host[:port], or several of that with commas');
    }
    return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
  });
}

/** A stream to the host, made by the host before it or by a program. */
export interface Way {
  readonly stream: Duplex;
  /** What went wrong on the way itself, as far as it is known. */
  trouble(): string | undefined;
  /** Ends the stream, and what made it. */
  close(): Promise<void>;
}
