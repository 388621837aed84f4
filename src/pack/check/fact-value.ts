/** What is known of a fact's value before anybody was asked: whose it is, its schema, and whether a path leads into it. */
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { factNamed, ownProperty, propertiesOf } from '../../core/fact-path.js';
import type { FactDefinition, JsonSchema } from '../../core/model.js';
import { object } from '../../core/schema.js';
import { derivationOf, probeFactsUnder } from '../derivations.js';
import type { Pack } from '../pack.js';
import { must, mustKnow } from './refuse.js';

/** Facts by name: a pack's, or a rule's over its pack's. */
export type Facts = Record<string, FactDefinition>;

/** Whether a fact is asked of a host or of a direction, by the probes that it rests on. */
export function kindsOf(pack: Pack, facts: Facts, name: string): Set<'host' | 'pair'> {
  return new Set(probesUnder(facts, name).map((probe) => pack.probes.get(probe)?.on ?? 'host'));
}

/** The probes at the bottom of a fact, by name, through what it is derived from. */
export function probesUnder(facts: Facts, name: string): string[] {
  const define = (one: string) => ownProperty(facts, one) as FactDefinition | undefined;
  return probeFactsUnder(name, define).map(({ fact: { probe } }) => probe);
}

/** The schema of a fact's value; undefined where nothing is known of it. */
export function valueSchema(pack: Pack, fact: FactDefinition): JsonSchema | undefined {
  if ('probe' in fact) return pack.probes.get(fact.probe)?.value;
  const derivation = derivationOf(fact);
  return derivation && object(derivation.value?.(derivation.words) ?? { value: {} });
}

/** The schema of what stands at `fact.property...`, where it is known. @throws UsageError for a property that the value never has */
export function checkPath(pack: Pack, facts: Facts, path: string, place: string): JsonSchema | undefined {
  const name = factNamed(path);
  const fact = ownProperty(facts, name) as FactDefinition | undefined;
  let schema = fact && valueSchema(pack, fact);
  for (const property of propertiesOf(path)) {
    if (schema && ['string', 'number', 'integer', 'boolean'].includes(schema.type)) {
      throw new UsageError(`${place}: "${path}": a ${schema.type} has no "${property}"`);
    }
    if (schema?.properties === undefined) return undefined;
    const below = ownProperty(schema.properties, property) as JsonSchema | undefined;
    if (below === undefined) {
      throw new UsageError(
        `${place}: the fact "${name}" has no "${property}"${suggestion(property, Object.keys(schema.properties))}`,
      );
    }
    schema = below;
  }
  return schema;
}

/** Refuses a path that does not lead into the value of one of these facts, or of which a single host cannot be asked. @throws UsageError */
export function checkHostPath(pack: Pack, facts: Facts, path: string, place: string, known: Facts = facts): void {
  const name = factNamed(path);
  mustKnow(name, Object.keys(known), place, 'fact');
  must(name !== path, place, `"${path}" names no property of the fact; right is ${name}.value`);
  must(!kindsOf(pack, facts, name).has('pair'), place, `the fact "${name}" is asked of a direction, not of a host`);
  checkPath(pack, facts, path, place);
}
