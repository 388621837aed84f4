/** The time in which hosts work and this program waits: what is needed after it is made ready in it. */
import type { Observer, RoundObserver } from '../collect/observer.js';
import type { Question } from '../plan/questions.js';

/** A piece of work that is done before it is needed; what it takes may be waited for. */
export type Piece = () => unknown;

/** Tells when half of a round has been answered: the hosts have been entered by then, and work at what takes long. */
export class Halfway implements Observer {
  readonly #next: Observer | undefined;
  #left = 0;
  #tell: () => void = () => {};
  /** Resolves when it is so; never, where a round ends early. */
  reached: Promise<void> = Promise.resolve();

  constructor(next: Observer | undefined) {
    this.#next = next;
  }

  round(round: RoundObserver): void {
    this.#left = Math.ceil(round.questions.of().filter(({ ask }) => ask.kind !== 'connection').length / 2);
    this.reached = new Promise((resolve) => {
      this.#tell = resolve;
    });
    this.#next?.round(round);
  }

  asked(question: Question): void {
    this.#next?.asked(question);
  }

  answered(question: Question, durationMs: number): void {
    this.#left--;
    if (this.#left === 0) this.#tell();
    this.#next?.answered(question, durationMs);
  }
}

/** Does pieces of work until `over`, each in a turn of the loop for itself: an answer that has come is read first. */
export async function workUntil(over: () => boolean, pieces: Iterable<Piece>): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => setImmediate(resolve));
    if (over()) return;
    await piece();
  }
}
