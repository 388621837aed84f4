/** What may be wrong with a pair of 4.7 and below, in either phase. */
import * as faults from '../faults.js';
import { replicationLogin } from '../key-exchange.js';
import { keyExchangeScript } from '../product.js';
import { makeLegacyReady } from '../ready.js';
import type { Scenario } from '../scenario.js';

export const legacyRows: Scenario[] = [
  {
    name: 'no script to exchange keys with, which is a warning',
    fault: ({ secondary }) => faults.takeAway(secondary, secondary.layout.chroot + keyExchangeScript),
    changes: { 'alation/key-exchange-script [secondary]': 'fail' },
    exit: 0,
  },
  {
    name: 'services stopped on the Secondary',
    fault: (lab) => faults.stopProcesses(lab.secondary, 'ServerServer', 'TaskServer', 'AuthServer'),
    changes: { 'alation/services-started [secondary]': 'fail' },
    exit: 1,
  },
  {
    name: 'more PostgreSQL data than is replicated in-line, which is advice',
    args: ['--set', 'inlineMaxBytes=1000000'],
    changes: { 'alation/postgres-inline-size': 'fail' },
    exit: 0,
  },
];

export const legacyPreReplicationRows: Scenario[] = [
  {
    name: 'a list of cluster hosts without the Secondary',
    phase: 'pre-replication',
    fault: (lab) => {
      makeLegacyReady(lab);
      faults.setConf(lab.primary, 'alation.cluster.hosts', `['${lab.primary.address}/24']`);
    },
    changes: { 'alation/legacy-cluster-hosts': 'fail' },
    exit: 1,
  },
  {
    name: 'much data, and in-line replication on',
    phase: 'pre-replication',
    fault: makeLegacyReady,
    args: ['--set', 'inlineMaxBytes=1000000'],
    changes: { 'alation/legacy-inline-disabled': 'fail' },
    exit: 0,
  },
  {
    name: 'a greeting of the replication login',
    phase: 'pre-replication',
    fault: (lab) => {
      makeLegacyReady(lab);
      faults.setFile(lab.secondary, `${replicationLogin.home}/.bashrc`, 'echo Welcome back\n');
    },
    changes: {
      'alation/keys-exchanged [primary->secondary]': 'fail',
      'alation/hushlogin [primary->secondary]': 'fail',
    },
    exit: 1,
  },
];
