/** Two real hosts on one Linux machine, and all that a test may ask of them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { must } from './command.js';
import { writeContents } from './contents.js';
import { LabHost } from './host.js';
import { type Overrides, writeInventory, writeKnownHosts } from './inventory.js';
import { exchangeKeys } from './key-exchange.js';
import { makeFolder, removeLeftovers } from './leftovers.js';
import { type Network, startNetwork } from './network.js';
import { giveMemory } from './obstacles.js';
import { startProduct } from './processes.js';
import { defaultConf, writeProduct } from './product.js';
import { differences, entryOf, type Manifest, manifestOf } from './readonly.js';
import { makeHostKeys, sshdLog, startSshd, writeSystem } from './system.js';

/** How one host differs from the default. */
export interface HostOptions {
  /** Four numbers; from 4.0 on the product is under /opt/alation/alation, before under /usr/local/alation. */
  build?: string;
  /** Mount point to size, as `truncate --size` takes it; every one is an ext4 file system of its own. */
  disks?: Record<string, string>;
  conf?: Record<string, string>;
  confDelay?: number;
  /** What /proc/meminfo tells. */
  memoryKib?: number;
}

/** What both hosts have, and what each has of its own. */
export interface LabOptions extends HostOptions {
  primary?: HostOptions;
  secondary?: HostOptions;
}

const defaults = {
  build: '10.0.0.147420',
  disks: { '/opt/alation': '12G', '/data': '20G', '/backup': '30G' },
  confDelay: 0.4,
  memoryKib: 64 * 1024 * 1024,
};

/** A running lab. */
export class Lab {
  readonly identityFile: string;
  readonly knownHosts: string;
  /** Waits until a lab without faults is as it was; set by what runs on it. */
  settled?: () => Promise<void>;
  #baselines = new Map<LabHost, Manifest>();

  constructor(
    readonly folder: string,
    readonly network: Network,
    readonly primary: LabHost,
    readonly secondary: LabHost,
  ) {
    this.identityFile = `${folder}/identity`;
    this.knownHosts = `${folder}/known_hosts`;
  }

  get hosts(): [LabHost, LabHost] {
    return [this.primary, this.secondary];
  }

  /** Notes how everything is now: what changes from here on is in `changedFiles`. */
  baseline(): void {
    for (const host of this.hosts) this.#baselines.set(host, manifestOf(host));
  }

  /** Files of the host that were written, made or removed since the baseline, but for the system's own logs. */
  changedFiles(host: LabHost): string[] {
    return differences(this.#baselines.get(host) ?? new Map(), manifestOf(host));
  }

  /** Takes the named paths into the baseline as they are now: the test itself has changed them. */
  accept(host: LabHost, paths: string[]): void {
    const baseline = new Map(this.#baselines.get(host));
    for (const path of paths) {
      const entry = entryOf(host, path);
      if (entry === undefined) baseline.delete(path);
      else baseline.set(path, entry);
    }
    this.#baselines.set(host, baseline);
  }

  /** Calls that would have changed the product; must stay empty. */
  traps(host: LabHost): string[] {
    return this.#lines(host, 'traps');
  }

  /** All calls of the product's commands since the last reset. */
  calls(host: LabHost): string[] {
    return this.#lines(host, 'calls');
  }

  #lines(host: LabHost, file: string): string[] {
    return readFileSync(host.private(`spool/${file}`), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** How many logins from the runner the host's sshd has accepted since it was built; its peer's are not counted. */
  acceptedLogins(host: LabHost): number {
    const accepted = readFileSync(sshdLog(host), 'utf8').match(/^Accepted (?!key ).*$/gm) ?? [];
    return accepted.filter((line) => line.includes(` from ${this.network.runner} `)).length;
  }

  /** Writes an inventory of the two hosts, mode 0600, and gives its path. */
  inventory(overrides: Overrides = {}): string {
    return writeInventory(`${this.folder}/pairflight.yaml`, this.hosts, this.identityFile, overrides);
  }

  /** Undoes every fault, empties the traps, takes a new baseline. */
  async reset(): Promise<void> {
    for (const host of this.hosts) {
      for (let undo = host.undo.pop(); undo; undo = host.undo.pop()) await undo();
    }
    await this.settled?.();
    for (const host of this.hosts) {
      for (const file of ['traps', 'calls']) writeFileSync(host.private(`spool/${file}`), '');
    }
    this.baseline();
  }

  /** Ends both hosts and the network; nothing of the lab is left. */
  async close(): Promise<void> {
    await Promise.all([...this.hosts.map((host) => host.close()), this.network.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Builds the hosts and starts them; the baseline is taken, the hosts are healthy and not paired. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  await removeLeftovers();
  const { folder, id } = makeFolder();
  const started: { close(): Promise<void> }[] = [];
  try {
    const network = await startNetwork(id);
    started.push(network);
    const settings = (own: HostOptions = {}) => ({ ...defaults, ...options, ...own });
    const [primary, secondary] = (['primary', 'secondary'] as const).map((name, index) => {
      const { disks, build } = settings(options[name]);
      const host = new LabHost(name, `${network.prefix}${10 + index}`, disks, build, folder);
      started.push(host);
      return host;
    }) as [LabHost, LabHost];
    const lab = new Lab(folder, network, primary, secondary);
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'pflab', '-f', lab.identityFile]);
    const authorized = readFileSync(`${lab.identityFile}.pub`, 'utf8');
    const keys = lab.hosts.map(async (host) => {
      const { conf, confDelay, memoryKib } = settings(options[host.name as 'primary' | 'secondary']);
      await host.mounted();
      await network.plug(host.holder, host.name, host.address);
      writeSystem(host, lab.hosts, authorized);
      writeProduct(host, { ...defaultConf(host.address), ...conf }, { confDelay, confAlwaysSubstring: false });
      writeContents(host);
      const hostKeys = await makeHostKeys(host);
      await host.boot();
      await giveMemory(host, memoryKib);
      await Promise.all([startSshd(host), startProduct(host)]);
      return { host, hostKeys };
    });
    const ends = await Promise.all(keys);
    writeKnownHosts(lab.knownHosts, ends);
    await exchangeKeys(ends);
    lab.baseline();
    return lab;
  } catch (error) {
    await Promise.all(started.map((part) => part.close()));
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
