/** Which question goes to which lane: whatever waits, and in whatever order lanes answer, nothing is told a lane that it must not be told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaneQueue } from '../../../src/collect/transport/lane-queue.js';

type Wish = Parameters<LaneQueue<Lane, string>['wait']>[0];

/** A lane, with what it was told and has not answered, in order. */
class Lane {
  usable = true;
  readonly told: Wish[] = [];
}

const wishes: Record<string, Wish> = {
  urgent: { rank: 'urgent', only: false },
  quick: { rank: 'quick', only: false },
  long: { rank: 'long', only: false },
  reads: { rank: 'long', only: true },
};

/** Something happens: a question comes, a lane is opened, begins or ends, or has answered its first question. */
const happenings = fc.array(
  fc.oneof(
    fc.record({ asks: fc.constantFrom(...Object.values(wishes)) }),
    fc.record({ answers: fc.nat(2) }),
    fc.record({ opens: fc.boolean() }),
    fc.record({ ends: fc.nat(2) }),
    fc.record({ holds: fc.boolean() }),
    fc.record({ hurries: fc.boolean() }),
  ),
  { maxLength: 60 },
);

describe('the queue of a context', () => {
  it('tells nothing behind what may take long, nothing beside what reads an input, and not too much ahead', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const queue = new LaneQueue<Lane, string>();
        const lanes: Lane[] = [];
        let holds = false;
        const hand = (wish: Wish) => (lane: Lane | string) => {
          if (!(lane instanceof Lane)) return;
          expect(lane.usable).toBe(true);
          expect(lane.told.at(-1)?.rank).not.toBe('long');
          if (wish.only) expect(lane.told).toEqual([]);
          lane.told.push(wish);
          expect(lane.told.filter(({ rank }) => rank !== 'long').length).toBeLessThanOrEqual(16);
        };
        for (const one of all) {
          if ('asks' in one) queue.wait(one.asks, hand(one.asks));
          if ('holds' in one) holds = one.holds;
          if ('hurries' in one) queue.inHurry = one.hurries;
          if ('opens' in one && lanes.length < queue.max) {
            const lane = new Lane();
            lanes.push(lane);
            queue.opened(lane, { starting: one.opens });
          }
          const lane = lanes['answers' in one ? one.answers : 'ends' in one ? one.ends : -1];
          if (lane && 'answers' in one && lane.told.shift()) queue.answered(lane);
          if (lane && 'ends' in one) {
            lane.usable = false;
            queue.gone(lane);
            lanes.splice(lanes.indexOf(lane), 1);
          }
          queue.give(holds);
          expect(queue.wanted(holds)).toBeLessThanOrEqual(queue.max);
        }
        // Whoever waits is served in the end, once nothing is held back and the lanes answer.
        queue.inHurry = false;
        const last = new Lane();
        queue.opened(last, { starting: false });
        for (let turn = 0; !queue.empty && turn < all.length; turn++) {
          queue.give(false);
          for (const lane of [...lanes, last]) if (lane.told.shift()) queue.answered(lane);
        }
        queue.give(false);
        expect(queue.empty).toBe(true);
      }),
    );
  });

  /** What one lane is told of these questions. */
  function toldOne(asked: readonly Wish[], how: { inHurry?: boolean; holds?: boolean } = {}): string[] {
    const queue = new LaneQueue<Lane, string>();
    queue.inHurry = how.inHurry ?? false;
    const told: string[] = [];
    for (const wish of asked) queue.wait(wish, () => told.push(wish.rank));
    queue.opened(new Lane(), { starting: false });
    queue.give(how.holds ?? false);
    return told;
  }
  const { urgent, quick, long } = wishes as Record<'urgent' | 'quick' | 'long', Wish>;

  it('tells a lane sixteen questions ahead', () => {
    expect(toldOne(Array(40).fill(quick))).toHaveLength(16);
  });

  it('tells in a hurry nothing behind what is urgent that may take long', () => {
    expect(toldOne([long, urgent])).toEqual(['urgent', 'long']);
    expect(toldOne([long, urgent], { inHurry: true })).toEqual(['urgent']);
  });

  it('holds back more than four quick questions', () => {
    expect(toldOne(Array(4).fill(quick), { holds: true })).toHaveLength(4);
    expect(toldOne([...Array(5).fill(quick), long], { holds: true })).toEqual(['long']);
  });
});
