/** PostgreSQL's own programs, which Debian keeps out of the PATH. */
import { existsSync, readdirSync } from 'node:fs';

const versions = '/usr/lib/postgresql';

/** The folder of the newest server's programs; undefined where no server is installed. */
export function postgresPrograms(): string | undefined {
  const installed = existsSync(versions) ? readdirSync(versions).map(Number) : [];
  const folders = installed.sort((a, b) => b - a).map((version) => `${versions}/${version}/bin`);
  return folders.find((folder) => existsSync(`${folder}/initdb`));
}

/** One of the programs, by its whole path; the hosts and the product's shell see the same one. */
export function postgresProgram(name: string): string {
  const folder = postgresPrograms();
  if (folder === undefined) throw new Error('lab: no PostgreSQL server is installed');
  return `${folder}/${name}`;
}
