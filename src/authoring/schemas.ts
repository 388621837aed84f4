/** The closed schemas that guard every boundary; `pairflight schema NAME` publishes them. */
import type { Schema } from '../core/schema.js';
import { manifestSchema } from '../evidence/archive/manifest.js';
import { evidenceSchema } from '../evidence/schema.js';
import { diffSchema } from '../judge/diff-schema.js';
import { reportSchema } from '../judge/report-file.js';
import { casesSchema, packSchema, rulesSchema } from '../pack/schema.js';
import { inventorySchema } from '../plan/schema.js';

/** The published schemas, by the name that `pairflight schema` takes. */
export const schemas = {
  inventory: () => inventorySchema,
  pack: () => packSchema,
  rules: () => rulesSchema,
  cases: () => casesSchema,
  evidence: () => evidenceSchema,
  report: reportSchema,
  bundle: () => manifestSchema,
  diff: () => diffSchema,
} satisfies Record<string, () => Schema>;
