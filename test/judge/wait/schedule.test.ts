/** Which round comes next, and how the waiting ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prospect } from '../../../src/judge/wait/prospects.js';
import { type Look, type Next, nextRound, type Pace, type Rhythm } from '../../../src/judge/wait/schedule.js';

const MINUTE = 60_000;
const pace: Pace = { everyMs: MINUTE, longestMs: 10 * MINUTE, deadlineMs: 360 * MINUTE };
const steady: Rhythm = { intervalMs: 4 * MINUTE, failedConnects: 0 };

/** A full round in which something failed that can be asked again, ten seconds long, at the start. */
function look(over: Partial<Look> = {}): Look {
  const full: Look = {
    full: true,
    beganMs: 0,
    endedMs: 10_000,
    passed: false,
    prospects: ['askable'],
    changed: true,
    connected: true,
  };
  return { ...full, ...over };
}
const small = (over: Partial<Look> = {}) =>
  look({ full: false, beganMs: 100 * MINUTE, endedMs: 101 * MINUTE, ...over });

describe('after a round', () => {
  it.each<[string, Look, Rhythm | undefined, Next]>([
    ['a full one that passed ends the waiting', look({ passed: true, prospects: [] }), undefined, { end: 'passed' }],
    [
      'a smaller one that passed is followed by a full one at once',
      small({ passed: true, prospects: [] }),
      steady,
      { full: true, atMs: 101 * MINUTE, rhythm: steady },
    ],
    [
      'a first one that failed by a smaller one',
      look(),
      undefined,
      { full: false, atMs: MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 0 } },
    ],
    [
      'a smaller one that changed nothing by a later one',
      small({ changed: false }),
      steady,
      { full: false, atMs: 106 * MINUTE, rhythm: { intervalMs: 6 * MINUTE, failedConnects: 0 } },
    ],
    [
      'the longest interval stays',
      small({ changed: false }),
      { intervalMs: 10 * MINUTE, failedConnects: 0 },
      { full: false, atMs: 110 * MINUTE, rhythm: { intervalMs: 10 * MINUTE, failedConnects: 0 } },
    ],
    [
      'a change makes it quick again',
      small(),
      steady,
      { full: false, atMs: 101 * MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 0 } },
    ],
    [
      'one that took longer than the interval by one at once',
      small({ endedMs: 130 * MINUTE, changed: false }),
      steady,
      { full: false, atMs: 130 * MINUTE, rhythm: { intervalMs: 6 * MINUTE, failedConnects: 0 } },
    ],
    [
      'nothing left that can be asked again: what is hopeless is told by a full one',
      small({ prospects: ['hopeless'], changed: false }),
      steady,
      { full: true, atMs: 101 * MINUTE, rhythm: steady },
    ],
    [
      'nothing left but what is costly: a full one',
      small({ prospects: ['costly', 'hopeless'] }),
      steady,
      { full: true, atMs: 101 * MINUTE, rhythm: steady },
    ],
    [
      'costly findings of a full one are asked for again at the longest interval',
      look({ prospects: ['hopeless', 'costly'] }),
      undefined,
      { full: true, atMs: 10 * MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 0 } },
    ],
    ['hopeless findings alone end the waiting', look({ prospects: ['hopeless'] }), undefined, { end: 'hopeless' }],
    ['no gating rule that applies ends the waiting', look({ prospects: [] }), undefined, { end: 'hopeless' }],
    [
      'hopeless findings wait with those that can be asked again',
      look({ prospects: ['hopeless', 'askable', 'costly'] }),
      undefined,
      { full: false, atMs: MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 0 } },
    ],
    [
      'a full one that failed as the full one before makes it slower',
      look({ changed: false, beganMs: 100 * MINUTE, endedMs: 102 * MINUTE }),
      steady,
      { full: false, atMs: 106 * MINUTE, rhythm: { intervalMs: 6 * MINUTE, failedConnects: 0 } },
    ],
    [
      'hosts that could not be reached are counted',
      small({ connected: false }),
      { intervalMs: 4 * MINUTE, failedConnects: 1 },
      { full: false, atMs: 101 * MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 2 } },
    ],
    [
      'after three failed connects in a row no change makes it quick',
      small({ connected: false }),
      { intervalMs: 4 * MINUTE, failedConnects: 2 },
      { full: false, atMs: 106 * MINUTE, rhythm: { intervalMs: 6 * MINUTE, failedConnects: 3 } },
    ],
    [
      'a connect that worked ends that',
      small(),
      { intervalMs: 10 * MINUTE, failedConnects: 7 },
      { full: false, atMs: 101 * MINUTE, rhythm: { intervalMs: MINUTE, failedConnects: 0 } },
    ],
  ])('%s', (_, one, before, next) => {
    expect(nextRound(one, before, pace)).toEqual(next);
  });
});

describe('at the deadline', () => {
  const late = { beganMs: 357 * MINUTE, endedMs: 358 * MINUTE };
  const slow: Rhythm = { intervalMs: 10 * MINUTE, failedConnects: 0 };

  it('the last smaller round comes early enough for a full one', () => {
    expect(nextRound(small({ ...late, changed: false }), slow, pace)).toMatchObject({
      full: false,
      atMs: 359 * MINUTE,
    });
  });

  it('no smaller round begins sooner than asked for, only to be in time for a full one', () => {
    const over = { beganMs: 358.5 * MINUTE, endedMs: 358.6 * MINUTE, changed: false };
    expect(nextRound(small(over), slow, pace)).toEqual({ end: 'deadline' });
  });

  it.each<[string, Partial<Look>]>([
    ['a smaller round that would begin too late is not begun', { full: false, endedMs: 360 * MINUTE, changed: false }],
    ['nor a full one that is due just then', { full: false, endedMs: 360 * MINUTE, prospects: [] }],
    ['nor a full one for what is costly', { full: true, prospects: ['costly'] }],
  ])('%s', (_, over) => {
    expect(nextRound(look({ ...late, ...over }), slow, pace)).toEqual({ end: 'deadline' });
  });

  it('a full round that went on beyond it still decides', () => {
    const over = look({ beganMs: 350 * MINUTE, endedMs: 400 * MINUTE, passed: true, prospects: [] });
    expect(nextRound(over, slow, pace)).toEqual({ end: 'passed' });
  });
});

describe('whatever happens', () => {
  const prospects = fc.array(fc.constantFrom<Prospect>('askable', 'costly', 'hopeless'), { maxLength: 3 });
  const happening = fc.record({
    prospects,
    changed: fc.boolean(),
    connected: fc.boolean(),
    tookMs: fc.integer({ min: 0, max: 15 * MINUTE }),
  });

  it('waiting ends, never well but by a full round that passed, and no round begins too soon or too late', () => {
    fc.assert(
      fc.property(fc.infiniteStream(happening), fc.integer({ min: 1, max: 48 * 60 }), (happenings, minutes) => {
        const pace: Pace = { everyMs: MINUTE, longestMs: 10 * MINUTE, deadlineMs: (minutes + 1) * MINUTE };
        let rhythm: Rhythm | undefined;
        let full = true;
        let beganMs = 0;
        for (const { prospects, changed, connected, tookMs } of happenings) {
          const passed = prospects.length === 0;
          const one: Look = { full, beganMs, endedMs: beganMs + tookMs, passed, prospects, changed, connected };
          const next = nextRound(one, rhythm, pace);
          if ('end' in next) {
            expect(next.end === 'passed').toBe(full && passed);
            if (next.end === 'hopeless')
              expect({ full, hopeful: prospects.some((o) => o !== 'hopeless') }).toEqual({
                full: true,
                hopeful: false,
              });
            return;
          }
          expect(next.atMs).toBeGreaterThanOrEqual(one.endedMs);
          expect(next.atMs).toBeLessThan(pace.deadlineMs);
          // Full rounds: due at once after a smaller one, else at the longest interval. Smaller ones: never sooner than asked for.
          if (!next.full) expect(next.atMs - beganMs).toBeGreaterThanOrEqual(pace.everyMs);
          else if (full) expect(next.atMs - beganMs).toBeGreaterThanOrEqual(pace.longestMs);
          expect(next.full && !full ? prospects.includes('askable') : false).toBe(false);
          ({ full, rhythm } = next);
          beganMs = next.atMs;
        }
      }),
    );
  });

  it('full rounds that fail again and again are made ever more seldom', () => {
    // Smaller rounds see nothing, full ones always fail alike: two of them must not follow each other every minute.
    let rhythm: Rhythm | undefined;
    let beganMs = 0;
    const fulls: number[] = [];
    for (let n = 0; n < 12; n++) {
      fulls.push(beganMs);
      const after = nextRound(look({ beganMs, endedMs: beganMs + 1000, changed: n === 0 }), rhythm, pace);
      if ('end' in after) break;
      rhythm = after.rhythm;
      const due = nextRound(small({ beganMs: after.atMs, endedMs: after.atMs + 1000, prospects: [] }), rhythm, pace);
      if ('end' in due) break;
      expect(due.full).toBe(true);
      rhythm = due.rhythm;
      beganMs = due.atMs;
    }
    const gaps = fulls.slice(1).map((at, index) => at - (fulls[index] ?? 0));
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(pace.longestMs);
  });
});
