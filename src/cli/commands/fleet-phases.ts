/** `fleet preflight` and `fleet verify`: the two questions of every day, put to many pairs. */
import type { Command } from '../command.js';
import { type FleetOptions, fleet, fleetExitCodes, fleetOptions } from '../fleet/options.js';

/** `pairflight fleet preflight`. */
export const fleetPreflight = fleetOf('preflight', 'may these pairs be set up now?', [
  { does: 'every pair of a file', run: 'pairflight fleet preflight fleet.yaml --out results' },
  {
    does: 'a folder of inventories, with a report for CI',
    run: 'pairflight fleet preflight inventories --out results --report json=fleet.json',
  },
]);

/** `pairflight fleet verify`. */
export const fleetVerify = fleetOf('verify', 'do these pairs protect their users?', [
  {
    does: 'the pairs of one site, sixteen at a time',
    run: 'pairflight fleet verify fleet.yaml --out results --where site=fra --parallel 16',
  },
  { does: 'go on after an interruption', run: 'pairflight fleet verify fleet.yaml --out results --resume' },
  {
    does: 'the second of four jobs',
    run: 'pairflight fleet verify fleet.yaml --out shard-2 --shard 2/4 --run-id nightly-117',
  },
]);

function fleetOf(phase: string, does: string, examples: Command['examples']): Command {
  return {
    name: `fleet ${phase}`,
    takes: '<fleet>',
    does,
    positionals: fleet,
    options: fleetOptions,
    needs: 'a fleet',
    note: fleetExitCodes,
    examples,
    run: async (options: FleetOptions) => (await import('../fleet/run.js')).checkFleet(options, phase),
  };
}
