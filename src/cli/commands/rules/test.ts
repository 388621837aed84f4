/** `rules test`: runs the cases of a pack. */
import type { Command } from '../../command.js';
import { type PackOptions, packOptions } from '../../options.js';

/** `pairflight rules test`: 0 when all cases come out as stated, 1 when one does not, or a rule lacks one. */
export const test: Command = {
  name: 'rules test',
  takes: '[dir]',
  does: "run a pack's cases",
  positionals: { dir: { type: 'string', describe: "a pack's folder" } },
  options: packOptions,
  note: 'Exit code: 1 when a case gives another verdict than expected, or a rule lacks a case.',
  examples: [{ does: 'the cases of the rules that pairflight brings', run: 'pairflight rules test' }],
  async run({ dir, product, pack: folder }: PackOptions & { dir?: string }) {
    const [{ testPack }, { plural }, { mappingCases }, { packMeant }, { write }] = await Promise.all([
      import('../../../authoring/test-pack.js'),
      import('../../../core/format.js'),
      import('../../mapping-cases.js'),
      import('./pack-meant.js'),
      import('../../deliver.js'),
    ]);
    const named = dir ?? folder;
    const pack = await packMeant({
      ...(product !== undefined && { product }),
      ...(named !== undefined && { pack: named }),
    });
    const [ofRules, ofMappings] = [testPack(pack), mappingCases(pack)];
    const cases = ofRules.cases + ofMappings.cases;
    const failures = [...ofRules.failures, ...ofMappings.failures];
    const gaps = [...ofRules.gaps, ...ofMappings.gaps];
    const counts = `${plural(cases, 'case')} of ${plural(pack.rules.length, 'rule')}, ${failures.length} failed, ${plural(gaps.length, 'gap')}`;
    await write(`${[...failures, ...gaps, counts].join('\n')}\n`);
    return failures.length + gaps.length === 0 ? 0 : 1;
  },
};
