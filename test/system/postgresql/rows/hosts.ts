/** What verify says of two hosts that do not fit each other: their programs are played, the servers are real. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

/** Each by one program of the standby's host that answers as another host's would, or by the inventory. */
export const hostRows: readonly Row[] = [
  {
    name: "the standby lacks the locale of the primary's databases",
    on: [12, 15, 18],
    fault: async (pair) => {
      const made = "CREATE DATABASE shop TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";
      await pair.primary.query(made);
      await pair.caughtUp();
      await faults.standIn(pair, pair.standby.host, '/usr/bin/locale', 'echo C');
    },
    changes: { locales: 'fail' },
  },
  {
    name: 'the hosts have different C libraries',
    on: [15],
    fault: (pair) => faults.standIn(pair, pair.standby.host, '/usr/bin/getconf', 'echo glibc 2.28'),
    changes: { 'same-libc': 'fail' },
    exit: 0,
  },
  {
    name: 'the clock of the standby is five seconds ahead',
    on: [15],
    fault: (pair) =>
      faults.standIn(pair, pair.standby.host, '/usr/bin/date', 'exec /usr/bin/date.away --date="5 seconds" "$@"'),
    changes: { 'clocks-agree': 'fail' },
    exit: 0,
  },
  {
    name: 'the hosts have different architectures',
    on: [15],
    fault: (pair) =>
      faults.standIn(
        pair,
        pair.standby.host,
        '/usr/bin/uname',
        'if [ "$1" = -m ]; then echo aarch64; else exec /usr/bin/uname.away "$@"; fi',
      ),
    changes: { 'same-architecture': 'fail' },
  },
  {
    name: "systemd takes the shared memory of the server's user away",
    on: [15],
    fault: async (pair) => {
      const { host } = pair.standby;
      const id = 'if [ "$*" = "-u postgres" ]; then echo 1001; else exec /usr/bin/id.away "$@"; fi';
      await faults.standIn(pair, host, '/usr/bin/id', id);
      host.write('/usr/local/bin/systemd-analyze', "#!/bin/sh\nprintf '[Login]\\nRemoveIPC=yes\\n'\n", { mode: 0o755 });
      pair.undo.push(() => host.remove('/usr/local/bin/systemd-analyze'));
    },
    changes: { 'shared-memory-kept [standby]': 'fail' },
    exit: 0,
  },
  {
    name: 'both names lead to one machine',
    on: [15],
    inventory: ({ hosts }) => ({
      hosts: { standby: { address: hosts.all[0].address, ssh: { host: hosts.all[0].address } } },
    }),
    changes: { 'two-machines': 'fail', roles: 'fail', 'standby-signal': 'fail' },
    unknownToo: true,
  },
  {
    name: "the server's user is known to the host by another name",
    on: [15],
    fault: (pair) => {
      for (const { host } of [pair.primary, pair.standby]) {
        const users = host.read('/etc/passwd');
        const [own = ''] = /^postgres:.*$/m.exec(users) ?? [];
        host.write('/etc/passwd', `${users}${own.replace('postgres:x', 'dba:*')}\n`);
        pair.undo.push(() => host.write('/etc/passwd', users));
      }
    },
    inventory: () => ({ settings: { serverUser: 'dba' } }),
    changes: { 'host-access [primary]': 'fail', 'host-access [standby]': 'fail' },
    unknownToo: true,
  },
  {
    name: 'the host has no user of that name',
    on: [15],
    inventory: () => ({ settings: { serverUser: 'ghost' } }),
    changes: {},
    unknownToo: true,
    exit: 3,
  },
];
