/** The published schemas of fleets, by the names that `pairflight schema` takes. */
import type { Schema } from '../core/schema.js';
import { fleetEventSchema } from './events.js';
import { fleetReportSchema } from './report-schema.js';
import { fleetSchema } from './schema.js';
import { shardSchema } from './shard-file.js';

/** Those beside the schemas of one pair. */
export const fleetSchemas = {
  fleet: () => fleetSchema,
  'fleet-event': () => fleetEventSchema,
  'fleet-report': () => fleetReportSchema,
  shard: () => shardSchema,
} satisfies Record<string, () => Schema>;
