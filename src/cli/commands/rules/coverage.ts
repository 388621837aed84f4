/** `rules coverage`: what the documents ask for and what answers it, as a Markdown table. */
import type { Command } from '../../command.js';
import { type PackOptions, packOptions } from '../../options.js';

/** `pairflight rules coverage`. */
export const coverage: Command = {
  name: 'rules coverage',
  does: 'each documented requirement, and the rules that check it',
  options: packOptions,
  examples: [{ does: 'requirements and the rules that answer them', run: 'pairflight rules coverage' }],
  async run(options: PackOptions) {
    const [{ coverageTable }, { loadRequirements }, { packFor }, { write }] = await Promise.all([
      import('../../../authoring/pack-page.js'),
      import('../../../authoring/requirements.js'),
      import('../../../plan/scope.js'),
      import('../../deliver.js'),
    ]);
    const pack = packFor({}, options);
    await write(`${coverageTable(pack, loadRequirements(pack))}\n`);
    return 0;
  },
};
