/** The whole cluster on one Linux machine: two instances with a shared file system, Consul, Elasticsearch and a proxy. */
import { readFileSync } from 'node:fs';
import type { LabHost } from '../lab/host.js';
import { differences, type Manifest, manifestOf } from '../lab/readonly.js';
import { sshdLog } from '../lab/system.js';
import { clientWords, serverTls } from './certificates.js';
import { ConsulAgent, ConsulCluster } from './consul.js';
import { makeDueChecks } from './consul-register.js';
import { Clock } from './consul-store.js';
import { Elasticsearch } from './elasticsearch.js';
import { Instance } from './instance.js';
import { type Machines, places, startMachines } from './machines.js';
import { endWorkers } from './namespace-worker.js';
import { FrontProxy } from './proxy.js';

/** How a cluster differs from the default. */
export interface ClusterOptions {
  /** The product's release, in the name of its war file. */
  release?: string;
  consulVersion?: string;
}

/** A running cluster. */
export class Cluster {
  readonly clock = new Clock();
  readonly search = new Elasticsearch();
  readonly #baselines = new Map<LabHost, Manifest>();
  /** What the changes take to be undone; the last comes first. */
  readonly undo: (() => Promise<void> | void)[] = [];
  consul: ConsulCluster;
  /** The agents beside the instances, on their loopback. */
  readonly agents: readonly [ConsulAgent, ConsulAgent];
  /** The agents of the servers. */
  readonly servers: readonly ConsulAgent[];
  readonly instances: readonly [Instance, Instance];
  readonly proxy: FrontProxy;

  constructor(
    readonly machines: Machines,
    readonly options: Required<ClusterOptions>,
  ) {
    const { folder, front, hosts, certificates } = machines;
    this.consul = this.newConsul();
    const agent = (host: LabHost) => new ConsulAgent(this.consul, host.name, host.address);
    const instance = (host: LabHost) => new Instance(host, this.clock, clientWords(certificates));
    this.agents = [agent(hosts[0]), agent(hosts[1])];
    this.instances = [instance(hosts[0]), instance(hosts[1])];
    const addresses = places.servers.map((last) => this.address(last));
    this.servers = addresses.map((one, index) => new ConsulAgent(this.consul, `consul-${index + 1}`, one, true));
    this.proxy = new FrontProxy(front, `${folder}/nginx`, `http://${addresses[0]}:8500`);
  }

  get hosts(): [LabHost, LabHost] {
    return this.machines.hosts;
  }

  get files(): LabHost {
    return this.machines.files;
  }

  get identityFile(): string {
    return `${this.machines.folder}/identity`;
  }

  get knownHosts(): string {
    return `${this.machines.folder}/known_hosts`;
  }

  address(last: number): string {
    return `${this.machines.network.prefix}${last}`;
  }

  get searchNodes(): string[] {
    return places.search.map((last) => this.address(last));
  }

  /** Lets everything answer: agents on 8500 in the clear and on 8501 with TLS and a client's certificate. instance-a leads. */
  async start(): Promise<void> {
    const { holder } = this.machines.backend;
    await Promise.all(this.searchNodes.map((address) => this.search.listen(holder, address)));
    await Promise.all([this.listenAgent(0), this.listenAgent(1), this.listenServers([0, 1, 2])]);
    await this.begin();
    this.baseline();
  }

  /** Lets the agent beside an instance answer. */
  async listenAgent(index: 0 | 1): Promise<void> {
    await this.#listen(this.agents[index], this.hosts[index].holder, '127.0.0.1');
  }

  /** Lets the agents of servers answer. */
  async listenServers(which: readonly number[]): Promise<void> {
    const agents = which.map((index) => this.servers[index]).filter((agent) => agent !== undefined);
    await Promise.all(agents.map((agent) => this.#listen(agent, this.machines.backend.holder, agent.address)));
  }

  async #listen(agent: ConsulAgent, holder: number, address: string): Promise<void> {
    await agent.listen({ holder, address, port: 8500 });
    await agent.listen({ holder, address, port: 8501 }, serverTls(this.machines.certificates));
  }

  /** Servers that know nothing yet. */
  newConsul(servers = 3): ConsulCluster {
    const addresses = places.servers.slice(0, servers).map((last) => this.address(last));
    return new ConsulCluster(this.clock, { version: this.options.consulVersion, servers: addresses });
  }

  /** Joins agents to a cluster. */
  join(agents: readonly ConsulAgent[], consul: ConsulCluster): void {
    for (const agent of agents) {
      agent.cluster = consul;
      if (!consul.store.nodes.has(agent.node)) consul.store.addNode(agent.node, agent.address);
    }
  }

  /** Starts the product anew on servers that know nothing: instance-a is first, and leads. */
  async begin(consul = this.newConsul()): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.kill()));
    this.consul = consul;
    this.join([...this.agents, ...this.servers], consul);
    for (const instance of this.instances) await instance.start();
    await this.pass(15);
    await this.proxy.follow();
  }

  /** Lets time pass: checks are made, sessions end, the instances do what is due. The proxy is left as it is. */
  async pass(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      this.clock.ms += 5000;
      for (const consul of new Set(this.agents.map((agent) => agent.cluster))) consul.expire();
      await Promise.all(this.agents.map((agent, index) => makeDueChecks(agent, this.hosts[index]?.holder)));
      for (const instance of this.instances) await instance.act();
    }
  }

  /** Undoes every change and starts anew. */
  async reset(): Promise<void> {
    for (let undo = this.undo.pop(); undo; undo = this.undo.pop()) await undo();
    await this.begin();
    this.baseline();
  }

  /** Notes how the files of the hosts are now. */
  baseline(): void {
    for (const host of [...this.hosts, this.files]) this.#baselines.set(host, manifestOf(host));
  }

  /** What was written on any host since the baseline, but for the system's own logs. */
  changedFiles(): string[] {
    return [...this.#baselines].flatMap(([host, before]) =>
      differences(before, manifestOf(host)).map((file) => `${host.name}: ${file}`),
    );
  }

  /** How many logins from the runner the instances have accepted, in their order. */
  logins(): number[] {
    return this.hosts.map((host) => {
      const accepted = readFileSync(sshdLog(host), 'utf8').match(/^Accepted (?!key ).*$/gm) ?? [];
      return accepted.filter((line) => line.includes(` from ${this.machines.network.runner} `)).length;
    });
  }

  /** Ends everything; nothing is left. */
  async close(): Promise<void> {
    const answering = [
      ...this.instances.map((instance) => ({ close: () => instance.kill() })),
      this.search,
      this.proxy,
    ];
    await Promise.all([...answering, ...this.agents, ...this.servers].map((part) => part.close()));
    const { backend, front } = this.machines;
    endWorkers([...this.hosts, backend, front].map(({ holder }) => holder));
    await this.machines.close();
  }
}

/** Builds a cluster and starts it. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const settings = { release: '3.7.0', consulVersion: '1.2.3', ...options };
  const cluster = new Cluster(await startMachines(settings.release), settings);
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}
