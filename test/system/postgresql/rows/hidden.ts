/** What verify says where a server does not tell, or tells elsewhere. */
import { readFileSync } from 'node:fs';
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

/** What a server does not tell, or tells elsewhere. */
export const hiddenRows: readonly Row[] = [
  {
    // What the server's files say may be read by a superuser, or by who was given it.
    name: 'asked as a role with pg_monitor',
    inventory: () => ({ settings: { user: 'watcher' } }),
    changes: {
      ...{ 'next-start-limits': 'unknown', 'standby-signal': 'unknown', 'next-start-follows': 'unknown' },
      ...{ 'primary-stays-primary': 'unknown', 'primary-takes-writes': 'unknown' },
      ...{ 'extension-files [primary]': 'unknown', 'extension-files [standby]': 'unknown' },
      ...{ 'preloaded-libraries [primary]': 'unknown', 'preloaded-libraries [standby]': 'unknown' },
      ...{ 'standby-let-in': 'unknown', 'old-primary-let-in': 'unknown' },
      ...{ 'readable-files [primary]': 'unknown', 'readable-files [standby]': 'unknown' },
      ...{ 'tablespaces [primary]': 'unknown', 'tablespaces [standby]': 'unknown' },
      ...{ 'pending-changes [primary]': 'unknown', 'pending-changes [standby]': 'unknown' },
    },
  },
  {
    name: 'asked as a role with pg_monitor and all that the documentation grants',
    on: [12, 15, 18],
    fault: async (pair) => {
      const page = readFileSync(new URL('../../../../docs/postgresql.md', import.meta.url), 'utf8');
      const grants = /```sql\n(GRANT[^`]*)```/.exec(page)?.[1] ?? '';
      await pair.primary.query(grants);
      await pair.caughtUp();
    },
    inventory: () => ({ settings: { user: 'watcher' } }),
    changes: {},
  },
  {
    name: 'asked as a role without rights',
    on: [12, 15, 18],
    inventory: () => ({ settings: { user: 'nobody' } }),
    changes: {},
    unknownToo: true,
    exit: 3,
  },
  {
    name: 'another port than the inventory has',
    on: [15],
    inventory: () => ({ settings: { port: 5499 } }),
    changes: { roles: 'unknown' },
    unknownToo: true,
  },
  {
    name: 'no socket where it is looked for',
    on: [15],
    inventory: () => ({ settings: { socket: '/tmp' } }),
    changes: { roles: 'unknown' },
    unknownToo: true,
  },
  {
    name: 'hot_standby is off',
    on: [12, 15],
    fault: async (pair) => {
      pair.standby.configure({ hot_standby: 'off' });
      await pair.standby.stop();
      await pair.standby.begin();
      const rows = "SELECT state FROM pg_stat_replication WHERE application_name = 'standby'";
      await pair.until('it streams', async () => (await pair.primary.answer(rows)) === 'streaming');
    },
    // Before 14 it says that it starts, for ever.
    changes: (major) => ({ roles: 'unknown', ...(major >= 14 && { 'hot-standby': 'fail' }) }),
    unknownToo: true,
    exit: 3,
  },
  {
    name: 'a smart shutdown waits for the last client',
    on: [15],
    fault: async (pair) => {
      await faults.openSnapshot(pair);
      await pair.standby.stopSmart();
    },
    changes: { roles: 'unknown' },
    unknownToo: true,
  },
];
