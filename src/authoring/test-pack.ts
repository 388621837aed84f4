/** The cases of a whole pack: which do not come out as stated, and which rules lack one. */
import type { Pack } from '../pack/pack.js';
import { loadCases, runCase } from './cases.js';

/** Runs the cases of a pack; a rule needs one that passes, one that fails and one that is unknown. */
export function testPack(pack: Pack): { cases: number; failures: string[]; gaps: string[] } {
  const results = loadCases(pack).map(({ rule, one, at }) => runCase(pack, rule, one, at));
  const failed = results.filter(({ problem }) => problem !== '');
  const gaps = pack.rules.flatMap((rule) => {
    const verdicts = new Set(results.filter((result) => result.rule === rule.id).flatMap(({ expected }) => expected));
    // A rule that only takes note of a value has no word that fails.
    const canFail = rule.expect.some(
      ({ matcher }) => matcher?.name !== 'verdicts' || Object.values(matcher.arg as object).includes('fail'),
    );
    const wanted = (['pass', 'fail', 'unknown'] as const).filter((verdict) => verdict !== 'fail' || canFail);
    const missing = wanted.filter((verdict) => !verdicts.has(verdict));
    return missing.length === 0 ? [] : [`${rule.at}: ${rule.id} has no case that comes to ${missing.join(', ')}`];
  });
  const failures = failed.map(({ at, rule, name, problem }) => `${at}: ${rule} "${name}": ${problem}`);
  return { cases: results.length, failures, gaps };
}
