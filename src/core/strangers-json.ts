/** JSON of strangers, as an object that is not deeper than those that walk through it. Pure. */

/** Values within values; evidence and reports have less than twenty. */
const MAX_DEPTH = 200;

/** The object in a JSON text, a byte order mark before it left away. @throws SyntaxError that says what it is instead */
export function parseObject(text: string): Record<string, unknown> {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  // Most of what is no JSON is seen in its beginning.
  if (!/^\s{0,1000}\{/.test(json)) throw new SyntaxError('is not JSON');
  if (isDeeperThan(json, MAX_DEPTH)) throw new SyntaxError(`is nested more than ${MAX_DEPTH} deep`);
  try {
    return JSON.parse(json);
  } catch {
    throw new SyntaxError('is not JSON');
  }
}

function isDeeperThan(json: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === 0x22) {
      // To the end of the text: a quote that no backslash stands before, or an even number of them.
      do {
        at = json.indexOf('"', at + 1);
        if (at < 0) return false;
      } while (isEscaped(json, at));
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

function isEscaped(json: string, at: number): boolean {
  let before = at;
  while (json.charCodeAt(before - 1) === 0x5c) before -= 1;
  return (at - before) % 2 === 1;
}
