/** Who may stand in for the Secondary's own server at its address, and what verify and failover say of it. */
import { answerWith } from '../pair/faults.js';
import { writeLoad } from '../pair/load.js';
import { followAnother, followNobody, followTwice, otherStandby, receiveWal } from '../pair/second-server.js';
import { stopStandby } from '../pair/standby-faults.js';
import type { Scenario } from '../scenario.js';
import { afterSetup, pairInventory } from './pair.js';

const streaming = 'alation/postgres-streaming';
const loss = 'alation/lag-before-failover';
const roles = 'alation/postgres-roles [secondary]';

export const secondServerRows: Scenario[] = [
  afterSetup('verify', {
    name: 'a program on the Secondary that takes the WAL, its server stopped, and a page that says that all is well',
    fault: async (lab) => {
      await stopStandby(lab);
      await receiveWal(lab);
      await answerWith(lab.primary, { page: 'monitor', lag: '0' });
    },
    changes: {
      [streaming]: 'fail',
      [roles]: 'fail',
      // Nothing replays what the program takes.
      'alation/postgres-lag-settles': 'fail',
      'alation/replication-port-check [primary]': 'fail',
      'alation/ha-ports-reachable [5432 primary->secondary]': 'fail',
    },
    exit: 1,
    says: { [streaming]: /primary: none, expected a sender that the Secondary's receiver confirms/ },
  }),
  afterSetup('verify', {
    name: 'a program on the Secondary that takes the WAL, its server running and following nobody, and a page that says that all is well',
    fault: async (lab) => {
      await followNobody(lab);
      await receiveWal(lab);
      await answerWith(lab.primary, { page: 'monitor', lag: '0' });
    },
    changes: { [streaming]: 'fail' },
    exit: 1,
    says: {
      [streaming]:
        /primary: none, expected a sender that the Secondary's receiver confirms.*; secondary: none, expected a server that receives$/,
    },
  }),
  afterSetup('verify', {
    name: 'a second standby on the Secondary that follows, its own server following nobody',
    fault: async (lab) => {
      await followNobody(lab);
      await followTwice(lab);
    },
    changes: { [streaming]: 'fail' },
    exit: 1,
    says: {
      [streaming]:
        /^primary: none, expected a sender that the Secondary's receiver confirms; secondary: none, expected a server that receives$/,
    },
  }),
  afterSetup('verify', {
    name: 'a server on the Secondary that is a standby of another cluster',
    fault: followAnother,
    inventory: () => ({ ...pairInventory(), hosts: { secondary: { settings: otherStandby } } }),
    changes: { [streaming]: 'fail' },
    exit: 1,
    says: { [streaming]: /differs: primary \d+ and secondary \d+/ },
  }),
];

export const secondServerBeforeFailover: Scenario[] = [
  afterSetup('failover', {
    name: 'a second standby on the Secondary that has what its own server lacks: who receives is told, and how far',
    fault: async (lab) => {
      await followNobody(lab);
      await followTwice(lab);
      await writeLoad(lab, 5);
    },
    changes: { [streaming]: 'fail', [loss]: 'fail' },
    exit: 1,
    says: {
      [streaming]:
        /^primary: none, expected a sender that the Secondary's receiver confirms; secondary: none, expected a server that receives$/,
    },
    tells: { [loss]: /^primary has written up to (0\/\w+)\nsecondary has received up to (?!\1\n)/ },
  }),
];
