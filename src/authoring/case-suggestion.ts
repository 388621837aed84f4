/** The smallest case to add: a case there is, edited in one place, on which a rule and a changed form of it differ. Pure. */

import { Document } from 'yaml';
import { UsageError } from '../core/errors.js';
import { isRecord } from '../core/json.js';
import type { Rule, Verdict } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import { isReference } from '../pack/references.js';
import type { Case } from './case.js';
import { checkCase } from './case-check.js';
import { layOut, settingIn } from './cases.js';
import type { RuleChange } from './rule-changes.js';

/** How many edited cases are tried before none is proposed. */
const MOST_TRIED = 400;

/** A case that would notice the change, as it would stand in a cases file; the verdict is what the rule as it is says. */
export function suggestCase(pack: Pack, rule: Rule, cases: readonly Case[], change: RuleChange): string | undefined {
  const [phase = ''] = change.phases;
  const smallestFirst = cases
    .toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)
    .map((one) => (change.phases.includes(one.phase ?? rule.phases[0] ?? '') ? one : { ...one, phase }));
  const values = valuesFor(pack, rule, cases, change);
  const names = new Set(change.about.map(({ path }) => path.split('.')[0] ?? ''));
  let tried = 0;
  // What the change is about is edited first.
  for (const named of [true, false]) {
    for (const one of smallestFirst) {
      for (const edited of editsOf(one, cases, values, (name) => names.has(name) === named)) {
        tried += 1;
        if (tried > MOST_TRIED) return undefined;
        const verdicts = differing(pack, rule, edited, change);
        if (verdicts) return written({ ...edited, name: 'what it shows', expect: verdicts });
      }
    }
  }
  return undefined;
}

/** The verdicts of the rule on a case, where those of its changed form are others. */
function differing(pack: Pack, rule: Rule, one: Case, change: RuleChange): Case['expect'] | undefined {
  const judge = layOut(pack, rule, one);
  const before = judge(rule);
  const after = judge(change.ruleWith(settingIn(pack, one.settings)));
  const same = before.every(({ verdict }, index) => verdict === after[index]?.verdict);
  if (same || before.some(({ verdict }) => verdict === 'error') || !isSound(pack, rule, one)) return undefined;
  const [first, ...others] = before.map(({ verdict }) => verdict);
  if (first !== undefined && others.every((verdict) => verdict === first)) return first;
  const subject = (key: string) => key.slice(rule.id.length + 2, -1);
  return Object.fromEntries(before.map(({ key, verdict }): [string, Verdict] => [subject(key), verdict]));
}

/** Whether a cases file may hold it. */
function isSound(pack: Pack, rule: Rule, one: Case): boolean {
  try {
    checkCase(pack, rule, one, () => '');
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** A case on one line of YAML. */
function written({ name, facts, expect, ...rest }: Case): string {
  const document = new Document({ name, ...rest, facts, expect });
  return document.toString({ collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();
}

/** What a property could be beside what it is: what it is elsewhere in the cases, and what the rule compares it with. */
type Values = (property: string) => unknown[];

function valuesFor(pack: Pack, rule: Rule, cases: readonly Case[], change: RuleChange): Values {
  const known = new Map<string, Map<string, unknown>>();
  const add = (property: string, value: unknown) => {
    const values = known.get(property) ?? new Map<string, unknown>();
    known.set(property, values.set(JSON.stringify(value), value));
  };
  const setting = settingIn(pack);
  const settled = (value: unknown) => {
    const name = /^\$\{(\w+)\}$/.exec(String(value))?.[1];
    return name === undefined ? value : setting(name);
  };
  const compared = (property: string, value: unknown) => {
    const one = settled(value);
    if (isReference(String(one))) return;
    if (typeof one === 'number') for (const near of [one, one - 1, one + 1, one * 2, one / 2]) add(property, near);
    else if (one !== undefined && !isRecord(one)) for (const each of [one].flat()) add(property, each);
  };
  const expectations = [...change.about, ...rule.expect];
  for (const { path, its, where, matcher, tolerancePercent } of expectations) {
    const property = its ?? path.split('.').at(-1) ?? '';
    if (matcher?.name === 'verdicts' && isRecord(matcher.arg)) {
      for (const word of Object.keys(matcher.arg)) {
        add(property, word);
        if (word === 'true' || word === 'false') add(property, word === 'true');
      }
    } else if (matcher?.name === 'trend' && isRecord(matcher.arg)) compared(property, matcher.arg.small);
    else compared(property, matcher?.arg);
    if (tolerancePercent !== undefined) {
      const percent = Number(settled(tolerancePercent));
      for (const base of [1000, 100_000])
        for (const share of [percent, percent / 2, percent * 1.5, percent + 0.5])
          add(property, Math.round(base * (1 - share / 100)));
    }
    if (isRecord(where)) for (const [field, value] of Object.entries(where)) compared(field, value);
  }
  const collect = (property: string, value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) collect(property, each);
    else if (isRecord(value)) for (const [name, each] of Object.entries(value)) collect(name, each);
    else add(property, value);
  };
  for (const { facts, series } of cases) collect('', [facts, series]);
  return (property) => [...(known.get(property)?.values() ?? [])];
}

/** A case with one thing other than it is. */
function* editsOf(
  one: Case,
  cases: readonly Case[],
  values: Values,
  isMeant: (fact: string) => boolean,
): Generator<Case> {
  for (const part of ['facts', 'series', 'before'] as const) {
    for (const [where, stated] of Object.entries(one[part] ?? {})) {
      for (const [name, value] of Object.entries(stated ?? {})) {
        if (!isMeant(name)) continue;
        for (const other of [...editsOfValue(name, value, values), undefined]) {
          const { [name]: _, ...rest } = stated ?? {};
          const facts = other === undefined ? rest : { ...stated, [name]: other };
          yield { ...one, [part]: { ...one[part], [where]: facts } };
        }
      }
    }
  }
  // A fact as another case states it.
  for (const other of cases) {
    for (const part of ['facts', 'series', 'before'] as const) {
      for (const [where, stated] of Object.entries(other[part] ?? {})) {
        for (const [name, value] of Object.entries(stated ?? {})) {
          if (!isMeant(name)) continue;
          const mine = (one[part] as Case['facts'] | undefined)?.[where];
          yield { ...one, [part]: { ...one[part], [where]: { ...mine, [name]: value } } };
        }
      }
    }
  }
}

/** A value with one leaf other, one element less, or one more. */
function* editsOfValue(property: string, value: unknown, values: Values): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      yield value.filter((_, at) => at !== index);
      for (const other of editsOfValue(property, element, values)) {
        yield value.map((one, at) => (at === index ? other : one));
        yield [...value, other];
      }
      yield [...value, element];
    }
    return;
  }
  if (isRecord(value)) {
    // An interval is what it is compared with, exactly.
    if (typeof value.low === 'number' && typeof value.high === 'number') {
      for (const exact of values(property)) if (typeof exact === 'number') yield { low: exact, high: exact };
    }
    for (const [name, part] of Object.entries(value)) {
      for (const other of editsOfValue(name, part, values)) yield { ...value, [name]: other };
      const { [name]: _, ...rest } = value;
      yield rest;
    }
    return;
  }
  yield* values(property).filter((other) => other !== value);
  if (typeof value === 'number') yield* [value + 1, value - 1];
  if (typeof value === 'boolean') yield !value;
  if (typeof value === 'string') yield property === 'address' ? '10.0.0.99' : `${value}x`;
}
