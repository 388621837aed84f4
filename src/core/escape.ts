/** Keeps what a host said from steering the reader's terminal, or the runner of a CI job that reads its log. */
import { hex } from './format.js';

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
  const visible = text.replace(invisible, (character) => named[character] ?? escapeOf(character.codePointAt(0) ?? 0));
  return disarm(visible, (character) => escapeOf(character.charCodeAt(0)));
}

/** The text without a command that a CI runner would take from its log: one character of each written as the format has it. */
export function disarm(text: string, escaped: (character: string) => string): string {
  return text.replace(bracketed, escaped).replace(colons, escaped);
}

function escapeOf(code: number): string {
  if (code > 0xffff) return `\\u{${hex(code, 5)}}`;
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}
