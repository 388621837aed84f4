/** A person's hands on a host of the pair: the product's shell, its psql, curl. */
import type { Ran } from '../command.js';
import type { LabHost } from '../host.js';

const greeting = 'Authorized use only. This shell belongs to the Alation application.\n';

/** Runs a line in the product's shell as a login of its user; the shell's own greeting is taken off. */
export async function inShell(host: LabHost, line: string): Promise<Ran> {
  const ran = await host.exec(['chroot', host.layout.root, '/bin/su', '-', 'alation', '-c', line]);
  return { ...ran, stdout: ran.stdout.replace(greeting, '') };
}

/** Asks the host's server as the product's own scripts do. */
export function psql(host: LabHost, query: string): Promise<Ran> {
  return inShell(host, `psql -X -At -p 5432 -U alation -h /tmp/ -d rosemeta -c "${query}"`);
}

/** Runs the host's curl. */
export function curl(host: LabHost, ...words: string[]): Promise<Ran> {
  return host.exec(['curl', '-sS', '--max-time', '5', ...words]);
}
