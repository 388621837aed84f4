/** The rules that ids and globs name, each with its pack, and their pages. */

import pc from 'picocolors';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { globMatches } from '../core/glob.js';
import type { Rule, Verdict } from '../core/model.js';
import { packIndex } from '../pack/load.js';
import type { Pack } from '../pack/pack.js';
import { packFor } from '../plan/scope.js';
import { loadCases } from './cases.js';
import type { ByAnsible } from './declared-coverage.js';
import { rulePage } from './rule-page.js';

/** A product, or a folder of rules; without both, all packs that pairflight brings are meant. */
interface Named {
  product?: string;
  pack?: string;
}

/** The rules of some ids or globs, each with its pack. @throws UsageError for an id that is none */
export function rulesMeant(ids: readonly string[], named: Named): Map<Rule, Pack> {
  const loaded = new Map<string, Pack>();
  // Each pack is loaded once, so that its rules are the same things however they are named.
  const load = (one: Named) => {
    const key = one.pack ?? one.product ?? '';
    const pack = loaded.get(key) ?? packFor({}, one);
    loaded.set(key, pack);
    return pack;
  };
  return new Map(
    ids.flatMap((id) => {
      const pack = packOf(id, named, load);
      return rulesNamed(pack, id).map((rule) => [rule, pack] as const);
    }),
  );
}

/** The pack of an id: of the product that is named, that the id begins with, or that has such a rule. */
function packOf(id: string, named: Named, load: (one: Named) => Pack): Pack {
  if (named.product !== undefined || named.pack !== undefined) return load(named);
  const { packs, default: usual } = packIndex();
  const prefix = id.split('/')[0] ?? '';
  if (packs.includes(prefix)) return load({ product: prefix });
  const has = (product: string) => load({ product }).rules.some((rule) => rule.id === `${product}/${id}`);
  return load({ product: [usual, ...packs].find(has) ?? usual });
}

/** The rules of an id or glob. @throws UsageError that names near ones */
function rulesNamed({ name, rules }: Pack, id: string): Rule[] {
  const found = rules.filter((rule) => globMatches(id, rule.id) || globMatches(`${name}/${id}`, rule.id));
  if (found.length > 0) return found;
  const word = id.replace(/^[^/]*\//, '');
  const short = rules.map((rule) => rule.id.slice(name.length + 1));
  const holding = word.length > 2 ? short.filter((one) => one.includes(word)) : [];
  const near = suggestion(word, short).match(/did you mean "(.+)"/)?.[1] ?? holding[0];
  throw new UsageError(
    `no rule has the id "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    near === undefined ? 'pairflight rules list' : `pairflight rules show ${near}`,
  );
}

/** The pages of some rules, with how many cases of each come to each verdict. */
export function rulePages(
  rules: Map<Rule, Pack>,
  { color, columns }: { color: boolean; columns: number },
  byAnsible: ByAnsible,
): string {
  const { bold } = pc.createColors(color);
  const meant = [...rules.keys()];
  const cases = new Map([...new Set(rules.values())].map((pack) => [pack, loadCases(pack, meant)]));
  const pages = [...rules].map(([rule, pack]) => {
    const counts: Partial<Record<Verdict, number>> = {};
    for (const { one } of (cases.get(pack) ?? []).filter((each) => each.rule.id === rule.id)) {
      for (const verdict of typeof one.expect === 'string' ? [one.expect] : Object.values(one.expect))
        counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    return rulePage(pack, rule, { columns, bold, cases: counts, byAnsible });
  });
  return pages.join('\n\n');
}
