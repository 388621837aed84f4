/** `fleet reach`: how each host of each pair would be reached, and whether it can be. */
import type { Command } from '../command.js';
import { type FleetReachOptions, fleet, fleetTargetOptions, parallel } from '../fleet/options.js';
import { firstPhase, flag, groups, json, reachOptions, text } from '../options.js';

/** `pairflight fleet reach`. */
export const fleetReach: Command = {
  name: 'fleet reach',
  takes: '<fleet>',
  does: 'how each host of each pair is reached; with --try, whether it is',
  positionals: fleet,
  options: {
    ...firstPhase,
    ...json,
    try: flag('connect, and enter every context of the plan', groups.reach),
    ...parallel,
    ...fleetTargetOptions,
    ...reachOptions,
    out: text("a folder for each pair's answer as JSON, beside what is printed", groups.output),
  },
  needs: 'a fleet',
  note: 'With --try only hosts that cannot be entered are printed, and how many can. Exit code: 3 when a host cannot be entered.',
  examples: [
    { does: 'log in to every host, and become whom the rules need', run: 'pairflight fleet reach fleet.yaml --try' },
  ],
  run: async (options: FleetReachOptions) => (await import('../fleet/reach.js')).reachFleet(options),
};
