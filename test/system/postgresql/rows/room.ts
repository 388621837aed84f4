/** What verify says of disks that are full or too small, and of how long the standby may be away. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

/** As long as a run watches by its defaults: how fast a server writes shows only so. */
const watched = () => ({ settings: { lagSamples: 3, lagEveryMs: 3000 } });

/** Each warns. */
export const roomRows: readonly Row[] = [
  {
    name: 'the WAL of the primary lies on a disk of its own, which is nearly full',
    on: [12, 15, 18],
    fault: (pair) => faults.moveWal(pair, pair.primary, { sizeMiB: 256, usedPercent: 92 }),
    changes: { 'disks [primary]': 'fail' },
    says: { 'disks [primary]': /9[123]/ },
    exit: 0,
  },
  {
    name: 'the WAL of the standby lies on a disk of its own, which is small',
    on: [13, 15, 17],
    fault: (pair) => faults.moveWal(pair, pair.standby, { sizeMiB: 256, usedPercent: 30 }),
    changes: { 'equal-disks': 'fail' },
    exit: 0,
  },
  {
    name: 'a tablespace of the standby lies on a disk that is nearly full',
    on: [12, 14, 15, 18],
    fault: async (pair) => {
      for (const server of [pair.primary, pair.standby])
        await faults.mountDisk(pair, server, '/srv/fast', {
          sizeMiB: 64,
          usedPercent: server === pair.standby ? 95 : 10,
        });
      await pair.primary.query("CREATE TABLESPACE fast LOCATION '/srv/fast/space'");
      await pair.caughtUp();
    },
    changes: { 'disks [standby]': 'fail' },
    exit: 0,
  },
  {
    name: 'the primary writes, and keeps nearly nothing for a standby without a slot',
    on: [13, 15, 18],
    shape: { primary: { wal_keep_size: '1MB' }, slotless: true },
    fault: faults.startLoad,
    inventory: watched,
    changes: { 'outage-budget': 'fail' },
    exit: 0,
  },
  {
    name: 'the primary writes, and keeps for ten seconds what the slot needs',
    on: [15, 16],
    shape: { primary: { max_slot_wal_keep_size: '1MB' } },
    fault: faults.startLoad,
    inventory: watched,
    changes: { 'outage-budget': 'fail' },
    exit: 0,
  },
  {
    name: 'the primary writes, and its disk holds what the slot needs for long',
    on: [12, 15, 18],
    fault: faults.startLoad,
    inventory: watched,
    changes: { 'outage-budget': 'pass' },
    exit: 0,
  },
];
