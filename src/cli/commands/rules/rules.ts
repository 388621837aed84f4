/** `rules`: what begins the commands on rules. */
import type { Group } from '../../command.js';

/** `pairflight rules`. */
export const rules: Group = {
  name: 'rules',
  does: 'list, explain and test the rules',
  needs: 'one of: list, show ID, coverage, test, new PACK',
  examples: [
    { does: 'the rules of a phase', run: 'pairflight rules list --phase preflight' },
    { does: 'what a rule requires, and which commands it runs', run: 'pairflight rules show two-machines' },
  ],
};
