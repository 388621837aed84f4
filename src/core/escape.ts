/** Keeps what a host said from steering the reader's terminal, or the runner of a CI job that reads its log. */
import { hex, unicodeEscape } from './format.js';

/** Control, format, private and unassigned characters, lone surrogates, separators, and what fonts draw as nothing. */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What the runners of GitHub, Azure Pipelines and TeamCity obey wherever it stands: `##[add-mask]`, `##vso[`, `##teamcity[`. */
const bracketed = /#(?=#[\w-]*\[)/g;

/**
 * What GitHub's runner obeys where a line begins with it, and any text may come to stand there once it is wrapped. Only the names
 * that it knows (actions/runner, ActionCommandManager): `::1`, and `Some::Module::name`, stay as they are.
 */
const colons =
  /:(?=:(?:add-(?:mask|matcher|path)|debug|echo|(?:end)?group|error|internal-|notice|remove-matcher|save-state|set-|stop-commands|warning))/gi;

/** The text with every character that could move, hide or recolour other text written out: `\x1b`, `\u202e`, `\u{e0041}`. */
export function escapeForTerminal(text: string): string {
  return disarm(text.replace(invisible, written), (character) => escapeOf(character.charCodeAt(0)));
}

/** The same for a text of several lines, in which line breaks and tabs stay; a carriage return is one, for it would go back in the line. */
export function escapeInLines(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  return lines.replace(invisible, (character) => (/[\n\t]/.test(character) ? character : written(character)));
}

/**
 * Characters that JSON allows and a terminal or a reader obeys. Outside of strings JSON has none of them, so each may be replaced
 * where it stands, and a parser reads the same text.
 */
const obeyed = /[\x7f-\x9f\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/** JSON in which all of these are written as JSON's own escapes. */
export function escapeInJson(json: string): string {
  return json.replace(obeyed, unicodeEscape);
}

function written(character: string): string {
  return named[character] ?? escapeOf(character.codePointAt(0) ?? 0);
}

/** The text without a command that a CI runner would take from its log: one character of each written as the format has it. */
export function disarm(text: string, escaped: (character: string) => string): string {
  return text.replace(bracketed, escaped).replace(colons, escaped);
}

function escapeOf(code: number): string {
  if (code > 0xffff) return `\\u{${hex(code, 5)}}`;
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}
