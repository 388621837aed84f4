/** What is said of what is kept: WAL and slots for the standby, tablespaces, whole pages; and of what a copy needs. */
import { must } from '../../lab/command.js';
import * as faults from '../faults.js';
import { autoConfigure, type Pair } from '../pair.js';
import type { Row } from '../rows.js';
import { asOwner, type Server } from '../server.js';
import { following } from '../settings.js';

const logical = { primary: { wal_level: 'logical' }, standby: { wal_level: 'logical' }, slotless: true } as const;
const swapped = () => ({ hosts: { primary: { role: 'standby' }, standby: { role: 'primary' } } });

/** The two change places without a loss. */
async function switchOver(pair: Pair): Promise<void> {
  const { primary, standby } = pair;
  await primary.stop();
  await standby.promote();
  primary.write('standby.signal', '');
  autoConfigure(primary, following(standby.host, 'third'));
  await primary.start();
  await standby.query('INSERT INTO things VALUES (0)');
  // Only what it replies to shows that it follows.
  const follows = 'SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()';
  await pair.until('the old primary follows', async () => (await standby.answer(follows)) === '1');
}

/** A page of a table is damaged on a server's disk, and read. */
async function damagePage(pair: Pair, server: Server): Promise<void> {
  await pair.primary.query("CREATE TABLE broken AS SELECT n, repeat('x', 500) FROM generate_series(1, 1000) n");
  await pair.primary.query('CHECKPOINT');
  const path = server.file(await server.query("SELECT pg_relation_filepath('broken')"));
  await server.stop();
  const damage = [
    'dd',
    'if=/dev/urandom',
    `of=${path}`,
    'bs=1',
    'seek=9000',
    'count=64',
    'conv=notrunc',
    'status=none',
  ];
  await must(server.host.inside(asOwner(damage)));
  await server.start();
  await server.answer('SELECT count(*) FROM broken');
  const counted = 'SELECT sum(checksum_failures) > 0 FROM pg_stat_database';
  await pair.until('the failure is counted', async () => (await server.answer(counted)) === 't');
  await pair.caughtUp();
}

/** In the order of the phases. */
export const keepingRows: readonly Row[] = [
  {
    name: 'before: one WAL sender alone',
    phase: 'preflight',
    on: [12, 15, 18],
    shape: { primary: { max_wal_senders: 1 } },
    changes: { 'free-senders': 'fail' },
  },
  {
    name: 'before: no slot is left',
    phase: 'preflight',
    on: [13, 17],
    shape: { primary: { max_replication_slots: 1 }, slotless: true },
    fault: async ({ primary }) => void (await primary.query("SELECT pg_create_physical_replication_slot('archive')")),
    changes: { 'free-slots': 'fail' },
    exit: 0,
  },
  {
    name: 'before: the WAL is minimal',
    phase: 'preflight',
    on: [12, 15, 18],
    fault: async ({ primary }) => {
      primary.configure({ wal_level: 'minimal', max_wal_senders: 0 });
      await primary.restart();
    },
    changes: { 'wal-level': 'fail', 'free-senders': 'fail' },
  },
  {
    name: 'nothing keeps WAL for the standby',
    on: [13, 15, 18],
    shape: { primary: { wal_keep_size: 0 }, slotless: true },
    changes: { 'wal-kept': 'fail' },
    exit: 0,
  },
  {
    name: 'the standby asks for a slot that is not there',
    on: [13, 15, 18],
    shape: { slotless: true },
    fault: async (pair) => {
      pair.standby.configure({ primary_slot_name: 'gone' });
      await pair.standby.reload();
      const gone = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'";
      await pair.until('the receiver gives up', async () => (await pair.standby.answer(gone)) === '0');
    },
    changes: { 'own-slot': 'fail', streaming: 'fail', 'lag-settles': 'unknown' },
    unknownToo: true,
  },
  {
    name: 'a failover slot is left on the standby from its time as a primary',
    on: [17, 18],
    shape: logical,
    fault: async (pair) => {
      await pair.primary.query("SELECT pg_create_logical_replication_slot('feed', 'pgoutput', false, false, true)");
      await switchOver(pair);
    },
    inventory: swapped,
    changes: { 'leftover-slots': 'fail' },
    exit: 0,
  },
  { name: 'the two changed places', on: [12, 15, 18], fault: switchOver, inventory: swapped, changes: {} },
  {
    name: 'the folder of a tablespace is gone on the standby',
    on: [12, 15, 18],
    fault: async (pair) => {
      const folder = '/var/lib/postgresql/fast';
      for (const { host } of [pair.primary, pair.standby]) {
        await must(host.inside(asOwner(['mkdir', '-p', folder])));
        pair.undo.push(() => host.remove(folder));
      }
      await pair.primary.query(`CREATE TABLESPACE fast LOCATION '${folder}'`);
      await pair.caughtUp();
      await faults.loseFile(pair, pair.standby.host, folder);
    },
    changes: { 'tablespaces [standby]': 'fail' },
    unknownToo: true,
  },
  {
    name: 'a page is damaged on the primary',
    on: [12, 15, 18],
    fault: (pair) => damagePage(pair, pair.primary),
    changes: { 'checksum-failures [primary]': 'fail' },
    exit: 0,
  },
  {
    name: 'failover: an unlogged table',
    phase: 'failover',
    on: [12, 15, 18],
    fault: async (pair) => {
      await pair.primary.query('CREATE UNLOGGED TABLE sessions (token text)');
      await pair.caughtUp();
    },
    changes: { 'unlogged-tables': 'fail' },
    exit: 0,
  },
];
