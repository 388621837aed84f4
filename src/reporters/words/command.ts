/** A command as a heading: nobody reads a script there. */
import { shorten } from '../../core/format.js';
import { shownWord } from '../../core/shell/words.js';

/** Characters of a command in a heading. */
const most = 130;

/** The command on one line, each word as the plan quotes it; a script is called one. */
export function commandInShort(argv: readonly string[]): string {
  return shorten(argv.map((word) => (word.includes('\n') ? '(script)' : quoted(word))).join(' '), most);
}

/** A word as the plan quotes it. */
export function quoted(word: string): string {
  return shownWord(word.replaceAll('\0', '\\x00'));
}
