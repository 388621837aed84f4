/** The manifest of a bundle: what is in it, what made it, and what was hidden. */
import type { Schema } from '../../core/schema.js';
import { count, object, packNamed, string, strings, tool } from '../../core/schema.js';

/** MANIFEST.json. Its hashes tell damage; whoever can write an archive can write them anew, so a ticket names the archive's own. */
export interface Manifest {
  schema: 'pairflight/bundle/1';
  tool: { name: string; version: string };
  /** The machine that packed it. */
  node: string;
  platform: string;
  takenAt: string;
  phases: string[];
  /** The packs that the evidence was taken with, and the one that the reports were judged with. */
  packs: PackNamed[];
  judgedWith: PackNamed;
  redaction: {
    /** What was removed before anything was judged, and what stands under pseudonyms. */
    what: string[];
    pseudonyms: string[];
    replaced: number;
    /** Names that stay because they are words of the pack. */
    kept: string[];
  };
  files: { name: string; bytes: number; sha256: string }[];
}

/** A pack as evidence and manifest name it. */
interface PackNamed {
  name: string;
  version: string;
  sha256: string;
}

const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' };

export const manifestSchema: Schema = {
  $id: 'urn:pairflight:schema:bundle:1',
  title: 'manifest of a pairflight bundle',
  ...object(
    {
      schema: { const: 'pairflight/bundle/1' },
      tool,
      node: string,
      platform: string,
      takenAt: { type: 'string', format: 'date-time' },
      phases: strings,
      packs: { type: 'array', items: packNamed },
      judgedWith: packNamed,
      redaction: object({ what: strings, pseudonyms: strings, replaced: count, kept: strings }, [
        'what',
        'pseudonyms',
        'replaced',
        'kept',
      ]),
      files: {
        type: 'array',
        items: object({ name: string, bytes: count, sha256: hash }, ['name', 'bytes', 'sha256']),
      },
    },
    ['schema', 'tool', 'node', 'platform', 'takenAt', 'phases', 'packs', 'judgedWith', 'redaction', 'files'],
  ),
};
