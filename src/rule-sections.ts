/** The sections of a rule's page: what passes, the ports, the facts and the settings. Pure. */

import { defaultInWords, demandInWords } from './authoring/rule-words.js';
import type { FactDefinition, Rule } from './core/model.js';
import { factInWords } from './fact-words.js';
import { sourcesOf } from './pack/expectation.js';
import type { Pack } from './pack/load.js';
import { settingsUsed } from './pack/settings.js';
import { wrapAfter } from './reporters/terminal/wrap.js';
import { oneLine } from './reporters/words/finding.js';

/** A name, and what there is to say of it. */
export type Field = [name: string, ...texts: string[]];

/** What the rule expects, with what holds for all of it said once. */
export function expectationLines(pack: Pack, rule: Rule, columns: number): string[] {
  const demands = rule.expect.map((expectation) => demandInWords(pack, rule, expectation));
  // What holds for all of them is said once.
  const [first, ...others] = demands;
  const common = (first?.holds ?? []).filter(
    (text) => others.length > 0 && others.every(({ holds }) => holds.includes(text)),
  );
  const lines = demands.flatMap(({ says, words, holds: all }) => {
    const holds = all.filter((text) => !common.includes(text));
    return [
      ...wrapAfter('  + ', says, columns),
      ...[...(words.length > 0 ? [words.join('; ')] : []), ...holds].flatMap((text) =>
        wrapAfter('      ', text, columns),
      ),
    ];
  });
  return [
    ...lines,
    ...common.flatMap((text, at) => wrapAfter(at === 0 ? '  all of this: ' : ' '.repeat(15), text, columns)),
  ];
}

/** The rows of the port table, for a rule that runs over it. */
export function portLines(pack: Pack, rule: Rule, columns: number): string[] {
  if (!rule.each) return [];
  const rows = pack.ports.flatMap(({ port, name, releases, confidence, basis, from, to }) => {
    const way = from || to ? `, ${from ?? 'any'} to ${to ?? 'any'}` : '';
    const doubt = basis === 'documented' ? '' : `; ${oneLine(confidence)}`;
    return wrapAfter(
      `  ${String(port).padEnd(5)}  `,
      `${name}${way}${releases ? `, releases ${releases}` : ''}${doubt}`,
      columns,
    );
  });
  return [...rows, ...wrapAfter('  ', "and those of the inventory's ports", columns)];
}

/** The rule's facts, and those of the pack that they are made of. */
export function factsOf(pack: Pack, rule: Rule): Field[] {
  const found = new Map<string, FactDefinition>();
  const add = (name: string, fact: FactDefinition | undefined) => {
    if (!fact || found.has(name)) return;
    found.set(name, fact);
    for (const source of sourcesOf(fact)) {
      const [from = ''] = source.split('.');
      add(from, rule.facts[from] ?? pack.facts[from]);
    }
  };
  for (const [name, fact] of Object.entries(rule.facts)) add(name, fact);
  return [...found].map(([name, fact]) => [name, factInWords(pack, fact)]);
}

/** Every setting that the rule's outcome hangs on, with its default. */
export function settingsOf(pack: Pack, rule: Rule): Field[] {
  const facts = factsOf(pack, rule).map(([name]) => rule.facts[name] ?? pack.facts[name]);
  const contexts = commandContexts(pack, facts).map((name) => pack.contexts[name]?.enter);
  const names = [...new Set(settingsUsed([facts, rule.expect, contexts]))];
  return names.map((name) => [name, `${defaultInWords(pack, name)}: ${oneLine(pack.settings[name]?.title ?? '')}`]);
}

function commandContexts({ probes, declared }: Pack, facts: (FactDefinition | undefined)[]): string[] {
  const nobody = { name: '', role: '', address: '', connection: 'none' as const };
  return facts.flatMap((fact) => {
    if (!fact || !('probe' in fact)) return [];
    const asks = declared.has(fact.probe) ? (probes.get(fact.probe)?.ask({}, nobody) ?? []) : [];
    return [String(fact.with.as ?? ''), ...asks.flatMap((ask) => (ask.kind === 'exec' ? [ask.as] : []))];
  });
}
