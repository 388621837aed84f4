/** Reads a fleet: a file of pairs, a folder of inventories, or a file on standard input. */
import { basename, dirname, join, resolve } from 'node:path';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import { isFolder } from '../core/folder.js';
import { plural } from '../core/format.js';
import { globMatches } from '../core/glob.js';
import { isRecord } from '../core/json.js';
import type { Attestation, PortRow, SshTarget, Waiver } from '../core/model.js';
import { namesIn, readText } from '../core/read-file.js';
import { readStdin } from '../core/stdin.js';
import { type Document, readDocument } from '../core/yaml-document.js';
import { inventoryOf, refuseSaved, type WrittenInventory, writtenInventory } from '../plan/inventory.js';
import { pairNameSchema } from '../plan/schema.js';
import { byName, type Fleet, type FleetPair, hashOf, type PairFault } from './fleet.js';
import { outlineSchema, pairSchema } from './schema.js';

/** Whom a waiver or an attestation is for, beside what it says. */
interface ForPairs {
  where?: Record<string, string>;
  pairs?: string[];
}

interface Written {
  fleet?: string;
  defaults?: {
    product?: string;
    release?: string;
    settings?: Record<string, unknown>;
    labels?: Record<string, string>;
    ssh?: SshTarget;
    sudoPasswordEnv?: string;
    ports?: PortRow[];
  };
  pairs?: Record<string, unknown>;
  include?: string[];
  waivers?: (Waiver & ForPairs)[];
  attest?: (Attestation & ForPairs)[];
}

type FleetDocument = Document<Written>;

/** A pair as its own file or part of a file says it. */
interface OwnPair {
  name: string;
  value: WrittenInventory;
  at(path: (string | number)[]): string;
}

/** The names that the folder of a run has for its own files. */
const TAKEN = /^(fleet|shard|index|report|evidence)\.(ndjson|json|html|lock|md|xml|prom)$/i;

/** Reads all pairs of a fleet; `file` may be a folder, and `-` is standard input. @throws UsageError for what is wrong with the whole */
export function readFleet(file: string): Fleet {
  if (file !== '-' && isFolder(file)) {
    const found = inventoriesIn(file).map((name) => join(file, name));
    if (found.length === 0) throw new UsageError(`${file}: holds no inventory (*.yaml, *.yml or *.json)`);
    return fleetOf(basename(resolve(file)), {}, [], found);
  }
  return parseFleet(file === '-' ? readStdin() : readText(file), file);
}

/** Reads the text of a fleet's file; what it includes lies beside the file. @throws UsageError for what is wrong with the whole */
export function parseFleet(text: string, file: string): Fleet {
  const shown = file === '-' ? '<stdin>' : file;
  refuseSaved(text, shown, 'a fleet');
  const document = readDocument<Written>(text, shown, outlineSchema);
  const { value } = document;
  if (value.pairs === undefined && value.include === undefined)
    throw new UsageError(
      `${shown}: names no pairs; right is pairs: { billing: { hosts: ... } }, or include: [inventories/*.yaml]`,
      'pairflight schema fleet',
    );
  const files = (value.include ?? []).flatMap((glob, index) => included(document, file, glob, index));
  const name = value.fleet ?? (file === '-' ? 'stdin' : basename(file).replace(/\.[^.]+$/, ''));
  return fleetOf(name, document.value, pairsIn(document), files, document);
}

function inventoriesIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => /\.(ya?ml|json)$/.test(name) && !name.startsWith('.'))
    .sort(byName);
}

/** The files that one `include` means, from the folder of the fleet's file. */
function included(document: FleetDocument, file: string, glob: string, index: number): string[] {
  const from = file === '-' ? '.' : dirname(file);
  const [start, parts] = glob.startsWith('/') ? ['/', glob.slice(1).split('/')] : [from, glob.split('/')];
  const found = parts.reduce<string[]>(
    (folders, part, at) => folders.flatMap((folder) => matching(folder, part, at === parts.length - 1)),
    [start],
  );
  if (found.length === 0) throw new UsageError(`${document.at(['include', index])}: ${glob}: there is no such file`);
  return found;
}

function matching(folder: string, part: string, last: boolean): string[] {
  if (part === '' || part === '.' || part === '..') return [join(folder, part)];
  if (!isFolder(folder)) return [];
  const fitting = namesIn(folder).filter(
    (name) => globMatches(part, name) && (!name.startsWith('.') || part.startsWith('.')),
  );
  return fitting
    .sort(byName)
    .map((name) => join(folder, name))
    .filter((path) => isFolder(path) !== last);
}

function pairsIn({ value, at, file }: FleetDocument): (OwnPair | PairFault)[] {
  return Object.entries(value.pairs ?? {}).map(([name, pair]): OwnPair | PairFault => {
    const place = (path: (string | number)[]) => at(['pairs', name, ...path]);
    const [mistake, ...more] = check(pairSchema, pair);
    if (!mistake) return { name, value: pair as WrittenInventory, at: place };
    const hint = isRecord(pair) && 'name' in pair ? '; the key is the name of the pair' : '';
    const others = more.length > 0 ? ` (and ${more.length} more)` : '';
    return {
      pair: name,
      message: `${at(['pairs', name, ...mistake.path]) || file}: ${mistake.message}${hint}${others}`,
    };
  });
}

/** The pair of an inventory's file: by the name that it gives itself, else by the file's. */
function pairOfFile(file: string): OwnPair | PairFault {
  const stem = basename(file).replace(/\.[^.]+$/, '');
  try {
    const { value, at } = writtenInventory(readText(file), file);
    const name = value.name ?? stem;
    const [mistake] = check(pairNameSchema, name);
    return mistake ? { pair: name, message: `${file}: ${mistake.message}` } : { name, value, at };
  } catch (error) {
    if (error instanceof UsageError) return { pair: stem, message: error.message };
    throw error;
  }
}

function fleetOf(
  name: string,
  written: Written,
  own: readonly (OwnPair | PairFault)[],
  files: readonly string[],
  document?: FleetDocument,
): Fleet {
  const all = [...own, ...[...new Set(files)].map(pairOfFile)];
  const faults: PairFault[] = [];
  const pairs = new Map<string, FleetPair>();
  for (const one of all) {
    if ('message' in one) {
      faults.push(one);
      continue;
    }
    const place = one.at([]);
    // Folders of some machines know no capitals.
    const known = pairs.get(one.name.toLowerCase());
    if (known)
      faults.push({ pair: one.name, message: `${place}: a pair is named ${known.name} already, at ${known.place}` });
    else if (TAKEN.test(one.name))
      faults.push({ pair: one.name, message: `${place}: a file of every run is named so; choose another name` });
    else pairs.set(one.name.toLowerCase(), pairOf(one, written, document));
  }
  const sorted = [...pairs.values()].sort((a, b) => byName(a.name, b.name));
  faults.push(...(document ? idle(document, sorted, faults.length > 0) : []));
  return { name, pairs: sorted, faults: faults.sort((a, b) => byName(a.pair, b.pair)) };
}

/** The pair over the defaults: what it says itself wins. */
function pairOf({ name, value, at }: OwnPair, written: Written, document?: FleetDocument): FleetPair {
  const { defaults = {} } = written;
  const { ssh = {}, sudoPasswordEnv, ...common } = defaults;
  const labels = { ...common.labels, ...value.labels };
  const meant = <T extends ForPairs>(all: readonly T[] = []) =>
    all.flatMap((one, index) =>
      isMeant(one, { name, labels, product: value.product ?? common.product })
        ? [{ one: withoutPairs(one), index }]
        : [],
    );
  const waivers = meant(written.waivers);
  const attest = meant(written.attest);
  const merged: WrittenInventory = {
    ...common,
    ...value,
    name,
    labels,
    settings: { ...common.settings, ...value.settings },
    waivers: [...(value.waivers ?? []), ...waivers.map(({ one }) => one as Waiver)],
    attest: [...(value.attest ?? []), ...attest.map(({ one }) => one as Attestation)],
  };
  /** Where a value stands: with the pair, among the defaults, or with the waivers of all. */
  const place = (path: (string | number)[]): string => {
    const [key = '', index, ...rest] = path;
    const beyond = { waivers: [value.waivers, waivers], attest: [value.attest, attest] } as const;
    if ((key === 'waivers' || key === 'attest') && typeof index === 'number' && document) {
      const [mine, others] = beyond[key];
      const other = others[index - (mine?.length ?? 0)];
      if (other) return document.at([key, other.index, ...rest]);
    }
    const isDefault = !has(value, path) && has(defaults, path);
    return isDefault && document ? document.at(['defaults', ...path]) : at(path);
  };
  return {
    name,
    labels,
    inventory: inventoryOf(merged, place),
    ssh,
    ...(sudoPasswordEnv !== undefined && { sudoPasswordEnv }),
    definition: hashOf({ ...merged, ssh, sudoPasswordEnv }),
    place: at([]),
  };
}

function has(value: unknown, path: readonly (string | number)[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  return (
    typeof value === 'object' && value !== null && key in value && has((value as Record<string, unknown>)[key], rest)
  );
}

/** Whether a pair is to have a waiver or an attestation; a waiver of another product's rule is not for it. */
function isMeant(
  { where = {}, pairs, rule }: ForPairs & { rule?: string },
  { name, labels, product }: { name: string; labels: Record<string, string>; product?: string | undefined },
): boolean {
  const fits = Object.entries(where).every(([key, value]) => labels[key] === value);
  const other = product !== undefined && rule !== undefined && !rule.startsWith(`${product}/`);
  return fits && !other && (pairs?.includes(name) ?? true);
}

function withoutPairs<T extends ForPairs>({ where: _, pairs: _pairs, ...one }: T): Omit<T, keyof ForPairs> {
  return one;
}

/** Waivers and attestations that no pair has: somebody relies on them. What they are for may be among the pairs that cannot be read. */
function idle({ value, at }: FleetDocument, pairs: readonly FleetPair[], incomplete: boolean): PairFault[] {
  if (incomplete) return [];
  return (['waivers', 'attest'] as const).flatMap((key) =>
    (value[key] ?? []).flatMap((one, index) => {
      const count = pairs.filter(({ name, labels, inventory: { product } }) =>
        isMeant(one, { name, labels, product }),
      ).length;
      const strangers = (one.pairs ?? []).filter((name) => !pairs.some((pair) => pair.name === name));
      if (count > 0 && strangers.length === 0) return [];
      const whom = strangers.length > 0 ? `no pair is named ${strangers.join(', ')}` : 'no pair is meant by it';
      return [
        {
          pair: '(all)',
          message: `${at([key, index])}: ${whom}; of ${plural(pairs.length, 'pair')} none would have it`,
        },
      ];
    }),
  );
}
