/** `fleet check`: the rules of any phase, on many pairs. */
import type { Command } from '../command.js';
import { type FleetOptions, fleet, fleetExitCodes, fleetOptions } from '../fleet/options.js';
import { phase } from '../options.js';

/** `pairflight fleet check`. */
export const fleetCheck: Command = {
  name: 'fleet check',
  takes: '<fleet>',
  does: 'judge the rules of any phase on many pairs',
  positionals: fleet,
  options: { phase: { ...phase.phase, demandOption: true }, ...fleetOptions },
  needs: 'a fleet',
  note: fleetExitCodes,
  examples: [
    { does: 'before a failover drill', run: 'pairflight fleet check fleet.yaml --phase failover --out results' },
  ],
  run: async (options: FleetOptions & { phase: string }) =>
    (await import('../fleet/run.js')).checkFleet(options, options.phase),
};
