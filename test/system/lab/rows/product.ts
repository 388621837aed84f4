/** What may be wrong with the product on a host, and what preflight says of it. */
import * as contents from '../contents.js';
import * as faults from '../faults.js';
import type { Scenario } from '../scenario.js';
import { dataDiskMissing } from './unknown.js';

const services = ['ServerServer', 'TaskServer', 'AuthServer'];

export const productRows: Scenario[] = [
  {
    name: 'a build that differs in its fourth number',
    fault: (lab) => faults.setBuild(lab.secondary, '10.0.0.147421'),
    changes: { 'alation/same-version': 'fail' },
    exit: 1,
    says: { 'alation/same-version': /10\.0\.0\.147420.*10\.0\.0\.147421/ },
  },
  {
    name: 'a mode other than standalone',
    fault: (lab) => faults.setConf(lab.secondary, 'alation.cluster.replication_mode', 'slave'),
    changes: { 'alation/standalone-mode [secondary]': 'fail' },
    exit: 1,
    says: { 'alation/standalone-mode [secondary]': /slave/ },
  },
  {
    name: '.disk1_cache naming a directory that is not there',
    fault: (lab) => faults.setDiskCache(lab.secondary, 1, '/mnt/data'),
    changes: dataDiskMissing,
    exit: 1,
    says: { 'alation/data-disk-cache [secondary]': /an existing directory at the path that \.disk1_cache names/ },
  },
  {
    name: '.disk1_cache with a relative path',
    fault: (lab) => faults.setDiskCache(lab.secondary, 1, 'data'),
    changes: dataDiskMissing,
    exit: 1,
  },
  {
    name: '.disk1_cache naming another path than the one given in the inventory',
    fault: (lab) => faults.setDiskCache(lab.secondary, 1, '/mnt/data'),
    inventory: () => ({ settings: { dataDisk: '/data' } }),
    changes: dataDiskMissing,
    exit: 1,
    says: { 'alation/data-disk-cache [secondary]': /\/mnt\/data/ },
  },
  {
    name: 'services stopped on the Primary',
    fault: (lab) => faults.stopProcesses(lab.primary, 'TaskServer'),
    changes: { 'alation/services-started [primary]': 'fail' },
    exit: 1,
    says: { 'alation/services-started [primary]': /TaskServer/ },
  },
  {
    name: 'services stopped on the Secondary, which from 4.8 on is only advice',
    fault: (lab) => faults.stopProcesses(lab.secondary, ...services),
    changes: { 'alation/services-started [secondary]': 'fail' },
    exit: 0,
  },
  {
    name: 'alation_conf that matches substrings for whole keys too, secrets among them',
    fault: (lab) => {
      for (const host of lab.hosts) faults.setTwins(host, { confDelay: 0, confAlwaysSubstring: true });
    },
    changes: {},
    exit: 0,
  },
  {
    name: 'alation_conf that hangs',
    fault: (lab) => faults.setTwins(lab.secondary, { confDelay: 3600, confAlwaysSubstring: false }),
    args: ['--timeout', '4'],
    changes: { 'alation/standalone-mode [secondary]': 'unknown' },
    exit: 3,
    says: { 'alation/standalone-mode [secondary]': /in time|timed? ?out/ },
  },
  {
    name: 'a product shell that hangs',
    fault: (lab) => faults.hangShell(lab.secondary),
    args: ['--timeout', '2'],
    changes: {
      'alation/host-access [secondary]': 'unknown',
      'alation/standalone-mode [secondary]': 'unknown',
    },
    exit: 3,
  },
  {
    name: 'shells that talk before they listen',
    fault: (lab) => {
      for (const host of lab.hosts) faults.shellsTalk(host, 'alation.cluster.replication_mode = master\n0\n{"a":');
    },
    changes: {},
    exit: 0,
  },
  {
    name: 'a Primary without protection, which is a warning before anything is set up',
    fault: (lab) => faults.setConf(lab.primary, 'alation.cluster.protected_instance', 'False'),
    changes: { 'alation/primary-protection-kept': 'fail' },
    exit: 0,
  },
  {
    name: 'a Primary that holds less than the Secondary',
    fault: (lab) => {
      const file = '/data/pgsql/base/2';
      lab.secondary.write(file, 'p'.repeat(20 * 1024 * 1024));
      lab.secondary.undo.push(() => lab.secondary.remove(file));
      contents.addBackup(lab.secondary);
    },
    args: ['--set', 'importantDataBytes=4000000'],
    changes: { 'alation/roles-not-swapped': 'fail' },
    exit: 1,
  },
  {
    name: 'no backup on the Primary, which is a warning',
    fault: (lab) => faults.takeAway(lab.primary, '/backup/backup'),
    changes: { 'alation/backup-recent': 'fail' },
    exit: 0,
  },
];
