/** How a fact is had, in words: the probe and its parameters, or what it is derived from. Pure. */

import { referenceInWords } from './authoring/rule-words.js';
import { list } from './core/format.js';
import { isRecord } from './core/json.js';
import type { FactDefinition } from './core/model.js';
import type { Pack } from './pack/load.js';
import { isReference } from './pack/references.js';

/** Entries of a parameter that are shown with their values. */
const MOST_ENTRIES = 3;

/** How a fact is had: the probe and what it is asked for, or what it is made of. */
export function factInWords(pack: Pack, fact: FactDefinition): string {
  if ('probe' in fact) {
    const asked = Object.entries(fact.with).map(([name, value]) => `${name} ${parameterInWords(value)}`);
    const title = pack.probes.get(fact.probe)?.title ?? fact.probe;
    return `${title}${asked.length === 0 ? '' : ` (${asked.join(', ')})`}`;
  }
  if ('first' in fact) return `the first that was read of ${list(fact.first)}`;
  if ('template' in fact) return `made of ${fact.template}`;
  if ('sum' in fact) return `the sum of ${list(fact.sum)}`;
  if ('quotient' in fact) return `${fact.quotient[0]} divided by ${fact.quotient[1]}`;
  if ('entries' in fact) return `the entries of ${fact.from}, each with its ${fact.entries}`;
  if ('map' in fact) return `${fact.from} by a table: ${tableInWords(fact.map)}`;
  if ('number' in fact) return `${fact.from} as a number`;
  if ('addresses' in fact) return `the addresses in ${fact.from}`;
  const how = [
    ...('decode' in fact && fact.decode ? [`decoded from ${fact.decode}`] : []),
    ...('captures' in fact && fact.captures ? [`what matches ${fact.captures}`] : []),
  ];
  return [`out of ${fact.from}`, ...how].join(', ');
}

function tableInWords(table: Record<string, unknown>): string {
  return Object.entries(table)
    .map(([word, value]) => `${word} is ${parameterInWords(value)}`)
    .join(', ');
}

function parameterInWords(value: unknown): string {
  if (value === '@ports') return 'those of the port table';
  if (typeof value === 'string' && isReference(value)) return referenceInWords(value);
  // Of a long table the names tell what is asked for; the rule's file has the rest.
  if (isRecord(value) && Object.keys(value).length > MOST_ENTRIES) return Object.keys(value).join(' and ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/\$\{(\w+)\}/g, 'settings.$1');
}
