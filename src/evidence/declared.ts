/** Declared answers: what may be made of the properties that are declared of an answer which nobody gave yet. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { check } from '../core/check-schema.js';
import { factNamed, propertiesOf, valueBelow } from '../core/fact-path.js';
import { severalTimes } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { DeclaredProperty, JsonSchema, Step, Telling } from '../core/model.js';
import type { Answer, Reading, Unread } from './read-answer.js';

/** Why a fact has no value where hosts are declared and nothing that is declared could answer. */
export function notInPlan(what: string): Unread {
  return { reason: `${what} is not in a plan`, problem: 'not-run', declared: 'not-in-plan' };
}

/** The file that a step reads, where it reads one file and nothing else. */
export function fileAsked({ asks }: Pick<Step, 'asks'>): string | undefined {
  const [{ ask } = {}, second] = asks;
  if (second || ask?.kind !== 'exec') return undefined;
  const [program, path, more] = ask.argv;
  return program === 'cat' && more === undefined && path?.startsWith('/') ? path : undefined;
}

/** Why a step has no answer where hosts are declared, and how it could have one. */
export function stepNotInPlan(step: Pick<Step, 'asks' | 'probe' | 'params'>): Unread {
  const file = fileAsked(step);
  const host = step.asks[0]?.host;
  if (file === undefined)
    return notInPlan(typeof step.params.path === 'string' ? `${step.probe} ${step.params.path}` : step.probe);
  const unread = notInPlan(file);
  return { ...unread, reason: `${unread.reason}; --declared-file ${host}:${file}=FILE declares it` };
}

/** The properties of an answer as they are declared: one of another type than the probe's own is none. */
export function declaredProperties(
  declared: readonly DeclaredProperty[],
  schema: JsonSchema,
  file: Answer | undefined,
): DeclaredProperty[] {
  const checked = declared.map(({ value, ...rest }): DeclaredProperty => {
    if (value === undefined || rest.sensitive || rest.may === 'same-only')
      return { ...rest, ...(value !== undefined && { value }) };
    const [mistake] = check((schema.properties?.[rest.property] ?? {}) as JsonSchema, value);
    return mistake ? { ...rest, why: `${rest.from} has another type: ${mistake.message}` } : { ...rest, value };
  });
  return [...checked, ...(file ? fromFile(file, declared) : [])];
}

/** What a rendered file says, beside what else is declared of the same answer. */
function fromFile(file: Answer, declared: readonly DeclaredProperty[]): DeclaredProperty[] {
  const base = { may: 'both', from: 'the rendered file' } as const;
  if ('value' in file)
    return Object.entries(isRecord(file.value) ? file.value : {}).map(([property, value]) => ({
      ...base,
      property,
      value,
    }));
  return declared.map(({ property }) => ({ ...base, property, why: file.reason }));
}

/** The reading at `fact.property...` of a declared answer: one value, from all sources that declare it alike, or none. */
export function declaredAt(properties: readonly DeclaredProperty[], path: string, steps: string[]): Reading {
  const asked = propertiesOf(path).join('.');
  const found = properties.filter(({ property }) => isWithin(asked, property));
  const rest = propertiesOf(path).slice(found[0]?.property.split('.').length);
  const unread = (cause: Unread): Reading => ({ unread: cause, steps });
  if (found.length === 0) return unread(notInPlan(path));
  const missing = found.filter(({ value }) => value === undefined);
  if (missing.length > 0) {
    const reason = missing.map(({ why, from }) => why ?? `${from} has no value`).join('; ');
    return unread({ reason, ...(missing.every((one) => one.afterApply) && { declared: 'after-apply' as const }) });
  }
  const exact = found.filter(({ may }) => may !== 'same-only');
  const odd = exact.find(
    ({ value, property }) => property !== exact[0]?.property || !isDeepStrictEqual(value, exact[0]?.value),
  );
  if (odd) return unread({ reason: `${exact[0]?.from} and ${odd.from} contradict each other` });
  const may = strictest(found);
  // A kind of machine and a number cannot be held against each other: whoever has both alike has the same.
  const whole = found.length > 1 && may === 'same-only' ? found.map(({ value }) => value) : found[0]?.value;
  const value = valueBelow(whole, rest);
  if (value === undefined) return unread({ reason: `${factNamed(path)}: ${found[0]?.from} has no ${rest.join('.')}` });
  return {
    value,
    steps,
    ...(may !== 'both' && { may }),
    ...(found.some(({ sensitive }) => sensitive) && { sensitive: true as const }),
    ...(found.some(({ repeated }) => repeated) && { note: severalTimes }),
  };
}

/**
 * The whole of a declared answer, as far as it is declared as a host's own, and once; for what is read out of several answers together.
 */
export function wholeDeclared(properties: readonly DeclaredProperty[], steps: string[]): Reading {
  const sure = properties.filter(({ property, value, may, sensitive }) => {
    const alike = properties.filter((one) => isWithin(one.property, property) || isWithin(property, one.property));
    return value !== undefined && may === 'both' && !sensitive && alike.length === 1;
  });
  return { value: inTree(sure.map(({ property, value }) => [property.split('.'), value])), steps };
}

/** Values by their paths, none of which leads into another; whatever a path is called, it is a property of its own. */
function inTree(values: [string[], unknown][]): Record<string, unknown> {
  const names = [...new Set(values.map(([[name = '']]) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const below = values.filter(([[first]]) => first === name);
      const whole = below.find(([path]) => path.length === 1);
      return [name, whole ? whole[1] : inTree(below.map(([[, ...rest], value]) => [rest, value]))];
    }),
  );
}

function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`);
}

function strictest(found: readonly DeclaredProperty[]): Telling {
  const order: Telling[] = ['same-only', 'fail-only', 'both'];
  return order.find((one) => found.some(({ may }) => may === one)) ?? 'both';
}
