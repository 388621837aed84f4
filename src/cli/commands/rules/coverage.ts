/** `rules coverage`: what the documents ask for and what answers it, as a Markdown table. */
import type { Command } from '../../command.js';
import { flag, groups, type PackOptions, packOptions } from '../../options.js';

/** `pairflight rules coverage`. */
export const coverage: Command = {
  name: 'rules coverage',
  does: 'each documented requirement, and the rules that check it',
  options: {
    ...packOptions,
    declared: flag('instead, what can be declared of each rule before its hosts exist', groups.output),
  },
  examples: [
    { does: 'requirements and the rules that answer them', run: 'pairflight rules coverage' },
    { does: 'what a plan can tell of each rule', run: 'pairflight rules coverage --declared' },
  ],
  async run({ declared, ...options }: PackOptions & { declared: boolean }) {
    const [{ declaredTable }, { coverageTable }, { loadRequirements }, { isAnsibles }, { packMeant }, { write }] =
      await Promise.all([
        import('../../../authoring/declared-coverage.js'),
        import('../../../authoring/pack-page.js'),
        import('../../../authoring/requirements.js'),
        import('../../../declared/ansible.js'),
        import('./pack-meant.js'),
        import('../../deliver.js'),
      ]);
    const pack = await packMeant(options);
    await write(`${declared ? declaredTable(pack, isAnsibles) : coverageTable(pack, loadRequirements(pack))}\n`);
    return 0;
  },
};
