/** Schemas of what a played host serves: pages, a PostgreSQL server, a rehearsed copy; and of answers that change. */
import type { JsonSchema } from '../core/model.js';
import { address, object, portNumber, table, text } from '../core/schema.js';

/** Makes the schema of an object: of a patch, or of what is complete. */
export type Entry = (properties: Record<string, JsonSchema>, required: string[]) => JsonSchema;

/** What a program prints. */
export const said: JsonSchema = { type: 'string', maxLength: 100_000 };
/** Bytes, as a number or with a unit. */
export const size: JsonSchema = {
  type: ['integer', 'string'],
  minimum: 0,
  pattern: '^\\d+(\\.\\d+)? [KMGT]iB$',
  description: 'a size',
  examples: ['50 GiB'],
};

/** One answer for every asking, or a list of them; the last is said from then on. */
export function series(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [schema.type, 'array'].flat(), items: schema, minItems: 1 };
}

/** An absolute path of a host, or of a URL. */
export const path: JsonSchema = { type: 'string', pattern: '^/', description: 'an absolute path', examples: ['/data'] };

const plainPage: Record<string, JsonSchema> = {
  status: { type: 'integer', minimum: 100, maximum: 599 },
  body: said,
  json: {},
  list: table({}),
  location: text,
};

const page: JsonSchema = {
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    ...plainPage,
    header: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9-]*: \\S+$', description: 'Name: value' },
    without: object(plainPage),
  },
};

/** What whoever serves pages has. */
export const webServer: Record<'web' | 'tls', JsonSchema> = {
  web: table(series(page), path),
  tls: table(path, { type: 'string', pattern: '^\\d{1,5}$', description: 'a port in quotes', examples: ['8501'] }),
};

/** Every word that an endpoint has; all but `web` and `tls` must be there once its patches are applied. */
export const endpoint: Record<string, JsonSchema> = {
  ...{ role: text, address, via: text },
  ports: { type: 'array', items: portNumber, minItems: 1, maxItems: 16 },
  ...webServer,
};

const position: JsonSchema = {
  type: 'string',
  pattern: '^[0-9A-F]{1,8}/[0-9A-F]{1,8}$',
  description: 'a position in the WAL',
  examples: ['3/5A000060'],
};
const count: JsonSchema = { type: 'integer', minimum: 0 };
const sender: Record<string, JsonSchema> = { state: text, lag: series(size), unreceived: series(size) };

/** A PostgreSQL server. */
export const postgres = (entry: Entry): Record<string, JsonSchema> => ({
  state: { enum: ['up', 'starting', 'down'] },
  version: { type: 'integer', minimum: 90_300 },
  system: { type: 'string', pattern: '^\\d+$' },
  standby: { type: 'boolean' },
  maxWalSenders: count,
  written: series(position),
  senders: table(entry(sender, ['state']), address),
  received: series(position),
  replayed: series(position),
  paused: { type: 'boolean' },
  receiver: text,
  replayAgeSeconds: { type: 'number', minimum: 0 },
});

/** What a rehearsed copy finds. */
export const sync: Record<string, JsonSchema> = {
  totalFiles: count,
  totalBytes: size,
  differing: { type: 'array', items: text, maxItems: 20 },
  files: count,
  bytes: size,
  young: count,
};
