/** How much time a host's questions may still take: no more is said than is known. Pure. */

/** What is not answered yet, and what the answers up to now tell; milliseconds of one clock. */
export interface Work {
  /** Ordinary questions that are not answered. */
  quick: number;
  /** The answers to ordinary questions. */
  answers: { count: number; firstMs: number; lastMs: number };
  /**
   * Questions that may take long and are not answered: how long the same took before or elsewhere, and since when nothing older
   * is unanswered.
   */
  slow: { tookMs: number | undefined; sinceMs: number | undefined }[];
  /** Series that are not complete: when the next sample is due, how many are missing, and how long the last answer took. */
  series: { dueMs: number; missing: number; everyMs: number; answerMs: number }[];
}

/** The time that is left; `least`: something that nobody can foresee comes on top. */
export interface Left {
  ms: number;
  least: boolean;
}

/** Fewer answers say nothing of how quickly a host answers. */
const ENOUGH_ANSWERS = 4;
/** Less is over before it is read. */
const WORTH_MS = 1_000;

/** What is left; undefined while that is not known, or not worth a word. */
export function leftOf({ quick, answers, slow, series }: Work, nowMs: number): Left | undefined {
  const sampling = Math.max(0, ...series.map((one) => untilComplete(one, nowMs)));
  const asking = untilAnswered(quick, answers, nowMs);
  const long = slow.map(({ tookMs, sinceMs }) =>
    tookMs === undefined ? undefined : Math.max(0, tookMs - (sinceMs === undefined ? 0 : nowMs - sinceMs)),
  );
  const known = [asking, ...long].filter((ms) => ms !== undefined);
  const least = known.length <= long.length;
  const ms = least ? sampling : Math.max(sampling, ...known);
  return ms < WORTH_MS ? undefined : { ms, least };
}

function untilComplete({ dueMs, missing, everyMs, answerMs }: Work['series'][number], nowMs: number): number {
  return Math.max(0, dueMs - nowMs) + (missing - 1) * everyMs + answerMs;
}

/** At the pace between the first answer and the last; connecting came before, and between two answers time only passes. */
function untilAnswered(quick: number, { count, firstMs, lastMs }: Work['answers'], nowMs: number): number | undefined {
  if (quick === 0) return 0;
  if (count < ENOUGH_ANSWERS) return undefined;
  return Math.max(0, (quick * (lastMs - firstMs)) / (count - 1) - (nowMs - lastMs));
}

const SLACK_MS = 3_000;
const SILENT_MS = 2_000;

/** Keeps what is said of the end from being put off unnoticed: a later end is told after a silence only. */
export class Foretold {
  #end: { atMs: number; slackMs: number } | undefined;
  #silentUntilMs = Number.NEGATIVE_INFINITY;

  /** What to say now of what is known now; the times of the calls do not go back. */
  say(left: Left | undefined, nowMs: number): Left | undefined {
    if (nowMs < this.#silentUntilMs) return undefined;
    if (!left || left.least) {
      this.#end = undefined;
      return left;
    }
    const atMs = nowMs + left.ms;
    if (this.#end && atMs > this.#end.atMs + this.#end.slackMs) {
      this.#end = undefined;
      this.#silentUntilMs = nowMs + SILENT_MS;
      return undefined;
    }
    if (!this.#end || atMs < this.#end.atMs) this.#end = { atMs, slackMs: Math.max(SLACK_MS, left.ms / 2) };
    return left;
  }
}
