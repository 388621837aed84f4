/** `demo`: judges an embedded pair over the real SSH path; nothing outside this process is asked. */
import { loadDemo, startDemo } from '../demo/index.js';
import { parseInventory } from '../inventory.js';
import { packDir, packIndex } from '../packs.js';
import { codeOf, judgeEvidence, runTarget } from './check.js';
import type { ReportOptions } from './options.js';
import { claim, deliver, reportTargets, write, writePrivate } from './outputs.js';
import { targetOf } from './target.js';

/** Options of `demo`. */
export interface DemoOptions extends ReportOptions {
  scenario?: string;
  list: boolean;
  phase: string;
  product?: string;
  evidence?: string;
}

/** The scenario that is played when none is named. */
const DEFAULT_SCENARIO = 'default';

/** Plays a scenario and judges it; resolves to the exit code that the pair deserves. @throws UsageError */
export async function demoCommand(options: DemoOptions): Promise<number> {
  const product = options.product ?? packIndex().default;
  const demo = loadDemo(packDir(product));
  if (options.list) {
    const width = Math.max(...demo.scenarios.map(({ name }) => name.length));
    await write(demo.scenarios.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join(''));
    return 0;
  }
  const reports = reportTargets(options.report);
  if (options.evidence !== undefined) claim(options.evidence);
  const running = await startDemo(demo, options.scenario ?? DEFAULT_SCENARIO);
  try {
    const inventory = parseInventory(JSON.stringify(running.inventory), 'demo');
    const target = targetOf(inventory, { product }, [options.phase]);
    // The user's own OpenSSH configuration must not reach into the played pair.
    const { evidence, signal } = await runTarget(target, {
      knownHosts: running.knownHosts,
      sshConfig: '/dev/null',
      acceptNewHostKeys: false,
    });
    if (options.evidence !== undefined) writePrivate(options.evidence, `${JSON.stringify(evidence)}\n`);
    const report = judgeEvidence(target.scope, evidence, options.failOn);
    await deliver(report, reports, options.color);
    return codeOf(report, signal);
  } finally {
    await running.close();
  }
}
