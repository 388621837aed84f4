/** The register of probes that the engine brings; packs add their own declared commands to it. */
import { access } from './access.js';
import { type CommandDeclaration, commandProbe } from './command.js';
import type { AnyProbe } from './define.js';
import { diskUsage } from './disk-usage.js';
import { file, link, stat } from './file.js';
import { filesystem } from './filesystem.js';
import { http } from './http.js';
import { inventory } from './inventory.js';
import { bootId, cpu, hostKey, kernel, machineId, memory, operatingSystem } from './machine.js';
import { interfaces, listeners } from './network.js';
import { newestFile } from './newest-file.js';
import { ping, pingFromHere } from './ping.js';
import { portProof } from './port-proof.js';
import { postgres } from './postgres.js';
import { processes } from './process.js';
import { programs } from './programs.js';
import { rsyncDryRun } from './rsync-dry-run.js';
import { sshBatch } from './ssh-batch.js';
import { tcpReach } from './tcp-reach.js';
import { clock, timezone } from './time.js';

/** The engine's own probes, by id. */
export const builtinProbes: readonly AnyProbe[] = [
  access,
  bootId,
  clock,
  cpu,
  diskUsage,
  file,
  filesystem,
  hostKey,
  http,
  interfaces,
  inventory,
  kernel,
  link,
  listeners,
  machineId,
  memory,
  newestFile,
  operatingSystem,
  ping,
  pingFromHere,
  portProof,
  postgres,
  processes,
  programs,
  rsyncDryRun,
  sshBatch,
  stat,
  tcpReach,
  timezone,
];

/** All probes a pack's rules may name: the engine's, and the pack's declared commands. */
export function probesOf(commands: Record<string, CommandDeclaration>): Map<string, AnyProbe> {
  const declared = Object.entries(commands).map(([id, declaration]) => commandProbe(id, declaration));
  return new Map([...builtinProbes, ...declared].map((probe) => [probe.id, probe]));
}
