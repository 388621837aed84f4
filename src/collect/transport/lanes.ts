/** A lane: one long-lived shell that is fed framed commands, one at a time, so that its start-up is paid once. */
import { randomBytes } from 'node:crypto';
import type { Output } from '../../core/model.js';
import { type Proof, preamble, running, writesItself } from '../../core/shell/preamble.js';
import { quoteWords } from '../../core/shell/words.js';
import { ended, failed, type Start, startNow } from './answer.js';
import { type Channel, Failure } from './channel.js';
import { Frame } from './frame.js';

/** The host ends a command at its limit and kills it 2 s later; after that long again we no longer believe in an answer. */
const GRACE_MS = 5_000;
/** A start-up that says more than this is not a shell that is about to listen. */
const MAX_NOISE_BYTES = 256 * 1024;

/** How a lane starts. */
export interface LaneStart {
  timeoutMs: number;
  /** Answers a password's prompt, and resolves when the shell has said its mark. */
  prompt?: (channel: Channel, mark: string) => Promise<void>;
  /** What the shell has to show before it is believed to be the one that was asked for. */
  proof?: Proof;
}

type End = 'answered' | 'truncated' | 'broken' | 'late' | 'ended' | 'closed';

/** One shell over one channel. Made by `Lane.start`, which proves that the shell listens. */
export class Lane {
  readonly #channel: Channel;
  readonly #nonce = randomBytes(16).toString('hex');
  #n = 0;
  #frame: Frame | undefined;
  #settle: ((end: End) => void) | undefined;
  #usable = true;
  /** Bytes that came when nothing was asked. */
  #unasked = 0;
  #writesItself: boolean | undefined;
  /** What the shell said before it listened. */
  noise = '';

  private constructor(channel: Channel) {
    this.#channel = channel;
    channel.stdout.on('data', (chunk: Buffer) => this.#take(chunk, (frame) => frame.stdout(chunk)));
    channel.stderr.on('data', (chunk: Buffer) => this.#take(chunk, (frame) => frame.stderr(chunk)));
    channel.closed.then(() => this.#end('ended'));
  }

  /** @throws Failure at the context: the entry was refused, is not there, or did not listen in time. */
  static async start(channel: Channel, { timeoutMs, prompt, proof }: LaneStart): Promise<Lane> {
    const lane = new Lane(channel);
    const mark = proof?.mark ?? '';
    const frame = new Frame(lane.#nonce, 0, MAX_NOISE_BYTES);
    const answer = lane.#await(frame, timeoutMs);
    try {
      // Whoever has not said the mark is told nothing: it may still ask, and would take it for passwords.
      const over = prompt && (await Promise.race([prompt(channel, mark), answer]));
      if (over === undefined) channel.stdin.write(preamble(lane.#nonce, proof));
    } catch (error) {
      lane.kill();
      throw error;
    }
    const end = await answer;
    const { stdout, stderr } = frame.text();
    if (end === 'answered') {
      const said = prompt ? stdout.replace(`${mark}\n`, '') : stdout;
      lane.noise = [said, stderr].filter((text) => text.trim() !== '').join('\n');
      return lane;
    }
    lane.kill();
    throw await entryFailure(end, channel, stderr.trim() || stdout.trim());
  }

  /** False after an answer that was not whole: what the shell or its children still write must not meet the next command. */
  get usable(): boolean {
    return this.#usable;
  }

  /**
   * Runs one command, which reads `input`; the caller never runs two at a time. `lost` tells why when the channel ends
   * meanwhile.
   */
  async run(
    words: readonly string[],
    timeoutMs: number,
    maxBytes: number,
    lost: () => Failure,
    input = '',
  ): Promise<Output> {
    const line = quoteWords(words);
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    if (input !== '') {
      const refusal = await this.#mayWrite(lost);
      if (refusal) return refusal;
    }
    return this.#ask((n) => running(n, seconds, line, input), seconds, maxBytes, lost);
  }

  /** Ends the shell; a command that is running ends as not run. */
  kill(): void {
    this.#end('closed');
    this.#channel.kill();
  }

  /** Why an input may not be written in this shell; looked at once. */
  async #mayWrite(lost: () => Failure): Promise<Output | undefined> {
    if (this.#writesItself === undefined) {
      const output = await this.#ask(writesItself, 5, 4096, lost);
      if (output.problem) return output;
      this.#writesItself = output.exit === 0;
    }
    if (this.#writesItself) return undefined;
    const why =
      'the shell of this host has no printf of its own: a secret would stand among the arguments of a program';
    return failed(new Failure('not-run', 'command', why));
  }

  async #ask(text: (n: number) => string, seconds: number, maxBytes: number, lost: () => Failure): Promise<Output> {
    const n = ++this.#n;
    const frame = new Frame(this.#nonce, n, maxBytes);
    const start = startNow();
    const answer = this.#await(frame, seconds * 1000 + GRACE_MS);
    this.#channel.stdin.write(text(n));
    const output = await outputOf(await answer, frame, start, seconds, maxBytes, lost);
    if (output.problem && output.problem !== 'not-found' && output.problem !== 'denied') this.kill();
    return output;
  }

  #await(frame: Frame, timeoutMs: number): Promise<End> {
    if (!this.#usable) return Promise.resolve('ended');
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle?.('late'), timeoutMs);
      this.#frame = frame;
      this.#settle = (end) => {
        clearTimeout(timer);
        this.#frame = undefined;
        this.#settle = undefined;
        resolve(end);
      };
    });
  }

  #take(chunk: Buffer, collect: (frame: Frame) => void): void {
    this.#channel.count(chunk.length);
    const frame = this.#frame;
    if (!frame) {
      this.#unasked += chunk.length;
      if (this.#unasked > MAX_NOISE_BYTES) this.kill();
      return;
    }
    collect(frame);
    if (frame.overflows) this.#settle?.('truncated');
    else if (frame.broken) this.#settle?.('broken');
    else if (frame.exit !== undefined) this.#settle?.('answered');
  }

  #end(end: End): void {
    this.#usable = false;
    this.#settle?.(end);
  }
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
      // The loss of the connection is reported in the same turn as the end of its channels.
      await new Promise(setImmediate);
      return failed(lost(), start, stdout);
  }
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
