/** Progress as a person sees it: a line for each host, at the bottom of the terminal. */
import type { WriteStream } from 'node:tty';
import type { Observer, RoundObserver } from '../../collect/observer.js';
import type { Clock } from '../../core/clock.js';
import { escapeForTerminal } from '../../core/escape.js';
import { showDuration } from '../../core/format.js';
import type { Host } from '../../core/model.js';
import { thisMachine } from '../../plan/endpoints.js';
import type { Question } from '../../plan/questions.js';
import { HostProgress, namesOf } from './host.js';
import { progressLines } from './lines.js';
import type { Progress } from './progress.js';

/** What has changed is drawn this often, and nothing else is. */
const FRAME_MS = 200;
/** Some questions are put by this machine itself; it has a line once somebody may wonder what is waited for. */
const WONDER_MS = 1_000;

/** Draws the progress of one run; keeps no process alive. */
export class TerminalProgress implements Progress, Observer {
  readonly observer = this;
  readonly #hosts: readonly Host[];
  readonly #screen: WriteStream;
  readonly #clock: Clock;
  readonly #area: Area;
  readonly #took = new Map<string, number>();
  readonly #asked = new Map<string, HostProgress>();
  readonly #resized = () => {
    this.#area.clear();
    this.#draw();
  };
  #nextRoundMs: number | undefined;
  #frames: NodeJS.Timeout | undefined;
  #paused = false;

  readonly countDown = (ms: number) => {
    this.#asked.clear();
    this.#nextRoundMs = this.#clock.now() + ms;
    this.#draw();
  };

  readonly say = (line: string) => {
    this.#area.clear();
    this.#screen.write(`pairflight: ${escapeForTerminal(line)}\n`);
    this.#draw();
  };

  constructor(hosts: readonly Host[], screen: WriteStream, clock: Clock) {
    this.#hosts = hosts;
    this.#screen = screen;
    this.#clock = clock;
    this.#area = new Area(screen);
    screen.on('resize', this.#resized);
    this.#frames = setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  round({ steps, questions, connectionTo }: RoundObserver): void {
    const shared = { names: namesOf(steps, questions), took: this.#took };
    const asked = questions.of().filter(({ ask }) => ask.kind !== 'connection');
    this.#nextRoundMs = undefined;
    this.#asked.clear();
    for (const host of [...this.#hosts, thisMachine]) {
      const own = asked.filter((question) => question.host === host.name);
      const connection = () => connectionTo(host.name);
      if (own.length > 0)
        this.#asked.set(host.name, new HostProgress(host, own, shared, connection, this.#clock.now()));
    }
    this.#draw();
  }

  asked(question: Question): void {
    this.#asked.get(question.host)?.put(question, this.#clock.now());
  }

  answered(question: Question, durationMs: number): void {
    this.#asked.get(question.host)?.answered(question, durationMs, this.#clock.now());
  }

  pause(): void {
    this.#area.clear();
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#draw();
  }

  end(): void {
    clearInterval(this.#frames);
    this.#frames = undefined;
    this.#screen.off('resize', this.#resized);
    this.#area.clear();
  }

  #draw(): void {
    if (this.#paused || !this.#frames) return;
    const nowMs = this.#clock.now();
    // The last column stays free: a terminal that fills it may go on to the next line.
    const width = this.#screen.columns - 1;
    const lines =
      this.#nextRoundMs === undefined
        ? progressLines(
            [...this.#asked.values()]
              .map((host) => host.view(nowMs))
              .filter(
                ({ name, done, total, elapsedMs }) =>
                  name !== thisMachine.name || (done < total && elapsedMs >= WONDER_MS),
              ),
            width,
          )
        : [`next round in ${showDuration(this.#nextRoundMs - nowMs)}`.slice(0, width)];
    if (lines.length > 0) this.#area.draw(lines);
  }
}

/**
 * Lines of a terminal that are drawn over and over. The cursor waits at the beginning of the first, visible: whatever a resize
 * makes of the lines is behind it and is erased with them, and there is nothing to restore however the run ends.
 */

/** What is needed of a terminal. */
export interface Screen {
  write(text: string): unknown;
  columns: number;
  rows: number;
}

const ERASE_LINE = '\x1b[K';

const ERASE_BELOW = '\x1b[J';

/** A terminal that has just become narrower cuts the lines off, and the count of the rows stays right. */
const CUT = '\x1b[?7l';

const WRAP = '\x1b[?7h';

/** The area in which one run shows its progress. */
export class Area {
  readonly #screen: Screen;
  #drawn = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows these lines, in place of those that are there; as many as the terminal has rows for. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, this.#screen.rows - 1));
    const text = shown.map((line) => line + ERASE_LINE).join('\r\n');
    if (text === this.#drawn) return;
    this.#drawn = text;
    const up = shown.length > 1 ? `\x1b[${shown.length - 1}A` : '';
    this.#screen.write(`${CUT}\r${text}${ERASE_BELOW}\r${up}${WRAP}`);
  }

  /** Erases what is shown, and all that was typed over it. */
  clear(): void {
    if (this.#drawn === '') return;
    this.#drawn = '';
    this.#screen.write(`\r${ERASE_BELOW}`);
  }
}
