/** A machine of the cluster that nobody logs in to: a network namespace with addresses, and nothing else of its own. */
import { must } from '../lab/command.js';
import { Daemon } from '../lab/daemon.js';
import type { Network } from '../lab/network.js';

/** A running node. */
export class Node {
  readonly #holder = new Daemon(['unshare', '--net', 'sh', '-c', 'ip link set lo up; echo ready; exec sleep infinity']);

  constructor(
    readonly name: string,
    readonly addresses: readonly [string, ...string[]],
  ) {}

  get holder(): number {
    return this.#holder.pid;
  }

  /** Plugs it in; every address is on its one interface. */
  async start(network: Network): Promise<void> {
    await this.#holder.prints('ready');
    const [first, ...others] = this.addresses;
    await network.plug(this.holder, this.name, first);
    for (const address of others)
      await must([
        'nsenter',
        '--target',
        `${this.holder}`,
        '--net',
        'ip',
        'address',
        'add',
        `${address}/24`,
        'dev',
        'eth0',
      ]);
  }

  async close(): Promise<void> {
    await this.#holder.stop();
  }
}
