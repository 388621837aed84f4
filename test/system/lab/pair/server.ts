/** A host's PostgreSQL server, run as the product runs it: inside the product's shell, as its service user. */
import { chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { must, type Ran } from '../command.js';
import type { LabHost } from '../host.js';
import { productUsers } from '../product.js';
import { postgresProgram } from './programs.js';
import { accessText, settingsText } from './settings.js';

/** Where a server is asked, as the product's shell sees it. */
export const database = { socket: '/tmp', port: 5432, user: 'alation', name: 'rosemeta' };

const folder = { shell: '/data1/pgsql/13/data', host: '/data/pgsql/13/data' };

// What a running server writes on its own, with standbys and without a single statement; its configuration is not in it.
const written = [
  ...['base', 'global', 'pg_wal', 'pg_xact', 'pg_multixact', 'pg_subtrans', 'pg_commit_ts', 'pg_dynshmem'],
  ...['pg_logical', 'pg_notify', 'pg_replslot', 'pg_serial', 'pg_snapshots', 'pg_stat', 'pg_stat_tmp'],
  ...['pg_tblspc', 'pg_twophase'],
];

/** Whether a server was made on the host. */
export function hasServer(host: LabHost): boolean {
  return host.written.has(`${folder.host}/base`);
}

/** A file of the server's data directory, as the host sees it. */
export function serverFile(host: LabHost, name: 'postgresql.conf' | 'standby.signal' | 'postmaster.pid'): string {
  if (!hasServer(host)) throw new Error(`lab: ${host.name} has no PostgreSQL server`);
  return `${folder.host}/${name}`;
}

/** The words that run a program in the product's shell as its service user, without a login. */
export function asService(host: LabHost, argv: readonly string[]): string[] {
  const { alation } = productUsers;
  return ['chroot', `--userspec=${alation}:${alation}`, host.layout.chroot, ...argv];
}

/** The words that ask a host's server from the host's own root; they print rows with `|` between columns. */
export function psqlWords(host: LabHost, query: string, name = database.name): string[] {
  const where = ['-h', host.layout.chroot + database.socket, '-p', `${database.port}`, '-U', database.user, '-d', name];
  return [postgresProgram('psql'), '-XAtqw', '-v', 'ON_ERROR_STOP=1', ...where, '-c', query];
}

/** What the host's server answers to a query; `database` is the one that is asked. */
export async function query(host: LabHost, text: string, name?: string): Promise<string> {
  return (await must(host.inside(psqlWords(host, text, name)))).trim();
}

/** The same, and '' when the server does not run or refuses. */
export async function answer(host: LabHost, text: string): Promise<string> {
  const ran = await host.exec(psqlWords(host, text));
  return ran.code === 0 ? ran.stdout.trim() : '';
}

/** What the host's server has logged since it was made, or its log was emptied; out of the host's proof of writes. */
export function serverLog(host: LabHost): string {
  return host.read(`${host.layout.chroot}${logFile}`);
}

/** Begins the log of the host's server anew. */
export function emptyLog(host: LabHost): void {
  host.rewrite(`${host.layout.chroot}${logFile}`, '');
}

const logFile = '/opt/alation/env/var/postgres.log';

/** Lines in which a host's server has complained of a statement, or of anything that pairflight did; none without a server. */
export function complaints(host: LabHost): string[] {
  if (!hasServer(host)) return [];
  return serverLog(host)
    .split('\n')
    .filter((line) => / ERROR: | pairflight (?:WARNING|FATAL|PANIC): /.test(line))
    .map((line) => `${host.name}: logged ${line}`);
}

/** Makes a Primary's server with its database, and starts it. `peer` may replicate. */
export async function makeServer(host: LabHost, peer: LabHost): Promise<void> {
  prepare(host);
  const how = ['--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  const words = [postgresProgram('initdb'), '-D', folder.shell, '-U', database.user, ...how];
  await must(host.inside(asService(host, words)));
  configure(host, peer);
  await startServer(host);
  await query(host, `CREATE DATABASE ${database.name}`, 'postgres');
}

/** Makes a standby out of a running Primary, as the documented setup does: a copy over the network; and starts it. */
export async function cloneServer(host: LabHost, primary: LabHost): Promise<void> {
  prepare(host);
  const from = ['-h', primary.address, '-p', `${database.port}`, '-U', database.user];
  const how = ['-D', folder.shell, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
  await must(host.inside(asService(host, [postgresProgram('pg_basebackup'), ...from, ...how])));
  configure(host, primary);
  await startServer(host);
}

function prepare(host: LabHost): void {
  const { alation } = productUsers;
  mkdirSync(host.path(folder.host), { recursive: true, mode: 0o700 });
  for (const path of [folder.host, dirname(folder.host)]) chownSync(host.path(path), alation, alation);
  for (const name of written) host.written.add(`${folder.host}/${name}`);
  host.write(`${host.layout.chroot}${logFile}`, '', { uid: alation });
  // The product brings a psql of its own; the machine's is a wrapper of the distribution's.
  symlinkSync(postgresProgram('psql'), host.path(`${host.layout.chroot}/opt/alation/env/bin/psql`));
}

function configure(host: LabHost, peer: LabHost): void {
  host.rewrite(serverFile(host, 'postgresql.conf'), settingsText(host.address, database));
  host.rewrite(`${folder.host}/pg_hba.conf`, accessText(peer.address, database.user));
}

/** Starts a host's server unless it runs; gives whether it takes connections now. */
export async function startServer(host: LabHost): Promise<boolean> {
  if ((await control(host, 'status')).code === 0) return true;
  return (await control(host, 'start', '-w', '-t', '20', '-l', logFile)).code === 0;
}

/** Starts a host's server and does not wait until it takes connections. */
export async function beginServer(host: LabHost): Promise<void> {
  await control(host, 'start', '-W', '-l', logFile);
}

/** Stops a host's server as an administrator does, if it runs. */
export async function stopServer(host: LabHost): Promise<void> {
  if ((await control(host, 'status')).code !== 0) return;
  const ran = await control(host, 'stop', '-w', '-t', '20', '-m', 'fast');
  if (ran.code !== 0) throw new Error(`lab: PostgreSQL of ${host.name} does not stop: ${ran.stderr}${ran.stdout}`);
}

/** Makes a Primary of a running standby; there is no way back. */
export async function promoteServer(host: LabHost): Promise<void> {
  const ran = await control(host, 'promote', '-w', '-t', '20');
  if (ran.code !== 0) throw new Error(`lab: PostgreSQL of ${host.name} is not promoted: ${ran.stderr}${ran.stdout}`);
}

/** Lets a running server read its configuration again. */
export async function reloadServer(host: LabHost): Promise<void> {
  await control(host, 'reload');
}

function control(host: LabHost, verb: string, ...options: string[]): Promise<Ran> {
  return host.exec(asService(host, [postgresProgram('pg_ctl'), '-s', '-D', folder.shell, ...options, verb]));
}

/** What starting or stopping the server changes beside its own folders, as the host sees it. */
export function touchedByStarts(host: LabHost): string[] {
  const { chroot } = host.layout;
  const ear = `${chroot}${database.socket}/.s.PGSQL.${database.port}`;
  const files = [serverFile(host, 'postmaster.pid'), `${folder.host}/postmaster.opts`, ear, `${ear}.lock`];
  return [folder.host, chroot + database.socket, ...files];
}
