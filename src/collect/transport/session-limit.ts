/** Bounds the sessions of one connection: sshd allows 10 by default, and fewer where it was told to. */

/** Counts open sessions; whoever wants one more waits, after idle ones were asked to give way. */
export class SessionLimit {
  #max: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #yields: (() => boolean)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Somebody is waiting: a session that has just become idle should end rather than be kept. */
  get contended(): boolean {
    return this.#waiting.length > 0;
  }

  /** Registers a way to free an idle session; it returns false when it has none. */
  onShortage(yieldOne: () => boolean): void {
    this.#yields.push(yieldOne);
  }

  /** Takes a session if one is free. */
  tryAcquire(): boolean {
    if (this.#used >= this.#max) return false;
    this.#used++;
    return true;
  }

  /** Takes a session, waiting for one if need be. */
  async acquire(): Promise<void> {
    while (!this.tryAcquire()) {
      const freed = new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#yields.some((yieldOne) => yieldOne());
      await freed;
    }
  }

  /** Gives a session back. */
  release(): void {
    this.#used--;
    this.#waiting.shift()?.();
  }

  /** The host refused a session: what is open now is the most it allows. False when that is none at all. */
  lower(): boolean {
    const others = this.#used - 1;
    if (others < 1) return false;
    this.#max = others;
    return true;
  }
}
