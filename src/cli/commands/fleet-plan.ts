/** `fleet plan`: every command of every pair, word for word, without touching a host. */
import type { Command } from '../command.js';
import { type FleetPlanOptions, fleet, fleetTargetOptions } from '../fleet/options.js';
import { firstPhase, groups, json, number, reachOptions, text } from '../options.js';

/** `pairflight fleet plan`. */
export const fleetPlan: Command = {
  name: 'fleet plan',
  takes: '<fleet>',
  does: 'print every command of every pair, without running any',
  positionals: fleet,
  options: {
    ...firstPhase,
    ...json,
    ...fleetTargetOptions,
    'ssh-config': reachOptions['ssh-config'],
    timeout: number('seconds, as in a run'),
    out: text("a folder for each pair's plan, instead of stdout", groups.output),
  },
  needs: 'a fleet',
  note: 'The whole file is proven as a run would prove it: exit code 2 where a pair cannot be asked.',
  examples: [{ does: 'what a preflight would ask of each pair', run: 'pairflight fleet plan fleet.yaml --out plans' }],
  run: async (options: FleetPlanOptions) => (await import('../fleet/plan.js')).planFleet(options),
};
