/** How a pair may stand before its Secondary is promoted, and what the phase failover says of it. */
import * as connection from '../pair/connection-faults.js';
import * as faults from '../pair/faults.js';
import * as load from '../pair/load.js';
import * as standby from '../pair/standby-faults.js';
import type { Scenario } from '../scenario.js';
import { afterSetup, followed } from './pair.js';
import { falling, lost, pausedWith } from './verify-replication.js';

const loss = 'alation/lag-before-failover';
const access = 'alation/host-access [primary]';

const row = (scenario: Omit<Scenario, 'phase'>) => afterSetup('failover', scenario);

/** How far the Secondary got, by its own word. */
const told =
  /^secondary has received up to 0\/\w+\nsecondary has replayed up to 0\/\w+\n.* that secondary replayed is \d+ ms old$/;

/** What a dead Primary leaves open: all but what its Secondary tells of itself. */
const primaryGone = {
  'alation/two-machines': 'unknown',
  [access]: 'unknown',
  'alation/not-clones': 'unknown',
  'alation/same-version': 'unknown',
  'alation/address-on-interface [primary]': 'unknown',
  'alation/primary-protection-kept': 'unknown',
  'alation/primary-in-master-mode': 'unknown',
  'alation/one-master': 'unknown',
  'alation/wal-senders-not-below-primary': 'unknown',
  'alation/postgres-lag-known': 'unknown',
  'alation/postgres-lag-settles': 'unknown',
  'alation/postgres-streaming': 'unknown',
  'alation/postgres-roles [primary]': 'unknown',
  'alation/files-in-sync': 'unknown',
  [loss]: 'unknown',
} as const;

export const failoverRows: Scenario[] = [
  row({
    name: 'writes that the Secondary has not received, which is a warning: how much would be lost is told',
    fault: async (lab) => {
      await standby.hangReceiver(lab);
      await load.writeLoad(lab, 5);
    },
    // What is missing was watched for half a second: it may be on its way.
    changes: { [loss]: 'fail', 'alation/postgres-streaming': 'unknown' },
    exit: 3,
    says: { [loss]: /primary: 5[.\d]* MiB \(52\d{5} bytes\)/ },
  }),
  row({
    name: 'writes behind a firewall that cuts the replication: the Primary has nobody whose place it knows',
    fault: async (lab) => {
      await connection.cutReplication(lab);
      await load.writeLoad(lab, 5);
    },
    changes: { ...lost, [loss]: 'fail' },
    exit: 1,
    says: { [loss]: /5[.\d]* MiB \(52\d{5} bytes\)/ },
  }),
  row({
    name: 'writes that the Secondary received and has not replayed: a promotion would wait for them, which is a warning',
    fault: (lab) => pausedWith(lab, 20),
    args: followed,
    changes: { 'alation/postgres-lag-settles': 'fail', [loss]: 'fail' },
    exit: 1,
    says: { [loss]: /secondary: 20[.\d]* MiB \(2\d{7} bytes\), expected little that is received and not yet replayed/ },
    tells: {
      [loss]:
        /^primary has written up to (0\/\w+)\nsecondary has received up to \1\nsecondary has replayed up to (?!\1)/,
    },
  }),
  row({
    name: 'a replay that is told to be late: its lag falls, not yet lost, and not yet there',
    fault: (lab) => falling(lab, 10),
    args: [...followed, '--set', 'lagSmallBytes=65536'],
    // That the Secondary's server holds back what it received fails, however the lag falls.
    changes: { 'alation/postgres-lag-settles': 'fail', [loss]: 'fail' },
    exit: 1,
    says: {
      'alation/postgres-lag-settles': /secondary: delayed, expected a replay that goes on/,
      [loss]: /expected little that is received and not yet replayed/,
    },
  }),
  row({
    name: 'a second master',
    fault: faults.secondMaster,
    changes: { 'alation/one-master': 'fail', 'alation/secondary-in-replica-mode': 'fail' },
    exit: 1,
    says: { 'alation/one-master': /primary and secondary/ },
  }),
  row({
    name: 'a Secondary whose server is down',
    fault: standby.stopStandby,
    changes: {
      ...lost,
      'alation/postgres-roles [secondary]': 'fail',
      [loss]: 'unknown',
    },
    exit: 1,
  }),
  row({
    name: 'a Primary whose server is down, on a host that lives',
    fault: connection.stopPrimary,
    changes: {
      ...lost,
      'alation/postgres-roles [primary]': 'fail',
      'alation/wal-senders-not-below-primary': 'unknown',
      [loss]: 'unknown',
    },
    exit: 1,
    tells: { [loss]: told },
  }),
  row({
    name: 'a Primary that is powered off',
    fault: (lab) => connection.powerOff(lab),
    changes: primaryGone,
    exit: 3,
    logins: [0, 1],
    says: { [access]: /no route to the host/ },
    tells: { [loss]: told },
  }),
  row({
    name: 'a Primary that is powered off behind a firewall, which tells nobody',
    fault: (lab) => connection.powerOff(lab, { silent: true }),
    // The dry run of a copy would wait for ssh's own ten seconds.
    args: ['--timeout', '3', '--skip', 'alation/files-in-sync'],
    changes: { ...primaryGone, 'alation/files-in-sync': 'absent' },
    exit: 3,
    logins: [0, 1],
    says: { [access]: /did not answer within 3000 ms/ },
    tells: { [loss]: told },
  }),
];
