/** The packs' rules: how many of their changes a case of the rule notices. `pairflight rules test` says which are not noticed. */
import { gapsOf } from '../../src/authoring/case-gaps.js';
import { readCases } from '../../src/authoring/cases.js';
import { allPacks } from '../../src/pack/load.js';
import { percent } from './scores.js';

const AT_LEAST = 95;

/** Says the score of each pack that is brought; whether each is high enough, with no gap but those that are meant. */
export function rulesHold(say: (line: string) => void): boolean {
  return allPacks()
    .map((pack) => {
      const { changes, noticed, open } = gapsOf(pack, readCases(pack));
      const reached = percent(noticed, changes);
      const gaps = `${changes - noticed - open.length} are gaps that are meant, ${open.length} are open`;
      say(`rules/${pack.name}: ${noticed} of ${changes} changes noticed, ${reached} %; ${gaps}`);
      return reached >= AT_LEAST && open.length === 0;
    })
    .every(Boolean);
}
