/** Keeps what a host said from steering the reader's terminal. */

/** Control, format, private and unassigned characters, lone surrogates, separators, and what fonts draw as nothing. */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every character that could move, hide or recolour other text written out: `\x1b`, `\u202e`, `\u{e0041}`. */
export function escapeForTerminal(text: string): string {
  return text.replace(invisible, (character) => named[character] ?? escapeOf(character.codePointAt(0) ?? 0));
}

function escapeOf(code: number): string {
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return code > 0xff ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
}
