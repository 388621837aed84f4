/** What verify says of two servers that do not fit each other, or are not set up as a pair. */
import { debianMajor, type Major } from '../majors.js';
import type { Row } from '../rows.js';

/** What a server that nobody set up as one of a pair has. */
const alone = (socket: string) => ({
  unix_socket_directories: socket,
  listen_addresses: '*',
  log_line_prefix: '%m [%p] %a ',
});

/** Each by one planted fault. */
export const unfitRows: readonly Row[] = [
  {
    // Debian's server of the same major version was built with another ICU library.
    name: 'the standby runs with another ICU library than the primary recorded',
    on: [debianMajor],
    fault: async (pair) => {
      const { standby } = pair;
      await standby.stop();
      const own = standby.build;
      pair.undo.push(async () => {
        await standby.stop('immediate');
        standby.build = own;
      });
      standby.build = 'debian';
      await standby.start();
      await pair.caughtUp();
    },
    changes: { 'collation-versions [standby]': 'fail' },
    says: { 'collation-versions [standby]': /recorded/ },
  },
  {
    name: 'the standby holds another cluster, and writes',
    on: [12, 15, 18],
    fault: async ({ standby }) => {
      await standby.stop();
      standby.host.remove(standby.folder);
      await standby.init();
      standby.configure(alone(standby.socket));
      await standby.start();
    },
    changes: {
      roles: 'fail',
      'one-cluster': 'fail',
      streaming: 'fail',
      'standby-signal': 'fail',
      'idle-slots': 'fail',
    },
    unknownToo: true,
  },
  {
    name: 'the standby is a server of another major version, and writes',
    on: [13, 15, 18],
    fault: async (pair) => {
      const { standby } = pair;
      await standby.stop();
      standby.host.remove(standby.folder);
      const own = standby.build;
      pair.undo.push(async () => {
        await standby.stop('immediate');
        standby.build = own;
      });
      standby.build = (Number(own) - 1) as Major;
      await standby.init();
      standby.configure(alone(standby.socket));
      await standby.start();
    },
    changes: {
      ...{ roles: 'fail', 'same-version': 'fail', 'one-cluster': 'fail', streaming: 'fail' },
      ...{ 'standby-signal': 'fail', 'idle-slots': 'fail' },
    },
    unknownToo: true,
  },
  {
    name: 'a limit of slots is lower on the standby than on the primary',
    on: [12, 15, 18],
    shape: { standby: { max_replication_slots: 4 } },
    changes: { 'ready-to-be-primary': 'fail' },
    exit: 0,
  },
  {
    name: 'the standby would not follow a promotion',
    on: [12, 15, 18],
    shape: { standby: { recovery_target_timeline: 'current' } },
    changes: { 'target-timeline': 'fail' },
    exit: 0,
  },
  {
    name: 'commits do not wait for the synchronous standby',
    on: [12, 15, 18],
    shape: { primary: { synchronous_standby_names: 'FIRST 1 (standby, third)', synchronous_commit: 'local' } },
    fault: async (pair) => void (await pair.addStandby('third', pair.primary, 'third')),
    changes: { 'synchronous-commit': 'fail' },
    exit: 0,
  },
  {
    name: 'slots may fill the disk',
    on: [13, 15, 18],
    shape: { primary: { max_slot_wal_keep_size: -1 } },
    changes: { 'bounded-slots': 'fail' },
    exit: 0,
  },
  {
    name: 'a slot was lost to its limit',
    on: [13, 15, 18],
    shape: {
      primary: { max_slot_wal_keep_size: '32MB', wal_keep_size: 0, min_wal_size: '32MB', max_wal_size: '32MB' },
    },
    fault: async (pair) => {
      const { primary } = pair;
      await primary.query("SELECT pg_create_physical_replication_slot('gone', true)");
      for (let segment = 0; segment < 6; segment++) {
        await primary.query("SELECT pg_logical_emit_message(true, 'pflab', 'more')");
        await primary.query('SELECT pg_switch_wal()');
        await pair.caughtUp();
      }
      await primary.query('CHECKPOINT');
      const lost = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'gone'";
      await pair.until('the slot is lost', async () => (await primary.answer(lost)) === 'lost');
    },
    changes: { 'lost-slots': 'fail' },
    exit: 0,
  },
  {
    name: 'pages are not written whole, and the old primary could not be rewound',
    on: [12, 15, 18],
    shape: { primary: { full_page_writes: 'off' } },
    changes: { 'crash-safety [primary]': 'fail', 'rewind-possible': 'fail' },
    exit: 0,
  },
];
