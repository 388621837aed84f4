/** The closed set of quantifiers: each is one entry that says how it is written, whose values it looks at, and its words. Pure. */
import type { Condition, HostRef, Subject } from '../core/model.js';
import { type Kind, kinds } from './matchers.js';

/** Whom a condition can look at where it is judged. */
export interface Present {
  hosts: HostRef[];
  self?: HostRef;
  peer?: HostRef;
  direction?: { from: HostRef; to: HostRef };
  hostsOf(role: string): HostRef[];
}

/** Whose value a condition looks at: what a message calls it, its host, and what its fact is asked of. */
export interface Owner {
  label: string;
  host?: HostRef;
  /** None for the row of a table. */
  subject?: Subject;
  /** The value of the earlier run is meant. */
  before?: true;
}

/** The parts of a sentence: which property, whose, what is demanded of it, how near, and the rule's own words. */
export type Parts = Record<'what' | 'of' | 'wanted' | 'tolerance' | 'note', string>;

/** Who is looked at, and how. */
export interface Quantifier {
  /** A condition that is right. */
  example: Record<string, unknown>;
  /** What its path names, where it is no property of a fact that a host is asked for: one of a direction, or of the rule's row. */
  asks?: 'direction' | 'row';
  /** The values it looks at: those of all hosts, where this is not here. */
  looksAt?(present: Present, condition: Condition): Owner[];
  /**
   * It holds hosts against each other, which is worthless while two names may lead to one machine: `two` of them at least, `all` that
   * there are, or the `other` one.
   */
  compares?: 'two' | 'all' | 'other';
  /** It means one end of a direction, or the one host that is judged. */
  end?: true;
  /** The matchers it goes with, by the kinds of values they take, where not all do; `none` where it judges by itself. */
  matchers?: 'none' | readonly Kind[];
  /** What `where` picks, where that is not the elements of a list by their fields: hosts by their value, or nothing. */
  picks?: 'hosts' | 'nothing';
  /** A tolerance may stand beside it. */
  tolerance?: true;
  /** One value that holds is enough. */
  oneIsEnough?: true;
  /** Whose values, in words, where these are not all the rule's hosts. */
  of?: string;
  /** The condition in words, where it is not `what on of: wanted`. */
  says?(parts: Parts): string;
}

/** One host's value. */
export const ownerOf = (host: HostRef): Owner => ({
  label: host.name,
  host,
  subject: { kind: 'host', host: host.name },
});

const directions = ({ direction, hosts }: Present) =>
  direction ? [direction] : hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => ({ from, to })));

export const quantifiers = {
  every: { example: { every: 'mode.value', equals: 'standalone' } },
  any: { example: { any: 'mode.value', equals: 'master' }, oneIsEnough: true },
  same: {
    example: { same: 'space.bytes', tolerance_percent: 1 },
    compares: 'two',
    matchers: 'none',
    tolerance: true,
    says: ({ what, of, tolerance, note }) => `${what} is the same on ${of}${tolerance}${note}`,
  },
  distinct: {
    example: { distinct: 'machine.id' },
    compares: 'two',
    matchers: 'none',
    says: ({ what, of, note }) => `${what} differs between ${of}${note}`,
  },
  difference: {
    example: { difference: 'clock.offsetMs', at_most: 1000 },
    compares: 'two',
    matchers: [kinds.number],
    says: ({ what, of, wanted }) => `${what} differs between ${of} by ${wanted}`,
  },
  count: {
    example: { count: 'mode.value', where: 'master', equals: 1 },
    compares: 'all',
    matchers: [kinds.number, kinds.alike, kinds.listed],
    picks: 'hosts',
    says: ({ what, of, wanted }) => `${wanted} of ${of} have ${what}`,
  },
  pair: {
    example: { pair: 'tcp.ports', where: { port: 22 }, its: 'state', equals: 'open' },
    asks: 'direction',
    looksAt: (present) =>
      directions(present).map(({ from: { name: from }, to: { name: to } }) => ({
        label: `${from} -> ${to}`,
        subject: { kind: 'pair', from, to },
      })),
    compares: 'two',
    of: 'the way from one host to the other',
  },
  self: {
    example: { self: 'mode.value', equals: 'standalone' },
    looksAt: ({ self }) => (self ? [ownerOf(self)] : []),
    end: true,
    of: 'the host that asks',
  },
  peer: {
    example: { peer: 'mode.value', equals: 'standalone' },
    looksAt: ({ peer }) => (peer ? [ownerOf(peer)] : []),
    compares: 'other',
    end: true,
    of: 'the host that is asked',
  },
  before: {
    example: { before: 'mode.value', equals: 'standalone' },
    looksAt: ({ hosts }) => hosts.map((host) => ({ ...ownerOf(host), label: `${host.name} before`, before: true })),
    of: 'the hosts in the earlier run',
  },
  row: {
    example: { row: 'must_listen', equals: true },
    asks: 'row',
    looksAt: () => [{ label: 'row' }],
    picks: 'nothing',
    says: ({ what, wanted }) => `${what}: ${wanted}`,
  },
  // It is written as the name of the role.
  role: {
    example: { primary: 'mode.value', equals: 'master' },
    looksAt: ({ hostsOf }, { role = '' }) => hostsOf(role).map(ownerOf),
  },
} satisfies Record<Condition['quantifier'], Quantifier>;

/** The quantifier of a condition. */
export function quantifierOf({ quantifier }: Pick<Condition, 'quantifier'>): Quantifier {
  return quantifiers[quantifier];
}

/** The quantifiers that are words of the rules. */
export const quantifierWords: readonly string[] = Object.keys(quantifiers).filter((name) => name !== 'role');
