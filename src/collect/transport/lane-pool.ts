/** The lanes of one context: at most two, opened when they are needed, used again when they are idle. */
import { randomBytes } from 'node:crypto';
import type { Output } from '../../core/model.js';
import { failed } from './answer.js';
import { type Channel, type Connector, Failure, SessionRefused } from './channel.js';
import { Lane } from './lanes.js';
import type { SessionLimit } from './session-limit.js';

/** What the lanes of a host share. */
export interface LaneHost {
  connector: Connector;
  limit: SessionLimit;
  startTimeoutMs: number;
  noise: (text: string) => void;
}

/** How the lanes of one context are opened. */
export interface LaneEntry {
  /** The command line that enters it; each lane has a mark of its own in it. */
  line(mark: string): string;
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

/** Runs commands in one context. An entry that failed is not tried again: every command gets the same answer. */
export class LanePool {
  readonly #host: LaneHost;
  readonly #entry: LaneEntry;
  readonly #open = new Set<Lane>();
  readonly #idle: Lane[] = [];
  readonly #queue: (() => void)[] = [];
  #max = 2;
  #count = 0;
  #proven = false;
  #refusals = 0;
  /** Set once this context cannot be used. */
  failure: Failure | undefined;

  constructor(host: LaneHost, entry: LaneEntry) {
    this.#host = host;
    this.#entry = entry;
    host.limit.onShortage(() => this.#yieldIdle());
  }

  /** Runs one command as soon as a lane is free; an urgent one, on whose answer others wait, goes before the rest. */
  async run(
    words: readonly string[],
    timeoutMs: number,
    maxBytes: number,
    urgent = false,
    input?: string,
  ): Promise<Output> {
    const lane = await this.#take(urgent);
    if (lane instanceof Failure) return failed(lane);
    try {
      const output = await lane.run(words, timeoutMs, maxBytes, () => this.#lost(), input);
      return this.#entry.clean ? { ...output, stderr: this.#entry.clean(output.stderr) } : output;
    } finally {
      this.#give(lane);
    }
  }

  /** Ends every lane; commands that run or wait end as not run. */
  close(): void {
    this.failure ??= new Failure('not-run', 'command', 'the run was ended');
    for (const lane of this.#open) lane.kill();
    for (const wake of this.#queue.splice(0)) wake();
  }

  async #take(urgent: boolean): Promise<Lane | Failure> {
    for (;;) {
      const gone = this.failure ?? this.#host.connector.lost;
      if (gone) return gone;
      const idle = this.#idle.pop();
      if (idle?.usable) return idle;
      if (idle) {
        this.#drop(idle);
        continue;
      }
      // Nobody waits for the lane that he opened: whichever is free first will do, and a start can take long.
      const first = this.#count === 0;
      if (first || this.#mayOpenAnother()) void this.#openLane(first);
      await new Promise<void>((resolve) => (urgent ? this.#queue.unshift(resolve) : this.#queue.push(resolve)));
    }
  }

  /** The first lane proves that the context can be entered before a second one is tried. */
  #mayOpenAnother(): boolean {
    return this.#proven && this.#count < this.#max && this.#host.limit.tryAcquire();
  }

  async #openLane(first: boolean): Promise<void> {
    this.#count++;
    try {
      if (first) await this.#host.limit.acquire();
      const lane = await this.#startLane();
      this.#open.add(lane);
      this.#proven = true;
      this.#refusals = 0;
      this.#host.noise(this.#clean(lane.noise));
      if (this.failure) lane.kill();
      this.#give(lane);
    } catch (error) {
      this.#count--;
      if (error instanceof SessionRefused && (this.#host.limit.lower() || (await this.#soon()))) {
        this.#host.limit.release();
      } else {
        this.#host.limit.release();
        if (this.#count > 0) this.#max = this.#count;
        else this.failure ??= this.#host.connector.lost ?? this.#asFailure(error);
      }
    }
    // Whoever waits looks again: there may be a lane, leave to open another, or none ever.
    for (const wake of this.#queue.splice(0)) wake();
  }

  /** Waits where nothing else is open: the session that was refused may be free in a moment. False when that has been long enough. */
  async #soon(): Promise<boolean> {
    if (++this.#refusals > REFUSALS || this.failure) return false;
    await new Promise((resolve) => setTimeout(resolve, REFUSED_MS));
    return true;
  }

  async #startLane(): Promise<Lane> {
    const { connector, startTimeoutMs, limit } = this.#host;
    const { prompt, root = false, user } = this.#entry;
    const mark = randomBytes(16).toString('hex');
    const channel = await connector.open(this.#entry.line(mark));
    const proof = { mark, root, user };
    const lane = await Lane.start(channel, { timeoutMs: startTimeoutMs, proof, ...(prompt && { prompt }) });
    channel.closed.then(() => limit.release());
    return lane;
  }

  #give(lane: Lane): void {
    if (lane.usable && !(this.#host.limit.contended && this.#queue.length === 0)) this.#idle.push(lane);
    else this.#drop(lane);
    this.#queue.shift()?.();
  }

  #yieldIdle(): boolean {
    const lane = this.#idle.pop();
    if (lane) this.#drop(lane);
    return lane !== undefined;
  }

  #drop(lane: Lane): void {
    if (!this.#open.delete(lane)) return;
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
