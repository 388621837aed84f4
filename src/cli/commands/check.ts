/** `check`: the rules of any phase. */
import { type Command, exitCodes } from '../command.js';
import { inventory, phase, runOptions, waitOptions } from '../options.js';
import type { CheckOptions } from '../run.js';

/** `pairflight check`. */
export const check: Command = {
  name: 'check',
  takes: '[inventory]',
  does: 'judge the rules of any phase',
  positionals: inventory,
  options: { phase: { ...phase.phase, demandOption: true }, ...runOptions, ...waitOptions },
  note: exitCodes,
  examples: [{ does: 'before the Secondary is promoted', run: 'pairflight check --phase failover pairflight.yaml' }],
  run: async (options: CheckOptions & { phase: string }) =>
    (await import('../run.js')).checkHosts(options, [options.phase]),
};
