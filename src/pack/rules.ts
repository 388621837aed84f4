/** One file of rules: the requirements of one section of a document. */

import { UsageError } from '../core/errors.js';
import type { FactDefinition, Rule } from '../core/model.js';
import { readDocument } from '../core/yaml-document.js';
import { readExpectation } from './expectation.js';
import type { Pack } from './pack.js';
import { rulesSchema } from './schema.js';

interface Written {
  title: string;
  source: { doc: string; section: string };
  rules: (Omit<Rule, 'expect' | 'facts' | 'tells' | 'group' | 'pack' | 'at' | 'source' | 'per'> & {
    source?: { doc?: string; section?: string };
    per?: Rule['per'];
    severity_on?: Rule['severityOn'];
    tells?: string[];
    facts: Record<string, FactDefinition | string>;
    expect: Record<string, unknown>[];
  })[];
}

/** Reads a rule file's text; whether its names exist in the pack is checked afterwards, over all files at once. */
export function readRules(text: string, file: string, pack: Pick<Pack, 'name' | 'roles' | 'facts'>): Rule[] {
  const { value, at } = readDocument<Written>(text, file, rulesSchema);
  return value.rules.map(({ per, source, facts, expect, tells, severity_on: severityOn, ...rule }, index) => {
    const place = (path: (string | number)[]) => at(['rules', index, ...path]);
    if (rule.each && per !== undefined && per !== 'direction') {
      throw new UsageError(`${place(['per'])}: each: ${rule.each} is judged for each direction; leave "per" out`);
    }
    return {
      ...rule,
      pack: pack.name,
      group: value.title,
      ...(severityOn && { severityOn }),
      per: rule.each ? 'direction' : (per ?? 'set'),
      source: { ...value.source, ...source },
      facts: Object.fromEntries(
        Object.entries(facts).map(([name, fact]) => {
          // A text names a fact of the pack; a name that is not there is told when the pack is checked.
          return [name, typeof fact === 'string' ? factOfPack(pack.facts, fact) : withParameters(fact)];
        }),
      ),
      tells: tells ?? [],
      expect: expect.map((one, number) =>
        readExpectation(one, Object.keys(pack.roles), (...path) => place(['expect', number, ...path])),
      ),
      at: place([]),
    };
  });
}

function factOfPack(facts: Record<string, FactDefinition>, name: string): FactDefinition {
  const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
  return fact ?? { first: [name] };
}

function withParameters(fact: FactDefinition): FactDefinition {
  return 'probe' in fact ? { ...fact, with: fact.with ?? {} } : fact;
}
