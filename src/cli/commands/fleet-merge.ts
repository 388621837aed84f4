/** `fleet merge`: one report out of the folders of all shards, and the proof that nothing is missing. */
import type { Command } from '../command.js';
import { type FleetMergeOptions, fleetFormats, maxAge } from '../fleet/options.js';
import { ownRules } from '../options.js';

/** `pairflight fleet merge`. */
export const fleetMerge: Command = {
  name: 'fleet merge',
  takes: '<folders..>',
  does: 'one report out of the shards of a run',
  positionals: {
    folders: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'the folders of the shards, or a folder that holds them',
    },
  },
  options: { ...fleetFormats, ...maxAge, ...ownRules },
  needs: 'the folders of the shards',
  note: 'Exit code: 1 a pair failed, else 3 something is incomplete, missing, there twice, altered, too old or of another run, else 0.',
  examples: [
    { does: 'the results of a run', run: 'pairflight fleet merge results --report json=fleet.json --report table' },
  ],
  run: async (options: FleetMergeOptions) => (await import('../fleet/merge.js')).mergeFleet(options),
};
