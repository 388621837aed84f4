/** What every probe is made of: typed definition, the common questions, and the reading of a single answer. */
import { Unreadable } from '../errors.js';
import type { Ask, ExecAsk, HostRef, JsonSchema, Output } from '../model.js';

/** A probe with the types of its own parameters and value. */
export interface TypedProbe<P, V> {
  id: string;
  title: string;
  on: 'host' | 'pair';
  params: JsonSchema;
  value: JsonSchema;
  ask(params: P, self: HostRef, peer?: HostRef): Ask[];
  redact?(outputs: Output[], params: P): Output[];
  read(outputs: Output[], params: P): V;
}

/** A probe as the engine handles it: its parameters and value are checked by schema, not by type. */
// biome-ignore lint/suspicious/noExplicitAny: ajv has checked the parameters before `ask` and the value after `read`
export type AnyProbe = TypedProbe<any, unknown>;

/** Declares a probe; the engine sees it without its types, because ajv guards both ends. */
export function defineProbe<P, V>(probe: TypedProbe<P, V>): AnyProbe {
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

/** JSON from a host. @throws Unreadable when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('the answer is not JSON');
  }
}

/** Whether a command failed because the file or directory it names does not exist. */
export function saysMissing(output: Output): boolean {
  return output.exit !== 0 && /No such file or directory/.test(output.stderr) && !/Permission denied/.test(output.stderr);
}

/** The reason why a command that ended with an error gave no value. */
export function refusal(output: Output): Unreadable {
  const said = firstLine(output.stderr);
  if (/Permission denied|Operation not permitted/i.test(output.stderr)) {
    return new Unreadable(said, 'denied', 'command');
  }
  return new Unreadable(`ended with exit ${output.exit}${said === '' ? '' : `: ${said}`}`);
}

/** The first line that says something, shortened to what fits a report. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.trim().slice(0, 200);
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
