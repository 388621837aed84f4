/** What is another than in an earlier run: both runs' answers to the same questions, read alike and compared. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { ownProperty, valueBelow, valueWithout } from '../core/fact-path.js';
import { shorten, subjectInWords } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Change, DeclaredProperty, Evidence, Output, Step } from '../core/model.js';
import { keyOfToken } from '../core/secret-token.js';
import type { Scope } from '../plan/scope.js';
import { planSteps } from '../plan/steps.js';
import type { AnyProbe } from '../probes/define.js';
import { isFollowed } from '../probes/files/followed-path.js';
import { askedAtThePath } from './followed-in-evidence.js';
import { type Answer, readAnswer } from './read-answer.js';

/**
 * Compares the last answers to every planned question that both runs asked (`compared` says how many), property by property. An answer that only one of
 * them could read is a change; what neither could read, and what changes by itself, is none.
 */
export function changesSince(
  scope: Scope,
  before: Omit<Evidence, 'baseline'>,
  after: Evidence,
): { compared: number; list: Change[] } {
  const [earlier, later] = [answersOf(before), answersOf(after)];
  let count = 0;
  const list = planSteps(scope).flatMap((step) => {
    const probe = scope.pack.probes.get(step.probe);
    const [was, is] = [earlier(step), later(step)];
    if (!probe || !was || !is || probe.restless === true) return [];
    count += 1;
    const fact = factInWords(was.step.id === is.step.id ? is.step : step, scope);
    const [then, now] = onlyDeclared(was, is)(lasting(probe, was), lasting(probe, is));
    return compared(then, now).map((change) => ({
      subject: subjectInWords(step.subject),
      fact,
      ...change,
    }));
  });
  return { compared: count, list };
}

/** What a run was answered to a question; where it asked about a followed path in two steps, the second of them. */
interface Answered {
  step: Step;
  outputs: Output[];
  /** What was known of the path beside the answer. */
  beside?: object;
  declared?: readonly DeclaredProperty[];
}

function answersOf({ steps }: Pick<Evidence, 'steps'>): (step: Step) => Answered | undefined {
  const saved = new Map(steps.map((step) => [step.id, step]));
  return (step) => {
    const asked = saved.get(step.id);
    const then = asked ? undefined : askedAtThePath(step, steps);
    const outputs = (asked ?? then?.step)?.outputs.at(-1);
    if (asked?.declared) return { step, outputs: [], declared: asked.declared };
    return outputs && { step: then?.step ?? step, outputs, ...(then && { beside: then.value }) };
  };
}

/** Beside what a host said, only those properties of a declared answer are compared that are values as a host's own. */
function onlyDeclared(was: Answered, is: Answered): (was: Answer, is: Answer) => [Answer, Answer] {
  if ((was.declared === undefined) === (is.declared === undefined)) return (then, now) => [then, now];
  const exact = (was.declared ?? is.declared ?? []).filter(({ may, sensitive }) => may === 'both' && !sensitive);
  const meant = exact.filter(({ value }) => value !== undefined).map(({ property }) => property);
  const picked = (answer: Answer): Answer =>
    'value' in answer
      ? { value: Object.fromEntries(meant.map((property) => [property, declaredIn(answer.value, property) ?? null])) }
      : answer;
  return (then, now) => [picked(then), picked(now)];
}

/** A property by its path; an answer that is itself declared has the path as a name. */
function declaredIn(value: unknown, property: string): unknown {
  return ownProperty(value, property) ?? valueBelow(value, property.split('.'));
}

/** What of an answer does not change by itself. */
function lasting(probe: AnyProbe, { step, outputs, beside, declared }: Answered): Answer {
  if (declared)
    return {
      value: Object.fromEntries(declared.map(({ property, value, why }) => [property, value ?? `not known: ${why}`])),
    };
  const answer = readAnswer(probe, step.params, outputs);
  const restless = Array.isArray(probe.restless) ? probe.restless : [];
  if (!('value' in answer)) return answer;
  const value = restless.reduce((rest, path) => valueWithout(rest, path.split('.')), answer.value);
  return { value: isRecord(value) ? { ...value, ...beside } : value };
}

function compared(was: Answer, is: Answer): Pick<Change, 'property' | 'before' | 'after'>[] {
  if ('reason' in was || 'reason' in is) {
    if ('reason' in was && 'reason' in is) return [];
    return [{ before: answerInWords(was), after: answerInWords(is) }];
  }
  const [before, after] = comparable(was.value, is.value);
  if (!isRecord(before) || !isRecord(after)) return isDeepStrictEqual(before, after) ? [] : [{ before, after }];
  const properties = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    // What an answer does not have is null: a report's JSON can say nothing else.
    .map((property) => ({
      property,
      before: ownProperty(before, property) ?? null,
      after: ownProperty(after, property) ?? null,
    }))
    .filter((one) => !isDeepStrictEqual(one.before, one.after));
  // All other properties come and go with what they belong to.
  const existence = properties.find(({ property }) => property === 'exists');
  return existence ? [existence] : properties;
}

function answerInWords(answer: Answer): unknown {
  return 'reason' in answer ? `could not be read: ${answer.reason}` : answer.value;
}

/** Tokens made under two keys say nothing of whether their secrets are the same: they are put as equal. */
function comparable(before: unknown, after: unknown): [unknown, unknown] {
  const [old, recent] = [keysIn(before), keysIn(after)];
  const veil = (value: unknown, known: Set<string>) =>
    inWords(value, (word) => {
      const key = keyOfToken(word);
      return key === undefined || known.has(key) ? word : '[secret]';
    });
  return [veil(before, recent), veil(after, old)];
}

function keysIn(value: unknown): Set<string> {
  const keys = new Set<string>();
  inWords(value, (word) => {
    const key = keyOfToken(word);
    if (key !== undefined) keys.add(key);
    return word;
  });
  return keys;
}

/** The value with every word of its texts replaced. */
function inWords(value: unknown, replace: (word: string) => string): unknown {
  if (typeof value === 'string') return value.replace(/\S+/g, replace);
  if (Array.isArray(value)) return value.map((one) => inWords(one, replace));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inWords(one, replace)]));
}

/** The probe and what it was asked for: `filesystem /data as root`, `filesystem line 1 of /etc/disk as root`. The address that the subject has anyway is left out. */
export function factInWords({ probe, params, subject }: Step, { hosts }: Scope): string {
  const { host, from, to } = subject as { host?: string; from?: string; to?: string };
  const known = hosts.filter(({ name }) => [host, from, to].includes(name)).map(({ address }) => address);
  const { as, ...asked } = params;
  const words = Object.entries(asked).flatMap(([name, value]) => {
    if (known.some((address) => address === value)) return [];
    if (isFollowed(value))
      return [`line ${value.line ?? 1} of ${value.line_of}${value.then ? `, then ${value.then}` : ''}`];
    const texts = [value].flat();
    if (texts.every((one) => typeof one === 'string')) return [texts.join(', ')];
    return [`${name} ${texts.map((one) => (isRecord(one) ? JSON.stringify(one) : String(one))).join(', ')}`];
  });
  return shorten([probe, ...words, ...(as === undefined ? [] : [`as ${String(as)}`])].join(' '), 160);
}
