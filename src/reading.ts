/** Reading one answer: a probe's value out of saved outputs, guarded by the probe's own schema. Pure. */
import { Unreadable } from './errors.js';
import type { Output, Problem } from './model.js';
import type { AnyProbe } from './probes/define.js';
import { check } from './validation.js';

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
