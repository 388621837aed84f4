/** A played shell that is fed framed commands: `pf <nonce> <seconds> <word>...`, answered one after the other, each framed by its nonce. */
import { StringDecoder } from 'node:string_decoder';
import { KILLED } from '../../core/shell/preamble.js';
import { type Answer, notFound } from './answer.js';
import { meaningOf, type Stage } from './command-line.js';
import { CommandWords } from './shell-words.js';

/** The last line of what a shell is told before its first command. */
const SET_UP_ENDS = /^pf_end (\S+) 0$/;

/** Where a shell writes, and how it ends. */
interface ShellEnds {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Called once. */
  ended(exit: number): void;
}

/** Takes bytes of stdin; what comes first is the feeder's own set-up, which ends in `pf_end <nonce> 0`. */
export class PlayedShell {
  readonly #stage: Stage;
  readonly #as: string;
  readonly #ends: ShellEnds;
  readonly #decoder = new StringDecoder('utf8');
  readonly #words = new CommandWords();
  readonly #queue: string[][] = [];
  #setUp: string | undefined = '';
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
    const lines = (this.#setUp + text).split('\n');
    const last = lines.findIndex((line) => SET_UP_ENDS.test(line));
    if (last < 0 || last === lines.length - 1) {
      this.#setUp = lines.join('\n');
      return;
    }
    this.#setUp = undefined;
    this.#frameEnd(SET_UP_ENDS.exec(lines[last] ?? '')?.[1] ?? '', 0);
    this.#take(lines.slice(last + 1).join('\n'));
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
    const { nonce, seconds, asked, input } = framed;
    const answer = inTime(this.#answer(asked, input), Number(seconds) * 1000);
    this.#busy = true;
    this.#ends.stdout(`\n${nonce}\n`);
    this.#ends.stderr(`\n${nonce}\n`);
    const speak = () => {
      this.#busy = false;
      this.#ends.stdout(answer.stdout);
      this.#ends.stderr(answer.stderr);
      this.#frameEnd(nonce, answer.exit);
      if (KILLED.includes(answer.exit)) this.#end(0);
      else this.#next();
    };
    if (answer.delayMs > 0) this.#timer = setTimeout(speak, answer.delayMs);
    else speak();
  }

  #frameEnd(nonce: string, exit: number): void {
    this.#ends.stdout(`\n${nonce} ${exit}\n`);
    this.#ends.stderr(`\n${nonce} .\n`);
  }

  /** A shell inside the shell, or a prompt, finds the end of input: commands are run with stdin from /dev/null, or a line. */
  #answer(words: string[], input: string): Answer {
    let meaning = meaningOf({ ...this.#stage, input }, words, this.#as);
    while (meaning.kind === 'reads') meaning = meaning.withLine(undefined);
    return meaning.kind === 'answer' ? meaning.answer : { stdout: meaning.noise, stderr: '', exit: 0, delayMs: 0 };
  }

  #end(exit: number): void {
    this.#closed = true;
    this.#ends.ended(exit);
  }
}

interface Framed {
  nonce: string;
  seconds: string;
  asked: string[];
  input: string;
}

/**
 * The command in a line of the feeder's: `pf` or `pf_quick`, or `printf` into `pf_run` where it reads something. Whether `printf` is the
 * shell's own is asked first, by `pf_begin <nonce>; [ ... ]; pf_end <nonce> "$?"`: here it is.
 */
function framedCommand(words: string[]): Framed | undefined {
  if (words[0] === 'pf' || words[0] === 'pf_quick') {
    const [, nonce = '0', seconds = '', ...asked] = words;
    return { nonce, seconds, asked, input: '' };
  }
  const [command, printf, format, input = '', pipe, run, nonce = '0', seconds = '', ...asked] = words;
  if ([command, printf, format, pipe, run].join(' ') === 'command printf %s | pf_run')
    return { nonce, seconds, asked, input };
  if (words[0] === 'pf_begin' && words[7] === 'pf_end')
    return { nonce: words[8] ?? '0', seconds: '5', asked: ['true'], input: '' };
  return undefined;
}

/** A command that takes longer than its limit is ended as timeout(1) does it. */
function inTime(answer: Answer, limitMs: number): Answer {
  return answer.delayMs > limitMs ? { stdout: '', stderr: '', exit: 124, delayMs: limitMs } : answer;
}
