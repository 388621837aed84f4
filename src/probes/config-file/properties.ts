/** The keys of a Java properties file, as java.util.Properties loads one. Pure. */
import type { Fault, Leaf } from './pick.js';

const MAX_KEYS = 20_000;

/** A line as Java joins it: what follows a backslash at its end belongs to it. */
interface LogicalLine {
  text: string;
  line: number;
  column: number;
}

/** All keys of a properties file with their values, or what is wrong with it. Of a key that stands there several times the last counts, as in Java. */
export function propertiesLeaves(text: string): Leaf[] | Fault {
  const leaves = new Map<string, Leaf>();
  for (const { text: written, line, column } of logicalLines(text)) {
    const [, key = '', value = ''] = /^((?:\\.|[^\\=: \t\f])*)(?:[ \t\f]*[=:]?[ \t\f]*)(.*)$/s.exec(written) ?? [];
    const [path, plain] = [unescaped(key), unescaped(value)];
    if (path === undefined || plain === undefined) return { fault: 'broken', line, column };
    // Nobody can ask for a key without a name, and a lone backslash makes one.
    if (path === '') continue;
    const repeated = leaves.delete(path);
    if (leaves.size === MAX_KEYS) return { fault: 'large', line, column };
    // Java reads such a file as Latin-1, or as UTF-8, as the program asks; only an escape is the same in both.
    const sure = /^[\0-\x7f]*$/.test(written);
    const fault = sure ? {} : { fault: 'encoding' as const };
    leaves.set(path, { path, value: plain, line, column, ...(repeated && { repeated }), ...fault });
  }
  return [...leaves.values()];
}

function logicalLines(text: string): LogicalLine[] {
  const logical: LogicalLine[] = [];
  let open: { parts: string[]; line: number; column: number } | undefined;
  for (const [index, natural] of text.split(/\r\n|\r|\n/).entries()) {
    const content = natural.replace(/^[ \t\f]+/, '');
    if (!open && /^[#!]/.test(content)) continue;
    open ??= { parts: [], line: index + 1, column: natural.length - content.length + 1 };
    const continues = backslashesAtEnd(content) % 2 === 1;
    open.parts.push(continues ? content.slice(0, -1) : content);
    if (continues) continue;
    logical.push({ text: open.parts.join(''), line: open.line, column: open.column });
    open = undefined;
  }
  if (open) logical.push({ text: open.parts.join(''), line: open.line, column: open.column });
  return logical;
}

function backslashesAtEnd(text: string): number {
  let end = text.length;
  while (text[end - 1] === '\\') end -= 1;
  return text.length - end;
}

/** Undefined for a `\u` without its four digits, with which Java refuses the whole file. */
function unescaped(text: string): string | undefined {
  if (/(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})/.test(text)) return undefined;
  const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, letter: string) =>
    code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
