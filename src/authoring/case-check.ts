/** Whether a case states what its rule can know: a misspelt host or setting would state nothing, and `unknown` come true by itself. */

import { check } from '../core/check-schema.js';
import { suggestion } from '../core/did-you-mean.js';
import type { JsonSchema, Rule } from '../core/model.js';
import { kindsOf, valueSchema } from '../pack/check/fact-value.js';
import { must, mustBound, mustKnow } from '../pack/check/refuse.js';
import type { Pack } from '../pack/pack.js';
import { usualNames } from '../pack/roles.js';
import { checkSettings } from '../pack/settings.js';
import type { Case } from './case.js';
import { roleOf } from './case.js';

/** Where a value of the case stands. */
type Place = (...path: (string | number)[]) => string;

/** Refuses what a case states of nobody. @throws UsageError with file, line and column */
export function checkCase(pack: Pack, rule: Rule, one: Case, at: Place): void {
  const roles = Object.keys(pack.roles);
  if (one.phase !== undefined) mustKnow(one.phase, rule.phases, at('phase'), 'phase of this rule');
  const release = one.release === undefined || pack.releases.parse(one.release) !== undefined;
  must(release, at('release'), `"${one.release}" is not a release of ${pack.title}`);
  checkSettings(pack.settings, one.settings ?? {}, (name) => at('settings', name));
  for (const name of Object.keys(one.addresses ?? {})) mustBeHost(pack, name, at('addresses', name));
  for (const [index, row] of (one.ports ?? []).entries()) {
    for (const end of ['from', 'to'] as const) {
      if (row[end] !== undefined) mustKnow(row[end], roles, at('ports', index, end), 'role');
    }
    mustBound(pack, row.releases, at('ports', index, 'releases'));
  }
  for (const part of ['facts', 'before', 'series'] as const) {
    for (const [where, values] of Object.entries(one[part] ?? {})) {
      checkSubject(pack, where, at(part, where));
      for (const [name, value] of Object.entries(values ?? {})) {
        const each = part === 'series' ? (value as unknown[]) : [value];
        for (const stated of each) checkFact(pack, rule, { where, name, value: stated }, at(part, where, name));
      }
    }
  }
}

/** Facts belong to a role, or to a direction between two. */
function checkSubject(pack: Pack, where: string, place: string): void {
  const ends = where.split('->');
  for (const name of ends) mustBeHost(pack, name, place);
  const direction = ends.length === 2 && ends[0] !== ends[1];
  must(ends.length === 1 || direction, place, `"${where}" is no direction; right is ${examples(pack).join('->')}`);
}

/** A host of a case is called by its role, or, where there are several, by role and number. */
function mustBeHost(pack: Pack, name: string, place: string): void {
  const known = Object.entries(pack.roles).flatMap(([role, one]) => usualNames(role, one));
  if (roleOf(pack, name) === undefined) mustKnow(name, known, place, 'host');
}

/** Two hosts of the pair, as a case would call them. */
function examples({ pair, roles }: Pick<Pack, 'pair' | 'roles'>): [string, string] {
  const [one = '', other = one] = pair.flatMap((role) => (roles[role] ? usualNames(role, roles[role]) : []));
  return [one, other];
}

/** Only facts that the rule has, on what they are asked of, with properties that their value has. */
function checkFact(
  pack: Pack,
  rule: Rule,
  { where, name, value }: { where: string; name: string; value: unknown },
  place: string,
): void {
  const known = { ...pack.facts, ...rule.facts };
  const kind = where.includes('->') ? 'pair' : 'host';
  const definition = Object.hasOwn(known, name) ? known[name] : undefined;
  must(definition !== undefined, place, `${rule.id} has no fact "${name}"${suggestion(name, Object.keys(rule.facts))}`);
  if (!definition) return;
  const right = kind === 'host' ? 'is asked of a direction, such as' : 'is asked of one host, such as';
  const asked = kindsOf(pack, known, name);
  must(asked.has(kind), place, `"${name}" ${right} ${kind === 'host' ? examples(pack).join('->') : examples(pack)[0]}`);
  const schema = value === null ? undefined : valueSchema(pack, definition);
  const [mistake] = schema ? check(inPart(schema), value) : [];
  const source = 'probe' in definition ? definition.probe : `the fact "${name}"`;
  must(mistake === undefined, place, `${source} gives no such value: ${mistake?.message}`);
}

const parts = new Map<string, JsonSchema>();

/** The schema of a value of which a case states only what it is about; one object for all that are alike, compiled once. */
function inPart(schema: JsonSchema): JsonSchema {
  const key = JSON.stringify(schema);
  const known = parts.get(key) ?? { ...schema, required: [] };
  parts.set(key, known);
  return known;
}
