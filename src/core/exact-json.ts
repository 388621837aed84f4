/** JSON from a host: exact, or none. Pure. */
import { exactNumber } from './exact-number.js';

/** Values within values; what is nested deeper than any answer of a program would exhaust the stack of whoever compares it. */
const MAX_DEPTH = 64;

/** The tokens of a text that is JSON: texts, numbers, and what holds them together. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[[\]{}:]/gs;

/**
 * The value of a JSON text. Of a key that stands twice in one object programs take one or the other, and a number that is not exact
 * would equal its neighbours: neither is read. @throws SyntaxError that says why there is no value
 */
export function parseExactJson(text: string): unknown {
  // The native parser first: what it takes has no text without an end, which would make the pattern above slow.
  JSON.parse(text);
  const keys: Set<string>[] = [];
  let last = '';
  for (const [one] of text.matchAll(token)) {
    if (one === '{' || one === '[') {
      if (keys.push(new Set()) > MAX_DEPTH) throw new SyntaxError('is nested too deeply');
    } else if (one === '}' || one === ']') keys.pop();
    else if (one === ':') {
      const key = JSON.parse(last) as string;
      if (keys.at(-1)?.has(key)) throw new SyntaxError(`has the key "${key.slice(0, 40)}" twice`);
      keys.at(-1)?.add(key);
    } else if (one.startsWith('"')) last = one;
    else if (exactNumber(one) === undefined)
      throw new SyntaxError(`holds ${one.slice(0, 40)}, which cannot be read exactly`);
  }
  return JSON.parse(text, (_, value: unknown) => (value === 0 ? 0 : value));
}
