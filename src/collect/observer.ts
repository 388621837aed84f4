/** What who watches a round is told: never a word that a host said. */
import type { Connection, Step } from '../core/model.js';
import type { Question, Questions } from '../plan/questions.js';

/** A round as it begins. */
export interface RoundObserver {
  steps: readonly Step[];
  questions: Questions;
  /** What is known of a host's connection just now; undefined before there is one. */
  connectionTo(host: string): Readonly<Connection> | undefined;
}

/** Is told what happens in a round, and changes nothing in it. */
export interface Observer {
  /** The hosts are about to be asked. */
  round(round: RoundObserver): void;
  /** A question was handed over; a host that is busy answers others first. */
  asked(question: Question): void;
  /** The question has its answer, or the reason why there is none. */
  answered(question: Question, durationMs: number): void;
}
