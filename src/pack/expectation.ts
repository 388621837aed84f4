/** Expectations: what a rule demands, as it is written and as it is judged; and what facts they need. */

import { factNamed } from '../core/fact-path.js';
import type { Condition, Expectation, FactDefinition } from '../core/model.js';
import { circumstances, type Place, pick, readCondition, type Written } from './condition.js';
import { isOfSeveralHosts } from './derivations.js';
import { quantifierOf } from './quantifiers.js';
import { hostProperties, type Reference, referencesIn } from './references.js';

/** Reads one expectation. @throws UsageError with the place that `at` gives, and a correct example. */
export function readExpectation(written: Written, roles: string[], at: Place): Expectation {
  const condition = readCondition(written, roles, at, circumstances);
  const read = (one: Written, ...place: string[]) =>
    readCondition(one, roles, (...path) => at(...place, ...path), ['says']);
  const readAll = (key: 'when' | 'unless' | 'given') => {
    const all = written[key] as Written | Written[] | undefined;
    if (all === undefined) return {};
    const list = Array.isArray(all) ? all.map((one, index) => read(one, key, String(index))) : [read(all, key)];
    return { [key]: list };
  };
  return {
    ...condition,
    ...readAll('when'),
    ...readAll('unless'),
    ...readAll('given'),
    ...pick(written, ['phases', 'hosts', 'releases', 'severity', 'fault', 'remedy']),
  } as Expectation;
}

/** The conditions of an expectation: itself, its `when`, its `unless`, its `given`. */
export function conditionsOf(expectation: Expectation): Condition[] {
  const { when = [], unless = [], given = [] } = expectation;
  return [expectation, ...when, ...unless, ...given];
}

/** The fact that a condition reads; none for the row of a table. */
export function factOf(condition: Condition): string | undefined {
  return quantifierOf(condition).asks === 'row' ? undefined : factNamed(condition.path);
}

/** A `@host.fact.property` in an argument: whose fact is meant, and which. */
export interface FactReference {
  who: string;
  path: string;
}

/** The references to facts of hosts in a condition's arguments. */
export function referencesOf(condition: Condition): FactReference[] {
  return argumentReferences(condition).flatMap(({ who, what }) =>
    ['port', 'given', 'before'].includes(who) || hostProperties.includes(what) ? [] : [{ who, path: what }],
  );
}

/** Every reference in a condition's arguments, be it to a fact or to what a host is known by. */
export function argumentReferences({ where, matcher, tolerancePercent }: Condition): Reference[] {
  return referencesIn([where, matcher?.arg, tolerancePercent]);
}

/** Whether a finding of this expectation compares hosts, and so is worthless while both names may lead to one machine. */
export function comparesHosts(
  expectation: Expectation,
  define: (name: string) => FactDefinition | undefined = () => undefined,
): boolean {
  return conditionsOf(expectation).some(
    (condition) =>
      quantifierOf(condition).compares !== undefined ||
      isOfSeveralHosts(factOf(condition) ?? '', define) ||
      referencesOf(condition).some(({ who }) => who !== 'self' && who !== condition.role),
  );
}
