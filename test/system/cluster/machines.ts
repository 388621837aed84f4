/** The machines of a cluster: two instances and a file server that one may log in to, and nodes that only answer. */
import { readFileSync, rmSync } from 'node:fs';
import { must } from '../lab/command.js';
import { LabHost } from '../lab/host.js';
import { writeKnownHosts } from '../lab/inventory.js';
import { makeFolder, removeLeftovers } from '../lab/leftovers.js';
import { type Network, startNetwork } from '../lab/network.js';
import { makeHostKeys, startSshd, writeSystem } from '../lab/system.js';
import { type Certificates, makeCertificates } from './certificates.js';
import { secrets } from './configuration.js';
import { Node } from './node.js';
import { addUser, startProcess, writeProduct } from './product.js';
import { exported, mount, writeExport, writeMount } from './share.js';

/** The last numbers of the addresses. */
export const places = { instances: [11, 12], files: 20, proxy: 30, search: [41, 42], servers: [51, 52, 53] } as const;

// The hosts of the lab are built for another product; where that one lies matters to nobody here.
const otherBuild = '10.0.0.147420';

/** Running machines. */
export interface Machines {
  /** A folder of the runner's. */
  folder: string;
  network: Network;
  hosts: [LabHost, LabHost];
  files: LabHost;
  /** Has the addresses of Elasticsearch's nodes and of Consul's servers. */
  backend: Node;
  front: Node;
  certificates: Certificates;
  close(): Promise<void>;
}

/** Builds the machines and starts them: sshd, the shared file system and the product's process run, and nothing answers yet. */
export async function startMachines(release: string): Promise<Machines> {
  await removeLeftovers();
  const { folder, id } = makeFolder();
  const started: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    started.push(part);
    return part;
  };
  const close = async () => {
    await Promise.all(started.splice(0).map((part) => part.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const network = keep(await startNetwork(id));
    const at = (last: number) => `${network.prefix}${last}`;
    const host = (name: string, last: number, disks: Record<string, string> = {}) =>
      keep(new LabHost(name, at(last), disks, otherBuild, folder));
    const files = host('files', places.files, { [exported]: '128M' });
    const hosts: [LabHost, LabHost] = [
      host('instance-a', places.instances[0]),
      host('instance-b', places.instances[1]),
    ];
    const [first, ...others] = [...places.search, ...places.servers].map(at);
    const backend = keep(new Node('backend', [first ?? '', ...others]));
    const front = keep(new Node('proxy', [at(places.proxy)]));
    const certified = ['127.0.0.1', ...places.servers.map(at)];
    const certificates = await makeCertificates(folder, certified, secrets[0] ?? '');
    const machines = { folder, network, hosts, files, backend, front, certificates, close };
    await Promise.all([backend.start(network), front.start(network), startHosts(machines, release)]);
    return machines;
  } catch (error) {
    await close();
    throw error;
  }
}

async function startHosts({ folder, network, hosts, files, certificates }: Machines, release: string): Promise<void> {
  const all = [...hosts, files];
  for (const name of ['identity', 'share'])
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', `${folder}/${name}`]);
  const key = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
  const ends = await Promise.all(
    all.map(async (host) => {
      await host.mounted();
      await network.plug(host.holder, host.name, host.address);
      writeSystem(host, all, key('identity.pub'));
      addUser(host);
      return { host, hostKeys: await makeHostKeys(host) };
    }),
  );
  writeKnownHosts(`${folder}/known_hosts`, ends);
  writeExport(files, key('share.pub'));
  const fileServerKeys = ends.find(({ host }) => host === files)?.hostKeys ?? [];
  const searchNodes = places.search.map((last) => `${network.prefix}${last}`);
  for (const host of hosts) {
    writeProduct(host, release, searchNodes, certificates);
    writeMount(host, key('share'), files, fileServerKeys);
  }
  await Promise.all(all.map((host) => host.boot()));
  await Promise.all(all.map(startSshd));
  await Promise.all(hosts.flatMap((host) => [mount(host, files), startProcess(host, release)]));
}
