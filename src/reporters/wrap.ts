/** Lines for a terminal: escaped, measured as the terminal draws them, and broken to fit. */
import stringWidth from 'string-width';
import { escapeForTerminal } from '../terminal.js';

const printableAscii = /^[\x20-\x7e]*$/;

/** How many columns a terminal needs for the text. */
export function widthOf(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}

/** The text in lines of at most `width` columns, control characters written out; a word that is too long is broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of escapeForTerminal(text).split(' ').filter(Boolean)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return line === '' ? lines : [...lines, line];
}

/** As `wrap`, with a first line that starts with `first` and all others indented to match. */
export function wrapAfter(first: string, text: string, width: number): string[] {
  const indent = widthOf(first);
  return wrap(text, width - indent).map((line, at) => (at === 0 ? first : ' '.repeat(indent)) + line);
}

/** Code points are measured one by one: together they never need more columns than apart. */
function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const wide = widthOf(character);
    if (used + wide > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += wide;
  }
  return [...pieces, piece];
}
