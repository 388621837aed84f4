/** The lab's own network: a bridge in a namespace of its own, one cable to each host, one to the runner, no way out. */
import { randomInt } from 'node:crypto';
import { must } from './command.js';
import { Daemon } from './daemon.js';

/** A /24 that joins the runner and the hosts; it dies with the process that holds it. */
export interface Network {
  /** The first three numbers of every address, with the final dot. */
  prefix: string;
  /** The runner's own address. */
  runner: string;
  /** Gives the network namespace of process `holder` an interface `eth0` with the address. */
  plug(holder: number, name: string, address: string): Promise<void>;
  /** Pulls the cable of a plugged host, or puts it back; what the others remember of the host's address goes with it. */
  setLink(name: string, state: 'up' | 'down'): Promise<void>;
  close(): Promise<void>;
}

async function freePrefix(): Promise<string> {
  const routes = await must(['ip', '-4', 'route', 'show', 'table', 'all']);
  for (;;) {
    const prefix = `10.${randomInt(64, 128)}.${randomInt(0, 256)}.`;
    if (!routes.includes(prefix)) return prefix;
  }
}

/** Makes the network of lab `id`; its one interface in the runner's namespace is named after the lab. */
export async function startNetwork(id: string): Promise<Network> {
  const prefix = await freePrefix();
  const runner = `${prefix}1`;
  const cable = `pflab${id}`;
  const plugged = new Map<string, { host: string[]; address: string }>();
  const bridge = new Daemon(['unshare', '--net', 'sh', '-c', 'echo ready; exec sleep infinity']);
  try {
    await bridge.prints('ready');
    const inside = ['nsenter', '--target', `${bridge.pid}`, '--net', 'ip'];
    await must([...inside, 'link', 'add', 'br0', 'type', 'bridge', 'forward_delay', '0']);
    await must([...inside, 'link', 'set', 'br0', 'up']);
    await must(['ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'runner', 'netns', `${bridge.pid}`]);
    await must([...inside, 'link', 'set', 'runner', 'master', 'br0', 'up']);
    await must(['ip', 'address', 'add', `${runner}/24`, 'dev', cable]);
    await must(['ip', 'link', 'set', cable, 'up']);
    return {
      prefix,
      runner,
      async plug(holder, name, address) {
        const host = ['nsenter', '--target', `${holder}`, '--net', 'ip'];
        await must([...host, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', name, 'netns', `${bridge.pid}`]);
        await must([...inside, 'link', 'set', name, 'master', 'br0', 'up']);
        await must([...host, 'address', 'add', `${address}/24`, 'dev', 'eth0']);
        await must([...host, 'link', 'set', 'eth0', 'up']);
        plugged.set(name, { host, address });
      },
      async setLink(name, state) {
        await must([...inside, 'link', 'set', name, state]);
        const { address } = plugged.get(name) ?? {};
        if (!address) throw new Error(`lab: no host is plugged in as ${name}`);
        const others = [...plugged].filter(([other]) => other !== name).map(([, { host }]) => host);
        for (const ip of [['ip'], ...others]) await must([...ip, 'neighbour', 'flush', 'to', address]);
      },
      // The namespace takes the bridge and every cable with it.
      close: () => bridge.stop(),
    };
  } catch (error) {
    await bridge.stop();
    throw error;
  }
}
