/**
 * Packs that were read and checked when pairflight was built: reading some hundred lines of YAML and proving that they fit
 * together takes longer than asking a host. A pack is taken from here only if its files are, to the byte, those that were
 * checked, and if nothing that reads or checks packs was compiled since.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Pack, PackText } from './pack.js';

const compiled = new URL('../pack/', import.meta.url);
const folder = new URL('../pack/checked/', import.meta.url);
const packs = new URL('../../rules/', import.meta.url);

/** What is asked of each product before its pack is worth loading, the default one first. */
export type Products = Record<string, Pick<Pack, 'title' | 'roles'>>;

/** The compiled parts that decide what a checked pack looks like: all of this folder. */
const makers = (): URL[] =>
  readdirSync(compiled, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => new URL(name, compiled));

/** A checked pack by the hash of its files; undefined when there is none, or when it may be out of date. */
export const readChecked = (sha256: string): PackText | undefined => read<PackText>(sha256);

/** Which packs pairflight brings, and which is the default. */
export interface PackIndex {
  default: string;
  packs: string[];
  /** Programs of products that only read, with a pattern for each word that they are asked with. */
  reading: Record<string, string[]>;
}

/** The checked index by its text; undefined when there is none, or when it may be out of date. */
export const readCheckedIndex = (text: string): PackIndex | undefined => read<PackIndex>(hashOfIndex(text));

/** Title and roles of the products that pairflight brings; undefined where packs are to be read instead. */
export const readProducts = (): Products | undefined => read<Products>(hashOfPacks());

function read<T>(sha256: string): T | undefined {
  try {
    const file = new URL(`${sha256}.json`, folder);
    const { mtimeMs } = statSync(file);
    if (makers().some((maker) => statSync(maker).mtimeMs > mtimeMs)) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    // Not built, or run from the sources: the pack is read and checked as any other.
    return undefined;
  }
}

/** Keeps the packs that were just checked, the default one first, and their index, and no others. */
export function writeChecked(checked: readonly Pack[], index: PackIndex): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const keep = (sha256: string, what: unknown) =>
    writeFileSync(new URL(`${sha256}.json`, folder), JSON.stringify(what));
  for (const { sha256, text } of checked) keep(sha256, text);
  keep(hashOfPacks(), productsOf(checked));
  keep(hashOfIndex(readFileSync(new URL('index.yaml', packs), 'utf8')), index);
}

/** Title and roles of some packs. */
export function productsOf(some: readonly Pack[]): Products {
  return Object.fromEntries(some.map(({ name, title, roles }) => [name, { title, roles }]));
}

const hashOfIndex = (text: string) => createHash('sha256').update(`index\n${text}`).digest('hex');

function hashOfPacks(): string {
  const hash = createHash('sha256');
  const folders = readdirSync(packs, { withFileTypes: true }).filter((one) => one.isDirectory());
  const files = ['index.yaml', ...folders.map(({ name }) => `${name}/pack.yaml`).sort()];
  for (const file of files) hash.update(readFileSync(new URL(file, packs)));
  return hash.digest('hex');
}
