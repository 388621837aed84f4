import { describe, expect, it } from 'vitest';
import { MostAnswered, workUntil } from '../../src/cli/lull.js';
import type { Observer } from '../../src/collect/observer.js';
import type { Step } from '../../src/core/model.js';
import { Questions } from '../../src/plan/questions.js';

function roundOf(words: string[]) {
  const asks = words.map((word) => ({
    host: 'a',
    ask: { kind: 'exec', argv: [word], as: 'login', effect: 'read', timeoutMs: 1, maxBytes: 1 },
  }));
  const steps = [
    { id: 's', probe: 'p', asks: [{ host: 'a', ask: { kind: 'connection' } }, ...asks] },
  ] as never as Step[];
  return { steps, questions: new Questions(steps), connectionTo: () => undefined };
}

describe('most of a round', () => {
  it('is reached with the answer that makes it three quarters, and whoever watches is told as ever', async () => {
    const told: string[] = [];
    const watcher: Observer = {
      round: () => told.push('round'),
      asked: ({ ask }) => told.push(`asked ${'argv' in ask ? ask.argv[0] : ''}`),
      answered: (_question, durationMs) => told.push(`answered ${durationMs}`),
    };
    const most = new MostAnswered(watcher);
    const round = roundOf(['x', 'y', 'z', 'w']);
    most.round(round);
    void most.reached.then(() => told.push('most'));
    const questions = round.questions.of().filter(({ ask }) => ask.kind === 'exec');
    for (const [at, question] of questions.entries()) {
      most.asked(question);
      most.answered(question, at);
      await Promise.resolve();
    }
    expect(told).toEqual([
      'round',
      'asked x',
      'answered 0',
      'asked y',
      'answered 1',
      'asked z',
      'answered 2',
      'most',
      'asked w',
      'answered 3',
    ]);
  });
});

describe('work in a lull', () => {
  it('is done piece by piece, and what is left when the lull is over is not', async () => {
    const done: string[] = [];
    const pieces = ['x', 'y', 'z'].map((piece) => () => done.push(piece));
    await workUntil(() => done.length === 2, pieces);
    expect(done).toEqual(['x', 'y']);
  });

  it('lets an answer that has come be read between any two pieces', async () => {
    const done: string[] = [];
    const pieces = [() => void setImmediate(() => done.push('an answer')), () => done.push('the second piece')];
    await workUntil(() => false, pieces);
    expect(done).toEqual(['an answer', 'the second piece']);
  });
});
