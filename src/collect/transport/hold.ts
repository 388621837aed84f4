/** While contexts are being entered, what is quick waits, and so do contexts in which nothing takes long: their programs would take the processor. */

/** No longer than that: an entry may be slow, and what is quick need not wait for it to be told. */
const PATIENCE_MS = 1_000;

/** Holds back the quick questions of one host, so that what takes long begins first. */
export class Hold {
  #on = false;
  readonly #told: (() => void)[] = [];
  #over: Promise<void> = Promise.resolve();
  #end: () => void = () => {};

  /** True while what is quick, and nobody waits for, is to wait. */
  get on(): boolean {
    return this.#on;
  }

  /** Resolves when nothing is held back. */
  get over(): Promise<void> {
    return this.#over;
  }

  /** Registers who is told that it is over. */
  onLift(tell: () => void): void {
    this.#told.push(tell);
  }

  /** Begins to hold back. */
  begin(): void {
    this.#on = true;
    this.#over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Ends it. */
  lift(): void {
    if (!this.#on) return;
    this.#on = false;
    this.#end();
    for (const tell of this.#told) tell();
  }

  /** Ends it once the contexts are entered, or refused. */
  async liftAfter(entered: Promise<unknown>): Promise<void> {
    const timer = setTimeout(() => this.lift(), PATIENCE_MS);
    await entered;
    clearTimeout(timer);
    this.lift();
  }
}
