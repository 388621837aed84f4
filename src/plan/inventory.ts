/** The inventory: which hosts, how to reach them, and what is particular about this pair. Read from YAML or from `--host` options. */
import { readCapped } from '../core/capped-file.js';
import { UsageError } from '../core/errors.js';
import { whyUnread } from '../core/file-error.js';
import type { Attestation, Host, PortRow, Waiver } from '../core/model.js';
import { readStdin } from '../core/stdin.js';
import { type Document, readDocument } from '../core/yaml-document.js';
import { inventorySchema } from './schema.js';

/** An inventory as it was written; roles and settings are judged once the pack is known. */
export interface Inventory {
  name?: string;
  product?: string;
  release?: string;
  hosts: Host[];
  settings: Record<string, unknown>;
  ports: PortRow[];
  waivers: Waiver[];
  attest: Attestation[];
  /** By which the pairs of a fleet are picked; a run of one pair has no use for them. */
  labels?: Record<string, string>;
  /** Where a value stands, for messages. */
  at(path: (string | number)[]): string;
}

/** An inventory as its file has it. */
export interface WrittenInventory {
  name?: string;
  product?: string;
  release?: string;
  hosts: Record<string, Pick<Host, 'address'> & Partial<Omit<Host, 'name'>>>;
  settings?: Record<string, unknown>;
  ports?: { port: number; name: string; from?: string; to?: string }[];
  waivers?: Waiver[];
  attest?: Attestation[];
  labels?: Record<string, string>;
}

/** Bytes of an inventory. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Reads an inventory file; `-` is standard input. @throws UsageError */
export function readInventory(file: string): Inventory {
  let text: string;
  try {
    text = file === '-' ? readStdin() : readCapped(file, MOST_BYTES).toString('utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: ${whyUnread(error)}`);
  }
  return parseInventory(text, file === '-' ? '<stdin>' : file);
}

/** Reads an inventory's text; `file` is only for messages. @throws UsageError */
export function parseInventory(text: string, file: string): Inventory {
  const { value, at } = writtenInventory(text, file);
  return inventoryOf(value, at);
}

/** An inventory's text, checked as its file has it. @throws UsageError */
export function writtenInventory(text: string, file: string): Document<WrittenInventory> {
  refuseSaved(text, file, 'an inventory');
  return readDocument<WrittenInventory>(text, file, inventorySchema);
}

/** What a run has saved is named like an inventory easily, and is judged by other commands. @throws UsageError that names the one */
export function refuseSaved(text: string, file: string, wanted: string): void {
  const [, form, kind] = /^\s*\{\s*"schema":\s*"(pairflight\/([a-z-]+)\/\d+)"/.exec(text) ?? [];
  if (kind === 'evidence') throw new UsageError(`${file}: is evidence, not ${wanted}`, `pairflight evaluate ${file}`);
  if (kind === 'report') throw new UsageError(`${file}: is a report, not ${wanted}`, `pairflight report ${file}`);
  if (form !== undefined) throw new UsageError(`${file}: is what a run has saved (${form}), not ${wanted}`);
}

/** The inventory of what was written and checked; `at` says where each value stands. */
export function inventoryOf(value: WrittenInventory, at: Inventory['at']): Inventory {
  const hosts = Object.entries(value.hosts).map(([name, { address, ...host }]): Host => {
    return { name, role: name, address, connection: 'ssh', ssh: {}, settings: {}, ...host };
  });
  return {
    ...(value.name === undefined ? {} : { name: value.name }),
    ...(value.product === undefined ? {} : { product: value.product }),
    ...(value.release === undefined ? {} : { release: value.release }),
    hosts,
    settings: value.settings ?? {},
    ports: (value.ports ?? []).map((row) => ({
      ...row,
      basis: 'documented' as const,
      confidence: 'given by the inventory',
    })),
    waivers: value.waivers ?? [],
    attest: value.attest ?? [],
    ...(value.labels && { labels: value.labels }),
    at,
  };
}
