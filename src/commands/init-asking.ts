/** Questions at the terminal, one line each: a bad answer is refused with one line, and the question is put again. */
import { createInterface, type Interface } from 'node:readline';
import { Interrupted } from '../cli/ask-hidden.js';
import { escapeForTerminal } from '../core/escape.js';
import { wrapAfter } from '../reporters/terminal/wrap.js';

/** Thrown when there is nothing more to read: Ctrl-D, or a terminal that went away. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

/** One question: why it is put, what an empty answer means, and how the answer is read. */
export interface Question<T> {
  prompt: string;
  why: string;
  /** What holds when nothing is typed, as it is shown. */
  usual?: string;
  /** The answer's value; a text says why it is none. An empty answer comes as `''`. */
  read(answer: string): { value: T } | string;
}

/** Asks at a terminal. Lines that were typed or pasted ahead answer the next questions. */
export class Asker {
  readonly #lines: string[] = [];
  readonly #reader: Interface;
  readonly #output: NodeJS.WriteStream;
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;
  #end: Error | undefined;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#output = output;
    this.#reader = createInterface({ input, output, terminal: true, historySize: 0 });
    this.#reader
      .on('line', (line) => this.#take(line))
      .on('SIGINT', () => this.#stop(new Interrupted('interrupted')))
      .on('close', () => this.#stop(new Ended('there is nothing more to read')));
  }

  /** Puts a question until its answer can be taken. @throws Interrupted, Ended */
  async ask<T>({ prompt, why, usual, read }: Question<T>): Promise<T> {
    if (why !== '') this.say(why);
    for (;;) {
      const line = await this.#line(`${prompt}${usual === undefined ? '' : ` [${usual}]`}: `);
      const answer = read(line.trim());
      if (typeof answer !== 'string') return answer.value;
      this.say(`! ${answer}`);
    }
  }

  /** A sentence in lines that the terminal has room for. */
  say(text: string): void {
    const columns = Math.max(30, Math.min(100, this.#output.columns || 80));
    for (const line of wrapAfter('  ', text, columns)) this.#output.write(`${line}\n`);
  }

  /** Gives the terminal back. */
  close(): void {
    this.#reader.close();
  }

  #line(prompt: string): Promise<string> {
    const ahead = this.#lines.shift();
    this.#reader.setPrompt(escapeForTerminal(prompt));
    this.#reader.prompt();
    if (ahead !== undefined) {
      this.#output.write(`${escapeForTerminal(ahead)}\n`);
      return Promise.resolve(ahead);
    }
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(line: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(line);
    else this.#lines.push(line);
  }

  #stop(error: Error): void {
    this.#end ??= error;
    this.#output.write('\n');
    this.#waiting?.reject(this.#end);
    this.#waiting = undefined;
  }
}

/** Whether a person sits at both ends: what is asked on stderr is answered on stdin. */
export function atTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}
