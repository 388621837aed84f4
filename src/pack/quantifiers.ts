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

/** One value that a condition looks at: what a message calls it, whose it is, and what its fact is asked of. */
export interface Place {
  label: string;
  host?: HostRef;
  /** None for the row of a table. */
  subject?: Subject;
  /** The value of the earlier run is meant. */
  before?: true;
}

/** The parts of a sentence. */
export interface Parts {
  /** The property. */
  what: string;
  /** Whose. */
  of: string;
  /** What is demanded of it. */
  wanted: string;
  /** The tolerance, after a comma. */
  tolerance: string;
  /** The rule's own words, in brackets. */
  note: string;
}

/** Who is looked at. */
export interface Quantifier {
  /** A condition that is right. */
  example: Record<string, unknown>;
  /** What its path names: a property of a fact that a host, or a direction, is asked for; or one of the rule's row. */
  asks: 'host' | 'direction' | 'row';
  looksAt(present: Present, condition: Condition): Place[];
  /**
   * It holds hosts against each other, which is worthless while two names may lead to one machine: `two` of them at least, `all` that
   * there are, or the `other` one.
   */
  compares?: 'two' | 'all' | 'other';
  /** It means one end of a direction, or the one host that is judged. */
  end?: true;
  /** The matchers it goes with, by the kinds of values they take; none where it judges by itself. */
  matchers: 'any' | 'none' | readonly Kind[];
  /** What `where` picks: elements of a list by their fields, or hosts by their value. */
  picks?: 'elements' | 'hosts';
  /** A tolerance may stand beside it. */
  tolerance?: true;
  /** One value that holds is enough. */
  oneIsEnough?: true;
  /** Whose values, in words, where these are not all the rule's hosts. */
  of?: string;
  /** The condition in words. */
  says?(parts: Parts): string;
}

/** The value of one host. */
export const placeOf = (host: HostRef): Place => ({
  label: host.name,
  host,
  subject: { kind: 'host', host: host.name },
});

const everyHost = { asks: 'host', looksAt: ({ hosts }: Present) => hosts.map(placeOf) } as const;

export const quantifiers = {
  every: {
    ...everyHost,
    example: { every: 'mode.value', equals: 'standalone' },
    matchers: 'any',
    picks: 'elements',
  },
  any: {
    ...everyHost,
    example: { any: 'mode.value', equals: 'master' },
    matchers: 'any',
    picks: 'elements',
    oneIsEnough: true,
  },
  same: {
    ...everyHost,
    example: { same: 'space.bytes', tolerance_percent: 1 },
    compares: 'two',
    matchers: 'none',
    picks: 'elements',
    tolerance: true,
    says: ({ what, of, tolerance, note }) => `${what} is the same on ${of}${tolerance}${note}`,
  },
  distinct: {
    ...everyHost,
    example: { distinct: 'machine.id' },
    compares: 'two',
    matchers: 'none',
    picks: 'elements',
    says: ({ what, of, note }) => `${what} is another on ${of}${note}`,
  },
  difference: {
    ...everyHost,
    example: { difference: 'clock.offsetMs', at_most: 1000 },
    compares: 'two',
    matchers: [kinds.number],
    picks: 'elements',
    says: ({ what, of, wanted }) => `${what} of ${of} lies apart by ${wanted}`,
  },
  count: {
    ...everyHost,
    example: { count: 'mode.value', where: 'master', equals: 1 },
    compares: 'all',
    matchers: [kinds.number, kinds.alike, kinds.listed],
    picks: 'hosts',
    says: ({ what, of, wanted }) => `${wanted} of ${of} have ${what}`,
  },
  pair: {
    asks: 'direction',
    looksAt: ({ direction, hosts }) =>
      (direction
        ? [direction]
        : hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => ({ from, to })))
      ).map(({ from, to }) => ({
        label: `${from.name} -> ${to.name}`,
        subject: { kind: 'pair', from: from.name, to: to.name },
      })),
    example: { pair: 'tcp.ports', where: { port: 22 }, its: 'state', equals: 'open' },
    compares: 'two',
    matchers: 'any',
    picks: 'elements',
    of: 'the way from one to the other',
  },
  self: {
    asks: 'host',
    looksAt: ({ self }) => (self ? [placeOf(self)] : []),
    example: { self: 'mode.value', equals: 'standalone' },
    end: true,
    matchers: 'any',
    picks: 'elements',
    of: 'the host that asks',
  },
  peer: {
    asks: 'host',
    looksAt: ({ peer }) => (peer ? [placeOf(peer)] : []),
    example: { peer: 'mode.value', equals: 'standalone' },
    compares: 'other',
    end: true,
    matchers: 'any',
    picks: 'elements',
    of: 'the host that is asked',
  },
  before: {
    asks: 'host',
    looksAt: ({ hosts }) => hosts.map((host) => ({ ...placeOf(host), label: `${host.name} before`, before: true })),
    example: { before: 'mode.value', equals: 'standalone' },
    matchers: 'any',
    picks: 'elements',
    of: 'the hosts in the earlier run',
  },
  row: {
    asks: 'row',
    looksAt: () => [{ label: 'row' }],
    example: { row: 'must_listen', equals: true },
    matchers: 'any',
    says: ({ what, wanted }) => `${what} is ${wanted}`,
  },
  // It is written as the name of the role.
  role: {
    asks: 'host',
    looksAt: ({ hostsOf }, { role = '' }) => hostsOf(role).map(placeOf),
    example: { primary: 'mode.value', equals: 'master' },
    matchers: 'any',
    picks: 'elements',
  },
} satisfies Record<Condition['quantifier'], Quantifier>;

/** The quantifier of a condition. */
export function quantifierOf({ quantifier }: Pick<Condition, 'quantifier'>): Quantifier {
  return quantifiers[quantifier];
}

/** The quantifiers that are words of the rules. */
export const quantifierWords: readonly string[] = Object.keys(quantifiers).filter((name) => name !== 'role');
