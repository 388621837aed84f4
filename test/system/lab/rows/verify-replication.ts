/** What may become of the replication of a pair that was set up, and what verify says of it. */
import { setFile } from '../faults.js';
import type { Lab } from '../lab.js';
import * as connection from '../pair/connection-faults.js';
import { beQuiet } from '../pair/hanging.js';
import * as load from '../pair/load.js';
import * as standby from '../pair/standby-faults.js';
import { attached, until } from '../pair/streaming.js';
import type { Scenario } from '../scenario.js';
import { login } from '../system.js';
import { afterSetup, followed } from './pair.js';

const known = 'alation/postgres-lag-known';
const settles = 'alation/postgres-lag-settles';
const streaming = 'alation/postgres-streaming';
const mebi = 1024 * 1024;

const row = (scenario: Omit<Scenario, 'phase'>) => afterSetup('verify', scenario);

/** Waits until the Secondary is that many MiB behind, as its Primary knows it. */
function behind(lab: Lab, mebibytes: number): Promise<void> {
  return until(lab, `the Secondary is ${mebibytes} MiB behind`, async () => {
    const { lagBytes = 0 } = (await attached(lab)) ?? {};
    return lagBytes >= mebibytes * mebi;
  });
}

/** Nothing is replayed, and so many MiB wait for it. */
export async function pausedWith(lab: Lab, mebibytes: number): Promise<void> {
  await beQuiet(lab);
  await standby.pauseReplay(lab);
  await load.writeLoad(lab, mebibytes);
  await behind(lab, mebibytes);
}

/** The Primary does not write any more, and the lag falls for that many seconds, as slowly as it grew: 2 MiB a second. */
export async function falling(lab: Lab, seconds: number): Promise<void> {
  await standby.delayReplay(lab, seconds);
  await load.startLoad(lab, 2048);
  await behind(lab, 1.75 * seconds);
  await load.stopLoad(lab);
  const lag = async () => (await attached(lab))?.lagBytes ?? 0;
  const most = await lag();
  await until(lab, 'the lag falls', async () => (await lag()) < most);
}

/** The Primary has lost its Secondary: nobody is attached, and the monitor says `unknown`. */
export const lost = { [known]: 'fail', [settles]: 'fail', [streaming]: 'fail' } as const;

export const replicationRows: Scenario[] = [
  row({
    name: 'an idle pair: that nothing is pending is all that its lag shows',
    fault: beQuiet,
    changes: {},
    exit: 0,
    says: {
      [settles]: /^primary postgres_lag_bytes: 0 bytes at the end of 2 samples .*; nothing was written meanwhile/,
    },
  }),
  row({
    name: 'a pair under writes: the lag is small, and how much was written meanwhile is told',
    fault: (lab) => load.startLoad(lab),
    args: followed,
    changes: {},
    exit: 0,
    says: { [settles]: /at the end of 3 samples .*; [\d.]+ MiB \(\d+ bytes\) were written meanwhile/ },
  }),
  row({
    name: 'a standby that is stopped',
    fault: standby.stopStandby,
    changes: {
      ...lost,
      'alation/postgres-roles [secondary]': 'fail',
      'alation/replication-port-check [primary]': 'fail',
      // Needed after a failover only.
      'alation/ha-ports-reachable [5432 primary->secondary]': 'fail',
    },
    exit: 1,
    says: { [settles]: /"unknown" instead of a number/, 'alation/postgres-roles [secondary]': /down/ },
  }),
  row({
    name: 'a replication that a firewall cuts: both servers run',
    fault: connection.cutReplication,
    changes: {
      ...lost,
      'alation/ha-ports-reachable [5432 secondary->primary]': 'fail',
      'alation/replication-port-check [secondary]': 'fail',
    },
    exit: 1,
    says: { [known]: /unknown/, 'alation/ha-ports-reachable [5432 secondary->primary]': /filtered/ },
  }),
  row({
    name: 'a replay that is paused while the Primary writes: the lag rises, and is followed as long on shells that start slowly',
    fault: async (lab) => {
      for (const host of lab.hosts) setFile(host, `/home/${login.name}/.bashrc`, 'sleep 2\n');
      await pausedWith(lab, 20);
      await load.startLoad(lab, 4096);
    },
    args: followed,
    changes: { [settles]: 'fail' },
    exit: 1,
    says: { [settles]: /risen by [^;]* and never fallen in 3 samples over (?:[3-9]|\d{2,})[. ]/ },
  }),
  row({
    name: 'a replay that is paused while the Primary is idle: the lag is large and does not move, the state is streaming',
    fault: (lab) => pausedWith(lab, 20),
    args: followed,
    changes: { [settles]: 'fail' },
    exit: 1,
    says: { [settles]: /20[.\d]* MiB \(\d+ bytes\) at every one of 3 samples .*: it does not move/ },
  }),
  row({
    name: 'a replay that hangs: nothing says so but a lag that does not move',
    fault: async (lab) => {
      await beQuiet(lab);
      await standby.hangReplay(lab);
      await load.writeLoad(lab, 20);
      await behind(lab, 20);
    },
    changes: { [settles]: 'fail' },
    exit: 1,
    says: {
      // What the page says and what the server says, which may be the same; the Secondary's own replay was watched too briefly.
      [settles]:
        /^(?:primary \w+: [^;]* at every one of 2 samples [^;]*: it does not move(?:; |$)){1,2}(?:secondary: waiting decides nothing; expected a replay that goes on)?$/,
    },
  }),
  row({
    name: 'a replay that is paused with little to replay',
    fault: (lab) => pausedWith(lab, 2),
    changes: { [settles]: 'fail' },
    exit: 1,
    says: { [settles]: /paused/ },
  }),
  row({
    name: 'a replay that is told to be late: its lag falls, and would be large again with the next writes',
    fault: (lab) => falling(lab, 10),
    args: [...followed, '--set', 'lagSmallBytes=65536'],
    // That the lag falls is well; that the Secondary's server holds back what it received is not.
    changes: { [settles]: 'fail' },
    exit: 1,
    says: { [settles]: /^secondary: delayed, expected a replay that goes on$/ },
  }),
];
