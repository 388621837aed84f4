/** What the page of the Primary that tells the lag may answer, and what verify says of it. */
import { setConf } from '../faults.js';
import { addAddress } from '../pair/connection-faults.js';
import { answerWith } from '../pair/faults.js';
import type { Site } from '../pair/website.js';
import type { Scenario } from '../scenario.js';
import { afterSetup } from './pair.js';

const known = 'alation/postgres-lag-known';
const settles = 'alation/postgres-lag-settles';

/** From a block that is nobody's. */
const ownAddress = '192.0.2.7';

/** The Primary answers otherwise; its replication runs as before. */
const answering = (site: Site | undefined, scenario: Omit<Scenario, 'phase' | 'fault'>) =>
  afterSetup('verify', { ...scenario, fault: (lab) => answerWith(lab.primary, site) });

export const monitorRows: Scenario[] = [
  answering(
    { page: 'monitor', lag: 'unknown' },
    {
      name: 'unknown as the lag',
      changes: { [known]: 'fail', [settles]: 'fail' },
      exit: 1,
    },
  ),
  answering(
    { page: 'monitor', whole: 'unknown' },
    {
      name: 'unknown as all of the answer',
      changes: { [known]: 'fail', [settles]: 'fail' },
      exit: 1,
    },
  ),
  answering(
    { page: 'monitor', mode: 'standalone' },
    {
      name: 'the form of a standalone instance',
      changes: { [known]: 'fail', [settles]: 'unknown' },
      exit: 1,
    },
  ),
  answering(
    { page: 'monitor', secure: true },
    {
      name: 'a redirect to https with a certificate that nobody signed, and to the form with a slash',
      changes: {},
      exit: 0,
    },
  ),
  afterSetup('verify', {
    name: 'a redirect to https at another address of its own',
    fault: async (lab) => {
      await addAddress(lab.primary, ownAddress);
      await answerWith(lab.primary, { page: 'monitor', secure: true, away: ownAddress });
    },
    changes: {},
    exit: 0,
  }),
  answering(undefined, {
    name: 'nothing',
    changes: { [known]: 'fail', [settles]: 'fail' },
    exit: 1,
  }),
  answering(
    { page: 'login' },
    {
      name: 'the login page',
      changes: { [known]: 'unknown', [settles]: 'unknown' },
      exit: 3,
    },
  ),
  afterSetup('verify', {
    name: 'a redirect to the other host, whose answer looks right',
    fault: async (lab) => {
      await answerWith(lab.primary, { page: 'monitor', away: lab.secondary.address });
      await answerWith(lab.secondary, { page: 'monitor', mode: 'master', lag: '0' });
    },
    // What makes its answer look right serves the other pages, too.
    changes: { [known]: 'unknown', [settles]: 'unknown', 'alation/secondary-takes-no-traffic': 'fail' },
    exit: 3,
    says: { [known]: /leads to [\d.]+, which is not the host itself/ },
  }),
  afterSetup('verify', {
    name: 'the mode of a standalone instance, in the configuration, too',
    fault: (lab) => setConf(lab.primary, 'alation.cluster.replication_mode', 'standalone'),
    changes: {
      [known]: 'fail',
      [settles]: 'unknown',
      'alation/one-master': 'fail',
      'alation/primary-in-master-mode': 'fail',
    },
    exit: 1,
  }),
];
