/** The lanes of one context: at most three, opened when they are needed; what takes long has one for itself. */
import type { Output } from '../../core/model.js';
import { failed } from './answer.js';
import { type Channel, type Connector, Failure, SessionRefused } from './channel.js';
import type { EntryAhead } from './entries-ahead.js';
import type { Hold } from './hold.js';
import { LaneQueue } from './lane-queue.js';
import { firstWords, Lane, type LaneCommand, NOT_BEGUN } from './lanes.js';
import { makeNonce } from './nonce.js';
import type { SessionLimit } from './session-limit.js';

/** What the lanes of a host share. */
export interface LaneHost {
  connector: Connector;
  limit: SessionLimit;
  hold: Hold;
  startTimeoutMs: number;
  noise: (text: string) => void;
}

/** How the lanes of one context are opened. */
export interface LaneEntry {
  /** The command line that enters it; each lane has a mark of its own in it. */
  line(mark: string): string;
  /** A shell that waits to become the context's first, if there is one. */
  ahead?: () => Promise<EntryAhead | undefined>;
  /** It is root's. */
  root?: boolean;
  /** It is this user's. */
  user?: string | undefined;
  /** Answers sudo's prompt, and waits until the shell has said its mark. */
  prompt?: (channel: Channel, mark: string) => Promise<void>;
  /** Takes secrets and prompts out of what the entry said. */
  clean?: (text: string) => string;
}

/** A host takes a moment to forget a session that has just ended; so often it is asked again, and so far apart. */
const REFUSALS = 30;
const REFUSED_MS = 100;

/** Programs that say at once what the kernel or a small file says; any other may take long, and has a lane for itself. */
const QUICK = new Set(['cat', 'date', 'df', 'id', 'ls', 'ps', 'readlink', 'ss', 'stat', 'uname']);
/** A script is as quick as its time limit says. */
const QUICK_SCRIPT_MS = 10_000;

/** Whether a command says at once what it has to say. */
export function isQuick({ words: [program = ''], timeoutMs, input = '' }: LaneCommand): boolean {
  return input === '' && (QUICK.has(program) || (program === '/bin/sh' && timeoutMs <= QUICK_SCRIPT_MS));
}

/** Runs commands in one context. An entry that failed is not tried again: every command gets the same answer. */
export class LanePool {
  readonly #host: LaneHost;
  readonly #entry: LaneEntry;
  readonly #queue = new LaneQueue<Lane, Failure>();
  /** Lanes that are open or being opened. */
  #count = 0;
  #proven = false;
  #refusals = 0;
  /** Set once this context cannot be used. */
  failure: Failure | undefined;
  /** Resolves when the context was entered, or cannot be. */
  readonly entered: Promise<void>;
  #tellEntered: () => void = () => {};
  /** Resolves when its first session is open, or cannot be. */
  readonly begun: Promise<void>;
  #tellBegun: () => void = () => {};

  constructor(host: LaneHost, entry: LaneEntry) {
    this.#host = host;
    this.#entry = entry;
    host.limit.onShortage(() => this.#yieldIdle());
    host.hold.onLift(() => this.#serve());
    this.entered = new Promise((resolve) => {
      this.#tellEntered = resolve;
    });
    this.begun = new Promise((resolve) => {
      this.#tellBegun = resolve;
    });
  }

  /** Runs one command as soon as a lane is free; an urgent one, on whose answer others wait, goes before the rest. */
  async run(command: LaneCommand, urgent = false): Promise<Output> {
    const rank = urgent ? 'urgent' : isQuick(command) ? 'quick' : 'long';
    for (;;) {
      const lane = await new Promise<Lane | Failure>((resolve) => {
        this.#queue.wait({ rank, only: (command.input ?? '') !== '' }, resolve);
        this.#serve();
      });
      if (lane instanceof Failure) return failed(lane);
      const output = await lane.run({ ...command, quick: rank !== 'long' }, () => this.#lost());
      this.#answered(lane);
      if (output !== NOT_BEGUN) {
        return this.#entry.clean ? { ...output, stderr: this.#entry.clean(output.stderr) } : output;
      }
      // The loss of the connection is reported in the same turn as the end of its channels.
      await new Promise(setImmediate);
    }
  }

  /** While this is done no lane is told what takes long behind what is quick: what is urgent follows from answers, and would wait for it. */
  async hurry<T>(work: () => Promise<T>): Promise<T> {
    this.#queue.inHurry = true;
    try {
      return await work();
    } finally {
      this.#queue.inHurry = false;
      this.#serve();
    }
  }

  /** Ends every lane; commands that run or wait end as not run. */
  close(): void {
    this.failure ??= new Failure('not-run', 'command', 'the run was ended');
    for (const lane of this.#queue.lanes()) lane.kill();
    this.#serve();
  }

  /** Gives lanes to those who wait, and opens one more where that is not enough. */
  #serve(): void {
    const gone = this.failure ?? this.#host.connector.lost;
    if (gone) {
      this.#tellBegun();
      this.#tellEntered();
      this.#queue.refuse(gone);
      return;
    }
    const { hold, limit } = this.#host;
    for (const lane of this.#queue.lanes()) this.#keep(lane);
    // What is held back would keep the session that somebody else waits for.
    const holds = hold.on && !limit.contended;
    this.#queue.give(holds);
    if (this.#queue.empty) return;
    // Nobody waits for the lane that he opened: whichever is free first will do, and a start can take long.
    const first = this.#count === 0;
    // The first lane proves that the context can be entered before a second one is tried.
    const another = this.#proven && this.#count < this.#queue.wanted(holds);
    if (first || (another && limit.tryAcquire())) void this.#openLane(first);
  }

  async #openLane(first: boolean): Promise<void> {
    this.#count++;
    let lane: Lane | undefined;
    try {
      const ahead = first ? await this.#entry.ahead?.() : undefined;
      if (first && !ahead) await this.#host.limit.acquire();
      const started = await this.#startLane(ahead);
      lane = started.lane;
      this.#tellBegun();
      if (first && !this.#entry.prompt) {
        // No other lane can be free before: what waits crosses the wire with the first words.
        this.#queue.opened(lane, { starting: true });
        this.#serve();
      }
      await started.ready;
      this.#queue.opened(lane, { starting: false });
      this.#proven = true;
      this.#tellEntered();
      this.#refusals = 0;
      this.#host.noise(this.#clean(lane.noise));
      if (this.failure) lane.kill();
      this.#keep(lane);
    } catch (error) {
      this.#count--;
      if (lane) this.#queue.gone(lane);
      if (error instanceof SessionRefused && (this.#host.limit.lower() || (await this.#soon()))) {
        this.#host.limit.release();
      } else {
        this.#host.limit.release();
        if (this.#count > 0) this.#queue.max = this.#count;
        else this.failure ??= this.#host.connector.lost ?? this.#asFailure(error);
      }
    }
    this.#serve();
  }

  /** Waits where nothing else is open: the session that was refused may be free in a moment. False when that has been long enough. */
  async #soon(): Promise<boolean> {
    if (++this.#refusals > REFUSALS || this.failure) return false;
    await new Promise((resolve) => setTimeout(resolve, REFUSED_MS));
    return true;
  }

  async #startLane(ahead?: EntryAhead): Promise<{ lane: Lane; ready: Promise<void> }> {
    const { connector, startTimeoutMs, limit } = this.#host;
    const { prompt, root = false, user } = this.#entry;
    const mark = ahead?.mark ?? makeNonce();
    const proof = { mark, root, user };
    // Whoever may ask for a password first is told nothing before he has.
    const told = prompt ? undefined : firstWords(proof);
    const channel = ahead?.channel ?? (await connector.open(this.#entry.line(mark), told?.text));
    // The line that it waits for, and one more: a profile of the login's may read a line of its own before it.
    if (ahead) channel.stdin.write(`\n\n${told?.text ?? ''}`);
    const { lane, ready } = Lane.open(channel, { timeoutMs: startTimeoutMs, proof, told, ...(prompt && { prompt }) });
    return { lane, ready: ready.then(() => void channel.closed.then(() => limit.release())) };
  }

  /** A command of the lane's has its answer. */
  #answered(lane: Lane): void {
    this.#queue.answered(lane);
    this.#keep(lane);
    this.#serve();
  }

  /** Drops a lane that has nothing to do and cannot be used again, or is wanted by another context. */
  #keep(lane: Lane): void {
    if (!this.#queue.isIdle(lane)) return;
    if (!lane.usable || (this.#host.limit.contended && this.#queue.empty)) this.#drop(lane);
  }

  #yieldIdle(): boolean {
    // A lane is not idle while questions for it are held back: now they are not any more.
    this.#serve();
    const lane = this.#queue.lanes().find((one) => one.usable && this.#queue.isIdle(one));
    if (lane) this.#drop(lane);
    return lane !== undefined;
  }

  #drop(lane: Lane): void {
    if (!this.#queue.gone(lane)) return;
    this.#count--;
    lane.kill();
  }

  #lost(): Failure {
    return this.#host.connector.lost ?? new Failure('unreachable', 'context', 'the shell ended while the command ran');
  }

  #clean(text: string): string {
    return this.#entry.clean ? this.#entry.clean(text) : text;
  }

  #asFailure(error: unknown): Failure {
    if (error instanceof Failure) return new Failure(error.problem, error.problemAt, this.#clean(error.message));
    const message = error instanceof Error ? error.message : String(error);
    return new Failure('denied', error instanceof SessionRefused ? 'host' : 'context', message);
  }
}
