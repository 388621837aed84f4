/** Milliseconds of runs, by name. */
import { median } from './judge.js';

/** What was measured so far. */
export class Times {
  readonly #times: Map<string, readonly number[]>;

  constructor(times: Iterable<readonly [string, readonly number[]]> = []) {
    this.#times = new Map(times);
  }

  /** Runs once more under a name. */
  async take(name: string, run: () => Promise<{ ms: number }>): Promise<void> {
    const { ms } = await run();
    this.#times.set(name, [...this.#all(name), ms]);
  }

  /** How often something ran. */
  count(name: string): number {
    return this.#all(name).length;
  }

  /** The middle one; NaN where nothing was measured. */
  median(name: string): number {
    return median(this.#all(name));
  }

  /** The middle one, and all where there are several. */
  show(name: string): string {
    const all = this.#all(name);
    const each = all.length > 1 ? ` (${all.map((ms) => ms.toFixed(0)).join(' ')})` : '';
    return `${this.median(name).toFixed(0)} ms${each}`;
  }

  /** Only what was measured under these names. */
  of(names: readonly string[]): Times {
    return new Times([...this.#times].filter(([name]) => names.includes(name)));
  }

  #all(name: string): readonly number[] {
    return this.#times.get(name) ?? [];
  }
}
