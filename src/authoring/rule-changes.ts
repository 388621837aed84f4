/** Changed rules: what a rule would be with one piece less, one word kinder, or one limit moved. Pure. */

import { isRecord } from '../core/json.js';
import type { Condition, Expectation, FactDefinition, Rule } from '../core/model.js';
import { matcherNamed } from '../pack/matchers.js';
import type { Pack } from '../pack/pack.js';
import { hostProperties, isReference } from '../pack/references.js';
import { conditionInWords, demandInWords } from './rule-words.js';

/** What a setting comes to, for the case at hand. */
type Setting = (name: string) => unknown;

/** One change of a rule, which a case of the rule has to notice. */
export interface RuleChange {
  /** What was changed, in words; unique in its rule. */
  says: string;
  /** The conditions that the change is about: what a case would have to state for it. */
  about: Condition[];
  /** The phases in which it can make a difference. */
  phases: string[];
  /** A change that goes further the same way: where that makes no difference, this one makes none. */
  within?: string;
  /** The rule with the change; a limit that is a setting is moved from where the case has it. */
  ruleWith(setting: Setting): Rule;
}

/** A change of one expectation: without `changed` it is dropped. */
interface ExpectationChange {
  says: string;
  about: Condition[];
  within?: string;
  changed?: (setting: Setting) => Expectation;
  /** Facts that the changed expectation refers to. */
  facts?: Record<string, FactDefinition>;
}

/** Every change of a rule that one of its cases must notice. */
export function changesOf(pack: Pack, rule: Rule): RuleChange[] {
  const demands = rule.expect.map((one) => demandInWords(pack, rule, one));
  const changes = rule.expect.flatMap((expectation, index) => {
    const [says = '', ...alike] = demands.flatMap((one) => (one.says === demands[index]?.says ? [one.says] : []));
    const name = alike.length === 0 ? says : `${says}, ${demands[index]?.holds.join(', ')}`;
    return expectationChanges(pack, rule, expectation).map((change) => ({
      says: `${name}: ${change.says}`,
      about: change.about,
      phases: expectation.phases ?? rule.phases,
      ...(change.within !== undefined && { within: `${name}: ${change.within}` }),
      ruleWith: (setting: Setting): Rule => ({
        ...rule,
        facts: { ...rule.facts, ...change.facts },
        expect: rule.expect.flatMap((one, at) =>
          at !== index ? [one] : change.changed === undefined ? [] : [change.changed(setting)],
        ),
      }),
    }));
  });
  return changes.map((one, index) => {
    const before = changes.slice(0, index).filter(({ says }) => says === one.says).length;
    return before === 0 ? one : { ...one, says: `${one.says} (${before + 1})` };
  });
}

function expectationChanges(pack: Pack, rule: Rule, expectation: Expectation): ExpectationChange[] {
  const circumstances = (['when', 'unless', 'given'] as const).flatMap((kind) =>
    (expectation[kind] ?? []).flatMap((condition, at): ExpectationChange[] => {
      const words = `${kind} ${conditionInWords(pack, rule, condition, condition.says)}`;
      const replaced = (list: Condition[]): Expectation => ({
        ...expectation,
        [kind]: (expectation[kind] ?? []).flatMap((one, index) => (index === at ? list : [one])),
      });
      return [
        { says: `without "${words}"`, about: [condition], changed: () => replaced([]) },
        ...conditionChanges(pack, condition).map(({ says, changed, ...rest }) => ({
          ...rest,
          says: `"${words}" ${says}`,
          within: `without "${words}"`,
          changed: (setting: Setting) => replaced([changed(setting)]),
        })),
      ];
    }),
  );
  return [
    { says: 'dropped', about: [expectation, ...(expectation.when ?? [])] },
    ...conditionChanges(pack, expectation).map(({ changed, ...rest }) => ({
      ...rest,
      changed: (setting: Setting): Expectation => ({ ...expectation, ...changed(setting) }),
    })),
    ...circumstances,
  ];
}

type ConditionChange = Omit<ExpectationChange, 'changed'> & { changed: (setting: Setting) => Condition };

function conditionChanges(pack: Pack, condition: Condition): ConditionChange[] {
  return [...wider(condition), ...kinder(condition), ...moved(pack, condition)].map((one) => ({
    about: [condition],
    ...one,
  }));
}

type Found = Omit<ConditionChange, 'about'>;

/** Elements are picked by one field less. */
function wider(condition: Condition): Found[] {
  const { where } = condition;
  if (!isRecord(where)) return [];
  return Object.entries(where).map(([field, value]) => {
    const { [field]: _, ...rest } = where;
    return {
      says: `without where ${field} is ${String(value)}`,
      changed: () => ({ ...condition, where: Object.keys(rest).length === 0 ? undefined : rest }) as Condition,
    };
  });
}

/** A word, or a course of a trend, passes that did not. */
function kinder(condition: Condition): Found[] {
  const { matcher } = condition;
  if (!matcher || !matcherNamed(matcher.name)?.words || !isRecord(matcher.arg)) return [];
  const { arg } = matcher;
  return Object.entries(arg)
    .filter(([, verdict]) => ['fail', 'unknown', 'skip'].includes(String(verdict)))
    .map(([word, verdict]) => ({
      says: `"${word}" passes instead of ${verdict}`,
      changed: () => ({ ...condition, matcher: { ...matcher, arg: { ...arg, [word]: 'pass' } } }),
    }));
}

/** How a limit is moved: a step to either side, and, for a size, by a factor of two to the kinder side. */
interface Move {
  says: string;
  number(limit: number): number;
  /** The fact that stands for a limit which is itself a fact's property; a step alone can be taken from there. */
  fact?: (path: string) => Record<string, FactDefinition>;
}

const STEP = 'changedStep';
const LIMIT = 'changedLimit';

const steps: Move[] = [1, -1].map((step) => ({
  says: step > 0 ? 'more by 1' : 'less by 1',
  number: (limit) => limit + step,
  fact: (path) => ({
    [STEP]: { probe: 'inventory', with: { value: step } },
    [LIMIT]: { sum: [path, `${STEP}.value`] },
  }),
}));

const twice: Move = { says: 'twice as much', number: (limit) => limit * 2 };

const half: Move = { says: 'half as much', number: (limit) => limit / 2 };

/** Whether a move leads further than a step would, or the limit is no whole number anyway. */
function leadsAnywhere(move: Move, limit: unknown): boolean {
  return (
    typeof limit !== 'number' ||
    steps.includes(move) ||
    (limit !== 0 && !Number.isInteger(limit)) ||
    Math.abs(move.number(limit) - limit) > 1
  );
}

/** The limits of a condition, each moved. */
function moved(pack: Pack, condition: Condition): Found[] {
  const { matcher, tolerancePercent } = condition;
  const tolerance =
    tolerancePercent === undefined
      ? []
      : movedLimit(pack, tolerancePercent, 'tolerance', [...steps, twice], (limit) => ({
          ...condition,
          tolerancePercent: limit,
        }));
  if (!matcher) return tolerance;
  const limits = matcherNamed(matcher.name)?.limits?.(matcher.arg) ?? [];
  const found = limits.flatMap(({ name, limit, kinder: way, put }) => {
    const far = way === undefined || condition.quantifier === 'count' ? [] : [way === 'larger' ? twice : half];
    return movedLimit(pack, limit, name, [...steps, ...far], (other) => ({
      ...condition,
      matcher: { ...matcher, arg: put(other) },
    }));
  });
  return [...found, ...tolerance];
}

function movedLimit(
  pack: Pack,
  limit: unknown,
  name: string,
  moves: Move[],
  put: (limit: unknown) => Condition,
): Found[] {
  const setting = /^\$\{(\w+)\}$/.exec(String(limit))?.[1];
  const usual = setting === undefined ? limit : pack.settings[setting]?.default;
  return moves.flatMap((move): Found[] => {
    const says = `${name} ${String(limit)}, ${move.says}`;
    if (!leadsAnywhere(move, usual)) return [];
    if (typeof limit === 'number') return [{ says, changed: () => put(move.number(limit)) }];
    if (setting !== undefined) {
      const changed = (value: Setting) => {
        const number = value(setting);
        return put(typeof number === 'number' ? move.number(number) : limit);
      };
      return [{ says, changed }];
    }
    const [who = '', ...rest] = isReference(String(limit)) ? String(limit).slice(1).split('.') : [];
    const path = rest.join('.');
    if (rest.length < 2 || who === 'port' || hostProperties.includes(path) || !move.fact) return [];
    return [{ says, changed: () => put(`@${who}.${LIMIT}.${rest.at(-1)}`), facts: move.fact(path) }];
  });
}
