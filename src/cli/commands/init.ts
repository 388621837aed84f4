/** `init`: writes an inventory. */
import type { Command } from '../command.js';
import type { InitOptions } from '../init/init.js';
import { flag, groups, hostOptions, reachOptions, text } from '../options.js';

/** `pairflight init`. */
export const init: Command = {
  name: 'init',
  does: 'write an inventory',
  options: {
    ...hostOptions,
    ...reachOptions,
    output: { ...text('the file to write; - is stdout', groups.output), alias: 'o', default: 'pairflight.yaml' },
    discover: flag('ask the hosts for the settings that only they know', groups.output),
    fleet: flag('write a file of many pairs instead, with this one as its first', groups.output),
    force: flag('write over a file that is there', groups.output),
  },
  note: `--fleet writes fleet.yaml unless -o names another file; --name is its first pair.
At a terminal it asks for what is missing; without one it names the options to use.
It also writes a JSON schema beside the inventory, for editors.
Exit code: 3 when --discover could not read a setting from a host.`,
  examples: [
    { does: 'by question and answer', run: 'pairflight init' },
    {
      does: 'by options',
      run: 'pairflight init --primary ops@db-a,address=10.0.0.1 --secondary ops@db-b,address=10.0.0.2',
    },
    { does: 'read into an inventory what only the hosts know', run: 'pairflight init --discover --force' },
  ],
  run: async (options: InitOptions) => (await import('../init/init.js')).writeInventory(options),
};
