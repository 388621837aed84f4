/** `demo`: judges an embedded pair over the real SSH path; nothing outside this process is asked. */
import { findScenario, loadDemo, scenarioFor, startDemo } from '../demo/index.js';
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
  /** The scenario's own where none is named; without a scenario, the first one that is made for it. */
  phase?: string;
  product?: string;
  evidence?: string;
}

/** The phase that is shown when neither it nor a scenario is named. */
const DEFAULT_PHASE = 'preflight';

/** Plays a scenario and judges it; resolves to the exit code that the pair deserves. @throws UsageError */
export async function demoCommand(options: DemoOptions): Promise<number> {
  const product = options.product ?? packIndex().default;
  const demo = loadDemo(packDir(product));
  if (options.list) {
    const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
    const [names, phases] = [
      widest(demo.scenarios.map(({ name }) => name)),
      widest(demo.scenarios.map(({ phase }) => phase)),
    ];
    const lines = demo.scenarios.map(
      ({ name, phase, description }) => `${name.padEnd(names)}  ${phase.padEnd(phases)}  ${description}\n`,
    );
    await write(lines.join(''));
    return 0;
  }
  const scenario =
    options.scenario === undefined
      ? scenarioFor(demo, options.phase ?? DEFAULT_PHASE)
      : findScenario(demo, options.scenario);
  const reports = reportTargets(options.report);
  if (options.evidence !== undefined) claim(options.evidence);
  const running = await startDemo(demo, scenario.name);
  try {
    const inventory = parseInventory(JSON.stringify(running.inventory), 'demo');
    const target = targetOf(inventory, { product }, [options.phase ?? scenario.phase]);
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
