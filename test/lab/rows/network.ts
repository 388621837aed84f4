/** What may stand between the hosts, and what preflight says of it. */
import * as obstacles from '../obstacles.js';
import type { Scenario } from '../scenario.js';
import { comparisonsUnknown } from './unknown.js';

const postgres = { 'alation/ha-ports-reachable [5432 secondary->primary]': 'fail' } as const;

const blocked = (name: string, blocking: obstacles.Blocking): Scenario => ({
  name,
  fault: (lab) => obstacles.block(lab.secondary, lab.primary, 5432, blocking),
  changes: postgres,
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
    },
    exit: 1,
  },
];
