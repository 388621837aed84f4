/** Changes to what is installed and configured on the instances. Each knows how it is undone; `cluster.reset()` undoes it and starts anew. */
import { must } from '../../lab/command.js';
import type { Cluster } from '../cluster.js';
import { configFile, home, type Settings, user, withSettings } from '../configuration.js';
import { startProcess, warFile } from '../product.js';

/** Rewrites keys of the configuration of some instances (0: instance-a), and starts the product anew with them. */
export async function configure(cluster: Cluster, which: readonly (0 | 1)[], settings: Settings): Promise<void> {
  for (const index of which) {
    const host = cluster.hosts[index];
    const before = host.read(configFile);
    host.rewrite(configFile, withSettings(before, settings));
    cluster.undo.push(() => host.rewrite(configFile, before));
  }
  await cluster.begin();
}

/** HA is off on instance-b: it leads de facto, beside instance-a. */
export const haDisabledOnOne = (cluster: Cluster) => configure(cluster, [1], { 'ha.ha_enabled': false });

/** Both instances give the address of instance-a for their own. */
export const equalInstanceIp = (cluster: Cluster) =>
  configure(cluster, [1], { 'ha.instanceIp': cluster.hosts[0].address });

/** instance-a, which leads, gives its loopback: what the key then says, no other machine can use. */
export const loopbackInstanceIp = (cluster: Cluster) => configure(cluster, [0], { 'ha.instanceIp': '127.0.0.1' });

/** TLS to Consul with the password key of releases before 2.0.0: the plugin finds no password. */
export const staleTlsKey = (cluster: Cluster) =>
  configure(cluster, [0, 1], {
    ...{ 'ha.consul_tls_enabled': true, 'ha.consulAgentPort': 8501 },
    ...{ 'ha.keyStorePwd': undefined, 'ha.trustStorePwd': undefined, 'ha.keyStoresPwd': 'PLANTED-key-store' },
  });

/** TLS to Consul as it should be; the agents' plain port stays open. */
export const tls = (cluster: Cluster) =>
  configure(cluster, [0, 1], { 'ha.consul_tls_enabled': true, 'ha.consulAgentPort': 8501 });

/** The product's user may not read the key store of instance-a. */
export async function storeUnreadable(cluster: Cluster): Promise<void> {
  const [a] = cluster.hosts;
  const file = `${home}/config/ssl/server-keystore.jks`;
  await must(a.inside(['chown', 'root:root', file]));
  cluster.undo.push(async () => void (await must(a.inside(['chown', `${user.uid}:${user.uid}`, file]))));
}

/** instance-b has another release installed. */
export async function otherRelease(cluster: Cluster, release: string): Promise<void> {
  const [, b] = cluster.hosts;
  const move = async (from: string, to: string) => {
    await must(b.inside(['mv', warFile(from), warFile(to)]));
    await b.processes.get('java')?.stop({ forked: true });
    await startProcess(b, to);
  };
  const { release: before } = cluster.options;
  await move(before, release);
  cluster.undo.push(() => move(release, before));
}
