/** The questions of steps: each once, however many steps ask it, and asked as often as a step is sampled. Pure. */
import type { Ask, Sampling, Step } from '../core/model.js';

/** A question to one host, with how often it is put. */
export interface Question {
  key: string;
  host: string;
  ask: Ask;
  sample: Sampling;
}

const once: Sampling = { times: 1, everyMs: 0 };

/** The distinct questions of some steps, sampled ones first: they must be under way before slow ones take the host's shells. */
export class Questions {
  readonly #byKey = new Map<string, Question>();
  readonly #sampled = new Map<string, Question>();

  constructor(steps: readonly Step[]) {
    for (const step of steps) {
      if (step.sample) for (const { host, ask } of step.asks) this.#add(host, ask, step.sample);
    }
    for (const step of steps) {
      if (!step.sample)
        for (const { host, ask } of step.asks) if (!this.#sampled.has(keyOf(host, ask))) this.#add(host, ask, once);
    }
  }

  /** All of them, or those of some steps. */
  of(steps?: readonly Step[]): Question[] {
    if (!steps) return [...this.#byKey.values()];
    const meant = new Set(steps.flatMap((step) => step.asks.map(({ host, ask }) => this.meant(step, host, ask))));
    return this.of().filter((question) => meant.has(question));
  }

  /** The question by which a step's ask is answered: one that is sampled also answers a step that asks it once. */
  meant(step: Step, host: string, ask: Ask): Question {
    const words = keyOf(host, ask);
    const question = step.sample
      ? this.#byKey.get(scheduled(words, step.sample))
      : (this.#sampled.get(words) ?? this.#byKey.get(scheduled(words, once)));
    if (!question) throw new Error(`a question of the probe ${step.probe} was not planned`);
    return question;
  }

  #add(host: string, ask: Ask, sample: Sampling): void {
    const words = keyOf(host, ask);
    const key = scheduled(words, sample);
    const question = this.#byKey.get(key) ?? { key, host, ask, sample };
    this.#byKey.set(key, question);
    if (sample !== once && !this.#sampled.has(words)) this.#sampled.set(words, question);
  }
}

/** Whether a step opens a port for a moment. */
export const isActive = (step: Pick<Step, 'asks'>) =>
  step.asks.some(({ ask }) => ask.kind === 'exec' && ask.effect === 'listen');

const scheduled = (words: string, { times, everyMs }: Sampling) => `${times} ${everyMs} ${words}`;

/** Questions are equal when their words are; the caps come from one place and are equal then too. */
function keyOf(host: string, ask: Ask): string {
  switch (ask.kind) {
    case 'exec':
      return JSON.stringify([host, ask.as, ask.enter, ask.argv, ask.stdin]);
    case 'ping':
      return JSON.stringify([host, ask.kind, ask.to, ask.count]);
    case 'sysinfo':
      return JSON.stringify([host, ask.kind, ask.call]);
    case 'connection':
      return JSON.stringify([host, ask.kind]);
  }
}
