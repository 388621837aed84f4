/** The progress of a fleet: one line for the whole, and who takes the longest. */
import type { WriteStream } from 'node:tty';
import { escapeForTerminal } from '../../core/escape.js';
import type { PairEvent } from '../../fleet/events.js';
import type { FleetObserver } from '../../fleet/running.js';
import { clockOf } from './lines.js';
import type { Progress } from './progress.js';

/** What has changed is drawn this often. */
const FRAME_MS = 500;
/** Where nobody looks a line is written this often. */
const LINE_MS = 30_000;
/** Who takes this long is named. */
const SLOW_MS = 5_000;

/** Says how far a fleet is; keeps no process alive. */
export class FleetProgress implements Progress, FleetObserver {
  readonly #screen: WriteStream;
  readonly #watched: boolean;
  readonly #asked = new Map<string, number>();
  readonly #counts = { failed: 0, incomplete: 0, error: 0 };
  #all = 0;
  #done = 0;
  #paused = false;
  #frames: NodeJS.Timeout | undefined;

  constructor(screen: WriteStream, watched: boolean) {
    this.#screen = screen;
    this.#watched = watched;
  }

  begun(pairs: number, done: number): void {
    this.#all = pairs;
    this.#done = done;
    this.#frames = setInterval(() => this.#draw(), this.#watched ? FRAME_MS : LINE_MS).unref();
  }

  asked(pair: string): void {
    this.#asked.set(pair, performance.now());
  }

  done({ pair, outcome }: PairEvent): void {
    this.#asked.delete(pair);
    this.#done++;
    if (outcome !== 'passed') this.#counts[outcome]++;
  }

  readonly say = (line: string): void => {
    this.#clear();
    this.#screen.write(`pairflight: ${escapeForTerminal(line)}\n`);
  };

  countDown(): void {}

  pause(): void {
    this.#paused = true;
    this.#clear();
  }

  resume(): void {
    this.#paused = false;
  }

  end(): void {
    clearInterval(this.#frames);
    this.#clear();
  }

  /** `120/500 pairs, 3 failed, 16 asked now, billing for 0:45`. */
  line(): string {
    const counts = Object.entries(this.#counts).flatMap(([outcome, count]) =>
      count > 0 ? [`${count} ${outcome}`] : [],
    );
    const [slow] = [...this.#asked].sort(([, a], [, b]) => a - b);
    const waited = slow ? performance.now() - slow[1] : 0;
    const who = slow && waited >= SLOW_MS ? [`${slow[0]} for ${clockOf(waited)}`] : [];
    return [`${this.#done}/${this.#all} pairs`, ...counts, `${this.#asked.size} asked now`, ...who].join(', ');
  }

  #draw(): void {
    if (this.#paused) return;
    const line = escapeForTerminal(this.line());
    if (!this.#watched) this.#screen.write(`pairflight: ${line}\n`);
    else this.#screen.write(`\r\x1b[K${line.slice(0, Math.max(20, (this.#screen.columns || 80) - 1))}`);
  }

  #clear(): void {
    if (this.#watched) this.#screen.write('\r\x1b[K');
  }
}
