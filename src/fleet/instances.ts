/** One server may be of one pair only: a host and the settings that name an instance of the product on it. Pure. */
import { anyVariant, type Scope, settingOn, type Target } from '../plan/scope.js';
import type { PairFault } from './fleet.js';

/** The settings that tell instances on one host apart, by name. */
export type Instance = Record<string, unknown>;

/** What names the instance on each host of a pair. */
export function instancesOf(scope: Scope): Record<string, Instance> {
  const { pack, hosts } = scope;
  const names = Object.keys(pack.settings).filter((name) => pack.settings[name]?.instance === true);
  const variant = anyVariant(scope);
  return Object.fromEntries(
    hosts
      .filter(({ role }) => pack.pair.includes(role))
      .map((host) => [
        host.name,
        Object.fromEntries(names.map((name) => [name, settingOn(scope, host, variant, name) ?? null])),
      ]),
  );
}

/** A server of a pair, and where it is written. */
interface Server {
  pair: string;
  host: string;
  /** How it is reached, where that is said apart from its address. */
  reached?: { host: string; port?: number | undefined };
  place: string;
}

/** Finds the servers that stand in two pairs, pair by pair. */
export class Servers {
  readonly #known = new Map<string, Server[]>();

  /** The fault of a pair that has a server of an earlier one. */
  add(pair: string, { scope, hosts }: Target, place: (host: string) => string): PairFault[] {
    const instances = instancesOf(scope);
    return Object.entries(instances).flatMap(([name, instance]) => {
      const host = hosts.find((one) => one.name === name);
      if (!host) return [];
      const { host: reachedAs, port } = host.ssh;
      const server: Server = {
        pair,
        host: name,
        place: place(name),
        ...(reachedAs !== undefined && { reached: { host: nameOf(reachedAs), port } }),
      };
      const key = JSON.stringify([scope.pack.name, nameOf(host.address), instance]);
      const known = this.#known.get(key) ?? [];
      this.#known.set(key, [...known, server]);
      const twin = known.find((one) => one.pair !== pair && isSame(one, server));
      if (!twin) return [];
      const told = Object.entries(instance).map(([setting, value]) => `, ${setting} ${String(value)}`);
      const what = `${host.address}${told.join('')}`;
      return [
        {
          pair,
          message: `${server.place}: ${name} is ${what}, which is ${twin.host} of ${twin.pair} already, at ${twin.place}`,
        },
      ];
    });
  }
}

/** Networks may use the same addresses: what is reached by two ways that are both written down may be two hosts. */
function isSame({ reached: one }: Server, { reached: other }: Server): boolean {
  if (one === undefined || other === undefined) return true;
  const ports = [one.port, other.port];
  return one.host === other.host && (ports.includes(undefined) || one.port === other.port);
}

/** A host's name as names are compared: whatever its capitals, and with or without the dot of the root. */
const nameOf = (text: string) => text.toLowerCase().replace(/\.$/, '');
