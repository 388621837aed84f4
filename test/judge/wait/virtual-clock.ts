/** A clock whose time passes only when everybody waits for it: no test that uses it takes any. */
import type { Clock } from '../../../src/core/clock.js';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** Starts at 0 milliseconds; whoever sleeps shortest wakes first. */
export class VirtualClock implements Clock {
  time = 0;
  /** How long each sleep was to be. */
  readonly slept: number[] = [];
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve) => {
      const stop = () => this.#wake(sleeper);
      const sleeper: Sleeper = {
        at: this.time + ms,
        wake: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
      setImmediate(() => this.#pass());
    });
  }

  #pass(): void {
    const [next] = this.#sleepers.toSorted((a, b) => a.at - b.at);
    if (!next) return;
    this.time = Math.max(this.time, next.at);
    this.#wake(next);
  }

  #wake(sleeper: Sleeper): void {
    if (!this.#sleepers.includes(sleeper)) return;
    this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
    sleeper.wake();
  }
}
