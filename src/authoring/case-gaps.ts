/** Gaps: what could be changed in a rule without a case of it that notices. */

import type { Rule } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import { suggestCase } from './case-suggestion.js';
import { type CaseOf, caseJudge, type GapOf, settingIn } from './cases.js';
import { changesOf, type RuleChange } from './rule-changes.js';

/** A change of a rule that none of its cases notices. */
export interface CaseGap {
  rule: Rule;
  /** What was changed, in words. */
  says: string;
  /** Looks for the smallest case that would notice: its line in the cases file, or undefined where none was found. */
  toAdd(): string | undefined;
}

/** What came of changing a pack's rules. */
export interface Gaps {
  /** How many changes were tried. */
  changes: number;
  /** How many of them a case notices. */
  noticed: number;
  open: CaseGap[];
  meant: GapOf[];
  /** Called meant in a cases file, and none: a case notices, or there is no such change. */
  unused: GapOf[];
}

/** Changes each rule in every way and judges its cases again; a case that does not come out as stated notices nothing. */
export function gapsOf(pack: Pack, { cases, meant }: { cases: readonly CaseOf[]; meant: readonly GapOf[] }): Gaps {
  const all = pack.rules.map((rule) => gapsOfRule(pack, rule, { cases, meant }));
  return {
    changes: all.reduce((sum, { changes }) => sum + changes, 0),
    noticed: all.reduce((sum, { noticed }) => sum + noticed, 0),
    open: all.flatMap(({ open }) => open),
    meant: all.flatMap((one) => one.meant),
    unused: all.flatMap(({ unused }) => unused),
  };
}

function gapsOfRule(pack: Pack, rule: Rule, all: { cases: readonly CaseOf[]; meant: readonly GapOf[] }): Gaps {
  const cases = all.cases.filter((one) => one.rule.id === rule.id).map(({ one }) => one);
  const judges = cases
    .map((one) => ({ comesOut: caseJudge(pack, rule, one).comesOut, setting: settingIn(pack, one.settings) }))
    .filter(({ comesOut }) => comesOut(rule));
  const changes = changesOf(pack, rule);
  const unnoticed = changes.filter(({ ruleWith }) =>
    judges.every(({ comesOut, setting }) => comesOut(ruleWith(setting))),
  );
  const called = all.meant.filter((one) => one.rule.id === rule.id);
  const isGap = ({ gap }: GapOf) => unnoticed.some(({ says }) => isCalled(gap.gap, says));
  const isMeant = ({ says, within }: RuleChange) =>
    called.some(({ gap }) => isCalled(gap.gap, says) || (within !== undefined && isCalled(gap.gap, within)));
  return {
    changes: changes.length,
    noticed: changes.length - unnoticed.length,
    open: unnoticed
      .filter((change) => !isMeant(change))
      .map((change) => ({ rule, says: change.says, toAdd: () => suggestCase(pack, rule, cases, change) })),
    meant: called.filter(isGap),
    unused: called.filter((one) => !isGap(one)),
  };
}

/** Whether a file's words for a gap mean this change: all of it, or the change alone, whichever expectation it is of. */
function isCalled(gap: string, says: string): boolean {
  return gap === says || says.endsWith(`: ${gap}`);
}
