/**
 * Packs that were read and checked when pairflight was built: reading some hundred lines of YAML and proving that they fit
 * together takes longer than asking a host. A pack is taken from here only if its files are, to the byte, those that were
 * checked, and if nothing that reads or checks packs was compiled since.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Pack, PackText } from './pack.js';

const folder = new URL('./checked/', import.meta.url);

/** The compiled parts that decide what a checked pack looks like. */
const makers = ['load', 'pack', 'rules', 'expectation', 'condition', 'schema', 'check/pack', 'check/rule'];

/** A checked pack by the hash of its files; undefined when there is none, or when it may be out of date. */
export function readChecked(sha256: string): PackText | undefined {
  try {
    const file = new URL(`${sha256}.json`, folder);
    const { mtimeMs } = statSync(file);
    if (makers.some((name) => statSync(new URL(`./${name}.js`, import.meta.url)).mtimeMs > mtimeMs)) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as PackText;
  } catch {
    // Not built, or run from the sources: the pack is read and checked as any other.
    return undefined;
  }
}

/** Keeps the packs that were just checked, and no others. */
export function writeChecked(packs: readonly Pack[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const pack of packs) writeFileSync(new URL(`${pack.sha256}.json`, folder), JSON.stringify(pack.text));
}
