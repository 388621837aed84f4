/** The inventory of a cluster, as its operator would write it. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { LabHost } from '../lab/host.js';
import { login } from '../lab/system.js';
import type { Cluster } from './cluster.js';
import { home } from './configuration.js';
import { places } from './machines.js';

/** What an inventory of a cluster holds; tests change it before it is written. */
export interface ClusterInventory {
  product: string;
  release?: string;
  hosts: Record<string, { role: string; address: string; via?: string; ssh?: object }>;
  settings: Record<string, unknown>;
}

/**
 * Instances by SSH. Elasticsearch and Consul's servers are asked partly on an instance and partly from this machine; the proxy on an
 * instance. The agents beside the instances are no hosts: they are asked on their loopback.
 */
function inventoryOf(cluster: Cluster): ClusterInventory {
  const ssh = (host: LabHost) => ({ host: host.address, user: login.name, identityFile: cluster.identityFile });
  const instances = cluster.hosts.map((host) => [
    host.name,
    { role: 'instance', address: host.address, ssh: ssh(host) },
  ]);
  const from = (index: number) => (index === 0 ? { via: 'instance-a' } : {});
  const search = cluster.searchNodes.map((address, index) => [
    `search-${index + 1}`,
    { role: 'elasticsearch', address, ...from(index) },
  ]);
  const servers = cluster.consul.servers.map(({ address }, index) => [
    `consul-${index + 1}`,
    { role: 'consul', address, ...from(index) },
  ]);
  const front = ['front', { role: 'proxy', address: cluster.address(places.proxy), via: 'instance-b' }];
  const store = (name: string) => `${home}/config/ssl/server-${name}.jks`;
  return {
    product: 'alien4cloud',
    hosts: Object.fromEntries([...instances, ...search, ...servers, front]),
    // Looks that lie less far apart: no test waits for them.
    settings: {
      keyStorePath: store('keystore'),
      trustStorePath: store('truststore'),
      leaderSamples: 3,
      leaderEveryMs: 300,
    },
  };
}

/** Writes the inventory, mode 0600, and gives its path. */
export function writeClusterInventory(
  cluster: Cluster,
  change: (inventory: ClusterInventory) => void = () => {},
): string {
  const inventory = inventoryOf(cluster);
  change(inventory);
  const file = `${cluster.machines.folder}/pairflight.yaml`;
  writeFileSync(file, stringify(inventory), { mode: 0o600 });
  return file;
}
