/** Pairs that are unusual and as they should be: verify says of each what it says of the healthy one. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

const nothing = {};

/** None may differ from the healthy pair. */
export const unusualRows: readonly Row[] = [
  { name: 'under load', fault: faults.startLoad, changes: nothing },
  {
    name: 'synchronous, with one standby to spare',
    shape: { primary: { synchronous_standby_names: 'FIRST 1 (standby, third)' } },
    fault: async (pair) => void (await pair.addStandby('third', pair.primary, 'third')),
    changes: nothing,
  },
  {
    name: 'synchronous, with this standby alone',
    shape: { primary: { synchronous_standby_names: 'standby' } },
    changes: { 'synchronous-spare': 'fail' },
    exit: 0,
  },
  {
    name: 'a delay that is wanted',
    on: [12, 15, 18],
    shape: { standby: { recovery_min_apply_delay: '1h' } },
    inventory: () => ({ settings: { applyDelayMs: 3_600_000 } }),
    changes: nothing,
  },
  { name: 'without a slot', shape: { slotless: true }, changes: nothing },
  {
    name: 'a second standby',
    on: [12, 15, 18],
    fault: async (pair) => void (await pair.addStandby('third', pair.primary, 'third')),
    changes: nothing,
  },
  {
    name: 'a standby of the standby',
    on: [12, 15, 18],
    fault: async (pair) => void (await pair.addStandby('third', pair.standby)),
    changes: nothing,
  },
  {
    name: 'pg_receivewal beside the standby',
    on: [13, 15],
    fault: (pair) => faults.receiveWal(pair),
    changes: nothing,
  },
  {
    name: 'an archive with a slot beside the standby',
    on: [14, 15],
    fault: (pair) => faults.receiveWal(pair, 'barman'),
    changes: nothing,
  },
  {
    name: 'limits given on the command line of the standby',
    on: [12, 15, 18],
    shape: {
      primary: { max_connections: 120 },
      standby: { max_connections: 100 },
      command: ['-c', 'max_connections=120'],
    },
    changes: nothing,
  },
  {
    name: 'a logical subscriber beside the standby',
    on: [15, 17],
    shape: { primary: { wal_level: 'logical' }, standby: { wal_level: 'logical' } },
    fault: async (pair) => void (await faults.subscribe(pair)),
    // It would lose its slot with a promotion, which warns.
    changes: { 'logical-slots': 'fail' },
    exit: 0,
  },
];
