/** The register of probes that the engine brings; packs add their own declared commands to it. */
import { access } from './access.js';
import { type CommandDeclaration, commandProbe } from './command.js';
import { properties, yamlFile } from './config-file/index.js';
import type { AnyProbe } from './define.js';
import { diskUsage } from './files/disk-usage.js';
import { file, link, stat } from './files/file.js';
import { filesystem } from './files/filesystem.js';
import { filesystemsBelow } from './files/filesystems-below.js';
import { following } from './files/followed-path.js';
import { keyStore } from './files/key-store.js';
import { lastWrite } from './files/last-write.js';
import { mount } from './files/mount.js';
import { newestFile } from './files/newest-file.js';
import { endpoint } from './http/endpoint.js';
import { http } from './http/http.js';
import { inventory } from './inventory.js';
import { bootId, cpu, hostKey, kernel, machineId, memory, operatingSystem } from './machine.js';
import { addresses, interfaces, listeners } from './network.js';
import { ping, pingFromHere } from './ports/ping.js';
import { portProof } from './ports/proof.js';
import { tcpReach } from './ports/reach.js';
import { postgresConfiguration } from './postgres/configuration.js';
import { postgresInstalled } from './postgres/installed.js';
import { postgres } from './postgres/postgres.js';
import { processes } from './process.js';
import { programs } from './programs.js';
import { rsyncDryRun } from './rsync/dry-run.js';
import { sshBatch } from './ssh-batch.js';
import { clock, timezone } from './time.js';

/** The engine's own probes, by id. */
export const builtinProbes: readonly AnyProbe[] = [
  access,
  addresses,
  bootId,
  clock,
  cpu,
  following(diskUsage, 'path'),
  endpoint,
  following(file, 'path'),
  following(filesystem, 'path'),
  following(filesystemsBelow, 'path'),
  hostKey,
  http,
  interfaces,
  inventory,
  kernel,
  following(keyStore, 'path'),
  following(lastWrite, 'path'),
  link,
  listeners,
  machineId,
  memory,
  following(mount, 'path'),
  following(newestFile, 'directory', { exists: false, count: 0 }),
  operatingSystem,
  ping,
  pingFromHere,
  portProof,
  postgres,
  postgresConfiguration,
  postgresInstalled,
  processes,
  programs,
  properties,
  rsyncDryRun,
  sshBatch,
  following(stat, 'path'),
  tcpReach,
  timezone,
  yamlFile,
];

/** All probes a pack's rules may name: the engine's, and the pack's declared commands. */
export function probesOf(commands: Record<string, CommandDeclaration>): Map<string, AnyProbe> {
  const declared = Object.entries(commands).map(([id, declaration]) => commandProbe(id, declaration));
  return new Map([...builtinProbes, ...declared].map((probe) => [probe.id, probe]));
}
