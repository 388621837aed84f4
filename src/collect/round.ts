/** The asking of one round: each question put as often and when it is due, and the answers that came back. */

import { type Clock, systemClock } from '../core/clock.js';
import type { Connection, ExecAsk, Output, Step } from '../core/model.js';
import type { Question, Questions } from '../plan/questions.js';
import type { Connections } from './connections.js';
import type { Collecting } from './options.js';
import { answerOfThisMachine, type ThisMachineAsk } from './this-machine.js';

/** The questions of one round, and their answers. */
export class Round {
  readonly #questions: Questions;
  readonly #connections: Connections;
  readonly #how: Collecting;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Output[]>();

  constructor(questions: Questions, connections: Connections, how: Collecting) {
    this.#questions = questions;
    this.#connections = connections;
    this.#how = how;
    this.#clock = how.clock ?? systemClock;
  }

  /** Asks the questions of these steps, all at once; a transport has its own order. */
  async ask(steps: readonly Step[]): Promise<void> {
    const open = this.#questions.of(steps).filter(({ key }) => !this.#answers.has(key));
    await Promise.all(open.map((question) => this.#sample(question)));
  }

  /** The outputs of a step: `[sample][ask]`, as many samples as it is to have, whatever became of the run. */
  answers(step: Step): Output[][] {
    const { times } = step.sample ?? { times: 1 };
    return Array.from({ length: times }, (_, index) =>
      step.asks.map(({ host, ask }) => {
        if (ask.kind === 'connection') return this.#describe(host);
        const answers = this.#answers.get(this.#questions.meant(step, host, ask).key);
        return answers?.at(step.sample ? index : -1) ?? notRun();
      }),
    );
  }

  /** Asks a question as often as it is to be sampled: each time when it is due, and not before it has been answered. */
  async #sample(question: Question): Promise<void> {
    const { key, host, ask, sample } = question;
    if (ask.kind === 'connection') return;
    const { signal, observer } = this.#how;
    const answers: Output[] = [];
    this.#answers.set(key, answers);
    let due = 0;
    for (let index = 0; index < sample.times; index++) {
      const early = due - this.#clock.now();
      if (index > 0 && early > 0 && !signal?.aborted) await this.#clock.sleep(early, signal);
      observer?.asked(question);
      const output = signal?.aborted ? notRun() : await this.#put(host, ask);
      // From when it was really asked: a connection, or a lane that is busy, comes first.
      due = this.#clock.now() - output.durationMs + sample.everyMs;
      this.#connections.note(host, output);
      answers.push(output);
      observer?.answered(question, output.durationMs);
    }
  }

  #describe(host: string): Output {
    const transport = this.#connections.to(host);
    return transport ? describe(transport.connection) : notRun();
  }

  async #put(host: string, ask: ExecAsk | ThisMachineAsk): Promise<Output> {
    if (ask.kind !== 'exec') return (this.#how.here ?? answerOfThisMachine)(ask);
    return (await this.#connections.to(host)?.run(ask)) ?? notRun();
  }
}

function describe({ kind, hostKey, problem }: Connection): Output {
  const now = new Date().toISOString();
  if (problem) {
    return {
      exit: null,
      stdout: '',
      stderr: problem.message,
      problem: problem.problem,
      problemAt: problem.problemAt,
      startedAt: now,
      durationMs: 0,
    };
  }
  // A host that is asked from elsewhere has no connection to tell of.
  if (kind === 'none') return { ...notRun(), problemAt: 'host' };
  return { exit: 0, stdout: JSON.stringify({ kind, hostKey }), stderr: '', startedAt: now, durationMs: 0 };
}

function notRun(): Output {
  return {
    exit: null,
    stdout: '',
    stderr: '',
    problem: 'not-run',
    problemAt: 'command',
    startedAt: new Date().toISOString(),
    durationMs: 0,
  };
}
