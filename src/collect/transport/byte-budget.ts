/** How much a host may send: what was asked of it allows, and no more. */

/** The login, its negotiation, and what is asked before the first question. */
const LOGIN_BYTES = 4 * 1024 * 1024;
/** A shell's start, with what profile scripts say. */
const SHELL_BYTES = 1024 * 1024;
/** What packets, sentinels and keep-alives add to an answer. */
const FRAME_BYTES = 64 * 1024;

/** Counts the bytes of one connection against what they answer. */
export class ByteBudget {
  #left = LOGIN_BYTES;

  /** A shell is opened. */
  allowShell(): void {
    this.#left += SHELL_BYTES;
  }

  /** An answer of at most so many bytes is asked for; in small packets it is twice as much. */
  allowAnswer(maxBytes: number): void {
    this.#left += 2 * maxBytes + FRAME_BYTES;
  }

  /** Whether so many more bytes may come. */
  take(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }
}
