/** `rules show`: explains rules offline, by id or glob. */
import type { Command } from '../../command.js';
import { json, type PackOptions, packOptions } from '../../options.js';

/** `pairflight rules show`; `--json` gives one rule as it is, several as a list. */
export const show: Command = {
  name: 'rules show',
  takes: '<ids..>',
  does: 'explain rules, offline',
  positionals: {
    ids: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'rule ids, with or without the product; * and ? are wildcards',
    },
  },
  options: { ...packOptions, ...json },
  needs: 'the id of a rule',
  examples: [
    { does: 'one rule', run: 'pairflight rules show two-machines' },
    { does: 'every rule on ports', run: "pairflight rules show '*port*'" },
  ],
  async run({ ids, json: asJson, ...options }: PackOptions & { ids: string[]; json: boolean }) {
    const [{ rulePages, rulesMeant }, { isAnsibles }, { write }, { screenOf }] = await Promise.all([
      import('../../../authoring/rules-named.js'),
      import('../../../declared/ansible.js'),
      import('../../deliver.js'),
      import('../../screen.js'),
    ]);
    const meant = rulesMeant(ids, options);
    const rules = [...meant.keys()];
    await write(
      asJson
        ? `${JSON.stringify(rules.length === 1 ? rules[0] : rules, null, 2)}\n`
        : rulePages(meant, screenOf({}), isAnsibles),
    );
    return 0;
  },
};
