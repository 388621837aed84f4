/** Texts that stand in a text as base64, as key-value stores answer with their values: read, and encoded again once replaced. Pure. */

/** A run of letters of either alphabet, with what fills it up to fours. */
const run = /[A-Za-z0-9+/_-]{4,}={0,2}/g;
/** Two bytes and fewer are found in too many words. */
const LEAST_BYTES = 3;
/** What the first byte of printable UTF-8 comes to. */
const begins = /^[CDI-Za-fw-z0-9]/;
const unprintable = /[^\P{Cc}\t\r\n]|\ufffd/u;

/**
 * The text with what is said in base64 in it replaced; of a path also a part, as a key may be. What decodes to no printable text
 * stays as it is, and so does what `replace` does not change.
 */
export function inBase64(text: string, replace: (decoded: string) => string): string {
  return text.replace(run, (word) => {
    if (decoded(word) !== undefined || !/[/_-]/.test(word)) return inWord(word, replace);
    return word
      .split(/([/_-])/)
      .map((part) => inWord(part, replace))
      .join('');
  });
}

function inWord(word: string, replace: (decoded: string) => string): string {
  const said = decoded(word);
  if (said === undefined) return word;
  const other = replace(said);
  return other === said ? word : encoded(other, word);
}

/** The printable text that a word encodes, where it is its one and only encoding. */
function decoded(word: string): string | undefined {
  if (!begins.test(word)) return undefined;
  const bytes = Buffer.from(word, 'base64');
  if (bytes.length < LEAST_BYTES) return undefined;
  const text = bytes.toString('utf8');
  if (unprintable.test(text)) return undefined;
  const isWhole = word.length % 4 === 0 || !word.includes('=');
  return isWhole && bytes.toString(alphabetOf(word)).replace(/=+$/, '') === word.replace(/=+$/, '') ? text : undefined;
}

/** A text in the alphabet of a word, filled up where the word is, or needs nothing to be. */
function encoded(text: string, word: string): string {
  const filled = Buffer.from(text).toString('base64');
  const own = word.length % 4 === 0 ? filled : filled.replace(/=+$/, '');
  return alphabetOf(word) === 'base64' ? own : own.replaceAll('+', '-').replaceAll('/', '_');
}

/** `base64url` only where one of its own letters stands in the word. */
function alphabetOf(word: string): 'base64' | 'base64url' {
  return /[-_]/.test(word) ? 'base64url' : 'base64';
}
