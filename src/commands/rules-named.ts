/** Rules by what a person types: an id with or without its product, a glob, or a near miss; and rules as lines. Pure. */

import { suggestion } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Rule } from '../core/model.js';
import type { Pack } from '../pack/load.js';
import { globMatches } from '../plan/scope.js';
import { widthOf, wrapAfter } from '../reporters/terminal/wrap.js';

/** The rules of an id or glob. @throws UsageError that names near ones */
export function rulesNamed({ name, rules }: Pick<Pack, 'name' | 'rules'>, id: string): Rule[] {
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

/** One line for each rule, or a few where the lines would be longer than `columns`. */
export function ruleList(rules: readonly Rule[], columns: number): string {
  const id = widest(rules.map((rule) => rule.id));
  const releases = widest(rules.map((rule) => rule.releases));
  const told = (rule: Rule) =>
    `${rule.severity.padEnd(7)}  ${rule.basis.padEnd(10)}  ${rule.releases.padEnd(releases)}`;
  const lines = rules.map((rule) => `${rule.id.padEnd(id)}  ${told(rule)}  ${rule.title}`);
  if (widest(lines) <= columns) return lines.map((line) => `${line}\n`).join('');
  return rules
    .flatMap((rule) => [
      ...wrapAfter('', rule.id, columns),
      ...wrapAfter('  ', rule.title, columns),
      `  ${told(rule).trimEnd()}`,
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}
