/** What may stand between the hosts, and what preflight says of it. */
import * as faults from '../faults.js';
import * as obstacles from '../obstacles.js';
import type { Scenario } from '../scenario.js';
import { comparisonsUnknown } from './unknown.js';

const blocked = (name: string, blocking: obstacles.Blocking): Scenario => ({
  name,
  fault: (lab) => obstacles.block(lab.secondary, lab.primary, 5432, blocking),
  changes: {
    'alation/ha-ports-reachable [5432 secondary->primary]': 'fail',
    // A refusal is not what is proven without --prove-ports.
    'alation/ha-ports-proven [5432 secondary->primary]': blocking === 'reset' ? 'unknown' : 'fail',
  },
  exit: 1,
});

export const networkRows: Scenario[] = [
  blocked('a port that is dropped in one direction', 'drop'),
  blocked("a firewall's RST in front of a port that listens", 'reset'),
  blocked('a firewall that answers with ICMP', 'unreachable'),
  {
    name: 'one machine behind both names',
    inventory: (lab) => ({ hosts: { secondary: { ssh: { host: lab.primary.address } } } }),
    logins: [2, 0],
    changes: {
      'alation/two-machines': 'fail',
      'alation/address-on-interface [secondary]': 'fail',
      ...comparisonsUnknown,
    },
    says: { 'alation/same-memory': /not judged: equal/ },
    exit: 1,
  },
  {
    name: "an address that is not the host's own",
    inventory: (lab) => ({
      hosts: { secondary: { address: lab.network.runner, ssh: { host: lab.secondary.address } } },
    }),
    changes: {
      'alation/address-on-interface [secondary]': 'fail',
      'alation/ha-ports-reachable [22 primary->secondary]': 'fail',
      'alation/ha-ports-reachable [5432 primary->secondary]': 'fail',
      'alation/ha-ports-proven [22 primary->secondary]': 'unknown',
      'alation/ha-ports-proven [5432 primary->secondary]': 'unknown',
    },
    exit: 1,
  },
  {
    name: 'echo requests that are blocked: the time of a TCP connect stands in',
    fault: (lab) => obstacles.blockEcho(lab.primary),
    changes: { 'alation/runner-reaches-hosts [primary]': 'fail' },
    exit: 0,
  },
  {
    name: 'no `ping` on a host, which is a warning',
    fault: (lab) => faults.takeAway(lab.primary, '/usr/local/bin/ping', '/usr/bin/ping'),
    changes: { 'alation/network-quality [primary->secondary]': 'unknown' },
    exit: 0,
  },
];
