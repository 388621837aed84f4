/** A played shell that is fed framed commands: `pf <n> <seconds> <word>...`, one at a time, answers framed by the nonce. */
import { StringDecoder } from 'node:string_decoder';
import { type Answer, notFound } from './answer.js';
import { meaningOf, type Stage } from './session.js';
import { CommandWords } from './words.js';

/** Where a shell writes, and how it ends. */
export interface ShellEnds {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Called once. */
  ended(exit: number): void;
}

/** Takes bytes of stdin; what comes before the first framed command is the feeder's own set-up and only its nonce is kept. */
export class PlayedShell {
  readonly #stage: Stage;
  readonly #as: string;
  readonly #ends: ShellEnds;
  readonly #decoder = new StringDecoder('utf8');
  readonly #words = new CommandWords();
  readonly #queue: string[][] = [];
  #setUp: string | undefined = '';
  #nonce = '';
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #closing = false;
  #closed = false;

  constructor(stage: Stage, as: string, ends: ShellEnds) {
    this.#stage = stage;
    this.#as = as;
    this.#ends = ends;
  }

  /** More of stdin. */
  write(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
    this.#next();
  }

  /** The end of stdin: what was asked is still answered, as a shell does. */
  end(): void {
    this.#closing = true;
    this.#next();
  }

  /** The channel is gone: nothing more is written. */
  kill(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #take(text: string): void {
    if (this.#setUp === undefined) {
      this.#queue.push(...this.#words.push(text));
      return;
    }
    this.#setUp += text;
    for (let end = this.#setUp.indexOf('\n'); end >= 0; end = this.#setUp.indexOf('\n')) {
      if (/^pf \d+ \d+ /.test(this.#setUp)) {
        const framed = this.#setUp;
        this.#setUp = undefined;
        this.#take(framed);
        return;
      }
      this.#nonce = /^PF=(\S+)$/.exec(this.#setUp.slice(0, end))?.[1] ?? this.#nonce;
      this.#setUp = this.#setUp.slice(end + 1);
    }
  }

  #next(): void {
    if (this.#busy || this.#closed) return;
    const words = this.#queue.shift();
    if (words) this.#run(words);
    else if (this.#closing) this.#end(0);
  }

  #run([first = '', number = '0', seconds = '', ...asked]: string[]): void {
    if (first === 'exit') {
      this.#end(Number(number));
      return;
    }
    if (first !== 'pf') {
      this.#ends.stderr(notFound(first).stderr);
      this.#next();
      return;
    }
    const answer = inTime(this.#answer(asked), Number(seconds) * 1000);
    this.#busy = true;
    const speak = () => {
      this.#busy = false;
      this.#ends.stdout(`${answer.stdout}\n${this.#nonce} ${number} ${answer.exit}\n`);
      this.#ends.stderr(`${answer.stderr}\n${this.#nonce} ${number}\n`);
      this.#next();
    };
    if (answer.delayMs > 0) this.#timer = setTimeout(speak, answer.delayMs);
    else speak();
  }

  /** A shell inside the shell, or a prompt, finds the end of input: commands are run with stdin from /dev/null. */
  #answer(words: string[]): Answer {
    let meaning = meaningOf(this.#stage, words, this.#as);
    while (meaning.kind === 'prompt') meaning = meaning.withPassword(undefined);
    return meaning.kind === 'answer' ? meaning.answer : { stdout: meaning.noise, stderr: '', exit: 0, delayMs: 0 };
  }

  #end(exit: number): void {
    this.#closed = true;
    this.#ends.ended(exit);
  }
}

/** A command that takes longer than its limit is ended as timeout(1) does it. */
function inTime(answer: Answer, limitMs: number): Answer {
  return answer.delayMs > limitMs ? { stdout: '', stderr: '', exit: 124, delayMs: limitMs } : answer;
}
