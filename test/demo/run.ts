/** Plays a scenario and checks it over the real transport. */
import { stringify } from 'yaml';
import { collect } from '../../src/collect/collector.js';
import type { ThisMachineAsk } from '../../src/collect/this-machine.js';
import { openTransport } from '../../src/collect/transport/index.js';
import type { Evidence, Output, Report } from '../../src/core/model.js';
import { findScenario, loadDemo, startDemo } from '../../src/demo/index.js';
import { makeEvidence } from '../../src/evidence/evidence.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { packDir } from '../../src/pack/load.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { scopeOf } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';

/** What a played check came to. */
export interface Played {
  report: Report;
  evidence: Evidence;
  logins: Record<string, number>;
  noise: (string | undefined)[];
}

/** What a check of a scenario varies; the phase is the scenario's own unless said. */
export interface Playing {
  phase?: string;
  sudoPassword?: string | undefined;
  /** Whose scenario it is; the seed pack's unless said. */
  product?: string;
  /** Secrets of the environment, by variable. */
  variables?: Record<string, string>;
  /** By which of the two ways; ssh2 unless said. */
  transport?: 'ssh2' | 'openssh';
}

/** Echo requests to loopback come back; they are not sent, because that takes a privilege which tests need not have. */
async function echoOfLoopback(ask: ThisMachineAsk): Promise<Output> {
  if (ask.kind !== 'ping' || ask.to !== '127.0.0.1') throw new Error(`nobody may be asked ${JSON.stringify(ask)}`);
  const stdout = `${JSON.stringify({ sent: ask.count, received: ask.count, ms: 0.1 })}\n`;
  return { exit: 0, stdout, stderr: '', startedAt: new Date().toISOString(), durationMs: 1 };
}

/** Checks a scenario; its hosts are closed when it resolves. */
export async function play(
  scenario: string,
  { phase, sudoPassword, product = 'alation', variables = {}, transport = 'ssh2' }: Playing = {},
): Promise<Played> {
  const demo = loadDemo(packDir(product));
  const own = findScenario(demo, scenario).phase;
  const pair = await startDemo(demo, scenario);
  try {
    const { scope, hosts } = scopeOf(parseInventory(stringify(pair.inventory), 'demo'), { phases: [phase ?? own] });
    const collected = await collect(scope.pack, hosts, planSteps(scope), {
      open: (host) =>
        openTransport(host, {
          identityFile: pair.identityFile,
          knownHostsFile: pair.knownHosts,
          sshConfigFile: 'none',
          transport,
          acceptNewHostKeys: false,
          connectTimeoutMs: 15_000,
          password: async () => undefined,
          passphrase: async () => undefined,
          sudoPassword: async () => sudoPassword,
          variables: { value: (name) => variables[name], names: () => Object.keys(variables) },
          warn: () => undefined,
        }),
      here: echoOfLoopback,
      secrets: () => [...(sudoPassword === undefined ? [] : [sudoPassword]), ...Object.values(variables)],
    });
    const now = new Date();
    const evidence = makeEvidence(scope, collected, now, now, false);
    return {
      evidence,
      report: judgeEvidence(scope, evidence, 'blocker'),
      logins: pair.logins,
      noise: collected.connections.map(({ noise }) => noise),
    };
  } finally {
    await pair.close();
  }
}
