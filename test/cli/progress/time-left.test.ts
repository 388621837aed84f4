/** The time that is left is never negative, never more than is known, and never put off unnoticed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Foretold, type Left, leftOf, type Work } from '../../../src/cli/progress/time-left.js';

const nothing: Work = { quick: 0, answers: { count: 0, firstMs: 0, lastMs: 0 }, slow: [], series: [] };
/** Ten answers in nine seconds. */
const answers = { count: 10, firstMs: 1_000, lastMs: 10_000 };
const series = { dueMs: 12_000, missing: 3, everyMs: 5_000, answerMs: 500 };

describe('what is left', () => {
  it.each<[string, Partial<Work>, Left | undefined]>([
    ['is nothing where nothing is asked', {}, undefined],
    ['is not known before a few answers', { quick: 20, answers: { ...answers, count: 3 } }, undefined],
    ['goes on at the pace of the answers up to now', { quick: 20, answers }, { ms: 20_000, least: false }],
    ['is known after four', { quick: 20, answers: { ...answers, count: 4 } }, { ms: 60_000, least: false }],
    [
      'goes down since the last answer',
      { quick: 20, answers: { count: 10, firstMs: -1_000, lastMs: 8_000 } },
      { ms: 18_000, least: false },
    ],
    ['is not worth a word below one second', { quick: 20, answers: { ...answers, firstMs: 9_900 } }, undefined],
    ['is not known while something may take long', { quick: 20, answers, slow: [unknown()] }, undefined],
    [
      'is known of what took long elsewhere',
      { slow: [{ tookMs: 30_000, sinceMs: undefined }] },
      { ms: 30_000, least: false },
    ],
    ['counts what has passed of it', { slow: [{ tookMs: 30_000, sinceMs: 4_000 }] }, { ms: 24_000, least: false }],
    ['is not negative when it takes longer here', { slow: [{ tookMs: 3_000, sinceMs: 4_000 }] }, undefined],
    ['is what the samples take', { series: [series] }, { ms: 12_500, least: false }],
    ['is that of the longest series', { series: [series, { ...series, missing: 5 }] }, { ms: 22_500, least: false }],
    ['is at least what the samples take', { slow: [unknown()], series: [series] }, { ms: 12_500, least: true }],
    [
      'is at least that before the first answers too',
      { quick: 20, series: [{ ...series, dueMs: 0, answerMs: 0, missing: 5 }] },
      { ms: 20_000, least: true },
    ],
    ['counts what goes on at once only once', { quick: 20, answers, series: [series] }, { ms: 20_000, least: false }],
  ])('%s', (_, work, left) => {
    expect(leftOf({ ...nothing, ...work }, 10_000)).toEqual(left);
  });

  function unknown(): Work['slow'][number] {
    return { tookMs: undefined, sinceMs: undefined };
  }

  const ms = fc.integer({ min: 0, max: 10_000_000 });
  const work = fc.record({
    quick: fc.nat(200),
    answers: fc.tuple(fc.nat(200), ms, ms).map(([count, a, b]) => ({
      count,
      firstMs: Math.min(a, b),
      lastMs: Math.max(a, b),
    })),
    slow: fc.array(
      fc.record({ tookMs: fc.option(ms, { nil: undefined }), sinceMs: fc.option(ms, { nil: undefined }) }),
    ),
    series: fc.array(fc.record({ dueMs: ms, missing: fc.integer({ min: 1, max: 100 }), everyMs: ms, answerMs: ms })),
  });

  it('is a number worth saying or not said, and goes down as time passes without an answer', () => {
    fc.assert(
      fc.property(work, ms, ms, (some, a, b) => {
        const [now, later] = [Math.min(a, b), Math.max(a, b)];
        const [before, after] = [leftOf(some, now), leftOf(some, later)];
        if (before) expect(Number.isFinite(before.ms) && before.ms >= 1_000).toBe(true);
        if (after) expect(after.ms).toBeLessThanOrEqual(before?.ms ?? 0);
        if (before && after) expect(after.least).toBe(before.least);
      }),
    );
  });

  it('is said of the end only where every question can be foreseen', () => {
    fc.assert(
      fc.property(work, ms, (some, now) => {
        const left = leftOf({ ...some, slow: [...some.slow, unknown()] }, now);
        expect(left?.least ?? true).toBe(true);
      }),
    );
  });
});

describe('what is said of the end', () => {
  const about = (ms: number): Left => ({ ms, least: false });

  it('is what is known, while the end does not move', () => {
    const foretold = new Foretold();
    const said = [0, 1_000, 5_000, 9_000].map((now) => foretold.say(about(10_000 - now), now)?.ms);
    expect(said).toEqual([10_000, 9_000, 5_000, 1_000]);
  });

  it('falls silent for two seconds before a much later end', () => {
    const foretold = new Foretold();
    const said = [0, 1_000, 2_000, 2_999, 3_000].map((now) => foretold.say(about(now === 0 ? 4_000 : 30_000), now)?.ms);
    expect(said).toEqual([4_000, undefined, undefined, undefined, 30_000]);
  });

  it('does not fall silent where the least becomes the whole', () => {
    const foretold = new Foretold();
    expect(foretold.say({ ms: 4_000, least: true }, 0)).toEqual({ ms: 4_000, least: true });
    expect(foretold.say(about(60_000), 1_000)).toEqual(about(60_000));
  });

  it('is never put off by more than half of what it was, or three seconds, without a silence', () => {
    const steps = fc.array(
      fc.record({ passed: fc.nat(3_000), known: fc.option(fc.integer({ min: 1_000, max: 90_000 })) }),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const foretold = new Foretold();
        let now = 0;
        let first: { end: number; most: number } | undefined;
        let silentMs = Number.POSITIVE_INFINITY;
        for (const { passed, known } of list) {
          now += passed;
          const left = foretold.say(known === null ? undefined : about(known), now);
          if (!left) {
            if (first && known !== null) silentMs = now;
            first = undefined;
            continue;
          }
          if (Number.isFinite(silentMs)) expect(now - silentMs).toBeGreaterThanOrEqual(2_000);
          silentMs = Number.POSITIVE_INFINITY;
          const end = now + left.ms;
          if (first) expect(end).toBeLessThanOrEqual(first.most);
          if (!first || end < first.end) first = { end, most: end + Math.max(3_000, left.ms / 2) };
        }
      }),
    );
  });
});
