/** The options of sudo that the transport uses. */

export interface SudoOptions {
  /** -S: the password comes from stdin; without it nothing can be asked (there is no terminal). */
  stdin: boolean;
  /** -l */
  list: boolean;
  prompt: string;
  /** The command. */
  words: string[];
}

/** Reads sudo's words; `-p` takes one. Options that change nothing here (-n, -k) are read over. */
export function sudoOptions(words: readonly string[]): SudoOptions {
  const options: SudoOptions = { stdin: false, list: false, prompt: '[sudo] password: ', words: [] };
  const rest = [...words];
  for (let word = rest[0]; word?.startsWith('-'); word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    if (word === '-S') options.stdin = true;
    if (word === '-l') options.list = true;
    if (word === '-p') options.prompt = rest.shift() ?? '';
  }
  return { ...options, words: rest };
}
