/** What is known of a fact's value before anybody was asked: whose it is, its schema, and whether a path leads into it. */
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import type { FactDefinition, JsonSchema } from '../../core/model.js';
import { sourcesOf } from '../expectation.js';
import type { Pack } from '../pack.js';

/** Facts by name: a pack's, or a rule's over its pack's. */
export type Facts = Record<string, FactDefinition>;

/** Whether a fact is asked of a host or of a direction, by the probes that it rests on. */
export function kindsOf(pack: Pack, facts: Facts, name: string): Set<'host' | 'pair'> {
  return new Set(probesUnder(facts, name).map((probe) => pack.probes.get(probe)?.on ?? 'host'));
}

/** The probes at the bottom of a fact, by name, through what it is derived from. */
export function probesUnder(facts: Facts, name: string): string[] {
  const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
  if (!fact) return [];
  if ('probe' in fact) return [fact.probe];
  return sourcesOf(fact).flatMap((source) => probesUnder(facts, source.split('.')[0] ?? ''));
}

function lastOf([path = '']: string[]): string {
  return path.split('.').at(-1) ?? 'value';
}

/** The schema of a fact's value; undefined where nothing is known of it. */
export function valueSchema(pack: Pack, fact: FactDefinition): JsonSchema | undefined {
  if ('probe' in fact) return pack.probes.get(fact.probe)?.value;
  const closed = (properties: Record<string, JsonSchema>) => ({
    type: 'object',
    properties,
    additionalProperties: false,
  });
  if ('captures' in fact && fact.captures !== undefined) {
    // Beside an empty alternative every text matches, and the groups are known by name.
    const groups = Object.keys(new RegExp(`${fact.captures}|`).exec('')?.groups ?? {});
    return closed(Object.fromEntries(groups.map((group) => [group, { type: 'string' }])));
  }
  if ('number' in fact) return closed({ value: { type: 'number' } });
  if ('entries' in fact) return closed({ entries: { type: 'array' } });
  if ('addresses' in fact) return closed({ addresses: { type: 'array', items: { type: 'string' } } });
  // What is added up, or stands in for something, keeps the name of the first: bytes stay bytes.
  if ('sum' in fact) return closed({ [lastOf(sourcesOf(fact))]: { type: 'number' } });
  if ('first' in fact) return closed({ [lastOf(sourcesOf(fact))]: {} });
  return closed({ value: {} });
}

/** The schema of what stands at `fact.property...`, where it is known. @throws UsageError for a property that the value never has */
export function checkPath(pack: Pack, facts: Facts, path: string, place: string): JsonSchema | undefined {
  const [name = '', ...properties] = path.split('.');
  const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
  let schema = fact && valueSchema(pack, fact);
  for (const property of properties) {
    if (schema && ['string', 'number', 'integer', 'boolean'].includes(schema.type)) {
      throw new UsageError(`${place}: "${path}": a ${schema.type} has no "${property}"`);
    }
    if (schema?.properties === undefined) return undefined;
    if (!Object.hasOwn(schema.properties, property)) {
      throw new UsageError(
        `${place}: the fact "${name}" has no "${property}"${suggestion(property, Object.keys(schema.properties))}`,
      );
    }
    schema = schema.properties[property];
  }
  return schema;
}
