/** The servers of the tests: one of each major version, and their programs as the hosts see them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { postgresPrograms } from '../lab/pair/programs.js';
import { whyNoLab } from '../lab/requirements.js';

/** Every major version that the tests have a server of. */
export const majors = [12, 13, 14, 15, 16, 17, 18] as const;

/** A major version of PostgreSQL. */
export type Major = (typeof majors)[number];

/** Where `npm ci` puts the servers. */
export const serversFolder = fileURLToPath(new URL('./servers/node_modules', import.meta.url));

/** Where hosts find the same folder. */
export const serversInHost = '/opt/postgresql';

/** Who built a server: Debian's brings another ICU library than the others have, and all of the clients. */
export type Build = Major | 'debian';

const debian = postgresPrograms();

/** The major version of Debian's own server. */
export const debianMajor = Number(debian?.split('/').at(-2)) as Major;

/** A server's own program, as the host sees it. */
export function programOf(build: Build, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return build === 'debian' ? `${debian}/${name}` : `${serversInHost}/postgresql-${build}/native/bin/${name}`;
}

/** One of the programs that only Debian's package has. */
export function clientOf(name: 'psql' | 'pg_receivewal' | 'pg_recvlogical' | 'pg_checksums'): string {
  return `${debian}/${name}`;
}

/** Why the servers cannot run on this machine; undefined when they can. */
export async function whyNoServers(): Promise<string | undefined> {
  if (debian === undefined) return 'missing programs: a PostgreSQL server (package postgresql)';
  const gone = majors.filter((major) => !existsSync(`${serversFolder}/postgresql-${major}/native/bin/postgres`));
  if (gone.length > 0) return `missing servers: ${gone.join(', ')} (npm ci in test/system/postgresql/servers)`;
  return whyNoLab();
}
