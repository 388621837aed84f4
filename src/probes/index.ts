/** The register of probes that the engine brings; packs add their own declared commands to it. */
import { access } from './access.js';
import { type CommandDeclaration, commandProbe } from './command.js';
import type { AnyProbe } from './define.js';
import { diskUsage } from './disk-usage.js';
import { endpoint } from './endpoint.js';
import { file, link, stat } from './file.js';
import { filesystem } from './filesystem.js';
import { http } from './http.js';
import { inventory } from './inventory.js';
import { keyStore } from './key-store.js';
import { bootId, cpu, hostKey, kernel, machineId, memory, operatingSystem } from './machine.js';
import { mount } from './mount.js';
import { interfaces, listeners } from './network.js';
import { newestFile } from './newest-file.js';
import { ping, pingFromHere } from './ping.js';
import { portProof } from './port-proof.js';
import { postgres } from './postgres.js';
import { processes } from './process.js';
import { programs } from './programs.js';
import { properties } from './properties.js';
import { rsyncDryRun } from './rsync-dry-run.js';
import { sshBatch } from './ssh-batch.js';
import { tcpReach } from './tcp-reach.js';
import { clock, timezone } from './time.js';
import { yamlFile } from './yaml-file.js';

/** The engine's own probes, by id. */
export const builtinProbes: readonly AnyProbe[] = [
  access,
  bootId,
  clock,
  cpu,
  diskUsage,
  endpoint,
  file,
  filesystem,
  hostKey,
  http,
  interfaces,
  inventory,
  kernel,
  keyStore,
  link,
  listeners,
  machineId,
  memory,
  mount,
  newestFile,
  operatingSystem,
  ping,
  pingFromHere,
  portProof,
  postgres,
  processes,
  programs,
  properties,
  rsyncDryRun,
  sshBatch,
  stat,
  tcpReach,
  timezone,
  yamlFile,
];

/** All probes a pack's rules may name: the engine's, and the pack's declared commands. */
export function probesOf(commands: Record<string, CommandDeclaration>): Map<string, AnyProbe> {
  const declared = Object.entries(commands).map(([id, declaration]) => commandProbe(id, declaration));
  return new Map([...builtinProbes, ...declared].map((probe) => [probe.id, probe]));
}
