/** What every answer of curl has in common: the line behind the body, the kind of a status, the form of a body. */
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema, Output } from '../../core/model.js';
import { firstLine, neverRan, parseJson, refusal } from '../define.js';
import { MARK } from './curl.js';

/** Characters of a body that is no JSON. */
const MAX_TEXT = 4096;

/** Schemas of what `kindOf` and `bodyOf` give; `json` is the probe's own. */
export const answerSchemas: Record<'kind' | 'status' | 'form' | 'text' | 'cut', JsonSchema> = {
  kind: { enum: ['success', 'redirect', 'error', 'none'] },
  status: { type: 'integer', minimum: 100, maximum: 599 },
  form: { enum: ['json', 'html', 'text', 'empty', 'none', 'withheld'] },
  text: { type: 'string', maxLength: MAX_TEXT },
  cut: { const: true },
};

/** The body, and what curl wrote behind it as `end` has it. @throws Unreadable when curl did not come to write that. */
export function trailerOf({ stdout, exit, stderr }: Output, end: RegExp): { body: string; told: string[] } {
  const at = stdout.lastIndexOf(`\n${MARK} `);
  const told = at < 0 ? null : end.exec(stdout.slice(at + MARK.length + 2));
  if (told) return { body: stdout.slice(0, at), told: told.slice(1).map((one) => one ?? '') };
  if (neverRan({ exit })) throw new Unreadable(firstLine(stderr) || 'no curl', 'not-found', 'command');
  throw exit === 0 ? new Unreadable('curl did not say who answered') : refusal({ stdout, exit, stderr } as Output);
}

/** Of what `-v` tells, the lines that are kept; the others hold cookies, and headers that we sent. */
export function onlyLines(stderr: string, kept: RegExp): string {
  return stderr
    .split('\n')
    .filter((line) => kept.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** What curl says itself of a failure: one line, without its name. */
export function wordsOf({ stderr }: Pick<Output, 'stderr'>): string {
  const line = stderr.split('\n').find((one) => one.startsWith('curl: ')) ?? '';
  return firstLine(line);
}

/** The addresses that curl tried: `Trying 10.0.0.1...` (7.29), `10.0.0.1:80...`, `[::1]:80...`. */
export function triedBy({ stderr }: Pick<Output, 'stderr'>): string[] {
  return [...stderr.matchAll(/^\* +Trying (\S+?)(?:\.\.\.)?\r?$/gm)].map(
    ([, said = '']) => /^\[(.*)\]:\d+$/.exec(said)?.[1] ?? /^([0-9.]+):\d+$/.exec(said)?.[1] ?? said,
  );
}

/** A redirect that names nowhere to go stays one. */
export function kindOf(status: number): 'success' | 'redirect' | 'error' {
  if (status >= 400) return 'error';
  return status >= 300 ? 'redirect' : 'success';
}

/** A body by its form: JSON where `accepts` takes it, else a web page or text, cut to 4096 characters. */
export function bodyOf(body: string, accepts: (json: unknown) => boolean): object {
  const text = body.trim();
  if (text === '') return { form: 'empty' };
  const json = jsonOf(text);
  if (json !== undefined && accepts(json)) return { form: 'json', json };
  const form = /^<(!doctype|html|head|body|\?xml|!--)/i.test(text) ? 'html' : 'text';
  return { form, text: text.slice(0, MAX_TEXT), ...(text.length > MAX_TEXT && { cut: true }) };
}

/** No JSON is undefined. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
