/** What verify says of servers that do not run, do not replay, or have parted. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

/** Nothing but what the server's state says can be known of a server that is down. */
export const stateRows: readonly Row[] = [
  {
    name: 'the standby is down',
    fault: ({ standby }) => standby.stop(),
    changes: { roles: 'fail', streaming: 'fail', 'idle-slots': 'fail' },
    unknownToo: true,
  },
  {
    name: 'the primary is down',
    on: [12, 15, 18],
    fault: ({ primary }) => primary.stop('immediate'),
    changes: { roles: 'fail' },
    unknownToo: true,
  },
  {
    name: 'replay is paused',
    fault: async ({ standby }) => void (await standby.query('SELECT pg_wal_replay_pause()')),
    changes: { 'lag-settles': 'fail' },
  },
  {
    name: 'both accept writes',
    on: [12, 15, 18],
    fault: faults.part,
    changes: { roles: 'fail', streaming: 'fail', 'standby-signal': 'fail', 'idle-slots': 'fail' },
    unknownToo: true,
  },
];
