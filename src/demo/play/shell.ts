/** A played shell that is fed framed commands: `pf <n> <seconds> <word>...`, one at a time, answers framed by the nonce. */
import { StringDecoder } from 'node:string_decoder';
import { type Answer, notFound } from './answer.js';
import { meaningOf, type Stage } from './command-line.js';
import { CommandWords } from './shell-words.js';

/** Where a shell writes, and how it ends. */
interface ShellEnds {
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

  #run(words: string[]): void {
    const [first = '', status = '0'] = words;
    if (first === 'exit') {
      this.#end(Number(status));
      return;
    }
    const framed = framedCommand(words);
    if (!framed) {
      this.#ends.stderr(notFound(first).stderr);
      this.#next();
      return;
    }
    const { number, seconds, asked, input } = framed;
    const answer = inTime(this.#answer(asked, input), Number(seconds) * 1000);
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

  /** A shell inside the shell, or a prompt, finds the end of input: commands are run with stdin from /dev/null, or a line. */
  #answer(words: string[], input: string): Answer {
    let meaning = meaningOf({ ...this.#stage, input }, words, this.#as);
    while (meaning.kind === 'prompt') meaning = meaning.withPassword(undefined);
    return meaning.kind === 'answer' ? meaning.answer : { stdout: meaning.noise, stderr: '', exit: 0, delayMs: 0 };
  }

  #end(exit: number): void {
    this.#closed = true;
    this.#ends.ended(exit);
  }
}

interface Framed {
  number: string;
  seconds: string;
  asked: string[];
  input: string;
}

/**
 * The command in a line of the feeder's: `pf`, or `printf` into `pf_run` where it reads something. Whether `printf` is the
 * shell's own is asked first, by `[ ... ]; pf_end <n> "$?"`: here it is.
 */
function framedCommand(words: string[]): Framed | undefined {
  if (words[0] === 'pf') {
    const [, number = '0', seconds = '', ...asked] = words;
    return { number, seconds, asked, input: '' };
  }
  const [command, printf, format, input = '', pipe, run, number = '0', seconds = '', ...asked] = words;
  if ([command, printf, format, pipe, run].join(' ') === 'command printf %s | pf_run')
    return { number, seconds, asked, input };
  if (words[0] === '[' && words[5] === 'pf_end')
    return { number: words[6] ?? '0', seconds: '5', asked: ['true'], input: '' };
  return undefined;
}

/** A command that takes longer than its limit is ended as timeout(1) does it. */
function inTime(answer: Answer, limitMs: number): Answer {
  return answer.delayMs > limitMs ? { stdout: '', stderr: '', exit: 124, delayMs: limitMs } : answer;
}
