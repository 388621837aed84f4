/** `fleet preflight`: may these pairs be set up now? */
import type { Command } from '../command.js';
import { type FleetOptions, fleet, fleetExitCodes, fleetOptions } from '../fleet/options.js';

/** `pairflight fleet preflight`. */
export const fleetPreflight: Command = {
  name: 'fleet preflight',
  takes: '<fleet>',
  does: 'may these pairs be set up now?',
  positionals: fleet,
  options: fleetOptions,
  needs: 'a fleet',
  note: fleetExitCodes,
  examples: [
    { does: 'every pair of a file', run: 'pairflight fleet preflight fleet.yaml --out results' },
    {
      does: 'a folder of inventories, with a report for CI',
      run: 'pairflight fleet preflight inventories --out results --report json=fleet.json',
    },
  ],
  run: async (options: FleetOptions) => (await import('../fleet/run.js')).checkFleet(options, 'preflight'),
};
