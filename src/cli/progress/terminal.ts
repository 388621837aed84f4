/** Progress as a person sees it: a line for each host, at the bottom of the terminal. */
import type { WriteStream } from 'node:tty';
import type { Round, Watcher } from '../../collect/observer.js';
import { showDuration } from '../../commands/duration.js';
import { Area } from '../../commands/progress-area.js';
import { namesOf } from '../../commands/progress-name.js';
import type { Clock } from '../../core/clock.js';
import { escapeForTerminal } from '../../core/escape.js';
import type { Host } from '../../core/model.js';
import { thisMachine } from '../../plan/endpoints.js';
import type { Question } from '../../plan/questions.js';
import { HostProgress } from './host.js';
import type { Progress } from './index.js';
import { progressLines } from './lines.js';

/** What has changed is drawn this often, and nothing else is. */
const FRAME_MS = 200;
/** Some questions are put by this machine itself; it has a line once somebody may wonder what is waited for. */
const WONDER_MS = 1_000;

/** Draws the progress of one run; keeps no process alive. */
export class TerminalProgress implements Progress, Watcher {
  readonly watcher = this;
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

  round({ steps, questions, connectionTo }: Round): void {
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
