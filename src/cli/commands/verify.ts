/** `verify`: does the pair that was set up protect? */
import { type Command, exitCodes } from '../command.js';
import { inventory, runOptions, waitOptions } from '../options.js';
import type { CheckOptions } from '../run.js';

/** `pairflight verify`. */
export const verify: Command = {
  name: 'verify',
  takes: '[inventory]',
  does: 'does the pair that was set up protect?',
  positionals: inventory,
  options: { ...runOptions, ...waitOptions },
  note: exitCodes,
  examples: [
    { does: 'now', run: 'pairflight verify' },
    {
      does: 'until the first replication has caught up',
      run: 'pairflight verify --wait 6h --report junit=verify.xml',
    },
    { does: 'against the evidence of the preflight', run: 'pairflight verify --baseline preflight.json' },
  ],
  run: async (options: CheckOptions) => (await import('../run.js')).checkHosts(options, ['verify']),
};
