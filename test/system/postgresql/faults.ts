/** What happens to pairs: each leaves the servers as it says, and the next test begins with a new pair. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { must } from '../lab/command.js';
import type { LabHost } from '../lab/host.js';
import { clientOf } from './majors.js';
import { autoConfigure, type Pair } from './pair.js';
import { asOwner, Server } from './server.js';
import { accessText, following } from './settings.js';

/** Some rows that the standby has not seen when the test begins to look. */
export async function writeRows({ primary }: Pair, count = 3000): Promise<void> {
  await primary.query(`INSERT INTO things SELECT n, repeat('x', 200) FROM generate_series(1, ${count}) n`);
}

/** Small transactions on the primary, some fifty a second, as long as the test runs. */
export async function startLoad(pair: Pair): Promise<void> {
  const steps = `INSERT INTO things VALUES (step, repeat('y', 500)); UPDATE things SET word = 'z' WHERE number = step; COMMIT; PERFORM pg_sleep(0.02)`;
  const loop = `DO $$ BEGIN FOR step IN 1..20000 LOOP ${steps}; END LOOP; END $$`;
  pair.keep(pair.primary.host, pair.primary.psql(loop));
  const busy = 'SELECT count(*) > 1020 FROM things';
  await pair.until('the load writes', async () => (await pair.primary.answer(busy)) === 't');
}

/** Every packet of the replication is swallowed, and both servers believe that all is well. */
export async function swallowReplication(pair: Pair): Promise<void> {
  const { primary, standby } = pair;
  const rules = [
    'add table inet pflab',
    'add chain inet pflab in { type filter hook input priority 0; }',
    'add chain inet pflab out { type filter hook output priority 0; }',
    `add rule inet pflab in ip saddr ${standby.host.address} tcp dport 5432 drop`,
    `add rule inet pflab out ip daddr ${standby.host.address} tcp sport 5432 drop`,
  ];
  pair.undo.push(async () => void (await primary.host.exec(['nft', 'delete', 'table', 'inet', 'pflab'])));
  await must(primary.host.inside(['nft', '-f', '-']), { input: `${rules.join('\n')}\n` });
}

/** Lets a standby follow somebody else from now on. */
export async function follow(
  pair: Pair,
  server: Server,
  upstream: { address: string } | undefined,
  slot?: string,
): Promise<void> {
  const name = server === pair.standby ? 'standby' : 'third';
  autoConfigure(server, upstream === undefined ? {} : following(upstream, name, slot));
  if (server.build === 12) await server.restart();
  else await server.reload();
}

/** A standby's open snapshot, as a long report has it. */
export async function openSnapshot(pair: Pair): Promise<void> {
  const words = 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM things; SELECT pg_sleep(600)';
  pair.keep(pair.standby.host, pair.standby.psql(words));
  const open = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'BEGIN%pg_sleep%' AND wait_event = 'PgSleep'";
  await pair.until('the snapshot is open', async () => (await pair.standby.answer(open)) === '1');
}

/** Waits until the standby has received what the primary wrote, and has not replayed it. */
export async function replayStands(pair: Pair): Promise<void> {
  const behind = 'SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()';
  await pair.until('replay stands', async () => (await pair.standby.answer(behind)) === 't');
}

/** A second server beside the standby; it subscribes to the primary's table over logical replication. */
export async function subscribe(pair: Pair): Promise<Server> {
  const { primary, standby } = pair;
  const subscriber = new Server(standby.host, standby.build, '/var/lib/postgresql/subscriber', standby.socket, 5433);
  pair.others.push(subscriber);
  await subscriber.init();
  subscriber.configure({
    unix_socket_directories: standby.socket,
    port: 5433,
    shared_buffers: '16MB',
    log_line_prefix: '%m [%p] %a ',
  });
  await subscriber.start();
  await primary.query('CREATE PUBLICATION everything FOR TABLE things');
  await subscriber.query('CREATE TABLE things (number int, word text)');
  const source = `host=${primary.host.address} user=postgres dbname=postgres application_name=subscriber`;
  await subscriber.query(`CREATE SUBSCRIPTION everything CONNECTION '${source}' PUBLICATION everything`);
  const rows = "SELECT state FROM pg_stat_replication WHERE application_name IN ('subscriber', 'everything')";
  await pair.until('the subscriber streams', async () => (await primary.answer(rows)).startsWith('streaming'));
  return subscriber;
}

/** A program beside the standby takes the primary's WAL, as an archive does; it asks no server that is newer than itself. */
export async function receiveWal(pair: Pair, slot?: string): Promise<void> {
  const { primary, standby } = pair;
  const folder = '/var/lib/postgresql/received';
  await must(standby.host.inside(asOwner(['mkdir', '-p', folder])));
  if (slot !== undefined) await primary.query(`SELECT pg_create_physical_replication_slot('${slot}')`);
  const where = [
    '-h',
    primary.host.address,
    '-U',
    'replicator',
    '-D',
    folder,
    ...(slot === undefined ? [] : ['-S', slot]),
  ];
  pair.keep(standby.host, asOwner([clientOf('pg_receivewal'), ...where]));
  const rows = "SELECT state FROM pg_stat_replication WHERE application_name = 'pg_receivewal'";
  await pair.until('pg_receivewal streams', async () => (await primary.answer(rows)) === 'streaming');
}

/** Takes a file of a server's programs away from one host. */
export async function loseFile(pair: Pair, host: LabHost, path: string): Promise<void> {
  const saved = `${path}.away`;
  await must(host.inside(['mv', path, saved]));
  pair.undo.push(async () => void (await must(host.inside(['mv', saved, path]))));
}

/** Puts a script in the place of a program of one host, which lies beside it under `.away`. */
export async function standIn(pair: Pair, host: LabHost, path: string, script: string): Promise<void> {
  await loseFile(pair, host, path);
  host.write(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** The standby is promoted, and the old primary goes on: the two part. */
export async function part(pair: Pair): Promise<void> {
  await pair.standby.promote();
  await writeRows(pair, 100);
}

/** A snapshot of the primary's host is restored while its standby follows: it writes the same timeline again. */
export async function rollBack(pair: Pair): Promise<void> {
  const { primary, standby } = pair;
  await writeRows(pair, 500);
  await pair.caughtUp();
  await primary.stop('immediate');
  await pair.restore(primary);
  await primary.start();
  const rows = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";
  await pair.until('the standby streams again', async () => (await primary.answer(rows)) === '1');
  const heard = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'";
  await pair.until('the standby says so', async () => (await standby.answer(heard)) === '1');
}

/** The standby is a copy of another cluster, and follows that one's primary on the third host. */
export async function copyAnother(pair: Pair): Promise<Server> {
  const { standby, hosts } = pair;
  const other = new Server(hosts.all[2], standby.build);
  pair.others.push(other);
  await other.init();
  other.configure({ unix_socket_directories: other.socket, listen_addresses: '*', log_line_prefix: '%m [%p] %a ' });
  other.write('pg_hba.conf', accessText(hosts.network.prefix));
  await other.start();
  await other.query('CREATE ROLE replicator LOGIN REPLICATION');
  await other.stop();
  await standby.stop();
  await pair.replace(standby, other);
  standby.write('standby.signal', '');
  autoConfigure(standby, following(other.host, 'standby'));
  await other.start();
  await standby.start();
  return other;
}

/** A transaction that was prepared two hours ago: what the server keeps of it is made older while it is stopped. */
export async function prepareLongAgo(pair: Pair): Promise<void> {
  const { primary } = pair;
  await primary.query("BEGIN; INSERT INTO things VALUES (0, 'prepared'); PREPARE TRANSACTION 'long ago'");
  await pair.caughtUp();
  await primary.stop();
  const folder = primary.host.path(primary.file('pg_twophase'));
  const [name = ''] = readdirSync(folder);
  const state = readFileSync(`${folder}/${name}`);
  // Behind the magic, the length, the transaction and its database; in microseconds.
  state.writeBigInt64LE(state.readBigInt64LE(16) - 7_200_000_000n, 16);
  state.writeUInt32LE(crc32c(state.subarray(0, -4)), state.length - 4);
  writeFileSync(`${folder}/${name}`, state);
  await primary.start();
  await pair.caughtUp();
}

/** The checksum of PostgreSQL's files. */
function crc32c(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A disk, and how full it is. */
export interface Disk {
  sizeMiB: number;
  usedPercent: number;
}

/** Mounts a disk on the server's host, and fills it so far; its user has a folder `space` there, with a copy of a directory. */
export async function mountDisk(
  pair: Pair,
  { host }: Server,
  at: string,
  { sizeMiB, usedPercent }: Disk,
  copied?: string,
): Promise<void> {
  const options = `size=${sizeMiB}m,mode=755,uid=postgres,gid=postgres`;
  await must(host.inside(['mkdir', '-p', at]));
  await must(host.inside(['mount', '-t', 'tmpfs', '-o', options, 'disk', at]));
  pair.undo.push(async () => void (await must(host.inside(['umount', '--lazy', at]))));
  await must(host.inside(asOwner(['mkdir', '-m', '700', `${at}/space`])));
  if (copied !== undefined) await must(host.inside(asOwner(['cp', '--archive', copied, `${at}/space`])));
  const [, free = ''] = (await must(host.inside(['df', '--block-size=1M', '--output=avail', at]))).split('\n');
  const filled = Math.floor(Number(free) - (sizeMiB * (100 - usedPercent)) / 100);
  await must(host.inside(asOwner(['fallocate', '-l', `${filled}MiB`, `${at}/filled`])));
}

/** Moves a server's WAL to a disk of its own, as `initdb --waldir` places it. */
export async function moveWal(pair: Pair, server: Server, disk: Disk): Promise<void> {
  await server.stop();
  const from = server.file('pg_wal');
  await mountDisk(pair, server, '/srv/wal', disk, from);
  await must(server.host.inside(asOwner(['rm', '-r', from])));
  await must(server.host.inside(asOwner(['ln', '-s', '/srv/wal/space/pg_wal', from])));
  await server.start();
  await pair.caughtUp();
}
