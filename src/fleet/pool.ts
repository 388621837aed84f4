/** A pool: so many pieces of work at once, and no more. */

/** Works through the items, `size` at a time, in their order; after the signal none is begun. */
export async function inPool<T>(
  items: readonly T[],
  size: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(size, items.length) }, worker));
}

/** So many at once may pass; who waits passes in turn. */
export class Gate {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves to what lets the next one pass, once there is room. */
  async enter(): Promise<() => void> {
    if (this.#inside >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // Whoever waits takes the place over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    };
  }
}
