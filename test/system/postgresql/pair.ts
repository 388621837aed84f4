/** A pair of real servers on two hosts, made anew for each test out of one clean copy. */
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { must } from '../lab/command.js';
import { Daemon } from '../lab/daemon.js';
import { LabHost } from '../lab/host.js';
import { type Overrides, writeInventory, writeKnownHosts } from '../lab/inventory.js';
import { makeFolder, removeLeftovers } from '../lab/leftovers.js';
import { type Network, startNetwork } from '../lab/network.js';
import { makeHostKeys, startSshd, writeSystem } from '../lab/system.js';
import { type Build, programOf, serversFolder, serversInHost } from './majors.js';
import { owner, Server } from './server.js';
import { accessText, following, settingsText } from './settings.js';

const limitMs = 60_000;

/** The hosts of a worker's pairs, their network and the runner's way to them. */
export interface Hosts {
  folder: string;
  network: Network;
  identityFile: string;
  knownHosts: string;
  /** The primary's, the standby's, and a third that no inventory names. */
  all: [LabHost, LabHost, LabHost];
  close(): Promise<void>;
}

/** Builds three hosts without a server and starts them. */
export async function startHosts(): Promise<Hosts> {
  await removeLeftovers();
  const { folder, id } = makeFolder();
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(started.map((part) => part.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const network = await startNetwork(id);
    started.push(network);
    const [identityFile, knownHosts] = [`${folder}/identity`, `${folder}/known_hosts`];
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'pflab', '-f', identityFile]);
    const authorized = readFileSync(`${identityFile}.pub`, 'utf8');
    const all = ['primary', 'standby', 'third'].map((name, index) => {
      const host = new LabHost(name, `${network.prefix}${10 + index}`, {}, undefined, folder);
      started.push(host);
      return host;
    }) as Hosts['all'];
    const ends = await Promise.all(
      all.map(async (host) => {
        await host.mounted();
        await network.plug(host.holder, host.name, host.address);
        writeSystem(host, all, authorized);
        const hostKeys = await makeHostKeys(host);
        await shareServers(host);
        await host.boot();
        await startSshd(host);
        return { host, hostKeys };
      }),
    );
    writeKnownHosts(knownHosts, ends);
    return { folder, network, identityFile, knownHosts, all, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lets a host see the servers wherever the checkout lies, and gives the server's user its folders. */
async function shareServers(host: LabHost): Promise<void> {
  const [at, own] = [`${host.work}/root${serversInHost}`, `${host.work}/servers`];
  const inside = ['nsenter', '--target', `${host.holder}`, '--mount', '--'];
  await must([...inside, 'mkdir', '-p', at, `${own}/upper`, `${own}/work`]);
  // What a test takes away is gone on that host alone.
  const layers = `lowerdir=${serversFolder},upperdir=${own}/upper,workdir=${own}/work`;
  await must([...inside, 'mount', '-t', 'overlay', '-o', layers, 'servers', at]);
  // A disk of its own, as such data have: on some overlays du sees no files.
  const disk = `${host.work}/root/var/lib/postgresql`;
  await must([...inside, 'mkdir', '-p', disk]);
  await must([...inside, 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'data', disk]);
  for (const folder of ['/var/lib/postgresql', '/run/postgresql', '/var/log/postgresql']) {
    mkdirSync(host.path(folder), { recursive: true });
    chownSync(host.path(folder), owner.uid, owner.gid);
  }
}

/** Which servers a pair has; both are built alike unless said. */
export interface Builds {
  primary: Build;
  standby: Build;
}

const clean = '/var/lib/postgresql/clean';
const data = '/var/lib/postgresql/data';

/** How the pair of a test differs from the usual one. Settings are there before the servers start. */
export interface Shape {
  primary?: Record<string, string | number>;
  standby?: Record<string, string | number>;
  /** Lines for pg_hba.conf of the primary in place of the usual ones. */
  access?: (hosts: Hosts['all']) => string;
  /** The standby has no slot, as pg_basebackup -R without -S leaves it. */
  slotless?: true;
  /** More of the standby's command line, as a manager starts it. */
  command?: readonly string[];
}

/** A running pair. */
export class Pair {
  readonly primary: Server;
  readonly standby: Server;
  /** What tests started on the hosts and must be undone; the last comes first. */
  readonly undo: (() => Promise<void> | void)[] = [];
  /** Servers beside the two. */
  readonly others: Server[] = [];

  constructor(
    readonly hosts: Hosts,
    readonly builds: Builds,
  ) {
    const [primary, standby] = hosts.all;
    this.primary = new Server(primary, builds.primary);
    this.standby = new Server(standby, builds.standby);
  }

  get servers(): Server[] {
    return [this.primary, this.standby, ...this.others];
  }

  /** Makes the clean copy: a primary with its roles, a table and a slot, and a standby that was caught up when both were stopped. */
  async prepare(): Promise<void> {
    const { primary, standby, hosts } = this;
    await this.clear();
    for (const { host } of [primary, standby]) host.remove(clean);
    await primary.init();
    primary.configure({});
    primary.write('postgresql.conf', primary.host.read(primary.file('postgresql.conf')) + settingsText(primary.build));
    primary.write('pg_hba.conf', accessText(hosts.network.prefix));
    await primary.start();
    const statements = [
      'CREATE ROLE replicator LOGIN REPLICATION',
      'CREATE ROLE watcher LOGIN',
      'GRANT pg_monitor TO watcher',
      'CREATE ROLE nobody LOGIN',
      "SELECT pg_create_physical_replication_slot('standby')",
      'CREATE TABLE things AS SELECT n AS number, md5(n::text) AS word FROM generate_series(1, 1000) n',
      'CREATE INDEX ON things (word)',
    ];
    for (const statement of statements) await primary.query(statement);
    await primary.stop();
    await copyFolder(primary.host, data, standby.host, data);
    leaveBehind(standby);
    standby.write('standby.signal', '');
    autoConfigure(standby, following(primary.host, 'standby', 'standby'));
    await primary.start();
    await standby.start();
    await this.caughtUp();
    // Stopped first, it sends its last word.
    await primary.stop();
    await standby.stop();
    for (const { host } of [primary, standby]) await copyFolder(host, data, host, clean);
  }

  /** Ends every server, and makes the pair anew. */
  async fresh(shape: Shape = {}): Promise<void> {
    await this.clear();
    const { primary, standby } = this;
    for (const { host } of [primary, standby]) await copyFolder(host, clean, host, data);
    primary.configure(shape.primary ?? {});
    standby.configure(shape.standby ?? {});
    if (shape.access) primary.write('pg_hba.conf', shape.access(this.hosts.all));
    if (shape.slotless) autoConfigure(standby, following(primary.host, 'standby'));
    await Promise.all([primary.start(), standby.start(...(shape.command ?? []))]);
    if (shape.slotless) await primary.query("SELECT pg_drop_replication_slot('standby')");
    await this.caughtUp();
  }

  /** As it is before there is a standby: its server was never made, and its directory waits for the copy. */
  async beforeStandby(): Promise<void> {
    const { host, folder } = this.standby;
    await this.standby.stop('immediate');
    host.remove(folder);
    mkdirSync(host.path(folder), { mode: 0o700 });
    chownSync(host.path(folder), owner.uid, owner.gid);
    await this.primary.query(
      "SELECT pg_drop_replication_slot('standby') WHERE EXISTS (SELECT FROM pg_replication_slots)",
    );
  }

  /** A standby on the third host; it follows the given server, over its slot where it has one. */
  async addStandby(name: string, upstream: Server, slot?: string): Promise<Server> {
    const server = new Server(this.hosts.all[2], upstream.build);
    this.others.push(server);
    await copyFolder(this.standby.host, clean, server.host, data);
    autoConfigure(server, following(upstream.host, name, slot));
    if (slot !== undefined) await upstream.query(`SELECT pg_create_physical_replication_slot('${slot}')`);
    await server.start();
    const rows = `SELECT state FROM pg_stat_replication WHERE application_name = '${name}'`;
    await this.until(`${name} streams`, async () => (await upstream.answer(rows)) === 'streaming');
    return server;
  }

  /** Puts a stopped server back to the clean copy, as a snapshot that is restored. */
  async restore({ host, folder }: Server): Promise<void> {
    await copyFolder(host, clean, host, folder);
  }

  /** Puts a copy of another stopped server in a stopped server's place. */
  async replace({ host, folder }: Server, by: Server): Promise<void> {
    await copyFolder(by.host, by.folder, host, folder);
  }

  /** Starts a program on a host that runs until the test is over. */
  keep(host: LabHost, argv: readonly string[]): Daemon {
    const daemon = new Daemon(host.inside(argv));
    this.undo.push(() => daemon.stop({ forked: true }).catch(() => {}));
    return daemon;
  }

  /** Ends every server and what tests left. */
  async clear(): Promise<void> {
    for (let undo = this.undo.pop(); undo; undo = this.undo.pop()) await undo();
    await Promise.all(this.servers.map((server) => server.stop('immediate')));
    for (const server of this.servers) server.host.remove(server.folder);
    this.others.length = 0;
  }

  /** Waits until the standby has replayed all that the primary has written. */
  async caughtUp(): Promise<void> {
    const end = await this.primary.query("SELECT pg_logical_emit_message(true, 'pflab', 'all is well')");
    const seen = `SELECT pg_last_wal_replay_lsn() >= '${end}'::pg_lsn AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')`;
    await this.until('the standby has caught up', async () => (await this.standby.answer(seen)) === 't');
  }

  /** Waits for something to become true; fails with what the servers logged last. */
  async until(what: string, ask: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await ask())) {
      if (performance.now() > end) {
        const logs = this.servers.map(
          (server) => `${server.host.name}:\n${server.log().split('\n').slice(-12).join('\n')}`,
        );
        throw new Error(`lab: not within ${limitMs / 1000} s: ${what}\n${logs.join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Writes an inventory of the two hosts, and gives its path. */
  inventory(overrides: Overrides = {}): string {
    const { folder, identityFile, all } = this.hosts;
    const programs = programOf(this.primary.build, 'postgres').replace(/\/postgres$/, '');
    const settings = { lagSamples: 3, lagEveryMs: 300, dataDirectory: this.primary.folder, programs };
    const base = { product: 'postgresql', ...overrides, settings: { ...settings, ...(overrides.settings as object) } };
    return writeInventory(`${folder}/pairflight.yaml`, all.slice(0, 2), identityFile, base);
  }
}

/** What pg_basebackup does not copy. */
function leaveBehind({ host, folder }: Server): void {
  for (const name of readdirSync(host.path(`${folder}/pg_replslot`))) host.remove(`${folder}/pg_replslot/${name}`);
}

/** Writes postgresql.auto.conf, which ALTER SYSTEM and pg_basebackup -R write too. */
export function autoConfigure(server: Server, settings: Record<string, string>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  server.write('postgresql.auto.conf', lines.join(''));
}

/** Copies a stopped server's data directory. */
async function copyFolder(from: LabHost, source: string, to: LabHost, target: string): Promise<void> {
  if (existsSync(to.path(target))) to.remove(target);
  await must(['cp', '--archive', from.path(source), to.path(target)]);
}
