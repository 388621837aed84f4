/** `rules list`: one line for each rule of a pack, or of one of its phases. */
import type { Command } from '../../command.js';
import { json, type PackOptions, packOptions, phase } from '../../options.js';

/** `pairflight rules list`. */
export const list: Command = {
  name: 'rules list',
  does: 'one line for each rule',
  options: { ...packOptions, phase: { ...phase.phase, describe: 'only the rules of this phase' }, ...json },
  examples: [
    { does: 'all of them', run: 'pairflight rules list' },
    { does: 'those of a phase', run: 'pairflight rules list --phase verify' },
  ],
  async run({ phase: wanted, json: asJson, ...options }: PackOptions & { json: boolean; phase?: string }) {
    const [{ ruleList }, { suggestion }, { UsageError }, { packMeant }, { write }, { screenOf }] = await Promise.all([
      import('../../../authoring/rule-list.js'),
      import('../../../core/did-you-mean.js'),
      import('../../../core/errors.js'),
      import('./pack-meant.js'),
      import('../../deliver.js'),
      import('../../screen.js'),
    ]);
    const pack = await packMeant(options);
    const known = Object.keys(pack.phases);
    if (wanted !== undefined && !known.includes(wanted))
      throw new UsageError(
        `unknown phase "${wanted}"${suggestion(wanted, known)}`,
        `pairflight rules list --phase ${known[0]}`,
      );
    const rules = pack.rules.filter((rule) => wanted === undefined || rule.phases.includes(wanted));
    // A pipe gets one line for each rule, however long; a terminal lines that it has room for.
    const { columns } = screenOf({ usual: Number.POSITIVE_INFINITY });
    await write(asJson ? `${JSON.stringify(rules, null, 2)}\n` : ruleList(rules, columns));
    return 0;
  },
};
