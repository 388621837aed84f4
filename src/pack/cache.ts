/**
 * Packs that were read and checked when pairflight was built: reading some hundred lines of YAML and proving that they fit
 * together takes longer than asking a host. A pack is taken from here only if its files are, to the byte, those that were
 * checked, and if nothing that reads or checks packs was compiled since.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Pack, PackText } from './pack.js';

/** Where what reads and checks packs lies compiled, the packs that were checked, and the packs themselves. */
interface Folders {
  compiled: URL;
  checked: URL;
  packs: URL;
}

const own: Folders = {
  compiled: new URL('../pack/', import.meta.url),
  checked: new URL('../pack/checked/', import.meta.url),
  packs: new URL('../../rules/', import.meta.url),
};

/** What is asked of each product before its pack is worth loading, the default one first. */
export type Products = Record<string, Pick<Pack, 'title' | 'roles'>>;

/** The compiled parts that decide what a checked pack looks like: all of this folder. */
const makers = ({ compiled }: Folders): URL[] =>
  readdirSync(compiled, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => new URL(name, compiled));

/** A checked pack by the hash of its files; undefined when there is none, or when it may be out of date. */
export const readChecked = (sha256: string, folders = own): PackText | undefined => read<PackText>(sha256, folders);

/** Which packs pairflight brings, and which is the default. */
export interface PackIndex {
  default: string;
  packs: string[];
  /** Programs of products that only read, with a pattern for each word that they are asked with. */
  reading: Record<string, string[]>;
}

/** The checked index by its text; undefined when there is none, or when it may be out of date. */
export const readCheckedIndex = (text: string, folders = own): PackIndex | undefined =>
  read<PackIndex>(hashOfIndex(text), folders);

/** Title and roles of the products that pairflight brings; undefined where packs are to be read instead. */
export const readProducts = (folders = own): Products | undefined => read<Products>(hashOfPacks(folders), folders);

function read<T>(sha256: string, folders: Folders): T | undefined {
  try {
    const file = new URL(`${sha256}.json`, folders.checked);
    const { mtimeMs } = statSync(file);
    if (makers(folders).some((maker) => statSync(maker).mtimeMs > mtimeMs)) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    // Not built, or run from the sources: the pack is read and checked as any other.
    return undefined;
  }
}

/** Keeps the packs that were just checked, the default one first, and their index, and no others. */
export function writeChecked(checked: readonly Pack[], index: PackIndex, folders = own): void {
  rmSync(folders.checked, { recursive: true, force: true });
  mkdirSync(folders.checked);
  const keep = (sha256: string, what: unknown) =>
    writeFileSync(new URL(`${sha256}.json`, folders.checked), JSON.stringify(what));
  for (const { sha256, text } of checked) keep(sha256, text);
  keep(hashOfPacks(folders), productsOf(checked));
  keep(hashOfIndex(readFileSync(new URL('index.yaml', folders.packs), 'utf8')), index);
}

/** Title and roles of some packs. */
export function productsOf(some: readonly Pack[]): Products {
  return Object.fromEntries(some.map(({ name, title, roles }) => [name, { title, roles }]));
}

const hashOfIndex = (text: string) => createHash('sha256').update(`index\n${text}`).digest('hex');

function hashOfPacks({ packs }: Folders): string {
  const hash = createHash('sha256');
  const folders = readdirSync(packs, { withFileTypes: true }).filter((one) => one.isDirectory());
  const files = ['index.yaml', ...folders.map(({ name }) => `${name}/pack.yaml`).sort()];
  for (const file of files) hash.update(readFileSync(new URL(file, packs)));
  return hash.digest('hex');
}
