/** What every probe is made of: typed definition, the common questions, and the reading of a single answer. */

import { Unreadable } from '../core/errors.js';
import { parseExactJson } from '../core/exact-json.js';
import { shorten } from '../core/format.js';
import type { ExecAsk, JsonSchema, Output, Probe } from '../core/model.js';

/** A probe as the engine handles it: its parameters and value are checked by schema, not by type. */
// biome-ignore lint/suspicious/noExplicitAny: ajv has checked the parameters before `ask` and the value after `read`
export type AnyProbe = Probe<any, unknown>;

/** Declares a probe; the engine sees it without its types, because ajv guards both ends. */
export function defineProbe<P, V>(probe: Probe<P, V>): AnyProbe {
  return probe;
}

/** A closed object schema with the given properties, all of them required unless named in `optional`. */
export function closed(properties: Record<string, JsonSchema>, optional: string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, properties, required };
}

/** Schema of an absolute path without line breaks; it can never be taken for an option. */
export const absolutePath: JsonSchema = { type: 'string', pattern: '^/[^\\n\\r\\0]*$', maxLength: 4096 };

/** Schema of an address as the inventory gives it: IPv4 as a rule, else a name; never an option. */
export const hostAddress: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9.:-]*$', maxLength: 255 };

/** Schema of the ports that one host connects to in one step, all at once: each once, and not too many. */
export const portNumbers: JsonSchema = {
  type: 'array',
  items: { type: 'integer', minimum: 1, maximum: 65535 },
  minItems: 1,
  maxItems: 64,
  uniqueItems: true,
};

/** Schema of the context a question is asked in; probes default to `login`. */
export const contextName: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9-]*$' };

/** Milliseconds that a question to an operating system may take; a hung mount is the usual reason to reach it. */
const QUICK_MS = 10_000;

/** A read-only command, in a context, with the usual caps. */
export function command(argv: [string, ...string[]], as = 'login', caps: Partial<ExecAsk> = {}): ExecAsk {
  return { kind: 'exec', argv, as, effect: 'read', timeoutMs: QUICK_MS, maxBytes: 256 * 1024, ...caps };
}

/** The output of the ask with this index, if it may be read at all. @throws Unreadable with the output's own problem. */
export function ran(outputs: Output[], index = 0): Output {
  const output = outputs[index];
  if (output === undefined) throw new Unreadable('was not asked', 'not-run');
  if (output.problem !== undefined) {
    throw new Unreadable(describeProblem(output), output.problem, output.problemAt);
  }
  return output;
}

/** The stdout of a command that ended with exit 0 and said something. @throws Unreadable otherwise. */
export function answer(outputs: Output[], index = 0): string {
  const output = ran(outputs, index);
  if (output.exit !== 0) throw refusal(output);
  if (output.stdout.trim() === '') throw new Unreadable('the answer is empty');
  return output.stdout;
}

/** JSON from a host. @throws Unreadable when it is none, is nested too deeply, has a key twice, or a number that is not exact. */
export function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    const { message } = error as Error;
    throw new Unreadable(/^(is|has|holds) /.test(message) ? `the answer ${message}` : 'the answer is not JSON');
  }
}

/** A whole number of a host's answer, times a unit. @throws Unreadable when it is not exact: unequal numbers would look equal. */
export function wholeNumber(digits: string | undefined, unit = 1): number {
  const number = Number(digits) * unit;
  if (!Number.isSafeInteger(number))
    throw new Unreadable(`${firstLine(digits ?? 'nothing').slice(0, 40)} is not a number that can be compared`);
  return number;
}

/** A number that is only known to lie between two bounds. */
export interface Bounds {
  low: number;
  high: number;
}

/** Schema of a size in bytes; one that no number here holds exactly is known by its bounds. */
export const sizeInBytes: JsonSchema = {
  type: ['integer', 'object'],
  minimum: 0,
  properties: { low: { type: 'number', minimum: 0 }, high: { type: 'number' } },
  required: ['low', 'high'],
  additionalProperties: false,
};

/** What 64 bits can count to; a size beyond it is none. */
const LARGEST = 2n ** 64n;

/** A size of a host's answer, times a unit, in bytes: exact, or the nearest numbers that hold it between them. @throws Unreadable */
export function sizeOf(digits: string | undefined, unit = 1): number | Bounds {
  const exact = /^\d{1,20}$/.test(digits ?? '') ? BigInt(digits ?? '') * BigInt(unit) : LARGEST + 1n;
  if (exact > LARGEST) return wholeNumber(digits, Number.NaN);
  if (exact <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(exact);
  const step = 2n ** BigInt(exact.toString(2).length - 53);
  const low = (exact / step) * step;
  return { low: Number(low), high: Number(low + step) };
}

/** The groups of a pattern that a host's answer must match. @throws Unreadable with these words where it does not. */
export function groupsOf(pattern: RegExp, text: string, why: string): (string | undefined)[] {
  const found = pattern.exec(text);
  if (!found) throw new Unreadable(why);
  return found.slice(1);
}

/** An answer of exactly one line without control characters. @throws Unreadable otherwise. */
export function oneLine(text: string): string {
  const line = text.replace(/\n$/, '');
  if (line === '' || /\p{Cc}/u.test(line)) throw new Unreadable('the answer is not one line of text');
  return line;
}

/**
 * Whether a program failed because the file or directory that it was given does not exist. The program itself must say so:
 * a shell, `timeout`, `su` or `chroot` that could not start it uses the same words, and then nobody looked.
 */
export function saysMissing(output: Output, program: string): boolean {
  const said = output.stderr.split('\n');
  return (
    output.exit === 1 &&
    output.stdout.trim() === '' &&
    said.some((line) => line.startsWith(`${program}: `) && line.endsWith(': No such file or directory')) &&
    !/Permission denied/.test(output.stderr)
  );
}

/** Whether a command never ran: the shell did not find it (127), or may not run it (126). */
export function neverRan({ exit }: Pick<Output, 'exit'>): boolean {
  return exit === 126 || exit === 127;
}

/** The reason why a command that ended with an error gave no value. */
export function refusal(output: Output): Unreadable {
  const said = firstLine(output.stderr);
  if (/Permission denied|Operation not permitted/i.test(output.stderr)) {
    return new Unreadable(said, 'denied', 'command');
  }
  return new Unreadable(`ended with exit ${output.exit}${said === '' ? '' : `: ${said}`}`);
}

/** The first line that says something, without control characters and shortened to what fits a report. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return shorten(line.trim().replace(/\p{Cc}/gu, ' '));
}

const problemWords = {
  unreachable: 'could not be reached',
  denied: 'was refused',
  'not-found': 'is not there',
  timeout: 'did not answer in time',
  truncated: 'gave more output than is read',
  'not-run': 'was not run',
} as const;

function describeProblem(output: Output): string {
  const said = firstLine(output.stderr);
  const words = problemWords[output.problem ?? 'not-run'];
  return said === '' ? words : `${words}: ${said}`;
}
