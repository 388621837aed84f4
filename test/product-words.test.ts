/** `src/` serves products without knowing their names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packIndex } from '../src/pack/load.js';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

/** PostgreSQL is a product of packs, and a language that the engine's own probe speaks. */
const spoken = ['postgresql'];
const words = [...packIndex().packs.filter((name) => !spoken.includes(name)), 'alien', 'a4c', 'consul'];
const named = new RegExp(`\\b_?(${words.join('|')})(?![a-z])|${words.slice(0, 2).join('|')}`, 'i');

describe('src', () => {
  it('is looked through as a whole', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files).toContain(join(src, 'core/model.ts'));
  });

  it.each(words)('would be caught with the word %s in it', (word) => {
    for (const text of [word, word.toUpperCase(), `// asks ${word}'s agent`, `${word}_leader`])
      expect(text).toMatch(named);
  });

  it('names no product', () => {
    const found = files.filter((file) => named.test(file) || named.test(readFileSync(file, 'utf8')));
    expect(found).toEqual([]);
  });
});
