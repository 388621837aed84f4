/** The rules of a pack, one line each. Pure. */
import type { Rule } from '../core/model.js';
import { widthOf, wrapAfter } from '../reporters/terminal/wrap.js';

/** One line for each rule, or a few where the lines would be longer than `columns`. */
export function ruleList(rules: readonly Rule[], columns: number): string {
  const id = widest(rules.map((rule) => rule.id));
  const releases = widest(rules.map((rule) => rule.releases));
  const about = (rule: Rule) =>
    `${rule.severity.padEnd(7)}  ${rule.basis.padEnd(10)}  ${rule.releases.padEnd(releases)}`;
  const lines = rules.map((rule) => `${rule.id.padEnd(id)}  ${about(rule)}  ${rule.title}`);
  const fitting =
    widest(lines) <= columns
      ? lines
      : rules.flatMap((rule) => [
          ...wrapAfter('', rule.id, columns),
          ...wrapAfter('  ', rule.title, columns),
          `  ${about(rule).trimEnd()}`,
        ]);
  return fitting.map((line) => `${line}\n`).join('');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}
