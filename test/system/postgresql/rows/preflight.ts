/** What preflight says before a standby is made. */
import { must } from '../../lab/command.js';
import * as faults from '../faults.js';
import type { Row } from '../rows.js';
import { Server } from '../server.js';

const preflight = 'preflight';

/** The standby has no server yet. */
export const preflightRows: readonly Row[] = [
  {
    name: 'before: the primary is down',
    phase: preflight,
    on: [12, 15, 18],
    fault: ({ primary }) => primary.stop(),
    changes: { 'primary-runs': 'fail', 'server-port [standby->primary]': 'fail' },
    unknownToo: true,
  },
  {
    name: 'before: programs of another major version',
    phase: preflight,
    on: [13, 14, 15, 16, 17, 18],
    inventory: ({ primary }) => ({
      settings: { programs: `/opt/postgresql/postgresql-${Number(primary.build) - 1}/native/bin` },
    }),
    changes: { 'standby-programs': 'fail' },
  },
  {
    name: 'before: the directory is not empty',
    phase: preflight,
    on: [15],
    fault: ({ standby }) => standby.write('PG_VERSION', '15\n'),
    changes: { 'standby-directory': 'fail' },
  },
  {
    name: "before: the directory is root's",
    phase: preflight,
    on: [15],
    fault: async ({ standby }) => void (await must(standby.host.inside(['chown', 'root', standby.folder]))),
    changes: { 'standby-directory': 'fail' },
  },
  {
    name: 'before: the directory is not there',
    phase: preflight,
    on: [15],
    fault: ({ standby }) => standby.host.remove(standby.folder),
    changes: { 'standby-directory': 'unknown', 'standby-room': 'unknown' },
  },
  {
    name: 'before: the disk is too small',
    phase: preflight,
    on: [12, 18],
    fault: async (pair) => {
      const { host, folder } = pair.standby;
      await must(
        host.inside(['mount', '-t', 'tmpfs', '-o', 'size=1m,mode=700,uid=postgres,gid=postgres', 'small', folder]),
      );
      pair.undo.push(async () => void (await must(host.inside(['umount', folder]))));
    },
    changes: { 'standby-room': 'fail' },
  },
  {
    name: 'before: the primary listens on its socket alone',
    phase: preflight,
    on: [12, 15, 18],
    fault: async ({ primary }) => {
      primary.configure({ listen_addresses: '' });
      await primary.restart();
    },
    changes: { 'server-port [standby->primary]': 'fail' },
  },
  {
    name: 'before: a recovery target is left in the files of the primary',
    phase: preflight,
    on: [12, 15, 18],
    shape: { primary: { recovery_target_xid: 7, recovery_target_action: 'promote' } },
    changes: { 'recovery-target': 'fail' },
    exit: 0,
  },
  {
    name: 'before: another server listens where the standby is to listen',
    phase: preflight,
    on: [15],
    fault: async (pair) => {
      const { host, build } = pair.standby;
      const other = new Server(host, build, '/var/lib/postgresql/other', '/tmp');
      pair.others.push(other);
      await other.init();
      other.configure({ unix_socket_directories: '/tmp', listen_addresses: '*' });
      await other.start();
    },
    changes: { 'server-port [primary->standby]': 'fail' },
    exit: 0,
  },
  {
    name: 'before: a firewall in between',
    phase: preflight,
    on: [15],
    fault: faults.swallowReplication,
    changes: { 'server-port [standby->primary]': 'fail' },
  },
  {
    name: 'before: the primary has a tablespace',
    phase: preflight,
    on: [12, 15, 18],
    fault: async (pair) => {
      await faults.mountDisk(pair, pair.primary, '/srv/fast', { sizeMiB: 64, usedPercent: 10 });
      await pair.primary.query("CREATE TABLESPACE fast LOCATION '/srv/fast/space'");
    },
    changes: { 'standby-room': 'fail' },
    exit: 0,
  },
];
