/** Lines for a terminal: escaped, measured as the terminal draws them, and broken to fit. */
import stringWidth from 'string-width';
import { escapeForTerminal } from '../../core/escape.js';

const printableAscii = /^[\x20-\x7e]*$/;

/** Measuring is dear, and reports repeat their characters. */
const widths = new Map<string, number>();

/** The most columns that a terminal needs for the text: its code points never need more together than apart. */
export function widthOf(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += widthOfOne(character);
  return sum;
}

function widthOfOne(character: string): number {
  const known = widths.get(character);
  if (known !== undefined) return known;
  const width = stringWidth(character);
  widths.set(character, width);
  return width;
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

/** A word in pieces of at most `width` columns. */
export function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const wide = widthOf(character);
    if (used + wide > width && piece !== '') {
      // An address or a path reads on where one of its parts ends, unless that leaves most of the line empty.
      const end = piece.lastIndexOf('/') + 1;
      const whole = end > piece.length / 2 ? end : piece.length;
      pieces.push(piece.slice(0, whole));
      piece = piece.slice(whole);
      used = widthOf(piece);
    }
    piece += character;
    used += wide;
  }
  return [...pieces, piece];
}
