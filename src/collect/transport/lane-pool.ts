/** The lanes of one context: at most three, opened when they are needed; what takes long has one for itself. */
import { randomBytes } from 'node:crypto';
import type { Output } from '../../core/model.js';
import { failed } from './answer.js';
import { type Channel, type Connector, Failure, SessionRefused } from './channel.js';
import type { EntryAhead } from './entries-ahead.js';
import type { Hold } from './hold.js';
import { firstWords, Lane, type LaneCommand, NOT_BEGUN } from './lanes.js';
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

/** So many questions a lane is told before it has answered the first: no more wait for the wire one after the other. */
const TOLD_AHEAD = 16;
/** So few quick commands are not worth holding back. */
const FEW = 4;
/** At most so many lanes. */
const LANES = 3;

/** Programs that say at once what the kernel or a small file says; any other may take long, and has a lane for itself. */
const QUICK = new Set(['cat', 'date', 'df', 'id', 'ls', 'ps', 'readlink', 'ss', 'stat', 'uname']);
/** A script is as quick as its time limit says. */
const QUICK_SCRIPT_MS = 10_000;

function isQuick({ words: [program = ''], timeoutMs, input = '' }: LaneCommand): boolean {
  return input === '' && (QUICK.has(program) || (program === '/bin/sh' && timeoutMs <= QUICK_SCRIPT_MS));
}

/** In this order. */
type Rank = typeof URGENT | typeof LONG | typeof QUICKLY;
const [URGENT, LONG, QUICKLY] = [0, 1, 2] as const;

/** Whoever waits for a lane. */
interface Waiting {
  /** What is urgent first, then what takes long, then the rest. */
  rank: Rank;
  /** It may take long. */
  alone: boolean;
  /** Nothing may be told the lane before it has its answer, nor unanswered before it. */
  only: boolean;
  resolve(lane: Lane | Failure): void;
}

/** How many commands a lane was given, whether the last of them is to be alone, and whether the lane has yet to show what it is. */
interface Held {
  count: number;
  alone: boolean;
  starting: boolean;
}

/** Runs commands in one context. An entry that failed is not tried again: every command gets the same answer. */
export class LanePool {
  readonly #host: LaneHost;
  readonly #entry: LaneEntry;
  readonly #open = new Map<Lane, Held>();
  /** In the order of their ranks. */
  readonly #queue: Waiting[] = [];
  #max = LANES;
  #count = 0;
  #proven = false;
  #refusals = 0;
  #inHurry = false;
  /** Set once this context cannot be used. */
  failure: Failure | undefined;
  /** Resolves when the context was entered, or cannot be. */
  readonly entered: Promise<void>;
  #tellEntered: () => void = () => {};

  constructor(host: LaneHost, entry: LaneEntry) {
    this.#host = host;
    this.#entry = entry;
    host.limit.onShortage(() => this.#yieldIdle());
    host.hold.onLift(() => this.#serve());
    this.entered = new Promise((resolve) => {
      this.#tellEntered = resolve;
    });
  }

  /** Runs one command as soon as a lane is free; an urgent one, on whose answer others wait, goes before the rest. */
  async run(command: LaneCommand, urgent = false): Promise<Output> {
    const quick = urgent || isQuick(command);
    const alone = !quick;
    for (;;) {
      const lane = await this.#take({
        alone,
        only: (command.input ?? '') !== '',
        rank: urgent ? URGENT : alone ? LONG : QUICKLY,
      });
      if (lane instanceof Failure) return failed(lane);
      const output = await lane.run({ ...command, quick }, () => this.#lost());
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
    this.#inHurry = true;
    try {
      return await work();
    } finally {
      this.#inHurry = false;
      this.#serve();
    }
  }

  /** Ends every lane; commands that run or wait end as not run. */
  close(): void {
    this.failure ??= new Failure('not-run', 'command', 'the run was ended');
    for (const lane of this.#open.keys()) lane.kill();
    this.#serve();
  }

  #take(how: Omit<Waiting, 'resolve'>): Promise<Lane | Failure> {
    return new Promise((resolve) => {
      const behind = this.#queue.findIndex(({ rank }) => rank > how.rank);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, { ...how, resolve });
      this.#serve();
    });
  }

  /** Gives lanes to those who wait, and opens one more where that is not enough. */
  #serve(): void {
    const gone = this.failure ?? this.#host.connector.lost;
    if (gone) {
      this.#tellEntered();
      for (const { resolve } of this.#queue.splice(0)) resolve(gone);
      return;
    }
    for (const lane of [...this.#open.keys()]) this.#keep(lane);
    for (const waiting of this.#due) this.#give(waiting, waiting.alone ? this.#idleLane() : this.#sharedLane());
    // Where nothing quick is left, what takes long need not wait for the answers to what was.
    for (const waiting of this.#due) this.#give(waiting, waiting.only ? undefined : this.#lastOf());
    if (this.#queue.length === 0) return;
    // Nobody waits for the lane that he opened: whichever is free first will do, and a start can take long.
    const first = this.#count === 0;
    if (first || (this.#due.length > 0 && this.#mayOpenAnother())) void this.#openLane(first);
  }

  /** Who is to be served now: not what is held back, unless somebody waits for a session that would then not become free. */
  get #due(): Waiting[] {
    const { hold, limit } = this.#host;
    const due = this.#queue.filter(({ rank }) => rank !== QUICKLY);
    const held = hold.on && !limit.contended && this.#queue.length - due.length > FEW;
    return held ? due : [...this.#queue];
  }

  #give(waiting: Waiting, lane: Lane | undefined): void {
    const held = lane && this.#open.get(lane);
    if (!held) return;
    Object.assign(held, { count: held.count + 1, alone: waiting.alone });
    this.#queue.splice(this.#queue.indexOf(waiting), 1);
    waiting.resolve(lane);
  }

  /** A lane that is told one command more, which may take long, and then no other; not in a hurry. */
  #lastOf(): Lane | undefined {
    if (this.#inHurry || this.#due.some(({ alone }) => !alone)) return undefined;
    return this.#sharedLane();
  }

  /** A lane for one command alone; the last is left to those that are quick, where there are any. */
  #idleLane(): Lane | undefined {
    const [lane, other] = this.#lanesThat(({ count }) => count === 0);
    const isLast = other === undefined && this.#taken() + 1 >= this.#most();
    return isLast && this.#due.some(({ alone }) => !alone) ? undefined : lane;
  }

  /** The lane that has the fewest quick commands. */
  #sharedLane(): Lane | undefined {
    const counts = this.#open;
    return this.#lanesThat(({ count, alone }) => count === 0 || (!alone && count < TOLD_AHEAD)).sort(
      (one, other) => (counts.get(one)?.count ?? 0) - (counts.get(other)?.count ?? 0),
    )[0];
  }

  #lanesThat(suit: (held: Held) => boolean): Lane[] {
    return [...this.#open].filter(([lane, held]) => lane.usable && suit(held)).map(([lane]) => lane);
  }

  /**
   * How many lanes there may be just now: one for each that takes long. A few that are quick go before it in the same lane: they
   * have a lane of their own where one that takes long is running already, or where they are many.
   */
  #most(): number {
    const due = this.#due;
    const slow = due.filter(({ alone }) => alone).length;
    const quick = due.length - slow;
    const own = (quick > 0 && this.#taken() > 0) || quick > TOLD_AHEAD;
    return Math.min(this.#max, Math.max(1, this.#taken() + slow + (own ? 1 : 0)));
  }

  /** How many lanes have what takes long. */
  #taken(): number {
    return [...this.#open.values()].filter(({ alone, count }) => alone && count > 0).length;
  }

  /** The first lane proves that the context can be entered before a second one is tried. */
  #mayOpenAnother(): boolean {
    return this.#proven && this.#count < this.#most() && this.#host.limit.tryAcquire();
  }

  async #openLane(first: boolean): Promise<void> {
    this.#count++;
    let lane: Lane | undefined;
    try {
      const ahead = first ? await this.#entry.ahead?.() : undefined;
      if (first && !ahead) await this.#host.limit.acquire();
      const started = await this.#startLane(ahead);
      lane = started.lane;
      const held = { count: 0, alone: false, starting: true };
      if (first && !this.#entry.prompt) {
        // No other lane can be free before: what waits crosses the wire with the first words.
        this.#open.set(lane, held);
        this.#serve();
      }
      await started.ready;
      held.starting = false;
      this.#open.set(lane, held);
      this.#proven = true;
      this.#tellEntered();
      this.#refusals = 0;
      this.#host.noise(this.#clean(lane.noise));
      if (this.failure) lane.kill();
      this.#keep(lane);
    } catch (error) {
      this.#count--;
      if (lane) this.#open.delete(lane);
      if (error instanceof SessionRefused && (this.#host.limit.lower() || (await this.#soon()))) {
        this.#host.limit.release();
      } else {
        this.#host.limit.release();
        if (this.#count > 0) this.#max = this.#count;
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
    const mark = ahead?.mark ?? randomBytes(16).toString('hex');
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
    const held = this.#open.get(lane);
    if (held) held.count--;
    this.#keep(lane);
    this.#serve();
  }

  /** Drops a lane that has nothing to do and cannot be used again, or is wanted by another context. */
  #keep(lane: Lane): void {
    const held = this.#open.get(lane);
    if (held?.count !== 0 || held.starting) return;
    if (!lane.usable || (this.#host.limit.contended && this.#queue.length === 0)) this.#drop(lane);
  }

  #yieldIdle(): boolean {
    // A lane is not idle while questions for it are held back: now they are not any more.
    this.#serve();
    const [lane] = this.#lanesThat(({ count, starting }) => count === 0 && !starting);
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
