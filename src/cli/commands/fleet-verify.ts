/** `fleet verify`: do these pairs protect their users? */
import type { Command } from '../command.js';
import { type FleetOptions, fleet, fleetExitCodes, fleetOptions } from '../fleet/options.js';

/** `pairflight fleet verify`. */
export const fleetVerify: Command = {
  name: 'fleet verify',
  takes: '<fleet>',
  does: 'do these pairs protect their users?',
  positionals: fleet,
  options: fleetOptions,
  needs: 'a fleet',
  note: fleetExitCodes,
  examples: [
    {
      does: 'the pairs of one site, sixteen at a time',
      run: 'pairflight fleet verify fleet.yaml --out results --where site=fra --parallel 16',
    },
    { does: 'go on after an interruption', run: 'pairflight fleet verify fleet.yaml --out results --resume' },
    {
      does: 'the second of four jobs',
      run: 'pairflight fleet verify fleet.yaml --out shard-2 --shard 2/4 --run-id nightly-117',
    },
  ],
  run: async (options: FleetOptions) => (await import('../fleet/run.js')).checkFleet(options, 'verify'),
};
