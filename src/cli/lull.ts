/** The time in which hosts work and this program waits: what is needed after it is made ready in it. */
import type { Observer, RoundObserver } from '../collect/observer.js';
import type { Question } from '../plan/questions.js';

/** A piece of work that is done before it is needed. */
export type Piece = () => void;

/** The share of a round's answers after which hosts work at what takes them long: they have been entered long before. */
const MOST = 3 / 4;

/** Tells when most of a round has been answered. */
export class MostAnswered implements Observer {
  readonly #next: Observer | undefined;
  #left = 0;
  #tell: () => void = () => {};
  /** Resolves when it is so; never, where a round ends early. */
  reached: Promise<void> = Promise.resolve();

  constructor(next: Observer | undefined) {
    this.#next = next;
  }

  round(round: RoundObserver): void {
    this.#left = Math.ceil(round.questions.of().filter(({ ask }) => ask.kind !== 'connection').length * MOST);
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

/** Does pieces of work until `over`, with a turn of the loop before each: an answer that has come is read first. */
export async function workUntil(over: () => boolean, pieces: Iterable<Piece> | AsyncIterable<Piece>): Promise<void> {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  for await (const piece of pieces) {
    if (over()) return;
    piece();
    await turn();
  }
}
