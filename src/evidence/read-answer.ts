/** Reading: a probe's value out of one asking's outputs, guarded by the probe's own schema; and what a fact's reading is. Pure. */

import { check } from '../core/check-schema.js';
import { Unreadable } from '../core/errors.js';
import type { DeclaredProperty, Output, Problem, Telling } from '../core/model.js';
import type { AnyProbe } from '../probes/define.js';

/** A value, or why there is none: `at` says whether the host, the way into its shell, or the command itself was in trouble. */
export type Answer = { value: unknown } | { reason: string; problem?: Problem; at?: 'host' | 'context' | 'command' };

/** What a probe reads from the outputs of one asking; a value of an unknown form is none. */
export function readAnswer(probe: AnyProbe, params: Record<string, unknown>, outputs: Output[]): Answer {
  try {
    const value = probe.read(outputs, params);
    const [mistake] = check(probe.value, value);
    return mistake ? { reason: `the answer has an unknown form: ${mistake.message}` } : { value };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { message, problem, at } = error;
    return { reason: message, ...(problem && { problem }), ...(at && { at }) };
  }
}

/** Why a fact has no value. `host` with `at` host or context names the root cause that a guard reports. */
export interface Unread {
  reason: string;
  problem?: Problem;
  at?: 'host' | 'context' | 'command';
  host?: string;
  /** The answer was read, and what is looked for is not there: a second source may be asked instead. */
  absent?: true;
  /** What to do for an answer, where the reason alone tells it. */
  next?: string;
  /** Nobody was asked: nothing that is declared could answer it, or it is unknown until the plan is applied. */
  declared?: 'not-in-plan' | 'after-apply';
}

/** A fact's value, or why there is none, and the steps it rests on. */
export type Reading = Read | { unread: Unread; steps: string[] };

/** A value; `note` is what a reader of it has to know, `may` and `sensitive` limit what a declared one tells, and of a declared answer only some properties are known. */
export interface Read {
  value: unknown;
  steps: string[];
  may?: Exclude<Telling, 'both'>;
  sensitive?: true;
  properties?: readonly DeclaredProperty[];
  note?: string;
}

/** Whether a reading has a value. */
export function isRead(reading: Reading): reading is Read {
  return 'value' in reading;
}

/** What to do where rules hang on a release that nobody could read. */
export const nameRelease = 'run again with --release RELEASE';
