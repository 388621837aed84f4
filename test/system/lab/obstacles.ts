/** Things that stand in the way on a host: firewalls, missing programs, programs and kernel files that lie. */
import { must } from './command.js';
import type { LabHost } from './host.js';
import type { Lab } from './lab.js';

/** What a firewall does with a port: `drop` is silent, `reset` answers RST, `unreachable` answers with ICMP. */
export type Blocking = 'drop' | 'reset' | 'unreachable';

const verdicts: Record<Blocking, string> = {
  drop: 'drop',
  reset: 'reject with tcp reset',
  unreachable: 'reject with icmp type admin-prohibited',
};

/** Puts a firewall before a TCP port of `to` for packets from `from` alone. */
export function block(from: LabHost, to: LabHost, port: number, blocking: Blocking): Promise<void> {
  return blockAddress(from.address, to, port, blocking);
}

/** Drops what the runner sends to a port of a host: it does not answer us, while its peer reaches it. */
export function blockRunner(lab: Lab, to: LabHost, port: number): Promise<void> {
  return blockAddress(lab.network.runner, to, port, 'drop');
}

async function blockAddress(from: string, to: LabHost, port: number, blocking: Blocking): Promise<void> {
  const rules = [
    'add table ip pflab',
    'add chain ip pflab input { type filter hook input priority 0; }',
    `add rule ip pflab input ip saddr ${from} tcp dport ${port} ${verdicts[blocking]}`,
  ];
  await must(to.inside(['nft', '-f', '-']), { input: `${rules.join('\n')}\n` });
  to.undo.push(() => unblock(to));
}

/** Takes the firewall before a host's ports away. */
export async function unblock(to: LabHost): Promise<void> {
  await to.exec(['nft', 'delete', 'table', 'ip', 'pflab']);
}

/** Drops every echo request to a host, whoever sends it. */
export async function blockEcho(to: LabHost): Promise<void> {
  const rules = [
    'add table ip pflab',
    'add chain ip pflab input { type filter hook input priority 0; }',
    'add rule ip pflab input icmp type echo-request drop',
  ];
  await must(to.inside(['nft', '-f', '-']), { input: `${rules.join('\n')}\n` });
  to.undo.push(() => unblock(to));
}

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Takes a program away from the host; the product's shell has an operating system of its own and keeps it. */
export async function hideProgram(host: LabHost, name: string): Promise<void> {
  const found = await host.exec(['sh', '-c', `ls -d ${folders.map((folder) => `${folder}/${name}`).join(' ')}`]);
  const files = found.stdout.split('\n').filter((file) => file !== '');
  if (files.length === 0) throw new Error(`lab: ${host.name} has no program ${name}`);
  for (const file of files) {
    host.remove(file);
    // The machine's own root is the overlay's lower layer, so it still has what was taken away.
    host.undo.push(async () => void (await must(['cp', '-a', file, host.path(file)])));
  }
}

/** Takes away those of the programs that the host has. */
export async function hidePrograms(host: LabHost, names: string[]): Promise<void> {
  for (const name of names) {
    if ((await host.exec(['sh', '-c', `command -v ${name}`])).code === 0) await hideProgram(host, name);
  }
}

/** Puts a shell script in a program's place: one that hangs (`exec sleep 3600`), one that lies. */
export async function replaceProgram(host: LabHost, name: string, script: string): Promise<void> {
  await hideProgram(host, name);
  host.write(`/usr/bin/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  host.undo.push(() => host.remove(`/usr/bin/${name}`));
}

/** Lays a text over a file that cannot be written, such as /proc/meminfo. */
export async function cover(host: LabHost, file: string, text: string): Promise<void> {
  const source = `/dev/.pflab${file.replaceAll('/', '-')}`;
  await lay(host, source, file, text);
  host.undo.push(async () => {
    await must(host.inside(['umount', file]));
    host.remove(source);
  });
}

async function lay(host: LabHost, source: string, file: string, text: string): Promise<void> {
  host.write(source, text, { mode: 0o444 });
  await must(host.inside(['mount', '--bind', source, file]));
}

/** Gives a booted host the memory of a server, in KiB; what the machine has is not the pair's affair. */
export async function giveMemory(host: LabHost, kib: number): Promise<void> {
  const text = await must(host.inside(['cat', '/proc/meminfo']));
  await lay(host, '/dev/.pflab-memory', '/proc/meminfo', text.replace(/^MemTotal:.*$/m, `MemTotal:       ${kib} kB`));
}
