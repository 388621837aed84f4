/** The cases of a whole pack: which do not come out as stated, which rules lack one, and what no case would notice. */
import type { Pack } from '../pack/pack.js';
import { gapsOf } from './case-gaps.js';
import { type CaseOf, type GapOf, readCases, runCase } from './cases.js';

/**
 * Runs the cases of a pack. A rule needs one that passes, one that fails and one that is unknown, and one that notices each
 * change of it; and a sentence that says what is wrong where it fails.
 */
export function testPack(pack: Pack): { cases: number; failures: string[]; gaps: string[] } {
  const { cases, meant } = readCases(pack);
  const results = cases.map(({ rule, one, at }) => runCase(pack, rule, one, at));
  const failed = results.filter(({ problem }) => problem !== '');
  const lacking = pack.rules.flatMap((rule) => {
    const verdicts = new Set(results.filter((result) => result.rule === rule.id).flatMap(({ expected }) => expected));
    // A rule that only takes note of a value has no word that fails.
    const canFail = rule.expect.some(
      ({ matcher }) => matcher?.name !== 'verdicts' || Object.values(matcher.arg as object).includes('fail'),
    );
    const wanted = (['pass', 'fail', 'unknown'] as const).filter((verdict) => verdict !== 'fail' || canFail);
    const missing = wanted.filter((verdict) => !verdicts.has(verdict));
    return missing.length === 0 ? [] : [`${rule.at}: ${rule.id} has no case that comes to ${missing.join(', ')}`];
  });
  const unsaid = pack.rules
    .filter(({ fault }) => fault === undefined)
    .map(({ id, at }) => `${at}: ${id} has no fault: what is wrong where it fails, in a sentence (fault: ...)`);
  const failures = failed.map(({ at, rule, name, problem }) => `${at}: ${rule} "${name}": ${problem}`);
  return { cases: results.length, failures, gaps: [...unsaid, ...lacking, ...unnoticed(pack, { cases, meant })] };
}

/** What no case notices, with the case that would; and what is called a gap and is none. */
function unnoticed(pack: Pack, all: { cases: readonly CaseOf[]; meant: readonly GapOf[] }): string[] {
  const { open, unused } = gapsOf(pack, all);
  return [
    ...open.map(({ rule, says, toAdd }) => {
      const smallest = toAdd();
      const added =
        smallest === undefined ? 'no small case was found that would' : `the smallest case to add: ${smallest}`;
      return `${rule.at}: ${rule.id}: no case notices this change: ${says}\n  ${added}`;
    }),
    ...unused.map(
      ({ rule, gap, at }) =>
        `${at}: ${rule.id}: "${gap.gap}" is no gap: a case notices it, or nothing can be changed so`,
    ),
  ];
}
