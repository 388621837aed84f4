/** Changes to what the instances stand on: the shared file system, Elasticsearch, the proxy, programs. */
import { must } from '../../lab/command.js';
import { hideProgram } from '../../lab/obstacles.js';
import type { Cluster } from '../cluster.js';
import { user } from '../configuration.js';
import { exported, mount, unmount } from '../share.js';

/** Elasticsearch as it is told to be; the instances notice when they are checked. */
export async function search(
  cluster: Cluster,
  state: { status?: 'yellow' | 'red'; dataNodes?: number; clusterName?: string },
): Promise<void> {
  const { status, dataNodes, clusterName } = cluster.search;
  cluster.undo.push(() => void Object.assign(cluster.search, { status, dataNodes, clusterName }));
  Object.assign(cluster.search, state);
  await cluster.pass(10);
}

/** instance-a has mounted the shared file system read-only. */
export async function readOnlyShare(cluster: Cluster): Promise<void> {
  await remount(cluster, { readOnly: true });
  await cluster.pass(10);
  await cluster.proxy.follow();
}

/** instance-a has another export mounted than instance-b. */
export async function otherShare(cluster: Cluster): Promise<void> {
  const directory = `${exported}/other`;
  await must(cluster.files.inside(['install', '-d', '-o', `${user.uid}`, '-g', `${user.uid}`, directory]));
  cluster.undo.push(() => cluster.files.remove(directory));
  await remount(cluster, { directory });
}

async function remount(cluster: Cluster, options: { readOnly?: boolean; directory?: string }): Promise<void> {
  const [a] = cluster.hosts;
  const again = async (how: object) => {
    await unmount(a);
    await mount(a, cluster.files, how);
  };
  cluster.undo.push(() => again({}));
  await again(options);
}

/** instance-a has mounted nothing: the directory is its own. */
export async function noShare(cluster: Cluster): Promise<void> {
  const [a] = cluster.hosts;
  await unmount(a);
  cluster.undo.push(() => mount(a, cluster.files));
}

/** The shared file system is full but for some MiB; below 10 an instance is not well. */
export async function fullDisk(cluster: Cluster, leftMib = 4): Promise<void> {
  const file = `${exported}/full`;
  const free = (await must(cluster.files.inside(['stat', '-f', '-c', '%a %S', exported])))
    .trim()
    .split(' ')
    .map(Number);
  const bytes = (free[0] ?? 0) * (free[1] ?? 0) - leftMib * 2 ** 20;
  cluster.undo.push(() => cluster.files.remove(file));
  await must(cluster.files.inside(['fallocate', '-l', `${bytes}`, file]));
  await cluster.pass(10);
}

/** The proxy still sends to instance-b, which does not lead. */
export const proxyBehind = (cluster: Cluster) => cluster.proxy.send(cluster.instances[1].value);

/** Nothing answers at the proxy. */
export const proxyDown = (cluster: Cluster) => cluster.proxy.close();

/** instance-b has no curl: nothing can be asked on it over HTTP. */
export const withoutCurl = async (cluster: Cluster) => {
  const [, b] = cluster.hosts;
  await hideProgram(b, 'curl');
  cluster.undo.push(async () => {
    for (let undo = b.undo.pop(); undo; undo = b.undo.pop()) await undo();
  });
};
