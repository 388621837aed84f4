/** Changes to who leads, by the lock, its session and the instances' health. */
import type { Cluster } from '../cluster.js';
import { type Instance, leaderKey } from '../instance.js';

/** The leader's session ends, and a lock delay keeps everybody from the lock: the key has its old value and no session. */
export async function lockWithoutSession(cluster: Cluster): Promise<void> {
  const { store } = cluster.consul;
  store.lockDelays.set(leaderKey, Number.POSITIVE_INFINITY);
  store.destroy(cluster.instances[0].session);
  await cluster.pass(5);
}

/** The lock is held by the session of instance-b, the key's value names instance-a. */
export async function sessionOfTheOther(cluster: Cluster): Promise<void> {
  const [a, b] = cluster.instances;
  await giveLock(cluster, a, b, a.value);
}

/** `from` gives the lock back and `to` takes it, by the API. */
async function giveLock(cluster: Cluster, from: Instance, to: Instance, value = to.value): Promise<void> {
  const gave = await from.consul('PUT', `/v1/kv/${leaderKey}?release=${from.session}`, from.value);
  const took = await to.consul('PUT', `/v1/kv/${leaderKey}?acquire=${to.session}`, value);
  if (gave.body !== 'true' || took.body !== 'true')
    throw new Error(`cluster: the lock did not change hands on ${cluster.machines.folder}`);
}

/**
 * The leader's check is critical while its session lives. Consul ends such a session at once where it names the check; it lives on
 * where it names `serfHealth` alone, which is what the leader's session is made to name.
 */
export async function leaderCheckFails(cluster: Cluster): Promise<void> {
  const [a] = cluster.instances;
  const session = cluster.consul.store.sessions.get(a.session);
  if (!session) throw new Error('cluster: nobody leads');
  session.checks = ['serfHealth'];
  a.forcedHealth = 'DOWN';
  cluster.undo.push(() => {
    a.forcedHealth = undefined;
  });
  await cluster.pass(5);
}

/** instance-a says that it is not well: its session ends, and instance-b takes the lead. */
export async function leaderUnwell(cluster: Cluster): Promise<void> {
  const [a] = cluster.instances;
  a.forcedHealth = 'DOWN';
  cluster.undo.push(() => {
    a.forcedHealth = undefined;
  });
  await cluster.pass(10);
  await cluster.proxy.follow();
}

/** The lock goes from one to the other and back, again and again, until the change is undone. */
export function flapping(cluster: Cluster): void {
  let going = true;
  const run = async () => {
    for (let [from, to] = cluster.instances; going; [from, to] = [to, from]) {
      await giveLock(cluster, from, to);
      Object.assign(from, { leader: false });
      Object.assign(to, { leader: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const done = run();
  cluster.undo.push(() => {
    going = false;
    return done;
  });
}

/** instance-b has crashed; time has passed. */
export async function backupDown(cluster: Cluster): Promise<void> {
  await cluster.instances[1].kill();
  await cluster.pass(10);
}
