/** `preflight`: may this pair be set up now? */
import { type Command, exitCodes } from '../command.js';
import { inventory, runOptions } from '../options.js';
import type { CheckOptions } from '../run.js';

/** `pairflight preflight`. */
export const preflight: Command = {
  name: 'preflight',
  takes: '[inventory]',
  does: 'may this pair be set up now?',
  positionals: inventory,
  options: runOptions,
  note: exitCodes,
  examples: [
    { does: 'the pair that pairflight.yaml names', run: 'pairflight preflight' },
    { does: 'two hosts, without an inventory', run: 'pairflight preflight --primary ops@db-a --secondary ops@db-b' },
    {
      does: 'a gate in CI: JUnit, Markdown for people, and the evidence',
      run: 'pairflight preflight --report junit=run.xml --report markdown=run.md --evidence evidence.json',
    },
  ],
  run: async (options: CheckOptions) => (await import('../run.js')).checkHosts(options, ['preflight']),
};
