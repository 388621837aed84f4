/** Plays a scenario and runs preflight against it over the real transport. */
import { stringify } from 'yaml';
import { collect } from '../../src/collect.js';
import { judgeEvidence } from '../../src/commands/check.js';
import { targetOf } from '../../src/commands/target.js';
import { loadDemo, startDemo } from '../../src/demo/index.js';
import { makeEvidence } from '../../src/evidence.js';
import { parseInventory } from '../../src/inventory.js';
import type { Report } from '../../src/model.js';
import { packDir } from '../../src/packs.js';
import { planSteps } from '../../src/plan.js';
import { openTransport } from '../../src/transport/index.js';

/** What a played preflight came to. */
export interface Played {
  report: Report;
  logins: Record<string, number>;
  noise: (string | undefined)[];
}

/** Runs preflight against a scenario of the seed pack; the pair is closed when it resolves. */
export async function playPreflight(scenario: string, sudoPassword?: string): Promise<Played> {
  const pair = await startDemo(loadDemo(packDir('alation')), scenario);
  try {
    const { scope, hosts } = targetOf(parseInventory(stringify(pair.inventory), 'demo'), {}, ['preflight']);
    const collected = await collect(scope.pack, hosts, planSteps(scope), {
      open: (host) =>
        openTransport(host, {
          identityFile: pair.identityFile,
          knownHostsFile: pair.knownHosts,
          sshConfigFile: '/dev/null',
          acceptNewHostKeys: false,
          connectTimeoutMs: 15_000,
          password: async () => undefined,
          passphrase: async () => undefined,
          sudoPassword: async () => sudoPassword,
          warn: () => undefined,
        }),
      secrets: () => (sudoPassword === undefined ? [] : [sudoPassword]),
    });
    const now = new Date();
    const evidence = makeEvidence(scope, collected, now, now, false);
    return {
      report: judgeEvidence(scope, evidence, 'blocker'),
      logins: pair.logins,
      noise: collected.connections.map(({ noise }) => noise),
    };
  } finally {
    await pair.close();
  }
}
