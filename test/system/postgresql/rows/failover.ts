/** What failover says before the standby is promoted, with a primary that lives and with a dead one. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

const failover = 'failover';

/** In each the standby is to be promoted. */
export const failoverRows: readonly Row[] = [
  {
    name: 'failover: the primary is dead to everybody',
    phase: failover,
    on: [12, 15, 18],
    fault: async (pair) => {
      const { network } = pair.hosts;
      await network.setLink('primary', 'down');
      pair.undo.push(() => network.setLink('primary', 'up'));
    },
    changes: {},
    unknownToo: true,
    exit: 3,
  },
  {
    name: "failover: the primary's server is dead, and its host lives",
    phase: failover,
    fault: ({ primary }) => primary.stop('immediate'),
    changes: { 'promotion-loses-nothing': 'unknown' },
    unknownToo: true,
    exit: 0,
  },
  {
    name: 'failover: the standby has not received all',
    phase: failover,
    on: [13, 15, 18],
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      await faults.writeRows(pair);
    },
    changes: { 'promotion-loses-nothing': 'fail' },
    exit: 0,
  },
  {
    name: 'failover: the standby is down',
    phase: failover,
    on: [12, 15, 18],
    fault: ({ standby }) => standby.stop(),
    changes: { 'standby-takes-over': 'fail' },
    unknownToo: true,
  },
  {
    name: 'failover: the standby is a copy of another cluster',
    phase: failover,
    on: [13, 15, 18],
    fault: async (pair) => void (await faults.copyAnother(pair)),
    changes: { 'one-cluster': 'fail', 'promotion-loses-nothing': 'fail' },
  },
  {
    name: 'failover: replay is paused',
    phase: failover,
    on: [12, 14, 18],
    fault: async ({ standby }) => void (await standby.query('SELECT pg_wal_replay_pause()')),
    changes: { 'standby-takes-over': 'fail' },
  },
  {
    name: 'failover: a query holds the replay',
    phase: failover,
    on: [13, 15, 18],
    shape: { standby: { max_standby_streaming_delay: -1 } },
    fault: async (pair) => {
      await faults.openSnapshot(pair);
      await pair.primary.query('DROP TABLE things');
      await faults.replayStands(pair);
    },
    changes: { 'standby-takes-over': 'fail' },
  },
  {
    name: 'failover: the standby was promoted already',
    phase: failover,
    on: [12, 15, 18],
    fault: faults.part,
    changes: { 'standby-takes-over': 'fail', 'promotion-loses-nothing': 'fail' },
  },
];
