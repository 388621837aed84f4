/**
 * Text on its way into GitHub's Markdown. A backslash keeps a mark from being Markdown, but not a mention, a reference or an
 * emoji from being made of the finished page; only code is left alone by all of them. So every word that is not plain is code.
 */

import { escapeForTerminal } from '../../core/escape.js';
import { oneLine } from '../../core/format.js';

/** Letters, digits, and marks that mean nothing inside of a line; what else there is goes into code. */
const plain = /^[\p{L}\p{N}.,;:()'"%=/+!?&<>-]+$/u;

/** Links, mentions, references, commits and emoji that GitHub and GitLab make of plain words. */
const speaking = [
  /:\/\//,
  /www\./i,
  /[!%&][\p{L}\p{N}"]/u,
  /^\W*gh-\d/i,
  /:[\w+-]/,
  /(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,}/i,
];

/** A time of day is no emoji. */
const clock = /^\(?\d\d:\d\d(?::\d\d)?[),.;]*$/;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A sentence, on one line and never at the beginning of one. `cell`: inside of a table. */
export function prose(text: string, cell = false): string {
  return runs(text)
    .map(({ words, isPlain }) => (isPlain ? words.replace(/[&<>]/g, entity) : code(words, cell)))
    .join(' ');
}

/** A sentence inside of HTML, where no Markdown is read. */
export function html(text: string): string {
  return runs(text)
    .map(({ words, isPlain }) => {
      const escaped = words.replace(/[&<>"']/g, entity);
      return isPlain ? escaped : `<code>${escaped}</code>`;
    })
    .join(' ');
}

/** Text as code, fenced by more backticks than it holds. */
export function code(text: string, cell = false): string {
  const line = escapeForTerminal(oneLine(text)) || '(empty)';
  const fence = fenceFor(line, 1);
  // A blank at each end is taken off again by the reader, and keeps a backtick of the text apart from the fence.
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${cell ? withoutPipes(line) : line}${pad}${fence}`;
}

/** Lines as a block of code. */
export function codeBlock(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t').map(escapeForTerminal).join('\t'));
  const fence = fenceFor(lines.join('\n'), 3);
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** A link where the address is a harmless one; else both as they are. */
export function link(text: string, url: string | undefined, cell = false): string {
  if (url === undefined) return prose(text, cell);
  if (/^https?:\/\/[\w./?=&%+:#-]+$/.test(url)) return `[${prose(text, cell)}](${url.replaceAll('&', '&amp;')})`;
  return `${prose(text, cell)} ${code(url, cell)}`;
}

/** A folded part; `body` is Markdown. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${html(summary)}</summary>\n\n${body}\n\n</details>`;
}

/** Words in a row that are plain, or that are not: code that is broken at each blank would be hard to read. */
function runs(text: string): { words: string; isPlain: boolean }[] {
  const found: { words: string; isPlain: boolean }[] = [];
  for (const word of escapeForTerminal(oneLine(text)).split(' ').filter(Boolean)) {
    const isPlain = isPlainWord(word);
    const last = found.at(-1);
    if (last?.isPlain === isPlain) last.words += ` ${word}`;
    else found.push({ words: word, isPlain });
  }
  return found;
}

/** A word of any language is shorter than that, and no pattern is tried on what a host may make as long as it likes. */
const longest = 60;

function isPlainWord(word: string): boolean {
  if (word.length > longest) return false;
  return clock.test(word) || (plain.test(word) && !speaking.some((pattern) => pattern.test(word)));
}

function entity(character: string): string {
  return entities[character] ?? character;
}

function fenceFor(text: string, least: number): string {
  const most = (text.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 0);
  return '`'.repeat(most === 0 ? least : Math.max(least, most + 1));
}

/** A table ends its cell at a pipe even in code. Behind a backslash readers do not agree on how to escape one. */
function withoutPipes(text: string): string {
  return text.replace(/\\\|/g, '\\\\x7c').replaceAll('|', '\\|');
}
