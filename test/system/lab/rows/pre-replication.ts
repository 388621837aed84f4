/** What may be wrong just before the Secondary is added, when the next step deletes its data. */
import { existsSync, utimesSync } from 'node:fs';
import * as contents from '../contents.js';
import * as faults from '../faults.js';
import { authorizedKeys, keyFile, replicationLogin } from '../key-exchange.js';
import type { Lab } from '../lab.js';
import { makeReady } from '../ready.js';
import type { Scenario } from '../scenario.js';

const key = (name: string) => `alation.cluster.${name}`;
const toSecondary = 'alation/keys-exchanged [primary->secondary]';
const toPrimary = 'alation/keys-exchanged [secondary->primary]';

type Row = Omit<Scenario, 'phase' | 'fault'> & { fault: (lab: Lab) => void | Promise<void> };

const gate = ({ fault, ...row }: Row): Scenario => ({
  ...row,
  phase: 'pre-replication',
  fault: async (lab) => {
    makeReady(lab);
    await fault(lab);
  },
});

/** The one setting of the product that is another, and the one finding that fails for it. */
const conf = (name: string, host: 'primary' | 'secondary', word: string, value: string, finding: string): Scenario =>
  gate({ name, fault: (lab) => faults.setConf(lab[host], key(word), value), changes: { [finding]: 'fail' }, exit: 1 });

export const preReplicationRows: Scenario[] = [
  conf('a Primary without protection', 'primary', 'protected_instance', 'False', 'alation/primary-protected'),
  conf(
    'a Secondary that is still protected',
    'secondary',
    'protected_instance',
    'True',
    'alation/secondary-unprotected',
  ),
  conf(
    'a Primary that is still standalone',
    'primary',
    'replication_mode',
    'standalone',
    'alation/primary-in-master-mode',
  ),
  conf('a Secondary in master mode', 'secondary', 'replication_mode', 'master', 'alation/secondary-still-standalone'),
  conf(
    'an override address that is not enabled',
    'primary',
    'enable_override_ip',
    'False',
    'alation/override-ip [primary]',
  ),
  gate({
    name: "the peer's address as override address",
    fault: (lab) => faults.setConf(lab.secondary, key('override_ip'), lab.primary.address),
    changes: { 'alation/override-ip [secondary]': 'fail' },
    exit: 1,
  }),
  gate({
    name: 'a protection that is neither True nor False',
    fault: (lab) => faults.setConf(lab.primary, key('protected_instance'), 'None'),
    changes: { 'alation/primary-protected': 'unknown' },
    exit: 3,
  }),
  gate({
    name: 'no key on the Secondary',
    fault: (lab) => faults.takeAway(lab.secondary, keyFile(lab.secondary, 'replication_rsa')),
    changes: { [toPrimary]: 'unknown' },
    exit: 3,
    says: { [toPrimary]: /set settings\.replicationKey/ },
  }),
  gate({
    name: 'a key that the Secondary refuses',
    fault: (lab) => faults.setFile(lab.secondary, authorizedKeys, ''),
    changes: { [toSecondary]: 'fail' },
    exit: 1,
    says: { [toSecondary]: /refused/ },
  }),
  gate({
    name: 'a host key that the peer does not know',
    fault: (lab) => faults.setFile(lab.primary, keyFile(lab.primary, 'known_hosts'), ''),
    changes: { [toSecondary]: 'unknown' },
    exit: 3,
    says: { [toSecondary]: /host key is not known/ },
  }),
  gate({
    name: 'a greeting of the replication login',
    fault: (lab) => faults.setFile(lab.primary, `${replicationLogin.home}/.bashrc`, 'echo Welcome back\n'),
    changes: { [toPrimary]: 'fail' },
    exit: 1,
    says: { [toPrimary]: /noisy/ },
  }),
  gate({
    name: "a banner of the Secondary's sshd",
    fault: (lab) => faults.setBanner(lab.secondary, 'Authorized use only\n'),
    changes: { [toSecondary]: 'fail' },
    exit: 1,
    says: { [toSecondary]: /noisy/ },
  }),
  gate({
    name: 'a backup of the Primary that is too old, which is a warning',
    fault: (lab) => age(lab, 6),
    changes: { 'alation/backup-recent': 'fail' },
    exit: 0,
  }),
  gate({
    name: 'a backup of the Primary that is too old, where warnings fail the gate',
    fault: (lab) => age(lab, 6),
    args: ['--fail-on', 'warning'],
    changes: { 'alation/backup-recent': 'fail' },
    exit: 1,
  }),
  gate({
    name: 'more data on the Secondary than on the Primary, with a backup',
    fault: (lab) => {
      hold(lab, 20);
      contents.addBackup(lab.secondary);
    },
    args: ['--set', 'importantDataBytes=4000000'],
    changes: { 'alation/roles-not-swapped': 'fail' },
    exit: 1,
  }),
  gate({
    name: 'data on the Secondary without a backup, which is a warning',
    fault: (lab) => {
      hold(lab, 4);
      lastWritten(lab, 1);
    },
    args: ['--set', 'importantDataBytes=4000000'],
    changes: { 'alation/secondary-data-at-risk': 'fail' },
    exit: 0,
  }),
  gate({
    name: 'data that counts on both, and the Secondary was written to last',
    fault: (lab) => {
      hold(lab, 4);
      lastWritten(lab, -1);
      contents.addBackup(lab.secondary);
    },
    args: ['--set', 'importantDataBytes=4000000'],
    changes: { 'alation/roles-not-swapped': 'fail' },
    exit: 1,
  }),
  gate({
    name: 'data that counts on both, written to at once',
    fault: (lab) => {
      hold(lab, 4);
      lastWritten(lab, 0);
      contents.addBackup(lab.secondary);
    },
    args: ['--set', 'importantDataBytes=4000000'],
    changes: { 'alation/roles-not-swapped': 'unknown' },
    exit: 3,
  }),
];

/** The backups of the Primary are from that many days ago. */
function age(lab: Lab, days: number): void {
  const then = Date.now() / 1000 - days * 86_400;
  for (const file of contents.backups(lab.primary)) utimesSync(lab.primary.path(file), then, then);
  lab.primary.undo.push(() => {
    const now = Date.now() / 1000;
    for (const file of contents.backups(lab.primary)) utimesSync(lab.primary.path(file), now, now);
  });
}

/** The Secondary's databases take that many MiB more. */
function hold(lab: Lab, mebi: number): void {
  const file = '/data/pgsql/base/2';
  lab.secondary.write(file, 'p'.repeat(mebi * 1024 * 1024));
  lab.secondary.undo.push(() => lab.secondary.remove(file));
}

/** The Secondary's databases were written to that many hours before the Primary's. */
function lastWritten(lab: Lab, hours: number): void {
  const then = Math.floor(Date.now() / 1000) - 86_400;
  const files = ['/data/pgsql/base/1', '/data/pgsql/base/2'];
  const write = (host: Lab['primary'], at: number) => {
    for (const file of files) if (existsSync(host.path(file))) utimesSync(host.path(file), at, at);
  };
  write(lab.primary, then);
  write(lab.secondary, then - hours * 3600);
}
