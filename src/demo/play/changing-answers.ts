/** Answers that change from one turn of a question to the next, as those of a host do that catches up. */

/** What is said every time, or a list: the first answer, the second, ...; the last is said from then on. */
export type Series<T> = T | T[];

/** What is said at an turn, counted from 0. */
export function sayingOf<T>(series: Series<T>, turn: number): T {
  if (!Array.isArray(series)) return series;
  return series[Math.min(turn, series.length - 1)] as T;
}

/** Counts how often each question was asked of one host since its pair was started. */
export class Turns {
  readonly #counts = new Map<string, number>();

  /** How often these words were asked in this context before now. */
  count(as: string, words: readonly string[]): number {
    const question = [as, ...words].join('\0');
    const before = this.#counts.get(question) ?? 0;
    this.#counts.set(question, before + 1);
    return before;
  }
}
