/** The closed schemas that guard every boundary; `pairflight schema NAME` publishes them. */
import { readFileSync } from 'node:fs';
import { manifestSchema } from '../evidence/archive/manifest.js';
import { evidenceSchema } from '../evidence/schema.js';
import { diffSchema } from '../judge/diff-schema.js';
import { casesSchema, packSchema, rulesSchema } from '../pack/schema.js';
import { inventorySchema } from '../plan/schema.js';
/** A JSON schema of the project's own. */
export type Schema = { $id: string; title: string } & Record<string, unknown>;

/** The published schemas, by the name that `pairflight schema` takes. */
export const schemas = {
  inventory: () => inventorySchema,
  pack: () => packSchema,
  rules: () => rulesSchema,
  cases: () => casesSchema,
  evidence: () => evidenceSchema,
  report: () =>
    JSON.parse(readFileSync(new URL('../../reports/report.schema.json', import.meta.url), 'utf8')) as Schema,
  bundle: () => manifestSchema,
  diff: () => diffSchema,
} satisfies Record<string, () => Schema>;
