/** Many pairs at once, played by one process on loopback: some as they should be, and a share of them with faults. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../core/errors.js';
import { systemReason } from '../core/file-error.js';
import { makeFolder } from '../core/folder.js';
import type { Machine } from './file/machine.js';
import type { Demo, Scenario } from './file/scenarios.js';
import { drawKey } from './index.js';
import { Turns } from './play/changing-answers.js';
import { LOGIN } from './play/command-line.js';
import { type PlayedServer, serve } from './play/server.js';

/** Which pairs are played. */
export interface FleetScene {
  count: number;
  phase: string;
  /** Two fleets of one seed have the same faults on the same pairs. */
  seed: number;
  /** Of each hundred pairs so many have a fault. */
  faultPercent: number;
}

/** Pairs that are played until they are closed. */
export interface RunningFleet {
  /** The fleet's file, the known_hosts file and the key, in the folder that was given. */
  file: string;
  knownHosts: string;
  /** The scenario of each pair. */
  scenes: Record<string, string>;
  close(): Promise<void>;
}

const SITES = ['ams', 'fra', 'iad'];

/** Plays a fleet; its files lie in `folder`, and go with `close`. @throws UsageError where nothing healthy is played for the phase */
export async function startFleet(demo: Demo, scene: FleetScene, folder: string): Promise<RunningFleet> {
  const { healthy, faulty } = choiceOf(demo, scene.phase);
  const random = randomOf(scene.seed);
  const login = drawKey();
  const hostKeys = new Map<string, ReturnType<typeof drawKey>>();
  const keyOf = (name: string) => {
    const key = hostKeys.get(name) ?? drawKey();
    hostKeys.set(name, key);
    return key;
  };
  const [file, knownHosts, identityFile] = ['fleet.json', 'known_hosts', 'id_ed25519'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const servers: PlayedServer[] = [];
  const written: string[] = [];
  /** Never over a file that is there: the folder may be somebody's own, with keys of these names. */
  const write = async (path: string, text: string) => {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    written.push(path);
  };
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
    for (const one of written) rmSync(one, { force: true });
  };
  try {
    const pairs: Record<string, unknown> = {};
    const scenes: Record<string, string> = {};
    const known: string[] = [];
    const digits = String(scene.count).length;
    for (let number = 1; number <= scene.count; number++) {
      const name = `pair-${String(number).padStart(digits, '0')}`;
      // Both numbers are drawn whether or not they are needed: the next pair's do not depend on this one's.
      const [share, which] = [random() * 100, random()];
      const scenario = share < scene.faultPercent ? (faulty[Math.floor(which * faulty.length)] ?? healthy) : healthy;
      scenes[name] = scenario.name;
      const hosts = scenario.hosts.map((machine) => ownMachine(machine, name));
      const reached: [string, object][] = [];
      for (const machine of hosts) {
        const stage = { machine, hosts, endpoints: scenario.endpoints, turns: new Turns() };
        const server = await serve(stage, keyOf(machine.hostKey).private, login.parsed);
        servers.push(server);
        known.push(`[127.0.0.1]:${server.port} ${keyOf(machine.knownHostKey).public}\n`);
        const { role = machine.name, address } = machine;
        reached.push([machine.name, { role, address, ssh: { host: '127.0.0.1', port: server.port } }]);
      }
      const asked = scenario.endpoints.map(({ name: host, role, address, via }) => [host, { role, address, via }]);
      pairs[name] = {
        ...scenario.inventory,
        labels: { site: SITES[(number - 1) % SITES.length], plays: scenario.name },
        hosts: Object.fromEntries([...reached, ...asked]),
      };
    }
    const defaults = { product: demo.product, ssh: { user: LOGIN.user, identityFile } };
    try {
      makeFolder(folder);
      await write(identityFile, login.private);
      await write(knownHosts, known.join(''));
      await write(file, `${JSON.stringify({ fleet: 'demo', defaults, pairs }, null, 1)}\n`);
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      throw new UsageError(
        isThere
          ? `${folder}: holds files of the names that a played fleet needs (fleet.json, known_hosts, id_ed25519), and they stay; name an empty folder`
          : `${folder}: cannot be written: ${systemReason(error)}`,
      );
    }
    return { file, knownHosts, scenes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The scenario that passes, and those that a played fleet's faults are drawn from: none asks a person for a password. */
function choiceOf({ product, scenarios }: Demo, phase: string): { healthy: Scenario; faulty: Scenario[] } {
  const ofPhase = scenarios.filter((one) => one.phase === phase);
  const healthy = ofPhase.find((one) => one.healthy);
  if (!healthy) {
    const known = [...new Set(scenarios.flatMap((one) => (one.healthy ? [one.phase] : [])))];
    throw new UsageError(`no fleet of ${product} is played for the phase "${phase}"; known: ${known.join(', ')}`);
  }
  const faulty = ofPhase.filter((one) => !one.healthy && one.hosts.every(({ sudo }) => sudo !== 'password'));
  return { healthy, faulty };
}

/** The machine as this pair's own: the ids that tell machines apart are other pairs' nowhere. */
function ownMachine(machine: Machine, pair: string): Machine {
  const drawn = (id: string) => createHash('sha256').update(`${pair}\n${id}`).digest('hex').slice(0, 32);
  const boot = drawn(machine.bootId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { ...machine, bootId: boot, machineId: drawn(machine.machineId) };
}

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
