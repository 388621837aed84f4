/**
 * How often in a row the wire was waited for: each message of one end carries how many turns led to it. A question is one turn more
 * than the latest answer that had arrived before it was sent; an answer has the turns of the latest question that had arrived.
 * What is sent without waiting, many questions at once, is one turn. That is a matter of order, not of times.
 */
export class Waits {
  #asked = 0;
  #answered = 0;

  /** Our end sends; gives the turns of the message, for `reaches`. */
  sends() {
    return this.#answered + 1;
  }

  /** A message of ours has reached the host. */
  reaches(turns) {
    this.#asked = Math.max(this.#asked, turns);
  }

  /** The host sends; gives the turns of the message, for `arrives`. */
  answers() {
    return this.#asked;
  }

  /** A message of the host has arrived. */
  arrives(turns) {
    this.#answered = Math.max(this.#answered, turns);
  }

  /** Turns of the longest row. */
  get inARow() {
    return this.#answered;
  }
}
