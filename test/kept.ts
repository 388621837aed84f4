/** Results that are compared to the letter with those that are kept: one line of JSON for each scene. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const SEPARATOR = ' => ';

/** The scenes that a file keeps. */
export class Kept {
  readonly #url: URL;
  readonly #lines: Map<string, string>;
  readonly #seen = new Set<string>();

  constructor(file: URL) {
    this.#url = file;
    const text = existsSync(this.#url) ? readFileSync(this.#url, 'utf8') : '';
    this.#lines = new Map(
      text.split('\n').flatMap((line) => (line === '' ? [] : [[line.split(SEPARATOR)[0] ?? '', line]])),
    );
  }

  /** Compares each scene's result with the kept one; PAIRFLIGHT_KEEP=1 keeps those of this run instead, to be read before they are committed. */
  expect(results: Record<string, unknown>): void {
    const lines = Object.entries(results).map(
      ([scene, result]) => [scene, `${scene}${SEPARATOR}${JSON.stringify(result)}`] as const,
    );
    for (const [scene, line] of lines) {
      this.#seen.add(scene);
      if (process.env.PAIRFLIGHT_KEEP) this.#lines.set(scene, line);
    }
    expect(lines.map(([, line]) => line)).toEqual(lines.map(([scene]) => this.#lines.get(scene)));
  }

  /** Nothing is kept that no scene came to: to be called last. */
  expectNoMore(): void {
    for (const scene of this.#lines.keys())
      if (!this.#seen.has(scene) && process.env.PAIRFLIGHT_KEEP) this.#lines.delete(scene);
    expect([...this.#lines.keys()].filter((scene) => !this.#seen.has(scene))).toEqual([]);
    if (process.env.PAIRFLIGHT_KEEP) writeFileSync(this.#url, `${[...this.#lines.values()].join('\n')}\n`);
  }
}
