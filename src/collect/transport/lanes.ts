/** A lane: one long-lived shell that is fed framed commands, so that its start-up is paid once, and told the next before it has answered the last. */
import type { Output } from '../../core/model.js';
import { KILLED, type Proof, preamble, running, writesItself } from '../../core/shell/preamble.js';
import { quoteWords } from '../../core/shell/words.js';
import { ended, failed, type Start, startNow } from './answer.js';
import { type Channel, Failure } from './channel.js';
import { Frame } from './frame.js';
import { makeNonce } from './nonce.js';

/** The host ends a command within 2 s of its limit and kills it 2 s later; after that long again we no longer believe in an answer. */
const GRACE_MS = 6_000;
/** How long whatever has waited for input may take to end at its end. */
const END_OF_INPUT_MS = 1_000;
/** A start-up that says more than this is not a shell that is about to listen. */
const MAX_NOISE_BYTES = 256 * 1024;

/** How a lane starts. */
export interface LaneStart {
  timeoutMs: number;
  /** Answers a password's prompt, and resolves when the shell has said its mark. */
  prompt?: (channel: Channel, mark: string) => Promise<void>;
  /** What the shell has to show before it is believed to be the one that was asked for. */
  proof?: Proof;
  /** What it was told first, as it was opened. */
  told?: FirstWords | undefined;
}

/** What a shell is told first, and the nonce that it answers with. */
export interface FirstWords {
  nonce: string;
  text: string;
}

/** Makes what one shell is told first. */
export function firstWords(proof?: Proof): FirstWords {
  const nonce = makeNonce();
  return { nonce, text: preamble(nonce, proof) };
}

/** A command for a lane. */
export interface LaneCommand {
  words: readonly string[];
  timeoutMs: number;
  maxBytes: number;
  /** What it reads. */
  input?: string | undefined;
  /** It is one program that starts no other: the shell guards it by itself. */
  quick?: boolean;
}

/** The lane ended before the host had begun with a question: it may be asked elsewhere. */
export const NOT_BEGUN = 'not begun';

/** How the waiting for an answer ends; `behind`: the lane ended with a question before this one. */
type End = 'answered' | 'truncated' | 'broken' | 'late' | 'ended' | 'closed' | 'behind';

/** A question that the shell was told, and that has no answer yet. */
interface Asked {
  frame: Frame;
  limitMs: number;
  start: Start;
  timer?: NodeJS.Timeout;
  resolve(end: End): void;
}

/** One shell over one channel. It is believed, and answers, only after it has shown that it listens. */
export class Lane {
  readonly #channel: Channel;
  /** What was asked, in order: the shell answers the first. */
  readonly #asked: Asked[] = [];
  #usable = true;
  /** Bytes that came when nothing was asked. */
  #unasked = 0;
  #writesItself: boolean | undefined;
  /** What the shell said before it listened. */
  noise = '';

  private constructor(channel: Channel) {
    this.#channel = channel;
    channel.stdout.on('data', (chunk: Buffer) => this.#take(chunk, (frame, bytes) => frame.stdout(bytes)));
    channel.stderr.on('data', (chunk: Buffer) => this.#take(chunk, (frame, bytes) => frame.stderr(bytes)));
    channel.closed.then(() => this.#end('ended'));
  }

  /** @throws Failure at the context: the entry was refused, is not there, or did not listen in time. */
  static async start(channel: Channel, how: LaneStart): Promise<Lane> {
    const { lane, ready } = Lane.open(channel, how);
    await ready;
    return lane;
  }

  /**
   * A lane that may be told questions at once, where no prompt comes first: what it answers is heard once it is ready, and what it
   * was told is not begun where it never is. `ready` rejects as `start` does.
   */
  static open(channel: Channel, how: LaneStart): { lane: Lane; ready: Promise<void> } {
    const lane = new Lane(channel);
    return { lane, ready: lane.#begin(how) };
  }

  async #begin({ timeoutMs, prompt, proof, told }: LaneStart): Promise<void> {
    const channel = this.#channel;
    const mark = proof?.mark ?? '';
    const { nonce, text } = told ?? firstWords(proof);
    const frame = new Frame(nonce, MAX_NOISE_BYTES, true);
    const answer = this.#await(frame, prompt ? timeoutMs + END_OF_INPUT_MS : timeoutMs).answer;
    let starved = false;
    // What reads instead of saying the mark ends with its input; what is only slow does not notice.
    const starving =
      prompt &&
      setTimeout(() => {
        starved = true;
        channel.stdin.end();
      }, timeoutMs);
    try {
      // Whoever has not said the mark is told nothing: it may still ask, and would take it for passwords.
      const over = prompt && (await Promise.race([prompt(channel, mark), answer]));
      if (!told && over === undefined && !starved) channel.stdin.write(text);
    } catch (error) {
      this.kill();
      throw error;
    } finally {
      clearTimeout(starving);
    }
    const end = await answer;
    const { stdout, stderr } = frame.text();
    if (end === 'answered') {
      const said = prompt ? stdout.replace(`${mark}\n`, '') : stdout;
      this.noise = [said, stderr].filter((text) => text.trim() !== '').join('\n');
      return;
    }
    this.kill();
    if (starved && end === 'ended') throw new Failure('denied', 'context', notAsked(stderr.trim() || stdout.trim()));
    throw await entryFailure(end, channel, stderr.trim() || stdout.trim());
  }

  /** False after an answer that was not whole: what the shell or its children still write must not meet the next command. */
  get usable(): boolean {
    return this.#usable;
  }

  /** How many questions the shell was told that it has not answered. */
  get waiting(): number {
    return this.#asked.length;
  }

  /**
   * Runs one command behind those that the shell was told before. `lost` tells why when the channel ends meanwhile. With an
   * input it is to be the only one.
   */
  async run(
    { words, timeoutMs, maxBytes, input = '', quick = false }: LaneCommand,
    lost: () => Failure,
  ): Promise<Output | typeof NOT_BEGUN> {
    const line = quoteWords(words);
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    if (input !== '') {
      const refusal = await this.#mayWrite(lost);
      if (refusal) return refusal;
    }
    return this.#ask((nonce) => running(nonce, line, { seconds, input, quick }), seconds, maxBytes, lost);
  }

  /** Ends the shell; a command that is running ends as not run. */
  kill(): void {
    this.#end('closed');
    this.#channel.kill();
  }

  /** Why an input may not be written in this shell; looked at once. */
  async #mayWrite(lost: () => Failure): Promise<Output | typeof NOT_BEGUN | undefined> {
    if (this.#writesItself === undefined) {
      const output = await this.#ask(writesItself, 5, 4096, lost);
      if (output === NOT_BEGUN || output.problem) return output;
      this.#writesItself = output.exit === 0;
    }
    if (this.#writesItself) return undefined;
    const why =
      'the shell of this host has no printf of its own: a secret would stand among the arguments of a program';
    return failed(new Failure('not-run', 'command', why));
  }

  async #ask(
    text: (nonce: string) => string,
    seconds: number,
    maxBytes: number,
    lost: () => Failure,
  ): Promise<Output | typeof NOT_BEGUN> {
    const nonce = makeNonce();
    const frame = new Frame(nonce, maxBytes);
    const { answer, asked } = this.#await(frame, seconds * 1000 + GRACE_MS);
    if (this.#usable) this.#channel.stdin.write(text(nonce));
    const end = await answer;
    if (end === 'behind' && !frame.begun) return NOT_BEGUN;
    return outputOf(end, frame, asked.start, seconds, maxBytes, lost);
  }

  #await(frame: Frame, limitMs: number): { answer: Promise<End>; asked: Asked } {
    const asked: Asked = { frame, limitMs, start: startNow(), resolve: () => {} };
    const answer = new Promise<End>((resolve) => {
      asked.resolve = resolve;
    });
    if (!this.#usable) asked.resolve('ended');
    else if (this.#asked.push(asked) === 1) this.#arm();
    return { answer, asked };
  }

  /** The first question's time begins: those before it have their answers. */
  #arm(): void {
    const [first] = this.#asked;
    if (!first) return;
    first.start = startNow();
    first.timer = setTimeout(() => this.#spoil('late'), first.limitMs);
  }

  #take(chunk: Buffer, collect: (frame: Frame, bytes: Buffer) => Buffer): void {
    this.#channel.count(chunk.length);
    let rest = chunk;
    for (const { frame } of this.#asked) {
      if (rest.length === 0) break;
      rest = collect(frame, rest);
    }
    this.#unasked += rest.length;
    if (this.#unasked > MAX_NOISE_BYTES) this.kill();
    else this.#settle();
  }

  /** Hands over what is whole, in order; what is not, or can no longer be, ends the lane. */
  #settle(): void {
    for (let [first] = this.#asked; first; [first] = this.#asked) {
      const { frame, resolve, timer } = first;
      const flaw = flawOf(frame);
      if (flaw) this.#spoil(flaw);
      if (flaw || frame.exit === undefined) return;
      clearTimeout(timer);
      this.#asked.shift();
      resolve('answered');
      this.#arm();
      // The shell ends by itself: what its command left behind may still write.
      if (KILLED.includes(frame.exit)) this.#spoil('behind');
    }
  }

  /** The first question ends so, and the shell with it. */
  #spoil(end: End): void {
    this.#end(end);
    this.#channel.kill();
  }

  /** The first question ends so; those that the shell was told behind it had to wait for it. */
  #end(end: End): void {
    this.#usable = false;
    for (const [index, { resolve, timer }] of this.#asked.splice(0).entries()) {
      clearTimeout(timer);
      resolve(index === 0 || end === 'closed' ? end : 'behind');
    }
  }
}

/** Why an answer can no longer become a whole one. */
function flawOf(frame: Frame): End | undefined {
  if (frame.overflows) return 'truncated';
  return frame.broken || frame.unasked > MAX_NOISE_BYTES ? 'broken' : undefined;
}

async function outputOf(
  end: End,
  frame: Frame,
  start: Start,
  seconds: number,
  maxBytes: number,
  lost: () => Failure,
): Promise<Output> {
  const { stdout, stderr } = frame.text();
  switch (end) {
    case 'answered':
      return ended(frame.exit ?? 0, stdout, stderr, start, seconds);
    case 'truncated':
      return failed(new Failure('truncated', 'command', `more than ${maxBytes} bytes`), start, stdout, stderr);
    case 'broken':
      return failed(new Failure('truncated', 'command', 'the end of the answer is not the status of a command'), start);
    case 'late':
      return failed(new Failure('timeout', 'command', `no answer within ${seconds} s`), start, stdout);
    case 'closed':
      return failed(new Failure('not-run', 'command', 'the run was ended'), start);
    case 'ended':
    case 'behind':
      // The loss of the connection is reported in the same turn as the end of its channels.
      await new Promise(setImmediate);
      return failed(lost(), start, stdout);
  }
}

/** What is said of a context in which something else listens. */
function notAsked(said: string): string {
  const words = 'the shell that was asked for did not answer; something else waited for input in its place';
  return said === '' ? words : `${words}: ${said.slice(0, 2000)}`;
}

async function entryFailure(end: End, channel: Channel, said: string): Promise<Failure> {
  const excerpt = said.slice(0, 2000);
  if (end === 'late') return new Failure('timeout', 'context', excerpt || 'the shell did not answer in time');
  if (end === 'truncated' || end === 'broken')
    return new Failure('truncated', 'context', 'the shell writes without end before it listens');
  if (end === 'closed') return new Failure('not-run', 'context', 'the run was ended');
  const exit = await channel.closed;
  // A shell that says itself that it is the wrong one ends with 126, whatever was missed on the way to it.
  const missing = exit === 127 || (exit !== 126 && /No such file or directory|command not found/.test(excerpt));
  const message = excerpt || `the shell ended at once${exit === null ? '' : ` with status ${exit}`}`;
  return new Failure(missing ? 'not-found' : 'denied', 'context', message);
}
