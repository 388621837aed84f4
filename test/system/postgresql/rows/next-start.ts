/** What verify says of servers that run, and would not run so after their next start: several such things on one pair. */
import { must } from '../../lab/command.js';
import * as faults from '../faults.js';
import { autoConfigure } from '../pair.js';
import type { Row } from '../rows.js';
import { asOwner } from '../server.js';
import { accessText, following } from '../settings.js';

/** The files say other things than the servers run with. */
export const nextStartRows: readonly Row[] = [
  {
    name: 'the primary would start as a standby, refuse its slots, and take no writes',
    on: [12, 15, 18],
    fault: async ({ primary }) => {
      primary.write('standby.signal', '');
      primary.configure({ default_transaction_read_only: 'on' });
      await primary.reload();
      primary.configure({ MAX_REPLICATION_SLOTS: 0, wal_level: 'minimal' });
    },
    changes: {
      ...{ 'primary-stays-primary': 'fail', 'primary-takes-writes': 'fail' },
      ...{ 'readable-files [primary]': 'fail', 'pending-changes [primary]': 'fail' },
    },
    says: {
      'readable-files [primary]': /max_replication_slots 0 for 1 slots.*wal_level minimal beside max_wal_senders/,
    },
  },
  {
    name: 'the standby would follow nobody, stop at a target, and refuse a setting and its directory',
    on: [12, 15, 18],
    fault: async (pair) => {
      const { primary, standby } = pair;
      const folder = '/var/lib/postgresql/fast';
      for (const { host } of [primary, standby]) {
        await must(host.inside(asOwner(['mkdir', '-p', folder])));
        pair.undo.push(() => host.remove(folder));
      }
      await primary.query(`CREATE TABLESPACE fast LOCATION '${folder}'`);
      await pair.caughtUp();
      // As where its disk is not mounted: the place is there, and empty.
      standby.host.remove(folder);
      await must(standby.host.inside(asOwner(['mkdir', folder])));
      standby.write('postgresql.auto.conf', '');
      standby.configure({ shared_buffers: 'plenty', recovery_target_xid: 999_999 });
      await must(standby.host.inside(asOwner(['chmod', '755', standby.folder])));
    },
    changes: {
      ...{ 'next-start-follows': 'fail', 'recovery-target': 'fail', 'tablespaces [standby]': 'fail' },
      ...{
        'readable-files [standby]': 'fail',
        'data-directory [standby]': 'fail',
        'pending-changes [standby]': 'fail',
      },
    },
    says: { 'readable-files [standby]': /shared_buffers/, 'tablespaces [standby]': /fast/ },
  },
  {
    name: "the standby's files name another server to follow",
    on: [13, 15, 17],
    fault: ({ standby, hosts }) => autoConfigure(standby, following(hosts.all[2], 'standby', 'standby')),
    changes: { 'next-start-follows': 'unknown' },
  },
  {
    name: "the standby's files give its connection a new word, and the same server",
    on: [14, 15, 18],
    fault: ({ standby, hosts }) => {
      const { primary_conninfo: now, ...rest } = following(hosts.all[0], 'standby', 'standby');
      autoConfigure(standby, { primary_conninfo: `${now} keepalives_idle=30`, ...rest });
    },
    // Before 13 it waits for a restart.
    changes: {},
  },
  {
    name: "the standby's pg_hba.conf is gone, and so is its certificate",
    on: [12, 15, 18],
    shape: { standby: { ssl_cert_file: 'gone.crt' } },
    fault: ({ standby }) => {
      standby.configure({ ssl: 'on' });
      standby.host.remove(standby.file('pg_hba.conf'));
    },
    changes: {
      'readable-files [standby]': 'fail',
      'old-primary-let-in': 'unknown',
      'pending-changes [standby]': 'unknown',
    },
    says: { 'readable-files [standby]': /the file is not there.*ssl_cert_file/ },
  },
  {
    name: "the role's password is kept as md5, and pg_hba.conf asks for scram-sha-256",
    on: [12, 15, 18],
    fault: async (pair) => {
      const { primary, hosts } = pair;
      await primary.query("SET password_encryption = 'md5'; ALTER ROLE replicator PASSWORD 'old'");
      primary.write(
        'pg_hba.conf',
        accessText(hosts.network.prefix).replace(/(replicator .*) trust/, '$1 scram-sha-256'),
      );
      await primary.reload();
      await pair.caughtUp();
    },
    changes: { 'replication-role': 'fail' },
    says: { 'replication-role': /old password/ },
  },
  {
    name: 'the archive gets nothing, and the standby would listen for nobody',
    on: [12, 15, 18],
    shape: {
      primary: { archive_mode: 'on', archive_command: '/bin/true' },
      standby: { archive_mode: 'always', archive_command: '/bin/true', listen_addresses: 'localhost' },
    },
    fault: async (pair) => {
      await pair.primary.query('SELECT pg_switch_wal()');
      await pair.caughtUp();
    },
    changes: { archiver: 'fail', 'ready-to-be-primary': 'fail' },
    says: { archiver: /discards/, 'ready-to-be-primary': /itself/ },
    exit: 0,
  },
  {
    name: "the primary's archiver has no command",
    on: [12, 15, 18],
    shape: { primary: { archive_mode: 'on' }, standby: { archive_mode: 'on' } },
    changes: { archiver: 'fail' },
    exit: 0,
  },
  {
    name: "the primary's disk was mounted for reading alone",
    on: [15],
    fault: async (pair) => {
      const { host } = pair.primary;
      const disk = '/var/lib/postgresql';
      await must(host.inside(['mount', '--bind', disk, disk]));
      pair.undo.push(async () => void (await must(host.inside(['umount', '--lazy', disk]))));
      await must(host.inside(['mount', '-o', 'remount,bind,ro', disk]));
    },
    changes: { 'disks [primary]': 'fail' },
  },
  {
    name: "the standby's disk for WAL is full",
    on: [15, 16],
    fault: (pair) => faults.moveWal(pair, pair.standby, { sizeMiB: 256, usedPercent: 98 }),
    changes: { 'disks [standby]': 'fail', 'equal-disks': 'fail' },
  },
];
