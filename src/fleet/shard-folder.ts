/** The folders that are put together: what each says of itself, and what lies in it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import { parseExactJson } from '../core/exact-json.js';
import { whyUnread } from '../core/file-error.js';
import { isFolder } from '../core/folder.js';
import type { Evidence, Report } from '../core/model.js';
import { namesIn } from '../core/read-file.js';
import { sha256 } from '../core/sha256.js';
import { evidenceIn } from '../evidence/evidence.js';
import { reportIn } from '../judge/report-file.js';
import { byName } from './fleet.js';
import { JOURNAL, SHARD } from './folder.js';
import { type ShardFile, shardSchema } from './shard-file.js';

/** A folder that says what it holds. */
export interface ShardFolder {
  folder: string;
  file: ShardFile;
  /** The names of the folders in it. */
  folders: string[];
  /** Whether a pair's file is the one of this hash. */
  stateOf(pair: string, name: string, hash: string | undefined): 'there' | 'missing' | 'altered';
  /** @throws UsageError where they are no report and no evidence */
  saved(pair: string): { report: Report; evidence: Evidence };
}

/** A folder of a shard, or why it is none. */
export type Found = ShardFolder | { folder: string; fault: string };

/** The shards in the folders that are named, or in the folders of those; what is named and is none is told. */
export function shardFolders(named: readonly string[]): Found[] {
  return named.flatMap((folder): Found[] => {
    if (existsSync(join(folder, SHARD))) return [folderOf(folder)];
    if (!isFolder(folder))
      return [{ folder, fault: existsSync(folder) ? 'is a file, not a folder' : 'there is no such folder' }];
    if (existsSync(join(folder, JOURNAL))) return [{ folder, fault: unfinished }];
    const parts = foldersIn(folder).map((name) => join(folder, name));
    const found = parts.flatMap((part): Found[] => {
      if (existsSync(join(part, SHARD))) return [folderOf(part)];
      return existsSync(join(part, JOURNAL)) ? [{ folder: part, fault: unfinished }] : [];
    });
    return found.length > 0 ? found : [{ folder, fault: `holds no ${SHARD}` }];
  });
}

/** The names of the folders in a folder, and of the links to some. */
function foldersIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => isFolder(join(folder, name)))
    .sort(byName);
}

const unfinished = 'holds a run that has not come to its end (fleet verify --resume goes on with it)';

function folderOf(folder: string): Found {
  let value: unknown;
  try {
    value = parseExactJson(readFileSync(join(folder, SHARD), 'utf8'));
  } catch (error) {
    const fault = error instanceof SyntaxError ? ` cannot be read: ${error.message}` : `: ${whyUnread(error)}`;
    return { folder, fault: `${SHARD}${fault}` };
  }
  const [mistake] = check(shardSchema, value);
  if (mistake) return { folder, fault: `${SHARD} is not one of pairflight's: ${mistake.message}` };
  const file = value as ShardFile;
  const names = file.list.map(({ name }) => name);
  const sorted = [...new Set(names)].sort(byName);
  if (sorted.join() !== names.join())
    return { folder, fault: `${SHARD}: the list of pairs is not sorted, or has one twice` };
  if (file.shard.index > file.shard.total)
    return { folder, fault: `${SHARD}: there is no shard ${file.shard.index} of ${file.shard.total}` };
  const pathOf = (pair: string, name: string) => join(folder, pair, name);
  const bytes = (pair: string, name: string) => () => readFileSync(pathOf(pair, name));
  return {
    folder,
    file,
    folders: foldersIn(folder),
    stateOf: (pair, name, hash) => {
      try {
        return hash !== undefined && sha256(readFileSync(pathOf(pair, name))) === hash ? 'there' : 'altered';
      } catch {
        return 'missing';
      }
    },
    saved: (pair) => ({
      report: reportIn(bytes(pair, 'report.json'), pathOf(pair, 'report.json')),
      evidence: evidenceIn(bytes(pair, 'evidence.json'), pathOf(pair, 'evidence.json')),
    }),
  };
}

/** The shards to be put together. @throws UsageError where not one says what the whole is */
export function demandShards(found: readonly Found[]): readonly Found[] {
  if (found.some((one) => !('fault' in one))) return found;
  const faults = found.map((one) => ('fault' in one ? `${one.folder}: ${one.fault}` : ''));
  throw new UsageError(`${faults.join('; ')}: without one shard nobody knows what the whole is`);
}
