/** A pair just before the Secondary is added: what the documented steps so far have changed on the hosts. */
import * as faults from './faults.js';
import type { Lab } from './lab.js';

const key = (name: string) => `alation.cluster.${name}`;

/** Puts the Primary into master mode, takes the Secondary's protection away and gives both their own addresses. */
export function makeReady(lab: Lab): void {
  faults.setConf(lab.primary, key('replication_mode'), 'master');
  faults.setConf(lab.secondary, key('protected_instance'), 'False');
  for (const host of lab.hosts) faults.setConf(host, key('enable_override_ip'), 'True');
}

/** The same up to 4.7, where the Primary lists the addresses of its pair instead. */
export function makeLegacyReady(lab: Lab): void {
  faults.setConf(lab.primary, key('replication_mode'), 'master');
  faults.setConf(lab.primary, key('hosts'), `['${lab.secondary.address}/24']`);
}
