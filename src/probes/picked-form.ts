/** The form in which picked keys are saved, and the reading of it. Pure. */
import {
  type Fault,
  type FaultWord,
  faultWords,
  isSecret,
  type Kept,
  MAX_TEXT,
  type Picking,
} from './config-file/pick.js';
import { type Picked, veiled } from './config-file/secrets.js';

/** Bytes of a file that are read; no configuration that a person keeps is larger. */
export const MAX_BYTES = 256 * 1024;

const schema = 'pairflight/picked/1';

/** One line of JSON. */
export function saved(kept: Kept | Fault): string {
  return `${JSON.stringify({ schema, ...kept })}\n`;
}

/**
 * What was saved of an earlier reading; undefined for a file's own text. It is built anew from what may be in it: a file that
 * looks as if it had been picked shows no more than any other.
 */
export function keptBefore(
  text: string,
  { pick }: Picking,
  token: (secret: string) => string,
): Kept | Fault | undefined {
  if (!text.startsWith(`{"schema":"${schema}",`) || text.length > MAX_BYTES * 2) return undefined;
  const told = parsed(text);
  if (told === undefined) return undefined;
  if (told.fault !== undefined)
    return faultBefore(
      told,
      Object.values(pick).map(({ path }) => path),
    );
  const names = Object.keys(pick).toSorted();
  const list = (value: unknown) => (Array.isArray(value) ? names.filter((name) => value.includes(name)) : []);
  const { keys } = told;
  const values = names.flatMap((name) => {
    const [wanted, value] = [pick[name], own(keys, name)];
    if (!wanted || !isPicked(value)) return [];
    return [[name, veiled(value, isSecret(name, wanted), token)] as const];
  });
  return {
    keys: Object.fromEntries(values),
    absent: list(told.absent),
    defaulted: list(told.defaulted),
    spelt: list(told.spelt),
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function faultBefore({ fault, key, line, column }: Record<string, unknown>, paths: string[]): Fault {
  const whole = (name: 'line' | 'column', value: unknown) =>
    Number.isSafeInteger(value) ? { [name]: Number(value) } : {};
  return {
    fault: typeof fault === 'string' && Object.hasOwn(faultWords, fault) ? (fault as FaultWord) : 'broken',
    ...(typeof key === 'string' && paths.includes(key) && { key }),
    ...whole('line', line),
    ...whole('column', column),
  };
}

function own(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isPicked(value: unknown): value is Picked {
  if (Array.isArray(value)) return value.every((one) => !Array.isArray(one) && isPicked(one));
  if (typeof value === 'string') return value.length <= MAX_TEXT * 4;
  return value === null || typeof value === 'boolean' || Number.isFinite(value);
}
