/** Servers on the Secondary's host beside its own: seen from the Primary's address list they are the Secondary. */
import { chownSync, mkdirSync } from 'node:fs';
import { must } from '../command.js';
import { Daemon } from '../daemon.js';
import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { productUsers } from '../product.js';
import { postgresProgram } from './programs.js';
import { answer, asService, database, query } from './server.js';
import { detached, until } from './streaming.js';

/** Where the standby of another cluster is asked, in place of the Secondary's own server. */
export const otherStandby = { postgresPort: 5433 };

/** The Secondary's own server runs, is in recovery, and follows nobody. */
export async function followNobody(lab: Lab): Promise<void> {
  const { secondary } = lab;
  const before = await query(secondary, 'SHOW primary_conninfo');
  secondary.undo.push(() => followFrom(secondary, before));
  await followFrom(secondary, '');
  await detached(lab);
}

async function followFrom(host: LabHost, conninfo: string): Promise<void> {
  await query(host, `ALTER SYSTEM SET primary_conninfo = $$${conninfo}$$`);
  await query(host, 'SELECT pg_reload_conf()');
}

/** A program on the Secondary takes the Primary's WAL, as an archive does, and replays none of it. */
export async function receiveWal(lab: Lab): Promise<void> {
  const folder = makeFolder(lab.secondary, 'archive');
  start(lab.secondary, ['pg_receivewal', ...atPrimary(lab), '-D', folder]);
  await attachedAs(lab, 'pg_receivewal');
}

/** A second standby on the Secondary follows the Primary and replays all of it. */
export async function followTwice(lab: Lab): Promise<void> {
  const { secondary } = lab;
  const folder = makeFolder(secondary, 'twice');
  await copy(secondary, folder, atPrimary(lab), 'second');
  startServer(secondary, folder, folder, 5433);
  await attachedAs(lab, 'second');
}

/** A standby of another cluster on the Secondary, with a primary of its own beside it; it is found at `otherStandby`. */
export async function followAnother(lab: Lab): Promise<void> {
  const { secondary } = lab;
  const [primary, standby] = [makeFolder(secondary, 'other-primary'), makeFolder(secondary, 'other-standby')];
  const how = ['--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  await must(secondary.inside(inShell(secondary, ['initdb', '-D', primary, '-U', database.user, ...how])));
  startServer(secondary, primary, primary, 5434);
  const where = ['-h', primary, '-p', '5434', '-U', database.user];
  const ask = (text: string) =>
    secondary.exec(inShell(secondary, ['psql', ...where, '-XAtwd', 'postgres', '-c', text]));
  const made = async () => (await ask(`CREATE DATABASE ${database.name}`)).code === 0;
  await until(lab, 'another cluster has its database', made);
  await copy(secondary, standby, where, 'other');
  startServer(secondary, standby, database.socket, otherStandby.postgresPort);
  const rows = async () => (await ask('SELECT state FROM pg_stat_replication')).stdout.trim();
  await until(lab, 'another cluster replicates', async () => (await rows()) === 'streaming');
}

const atPrimary = ({ primary }: Lab) => ['-h', primary.address, '-p', `${database.port}`, '-U', database.user];

const inShell = (host: LabHost, [program = '', ...words]: string[]) =>
  asService(host, [postgresProgram(program), ...words]);

/** Makes a folder on the data disk, whose writes are nobody's but the server's; gives its path in the product's shell. */
function makeFolder(host: LabHost, name: string): string {
  const folder = `/data/${name}`;
  host.undo.push(() => {
    host.remove(folder);
    host.written.delete(folder);
  });
  mkdirSync(host.path(folder), { mode: 0o700 });
  chownSync(host.path(folder), productUsers.alation, productUsers.alation);
  host.written.add(folder);
  return `/data1/${name}`;
}

async function copy(host: LabHost, folder: string, from: string[], name: string): Promise<void> {
  const env = ['env', `PGAPPNAME=${name}`];
  const words = inShell(host, [
    'pg_basebackup',
    ...from,
    '-D',
    folder,
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '--no-sync',
  ]);
  await must(host.inside([...env, ...words]));
}

function startServer(host: LabHost, folder: string, socket: string, port: number): void {
  const settings = {
    ...{ listen_addresses: '', unix_socket_directories: socket, port, max_wal_senders: 4, max_connections: 20 },
    ...{ dynamic_shared_memory_type: 'sysv', fsync: 'off', autovacuum: 'off', shared_buffers: '16MB' },
  };
  const words = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  start(host, ['postgres', '-D', folder, ...words]);
}

function start(host: LabHost, words: string[]): void {
  const daemon = new Daemon(host.inside(inShell(host, words)));
  // Told to, it takes its children with it.
  host.undo.push(() => daemon.stop({ forked: true, signal: 'SIGQUIT' }));
}

function attachedAs(lab: Lab, name: string): Promise<void> {
  const text = `SELECT state FROM pg_stat_replication WHERE application_name = '${name}'`;
  return until(lab, `${name} is attached`, async () => (await answer(lab.primary, text)) === 'streaming');
}
