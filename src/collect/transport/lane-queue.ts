/** Which question of a context goes to which of its lanes, and how many lanes are wanted. */

/** So many questions a lane is told before it has answered the first: no more wait for the wire one after the other. */
const TOLD_AHEAD = 16;
/** So few quick commands are not worth holding back. */
const FEW = 4;
/** At most so many lanes. */
const LANES = 3;

/** In this order: what others wait for, what may take long and is told nothing behind it in its lane, the rest. */
const RANKS = ['urgent', 'long', 'quick'] as const;

/** How a question waits for a lane. */
interface Wish {
  rank: (typeof RANKS)[number];
  /** Nothing may be told the lane before it has its answer, nor unanswered before it. */
  only: boolean;
}

const isLong = ({ rank }: Wish) => rank === 'long';

/** A question that has no lane yet. */
interface Waiting<L, F> extends Wish {
  resolve(lane: L | F): void;
}

/** How many questions a lane was given, whether the last of them is to be alone, and whether the lane has yet to show what it is. */
interface Given {
  count: number;
  alone: boolean;
  starting: boolean;
}

/** Those who wait, and the lanes that are open. `F`: why there is no lane. */
export class LaneQueue<L extends { readonly usable: boolean }, F> {
  readonly #lanes = new Map<L, Given>();
  /** In the order of their ranks. */
  readonly #waiting: Waiting<L, F>[] = [];
  /** There can be no more lanes than that. */
  max = LANES;
  /** No lane is told what takes long behind what is quick. */
  inHurry = false;

  /** True when nobody waits. */
  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The lanes that are open. */
  lanes(): L[] {
    return [...this.#lanes.keys()];
  }

  /** A lane is open: it has begun, or has shown what it is. */
  opened(lane: L, { starting }: Pick<Given, 'starting'>): void {
    this.#lanes.set(lane, { count: 0, alone: false, ...this.#lanes.get(lane), starting });
  }

  /** A lane is no more. False where it was none. */
  gone(lane: L): boolean {
    return this.#lanes.delete(lane);
  }

  /** A question of the lane's has its answer. */
  answered(lane: L): void {
    const given = this.#lanes.get(lane);
    if (given) given.count--;
  }

  /** True for a lane that has nothing to do. */
  isIdle(lane: L): boolean {
    const given = this.#lanes.get(lane);
    return given?.count === 0 && !given.starting;
  }

  /** Whoever wishes for a lane waits until he is given one, or the reason why there is none. */
  wait(wish: Wish, resolve: (lane: L | F) => void): void {
    const behind = this.#waiting.findIndex(({ rank }) => RANKS.indexOf(rank) > RANKS.indexOf(wish.rank));
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { ...wish, resolve });
  }

  /** There is no lane for anybody. */
  refuse(why: F): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(why);
  }

  /** Gives lanes to those who wait; with `holds` not to what is quick, where that is much. */
  give(holds: boolean): void {
    for (const waiting of this.#due(holds)) this.#hand(waiting, isLong(waiting) ? this.#idle(holds) : this.#shared());
    // Where nothing quick is left, what takes long need not wait for the answers to what was.
    for (const waiting of this.#due(holds)) this.#hand(waiting, waiting.only ? undefined : this.#lastOf(holds));
  }

  /**
   * How many lanes there should be just now: one for each that takes long. A few that are quick go before it in the same lane: they
   * have a lane of their own where one that takes long is running already, or where they are many. None where nobody is due.
   */
  wanted(holds: boolean): number {
    const due = this.#due(holds);
    return due.length === 0 ? 0 : this.#most(due);
  }

  #most(due: readonly Waiting<L, F>[]): number {
    const taken = this.#taken;
    const slow = due.filter(isLong).length;
    const quick = due.length - slow;
    const own = (quick > 0 && taken > 0) || quick > TOLD_AHEAD;
    return Math.min(this.max, Math.max(1, taken + slow + (own ? 1 : 0)));
  }

  #due(holds: boolean): Waiting<L, F>[] {
    const due = this.#waiting.filter(({ rank }) => rank !== 'quick');
    return holds && this.#waiting.length - due.length > FEW ? due : [...this.#waiting];
  }

  #hand(waiting: Waiting<L, F>, lane: L | undefined): void {
    const given = lane && this.#lanes.get(lane);
    if (!given) return;
    Object.assign(given, { count: given.count + 1, alone: isLong(waiting) });
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    waiting.resolve(lane);
  }

  /** A lane for one command alone; the last is left to those that are quick, where there are any. */
  #idle(holds: boolean): L | undefined {
    const [lane, other] = this.#lanesThat(({ count }) => count === 0);
    const due = this.#due(holds);
    const isLast = other === undefined && this.#taken + 1 >= this.#most(due);
    return isLast && !due.every(isLong) ? undefined : lane;
  }

  /** The lane that has the fewest quick commands. */
  #shared(): L | undefined {
    const countOf = (lane: L) => this.#lanes.get(lane)?.count ?? 0;
    return this.#lanesThat(({ count, alone }) => count === 0 || (!alone && count < TOLD_AHEAD)).sort(
      (one, other) => countOf(one) - countOf(other),
    )[0];
  }

  /** A lane that is told one command more, which may take long, and then no other. */
  #lastOf(holds: boolean): L | undefined {
    if (this.inHurry || !this.#due(holds).every(isLong)) return undefined;
    return this.#shared();
  }

  #lanesThat(suit: (given: Given) => boolean): L[] {
    return [...this.#lanes].filter(([lane, given]) => lane.usable && suit(given)).map(([lane]) => lane);
  }

  /** How many lanes have what takes long. */
  get #taken(): number {
    return [...this.#lanes.values()].filter(({ alone, count }) => alone && count > 0).length;
  }
}
