/** Proves, before anything is asked, that every pair of a fleet can be asked. */
import { UsageError } from '../core/errors.js';
import type { Host } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import type { Inventory } from '../plan/inventory.js';
import { type Choices, packFor, scopeOf, type Target } from '../plan/scope.js';
import { planSteps } from '../plan/steps.js';
import { byName, type FleetPair, type PairFault } from './fleet.js';
import { Servers } from './instances.js';

/** A pack as runs and shards name it. */
export type PackNamed = Pick<Pack, 'name' | 'version' | 'sha256'>;

/** What a fleet is judged by, and what is wrong with its pairs. */
export interface Prepared {
  packs: PackNamed[];
  faults: PairFault[];
}

/** Looks at every pair as its run would, and at what no two of them may have in common; nothing of it is kept. */
export function preparePairs(pairs: readonly FleetPair[], choices: Choices, timeoutMs?: number): Prepared {
  const packs = new Map<string, PackNamed>();
  const servers = new Servers();
  const faults = pairs.flatMap((pair) => {
    try {
      const target = targetOf(pair, choices);
      planSteps(target.scope, timeoutMs);
      const { name, version, sha256 } = target.scope.pack;
      packs.set(name, { name, version, sha256 });
      return servers.add(pair.name, target, (host) => pair.inventory.at(['hosts', host]));
    } catch (error) {
      if (error instanceof UsageError) return [{ pair: pair.name, message: error.message }];
      throw error;
    }
  });
  return { packs: [...packs.values()].sort((a, b) => byName(a.name, b.name)), faults };
}

/** The pair without where each of its values stands: the text of a large fleet takes more room than all of its pairs. */
export function withoutPlaces(pair: FleetPair): FleetPair {
  const { place } = pair;
  return { ...pair, inventory: { ...pair.inventory, at: () => place } };
}

/** What a run of one pair is about. @throws UsageError for anything that does not fit together */
export function targetOf(pair: FleetPair, choices: Choices): Target {
  return scopeOf(withLogins(pair, packFor(pair.inventory, choices)), choices);
}

/** The inventory with the fleet's way to log in below each host's own; nobody logs in to an endpoint. */
function withLogins({ inventory, ssh, sudoPasswordEnv }: FleetPair, pack: Pack): Inventory {
  const hosts = inventory.hosts.map((host): Host => {
    if (pack.roles[host.role]?.endpoint === true || host.connection !== 'ssh') return host;
    return {
      ...host,
      ssh: { ...ssh, ...host.ssh },
      ...(sudoPasswordEnv !== undefined && { sudoPasswordEnv: host.sudoPasswordEnv ?? sudoPasswordEnv }),
    };
  });
  return { ...inventory, hosts };
}
