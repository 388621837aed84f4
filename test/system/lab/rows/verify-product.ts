/** What may be wrong with the product of a pair that was set up, its files and its keys, and what verify says of it. */
import { setConf } from '../faults.js';
import * as faults from '../pair/faults.js';
import { changeFiles } from '../pair/site-data.js';
import * as standby from '../pair/standby-faults.js';
import type { Scenario } from '../scenario.js';
import { afterSetup } from './pair.js';

const files = 'alation/files-in-sync';
const traffic = 'alation/secondary-takes-no-traffic';
const senders = 'alation/max-wal-senders';
const portCheck = (host: string) => `alation/replication-port-check [${host}]`;
const keysFrom = (from: string, to: string) => `alation/keys-exchanged [${from}->${to}]`;

const row = (scenario: Omit<Scenario, 'phase'>) => afterSetup('verify', scenario);

export const verifyProductRows: Scenario[] = [
  row({
    name: 'max_wal_senders 10 on the Secondary',
    fault: (lab) => standby.setMaxWalSenders(lab, 10),
    changes: { [senders]: 'fail' },
    exit: 1,
    says: { [senders]: /10/ },
  }),
  row({
    name: "max_wal_senders 10 in the Secondary's configuration, and not deployed",
    fault: (lab) => setConf(lab.secondary, 'pgsql.config.max_wal_senders', '10'),
    changes: { [senders]: 'fail' },
    exit: 1,
  }),
  row({
    name: "max_wal_senders 10 in the Secondary's running server alone",
    fault: (lab) => standby.setRunningWalSenders(lab, 10),
    changes: { [senders]: 'fail' },
    exit: 1,
  }),
  row({
    name: "max_wal_senders below the Primary's: the standby does not start",
    fault: (lab) => standby.setMaxWalSenders(lab, 3),
    changes: {
      [senders]: 'fail',
      'alation/wal-senders-not-below-primary': 'fail',
      'alation/postgres-lag-known': 'fail',
      'alation/postgres-lag-settles': 'fail',
      'alation/postgres-streaming': 'fail',
      'alation/postgres-roles [secondary]': 'fail',
      [portCheck('primary')]: 'fail',
      'alation/ha-ports-reachable [5432 primary->secondary]': 'fail',
    },
    exit: 1,
  }),
  row({
    name: "no hosts in the Primary's list: nothing is checked, and the monitor has no entry",
    fault: faults.emptyHosts,
    changes: {
      'alation/cluster-hosts-name-the-secondary': 'fail',
      [portCheck('primary')]: 'unknown',
      'alation/postgres-lag-known': 'fail',
      'alation/postgres-lag-settles': 'unknown',
    },
    exit: 1,
    says: { 'alation/postgres-lag-known': /expected an entry for the Secondary's address/ },
  }),
  row({
    name: 'a port check that fails',
    fault: (lab) => faults.failPortCheck(lab.primary),
    changes: { [portCheck('primary')]: 'fail' },
    exit: 1,
    says: { [portCheck('primary')]: /6543: FAILED/ },
  }),
  row({
    name: 'a second master',
    fault: faults.secondMaster,
    changes: { 'alation/one-master': 'fail', 'alation/secondary-in-replica-mode': 'fail' },
    exit: 1,
  }),
  row({
    name: 'files that differ since yesterday, which is a warning',
    fault: (lab) => void changeFiles(lab, { added: 2, changed: 3, fresh: 1 }),
    changes: { [files]: 'fail' },
    exit: 0,
    says: { [files]: /secondary: .*pages\/added 0, .*, expected no differences$/ },
    tells: { [files]: /would move 6 files .*\nolder differences: 5; younger than two minutes: 1$/ },
  }),
  row({
    name: 'files that differ since a moment ago, which the copying of every minute will fetch',
    fault: (lab) => void changeFiles(lab, { fresh: 3 }),
    changes: {},
    exit: 0,
    tells: { [files]: /older differences: 0; younger than two minutes: 3$/ },
  }),
  row({
    name: 'a login of the replication that greets, which rsync takes for an answer',
    fault: faults.greetCopying,
    changes: { [files]: 'fail', [keysFrom('secondary', 'primary')]: 'fail' },
    exit: 1,
    says: { [files]: /noisy/ },
    tells: { [files]: /is your shell clean/ },
  }),
  row({
    name: "the Secondary's key, which the Primary does not let in",
    fault: (lab) => faults.refuseKey(lab.primary),
    changes: { [files]: 'unknown', [keysFrom('secondary', 'primary')]: 'fail' },
    exit: 1,
  }),
  row({
    name: "the Primary's key, which the Secondary does not let in",
    fault: (lab) => faults.refuseKey(lab.secondary),
    changes: { [keysFrom('primary', 'secondary')]: 'fail' },
    exit: 1,
  }),
  row({
    name: 'a Secondary that shows its users the login, which is advice',
    fault: (lab) => faults.answerWith(lab.secondary, { page: 'login' }),
    changes: { [traffic]: 'fail' },
    exit: 0,
  }),
  row({
    name: 'a Secondary that says that it is a standby',
    fault: (lab) => faults.answerWith(lab.secondary, { page: 'standby' }),
    changes: {},
    exit: 0,
  }),
];
