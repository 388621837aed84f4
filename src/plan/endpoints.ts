/** Endpoints: the hosts of an inventory that are asked over HTTP alone, from this machine or from another host. Pure. */
import { UsageError } from '../core/errors.js';
import type { Host, HostRef } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import type { Inventory } from './inventory.js';

/** The name, in a step, of the machine that pairflight runs on; no host of an inventory can have it. */
export const HERE = 'here';

/** Who asks a host's questions: the host itself, or, of an endpoint, the host that it is asked from. */
export function askedFrom({ name, connection, via }: Pick<HostRef, 'name' | 'connection' | 'via'>): string {
  return connection === 'endpoint' ? (via ?? HERE) : name;
}

/** The machine that pairflight runs on, as a host that can be asked. */
export const thisMachine: Host = {
  name: HERE,
  role: HERE,
  address: '127.0.0.1',
  connection: 'local',
  ssh: {},
  settings: {},
};

/** The inventory with the hosts of a pack's endpoint roles marked as what they are. @throws UsageError for ways to log in to them */
export function placeEndpoints(inventory: Inventory, pack: Pack): Inventory {
  const hosts = inventory.hosts.map((host): Host => {
    if (pack.roles[host.role]?.endpoint !== true) return host;
    const { name, ssh, address, connection, sudoPasswordEnv } = host;
    const loginNamed = ssh.user !== undefined || ssh.port !== undefined || ssh.identityFile !== undefined;
    if (loginNamed || (ssh.host ?? address) !== address || connection !== 'ssh' || sudoPasswordEnv !== undefined) {
      throw new UsageError(
        `${inventory.at(['hosts', name])}: a host of the role ${host.role} is asked over HTTP alone; right is { role: ${host.role}, address: 10.0.0.1, via: HOST }`,
      );
    }
    return { ...host, ssh: {}, connection: 'endpoint' };
  });
  return { ...inventory, hosts };
}
