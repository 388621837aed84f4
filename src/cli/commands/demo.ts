/** `demo`: judges embedded hosts over the real SSH path; nothing outside this process is asked. */
import { UsageError } from '../../core/errors.js';
import type { RunningDemo } from '../../demo/index.js';
import type { Command } from '../command.js';
import type { PlayedFleetOptions } from '../fleet/demo.js';
import { groups, number, phase, type ReportOptions, reportOptions, text } from '../options.js';
import type { SceneOptions } from '../scenes.js';

/** Options of `demo`. */
export type DemoOptions = SceneOptions & ReportOptions & PlayedFleetOptions & { list: boolean; evidence?: string };

const fleet = 'Of a fleet:';

/** `pairflight demo`: the exit code that the played hosts deserve. */
export const demo: Command = {
  name: 'demo',
  takes: '[scenario] [more]',
  does: 'judge a simulated pair on this machine',
  positionals: {
    scenario: { type: 'string', describe: 'a scenario, or a product (--list names them); or fleet' },
    more: { type: 'string', describe: 'after a product: its scenario; after fleet: how many pairs' },
  },
  options: {
    list: { type: 'boolean', default: false, describe: 'name the scenarios' },
    phase: { ...phase.phase, describe: "the phase to judge (default: the scenario's own)" },
    product: text('the product whose pair is played', groups.hosts),
    evidence: text('save the evidence to a file', groups.output),
    ...reportOptions,
    seed: text('decides which pairs have which faults (default: 1)', fleet),
    faults: text('how many of each hundred pairs have a fault (default: 10)', fleet),
    parallel: number('how many pairs are asked at once', fleet),
    out: text('the folder of the results', fleet),
    serve: text('only play: the fleet file and what it needs go to this folder', fleet),
  },
  note: 'Nothing outside this machine is asked. The exit code is that of the played run.',
  examples: [
    { does: 'a pair with faults', run: 'pairflight demo' },
    { does: 'a fleet of twenty pairs', run: 'pairflight demo fleet 20' },
    { does: "a plan that shrinks the Secondary's disk", run: 'pairflight demo declared' },
  ],
  async run(options: DemoOptions) {
    refuseUseless(options);
    if (options.scenario === 'fleet' && !options.list) return (await import('../fleet/demo.js')).demoFleet(options);
    if (options.scenario === 'declared' && !options.list)
      return (await import('../declared-demo.js')).demoDeclared(options);
    const [{ startDemo }, { parseInventory }, { write }, { judgeTarget }, { sceneList, sceneOf }, { targetOf }] =
      await Promise.all([
        import('../../demo/index.js'),
        import('../../plan/inventory.js'),
        import('../deliver.js'),
        import('../run.js'),
        import('../scenes.js'),
        import('../target.js'),
      ]);
    if (options.list) {
      await write(sceneList(options));
      return 0;
    }
    const { demo: played, scenario } = sceneOf(options);
    // Until the session listens for them itself: what the demo leaves on the disk goes as the program ends.
    const endsEarly = (name: NodeJS.Signals) => {
      if (process.listenerCount(name) === 1) process.exit(name === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', endsEarly).on('SIGTERM', endsEarly);
    let running: RunningDemo | undefined;
    try {
      running = await startDemo(played, scenario.name);
      const inventory = parseInventory(JSON.stringify(running.inventory), 'demo');
      const target = targetOf(inventory, { product: played.product }, [options.phase ?? scenario.phase]);
      // The user's own OpenSSH configuration must not reach into the played hosts.
      const reach = { knownHosts: running.knownHosts, sshConfig: 'none', acceptNewHostKeys: false };
      return await judgeTarget(target, { ...options, ...reach });
    } finally {
      await running?.close();
      process.off('SIGINT', endsEarly).off('SIGTERM', endsEarly);
    }
  },
};

/** An option that would change nothing is a mistake: whoever gave it expects something of it. @throws UsageError */
function refuseUseless(options: DemoOptions): void {
  const ofFleets = ['seed', 'faults', 'parallel', 'out', 'serve'] as const;
  const useless: Record<string, readonly (keyof DemoOptions)[]> = {
    fleet: ['evidence', 'all'],
    declared: [...ofFleets, 'phase', 'product'],
  };
  const { scenario = '' } = options;
  const found = (useless[scenario] ?? ofFleets).find((name) => options[name] !== undefined && options[name] !== false);
  if (found === undefined || options.list) return;
  const what = scenario in useless ? `demo ${scenario}` : 'the demo of one pair';
  throw new UsageError(`--${found} changes nothing in ${what}`, 'pairflight demo --help');
}
