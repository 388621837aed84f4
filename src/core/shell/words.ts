/** Turns words into shell text: the only place where argv becomes a string. */

/** Quotes one word for a POSIX shell: single quotes, `'` written as `'\''`. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of a command cannot hold a NUL byte');
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words of a command as one line for a POSIX shell. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** A word as it is shown, quoted only where a shell needs it. */
export function shownWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}

/** The words of a command as they are shown: a shell would take the line as it stands. */
export function shownLine(words: readonly string[]): string {
  return words.map(shownWord).join(' ');
}

/** The words of a command as a person writes the line, quoted only where a shell needs it: sudoers compare it as a text. */
export function plainLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@+:,./-]+$/.test(word) ? word : quote(word))).join(' ');
}

/**
 * The words of a command as one line for whatever shell the login has: sshd hands the line to it before our own shell
 * runs. csh expands `!` and fish reads `\\` inside single quotes, so both stand outside of them, escaped.
 */
export function quoteForLoginShell(words: readonly string[]): string {
  return words.map((word) => quote(word).replace(/'\\''|[\\!]/g, (at) => (at.length > 1 ? at : `'\\${at}'`))).join(' ');
}
