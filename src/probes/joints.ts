/** Ways to read the answers of several hosts together, by name: what none of them tells by itself. */
import type { Joint } from './joint.js';
import { postgresAccess } from './postgres/access.js';
import { postgresLocales } from './postgres/locales.js';
import { postgresNextStart } from './postgres/next-start.js';
import { postgresOutage } from './postgres/outage.js';
import { postgresRetention } from './postgres/retention.js';
import { postgresStream } from './postgres/stream.js';

/** The engine's own ways. */
export const joints: Readonly<Record<string, Joint>> = {
  'postgres-access': postgresAccess,
  'postgres-locales': postgresLocales,
  'postgres-next-start': postgresNextStart,
  'postgres-outage': postgresOutage,
  'postgres-retention': postgresRetention,
  'postgres-stream': postgresStream,
};
