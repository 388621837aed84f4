/** The words of POSIX shell text: quotes and backslashes are understood, expansions and operators are not played. */

const ESCAPED_IN_DOUBLE = '$`"\\\n';

/** Cuts a stream of shell text into commands, each a list of words; a newline inside quotes belongs to its word. */
export class CommandWords {
  #words: string[] = [];
  /** Undefined between words; the empty string once a quote has begun an empty word. */
  #word: string | undefined;
  #quote: '' | "'" | '"' = '';
  #escaped = false;
  #comment = false;

  /** Takes more text and gives the commands that it completed; empty lines are none. */
  push(text: string): string[][] {
    const commands: string[][] = [];
    for (const char of text) if (this.#take(char)) commands.push(this.#command());
    return commands.filter((words) => words.length > 0);
  }

  /** The words since the last newline. @throws SyntaxError when a quote is still open. */
  end(): string[] {
    if (this.#quote !== '' || this.#escaped) throw new SyntaxError('Unterminated quoted string');
    return this.#command();
  }

  #command(): string[] {
    this.#endWord();
    const words = this.#words;
    this.#words = [];
    this.#comment = false;
    return words;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  /** True when the character ended a command. */
  #take(char: string): boolean {
    if (this.#escaped) {
      this.#escaped = false;
      // A backslash before a newline removes both.
      if (this.#quote === '"' && !ESCAPED_IN_DOUBLE.includes(char)) this.#add(`\\${char}`);
      else if (char !== '\n') this.#add(char);
    } else if (this.#quote !== '') {
      if (char === this.#quote) this.#quote = '';
      else if (char === '\\' && this.#quote === '"') this.#escaped = true;
      else this.#add(char);
    } else if (char === '\n') {
      return true;
    } else if (this.#comment) {
      return false;
    } else if (char === "'" || char === '"') {
      this.#quote = char;
      this.#add('');
    } else if (char === '\\') {
      this.#escaped = true;
    } else if (char === ' ' || char === '\t') {
      this.#endWord();
    } else if (char === '#' && this.#word === undefined) {
      this.#comment = true;
    } else {
      this.#add(char);
    }
    return false;
  }
}

/** The words of one command line. @throws SyntaxError when it is more than one line, or a quote is open. */
export function splitWords(line: string): string[] {
  const words = new CommandWords();
  const complete = words.push(line);
  const rest = words.end();
  if (complete.length + (rest.length > 0 ? 1 : 0) > 1) throw new SyntaxError('more than one command');
  return complete[0] ?? rest;
}
