/** What verify says of servers that would not start again, would not take over, or lose data. */
import { must } from '../../lab/command.js';
import * as faults from '../faults.js';
import { type Build, clientOf, debianMajor, serversInHost } from '../majors.js';
import type { Row } from '../rows.js';
import { asOwner } from '../server.js';

export const configurationRows: readonly Row[] = [
  {
    name: 'standby.signal is gone',
    on: [15],
    fault: ({ standby }) => standby.host.remove(standby.file('standby.signal')),
    changes: { 'standby-signal': 'fail' },
  },
  {
    name: 'the file of the standby has a lower limit, not yet read',
    on: [15, 17],
    shape: { primary: { max_connections: 130 }, standby: { max_connections: 130 } },
    fault: ({ standby }) => standby.configure({ max_connections: 110 }),
    changes: { 'next-start-limits': 'fail', 'pending-changes [standby]': 'fail' },
  },
  {
    name: 'the file of the standby has a lower limit, and was read',
    on: [15, 17],
    shape: { primary: { max_connections: 130 }, standby: { max_connections: 130 } },
    fault: async ({ standby }) => {
      standby.configure({ max_connections: 110 });
      await standby.reload();
    },
    changes: { 'next-start-limits': 'fail', 'pending-changes [standby]': 'fail' },
  },
  {
    name: 'a slot of somebody who is gone keeps WAL',
    fault: async (pair) => {
      await pair.primary.query("SELECT pg_create_physical_replication_slot('gone', true)");
      await faults.writeRows(pair);
      await pair.caughtUp();
    },
    changes: { 'idle-slots': 'fail' },
    exit: 0,
  },
  {
    name: 'the archiver fails',
    on: [12, 15, 18],
    shape: {
      primary: { archive_mode: 'on', archive_command: 'false' },
      standby: { archive_mode: 'on', archive_command: 'false' },
    },
    fault: async (pair) => {
      await pair.primary.query('SELECT pg_switch_wal()');
      const failed = 'SELECT failed_count > 0 FROM pg_stat_archiver';
      await pair.until('the archiver fails', async () => (await pair.primary.answer(failed)) === 't');
    },
    changes: { archiver: 'fail' },
    exit: 0,
  },
  {
    name: 'a transaction was prepared two hours ago',
    on: [12, 15, 18],
    shape: { primary: { max_prepared_transactions: 5 }, standby: { max_prepared_transactions: 5 } },
    fault: faults.prepareLongAgo,
    changes: { 'prepared-transactions': 'fail' },
    exit: 0,
  },
  {
    name: 'fsync is off on the primary',
    on: [12, 15, 18],
    shape: { primary: { fsync: 'off' } },
    changes: { 'crash-safety [primary]': 'fail' },
    exit: 0,
  },
  {
    name: 'full_page_writes is off on the standby',
    on: [15],
    shape: { standby: { full_page_writes: 'off' } },
    changes: { 'crash-safety [standby]': 'fail' },
    exit: 0,
  },
  {
    name: 'no checksums on the standby alone',
    on: [debianMajor],
    fault: async (pair) => {
      const { standby } = pair;
      await standby.stop();
      await must(standby.host.inside(asOwner([clientOf('pg_checksums'), '--disable', '-D', standby.folder])));
      await standby.start();
      // Only what it replies to shows that it follows.
      await pair.caughtUp();
    },
    changes: { 'same-checksums': 'fail' },
    exit: 0,
  },
  {
    name: 'the standby lacks the files of an extension',
    on: [15, 18],
    fault: async (pair) => {
      await pair.primary.query('CREATE EXTENSION pg_trgm');
      await pair.caughtUp();
      const file = `${serversInHost}/postgresql-${pair.standby.build}/native/share/postgresql/extension/pg_trgm.control`;
      await faults.loseFile(pair, pair.standby.host, file);
    },
    changes: { 'extension-files [standby]': 'fail' },
    exit: 0,
  },
  {
    name: 'the standby lacks the library of an extension',
    on: [12, 15, 18],
    fault: async (pair) => {
      await pair.primary.query('CREATE EXTENSION pg_trgm');
      await pair.caughtUp();
      await faults.loseFile(pair, pair.standby.host, libraryOf(pair.standby.build, 'pg_trgm'));
    },
    changes: { 'extension-files [standby]': 'fail' },
    says: { 'extension-files [standby]': /library missing/ },
    exit: 0,
  },
  {
    name: 'the standby lacks a library that both preload',
    on: [13, 15, 18],
    shape: {
      primary: { shared_preload_libraries: 'pg_stat_statements' },
      standby: { shared_preload_libraries: 'pg_stat_statements, auto_explain' },
    },
    fault: async (pair) => {
      await faults.loseFile(pair, pair.standby.host, libraryOf(pair.standby.build, 'auto_explain'));
    },
    changes: { 'preloaded-libraries [standby]': 'fail' },
  },
  {
    name: 'the file of the standby names a library that is not there, and was not read',
    on: [14, 17],
    fault: ({ standby }) => standby.configure({ shared_preload_libraries: '$libdir/not_here' }),
    changes: { 'preloaded-libraries [standby]': 'fail', 'pending-changes [standby]': 'fail' },
  },
];

const libraryOf = (build: Build, name: string) =>
  `${serversInHost}/postgresql-${build}/native/lib/postgresql/${name}.so`;
