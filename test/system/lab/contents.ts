/** What the product of a host holds: databases, files of the site, and on the Primary a backup. */
import { chownSync, mkdirSync, readdirSync, truncateSync } from 'node:fs';
import type { LabHost } from './host.js';
import { productUsers } from './product.js';

const mebi = 1024 * 1024;

/** How much a host holds unless a test says otherwise: the Secondary is freshly installed. */
const held = { primary: 6 * mebi, secondary: 1 * mebi };

/** The name that the product gives a backup made now. */
function backupName(build: string): string {
  const made = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 12);
  return `${made}_${build.replaceAll('.', '-')}_alation_backup.tar.gz`;
}

/** Fills the data disk, and the Primary's backup disk. Before `boot`. */
export function writeContents(host: LabHost): void {
  const uid = productUsers.alation;
  // Written in full: `du` counts no holes.
  host.write('/data/pgsql/base/1', 'p'.repeat(host.name === 'primary' ? held.primary : held.secondary), { uid });
  host.write('/data/site_data/files/1', 's'.repeat(mebi), { uid });
  if (host.name === 'primary') writeBackup(host, 12_000_000);
}

/** Without filling it: the size is what counts. */
function writeBackup(host: LabHost, bytes: number): string {
  const file = `/backup/backup/${backupName(host.layout.build)}`;
  mkdirSync(host.path('/backup/backup'), { recursive: true });
  chownSync(host.path('/backup/backup'), productUsers.alation, productUsers.alation);
  host.write(file, '', { uid: productUsers.alation });
  truncateSync(host.path(file), bytes);
  return file;
}

/** Makes a backup on a running host. */
export function addBackup(host: LabHost): void {
  writeBackup(host, 12_000_000);
  host.undo.push(() => host.remove('/backup/backup'));
}

/** The backups on a host. */
export function backups(host: LabHost): string[] {
  return readdirSync(host.path('/backup/backup')).map((name) => `/backup/backup/${name}`);
}
