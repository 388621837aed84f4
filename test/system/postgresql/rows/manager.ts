/** What verify says of servers that Patroni or repmgr manages. */
import { managed } from '../patroni.js';
import { registered } from '../repmgr.js';
import type { Row } from '../rows.js';

/** The servers are healthy: only their manager differs. A failure warns. */
export const managerRows: readonly Row[] = [
  { name: 'managed by Patroni', on: [12, 15, 18], fault: (pair) => managed(pair), changes: {} },
  {
    name: 'managed by Patroni, which is paused',
    on: [15, 17],
    fault: (pair) => managed(pair, { pause: true }),
    changes: { 'manager-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by Patroni, whose daemon is dead on the standby',
    on: [15, 18],
    fault: (pair) => managed(pair, {}, [pair.primary]),
    changes: { 'manager-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by Patroni, which may not promote the standby',
    on: [14, 15],
    fault: (pair) => managed(pair, { tags: { nofailover: true } }),
    changes: { 'manager-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by Patroni, which takes both for standbys',
    on: [15, 16],
    fault: (pair) => managed(pair, { role: 'replica' }),
    changes: { 'manager-agrees': 'fail' },
    exit: 0,
  },
  { name: 'managed by repmgr', on: [12, 15, 18], fault: (pair) => registered(pair), changes: {} },
  {
    name: 'managed by repmgr, whose daemon is dead on the standby',
    on: [14, 15],
    fault: (pair) => registered(pair, { running: 'NOT pg_is_in_recovery()' }),
    changes: { 'repmgr-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by repmgr, which is paused',
    on: [13, 15, 17],
    fault: (pair) => registered(pair, { paused: 'true' }),
    changes: { 'repmgr-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by repmgr, which takes the standby for a second primary',
    on: [15, 16],
    fault: (pair) => registered(pair, { standby: { type: 'primary' } }),
    changes: { 'repmgr-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by repmgr, which may not promote the standby',
    on: [15],
    fault: (pair) => registered(pair, { standby: { priority: 0 } }),
    changes: { 'repmgr-agrees': 'fail' },
    exit: 0,
  },
  {
    name: 'managed by repmgr, whose table the role may not read',
    on: [12, 15, 18],
    fault: (pair) => registered(pair),
    inventory: () => ({ settings: { user: 'watcher' } }),
    changes: { 'next-start-limits': 'unknown', 'standby-signal': 'unknown', 'repmgr-agrees': 'unknown' },
    unknownToo: true,
  },
];
