/** Guards over a fleet: one machine under two names, and two machines with one id. Pure. */
import { byName } from './fleet.js';
import type { FleetGuard, FleetHost, PairRow } from './report.js';

/** A host with the pair that it is of. */
type Placed = FleetHost & { pair: string; pack: string };

/** What the pairs may not have in common, as the hosts themselves have shown it. */
export function fleetGuards(rows: readonly PairRow[]): FleetGuard[] {
  const hosts = rows.flatMap(({ pair, product, hosts = [] }) =>
    hosts.map((host): Placed => ({ ...host, pair, pack: product?.pack ?? '' })),
  );
  return [...sameMachine(hosts), ...sameId(hosts)];
}

/** Two names of one machine: every comparison with the other pair would be worthless. Instances on one host are named alike. */
function sameMachine(hosts: readonly Placed[]): FleetGuard[] {
  return groups(hosts, ({ bootId }) => bootId).flatMap((group) => {
    const server = ({ pack, instance }: Placed) => JSON.stringify([pack, instance]);
    const twins = group.filter((one) =>
      group.some(
        (other) =>
          other.pair !== one.pair &&
          (other.address.toLowerCase() !== one.address.toLowerCase() || server(other) === server(one)),
      ),
    );
    if (twins.length === 0) return [];
    return [guardOf('boot-id', 'fail', twins, 'are one machine: they have one boot id')];
  });
}

/** A copied image is no fault of the pairs, and breaks what goes by the id. */
function sameId(hosts: readonly Placed[]): FleetGuard[] {
  return groups(hosts, ({ machineId }) => machineId).flatMap((group) => {
    const boots = new Set(group.map(({ bootId }) => bootId));
    const pairs = new Set(group.map(({ pair }) => pair));
    if (boots.size < 2 || pairs.size < 2) return [];
    return [
      guardOf('machine-id', 'warn', group, 'are several machines with one machine id, as copies of an image have'),
    ];
  });
}

function guardOf(
  guard: FleetGuard['guard'],
  verdict: FleetGuard['verdict'],
  hosts: readonly Placed[],
  what: string,
): FleetGuard {
  const named = hosts.map(({ pair, name, address }) => `${name} of ${pair} (${address})`);
  const shown = named.slice(0, 10).join(', ');
  const more = named.length > 10 ? ` and ${named.length - 10} more` : '';
  return {
    guard,
    verdict,
    message: `${shown}${more} ${what}`,
    pairs: [...new Set(hosts.map(({ pair }) => pair))].sort(byName),
  };
}

/** The hosts that share an id, by the first of them. */
function groups(hosts: readonly Placed[], idOf: (host: Placed) => string | undefined): Placed[][] {
  const found = new Map<string, Placed[]>();
  for (const host of hosts) {
    const id = idOf(host);
    if (id === undefined) continue;
    const group = found.get(id);
    if (group) group.push(host);
    else found.set(id, [host]);
  }
  return [...found.values()].filter((group) => group.length > 1);
}
