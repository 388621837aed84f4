/** Bundles: one archive of a run for a support ticket, made from its parts, and read back as hostile input. */

import { check } from '../../core/check-schema.js';
import { UsageError } from '../../core/errors.js';
import { sha256 } from '../../core/sha256.js';
import { type Manifest, manifestSchema } from './manifest.js';
import { isPacked, type Member, pack, unpack } from './tar.js';

/** What a bundle is made of. */
export interface BundleParts {
  evidence: string;
  /** The evidence's answers, for people. */
  answers: string;
  plan: string;
  /** Reports by the name of their format. */
  reports: Record<string, string>;
  manifest: Omit<Manifest, 'schema' | 'files'>;
}

/** The files of a bundle that commands read. */
type Readable = 'evidence.json' | 'report.json';

const MANIFEST = 'MANIFEST.json';
const known = /^(evidence\.json|answers\.txt|plan\.txt|report(\.[a-z]{1,16}){1,2})$/;

/** The endings of reports whose format is not their ending. */
const endings: Record<string, string> = {
  table: 'txt',
  junit: 'junit.xml',
  markdown: 'md',
  github: 'github.txt',
  prometheus: 'prom',
};

/** Makes a bundle: the same bytes from the same run. */
export function makeBundle({ evidence, answers, plan, reports, manifest }: BundleParts): Buffer {
  const contents: Member[] = [
    ['evidence.json', evidence] as const,
    ['answers.txt', answers] as const,
    ...Object.entries(reports).map(([format, text]) => [`report.${endings[format] ?? format}`, text] as const),
    ['plan.txt', plan] as const,
  ].map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  const written: Manifest = {
    schema: 'pairflight/bundle/1',
    ...manifest,
    files: contents.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  const first = { name: MANIFEST, bytes: Buffer.from(`${JSON.stringify(written, null, 2)}\n`) };
  return pack([first, ...contents], Math.floor(Date.parse(manifest.takenAt) / 1000));
}

/** A bundle's files by name; each is what the manifest says, and the manifest names them all. @throws UsageError */
export function readBundle(packed: Buffer, file: string): Map<string, Buffer> {
  const members = new Map(unpack(packed, file).map(({ name, bytes }) => [name, bytes]));
  const { files } = manifestIn(members, file);
  members.delete(MANIFEST);
  for (const { name, bytes, sha256: expected } of files) {
    const found = members.get(name);
    if (!found) throw new UsageError(`${file}: ${JSON.stringify(name)} is missing, which its manifest names`);
    if (found.length !== bytes || sha256(found) !== expected)
      throw new UsageError(
        `${file}: ${name} is not the file that was packed: its SHA-256 is another than the manifest's`,
      );
  }
  const stranger = [...members.keys()].find((name) => !known.test(name) || !files.some((one) => one.name === name));
  if (stranger !== undefined) throw new UsageError(`${file}: holds ${stranger}, which its manifest does not name`);
  return members;
}

/** The text of a saved file, or of that file in a bundle. @throws UsageError for a bundle that is damaged or has none. */
export function textIn(bytes: Buffer, wanted: Readable, file: string): string {
  if (!isPacked(bytes)) return bytes.toString('utf8');
  const found = readBundle(bytes, file).get(wanted);
  if (!found) throw new UsageError(`${file}: holds no ${wanted}; a bundle comes from pairflight bundle`);
  return found.toString('utf8');
}

function manifestIn(members: Map<string, Buffer>, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(members.get(MANIFEST)?.toString('utf8') ?? '');
  } catch {
    throw new UsageError(`${file}: has no ${MANIFEST}; a bundle comes from pairflight bundle`);
  }
  const [mistake] = check(manifestSchema, value);
  if (mistake) throw new UsageError(`${file}: ${MANIFEST}: ${mistake.message}`);
  return value as Manifest;
}
