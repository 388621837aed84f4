/** The closed schemas of a pack's demo.yaml: the file, whose hosts are patches, and a host once they are applied. */
import type { JsonSchema } from '../../core/model.js';
import type { Schema } from '../../core/schema.js';
import { address, object, portNumber, table, text } from '../../core/schema.js';

/** Null in the place of a value, and of every value in it; what is in a list is replaced with the list. */
function orNull(schema: JsonSchema): JsonSchema {
  if (schema.enum) return { ...schema, enum: [...new Set([...schema.enum, null])] };
  if (schema.type === undefined) return schema;
  const { additionalProperties: values, properties } = schema;
  return {
    ...schema,
    ...(typeof values === 'object' && { additionalProperties: orNull(values) }),
    ...(properties && { properties: nullable(properties) }),
    type: [...new Set([schema.type, 'null'].flat())],
  };
}

function nullable(properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orNull(schema)]));
}

/** A patch may leave out what it does not change, and takes a word away with null. */
function patch(properties: Record<string, JsonSchema>): JsonSchema {
  return object(nullable(properties));
}

/** What a program prints. */
const said: JsonSchema = { type: 'string', maxLength: 100_000 };

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Bytes, as a number or with a unit. */
const size: JsonSchema = {
  type: ['integer', 'string'],
  minimum: 0,
  pattern: '^\\d+(\\.\\d+)? [KMGT]iB$',
  description: 'a size',
  examples: ['50 GiB'],
};

const mode: JsonSchema = {
  type: 'string',
  pattern: '^0[0-7]{3}$',
  description: 'an octal mode in quotes',
  examples: ['0600'],
};

const id: JsonSchema = { type: 'integer', minimum: 0 };

const file: JsonSchema = {
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    text: said,
    yaml: { type: 'object' },
    mode,
    owner: id,
    modifiedAt: { type: 'integer' },
    ageHours: { type: 'number' },
    bytes: size,
  },
};

/** An absolute path of a host, or of a URL. */
const path: JsonSchema = { type: 'string', pattern: '^/', description: 'an absolute path', examples: ['/data'] };

const filesystem: Record<string, JsonSchema> = {
  device: text,
  number: { type: 'string', pattern: '^\\d+:\\d+$', description: 'major:minor in quotes', examples: ['253:1'] },
  type: text,
  deviceBytes: size,
  freeBytes: size,
  options: { type: 'string', pattern: '^r[ow](,\\S+)?$', description: 'mount options', examples: ['rw,vers=4.2'] },
};

const socket: JsonSchema = {
  type: 'string',
  pattern: '^(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:]+\\]):\\d{1,5}$',
  description: 'address:port',
  examples: ['0.0.0.0:22'],
};

const anything: JsonSchema = { type: 'string' };

/** One answer for every asking, or a list of them; the last is said from then on. */
function series(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [schema.type, 'array'].flat(), items: schema, minItems: 1 };
}

const command: JsonSchema = {
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    stdout: said,
    stderr: said,
    exit: { type: 'integer', minimum: 0, maximum: 255 },
    delayMs: { type: 'integer', minimum: 0, maximum: 600_000 },
  },
};

const context: Record<string, JsonSchema> = {
  enter: { type: 'array', items: text, contains: { const: '{shell}' }, minItems: 2 },
  user: text,
  uid: id,
  root: path,
  noise: said,
  commands: table(series(command), anything),
};

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
const webServer: Record<'web' | 'tls', JsonSchema> = {
  web: table(series(page), path),
  tls: table(path, { type: 'string', pattern: '^\\d{1,5}$', description: 'a port in quotes', examples: ['8501'] }),
};

const count: JsonSchema = { type: 'integer', minimum: 0 };

const position: JsonSchema = {
  type: 'string',
  pattern: '^[0-9A-F]{1,8}/[0-9A-F]{1,8}$',
  description: 'a position in the WAL',
  examples: ['3/5A000060'],
};

const seconds: JsonSchema = { type: 'number', minimum: 0 };

const sender: Record<string, JsonSchema> = {
  ...{ state: text, name: text, sync: text },
  ...{ lag: series(size), unreceived: series(size), replyAgeSeconds: seconds },
};

const slot: Record<string, JsonSchema> = {
  ...{ type: { enum: ['physical', 'logical'] }, active: { type: 'boolean' }, retained: size },
};

/** A PostgreSQL server. */
const postgres = (entry: Entry): Record<string, JsonSchema> => ({
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
  ...{ name: text, slot: text, heardAgeSeconds: seconds, replayAgeSeconds: seconds, waitingCommits: count },
  slots: table(entry(slot, [])),
  archiver: { enum: ['works', 'fails'] },
  settings: table(text),
  files: table(text),
  waiting: { type: 'array', items: text },
});

/** What a dry run of a copy finds. */
const sync: Record<string, JsonSchema> = {
  totalFiles: count,
  totalBytes: size,
  differing: { type: 'array', items: text, maxItems: 20 },
  files: count,
  bytes: size,
  young: count,
};

/** Every word that a host may have; what holds objects takes their schema from `entry`. */
function host(entry: Entry) {
  return {
    role: text,
    address,
    hostname: text,
    sshd: { enum: ['running', 'stopped'] },
    sudo: { enum: ['nopasswd', 'password', 'commands', 'refused'] },
    sudoPassword: text,
    noise: said,
    hostKey: text,
    knownHostKey: text,
    bootId: { type: 'string', pattern: uuid, description: 'a UUID' },
    machineId: { type: 'string', pattern: '^[0-9a-f]{32}$', description: '32 hexadecimal digits in quotes' },
    architecture: text,
    kernelRelease: text,
    processors: { type: 'integer', minimum: 1, maximum: 4096 },
    memory: size,
    files: table(file, path),
    directories: table(entry({ mode, owner: id }, []), path),
    users: table(entry({ uid: id, groups: { type: 'array', items: id } }, ['uid'])),
    links: table(path, path),
    filesystems: table(entry(filesystem, ['device', 'number', 'type', 'deviceBytes', 'freeBytes']), path),
    processes: table(text),
    interfaces: table({ type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+$', description: 'address/prefix' }),
    listeners: table(socket),
    reach: table({ enum: ['open', 'refused', 'filtered', 'unreachable', 'unresolved'] }, socket),
    echo: table({ enum: ['filtered'] }, address),
    clockOffsetMs: { type: 'integer' },
    timezone: { type: 'string', pattern: '^\\S+ [+-]\\d{4}$', description: 'zone and offset', examples: ['CET +0100'] },
    usage: table(size, path),
    programs: table({ type: 'boolean' }, anything),
    contexts: table(entry(context, ['enter', 'user', 'uid'])),
    commands: table(series(command), anything),
    ...webServer,
    postgres: entry(postgres(entry), ['version', 'standby', 'maxWalSenders']),
    sync: entry(sync, ['totalFiles', 'totalBytes']),
  } satisfies Record<string, JsonSchema>;
}

const hostPatch = patch(host((properties) => patch(properties)));

const complete = host((properties, required) => object(properties, required));

/** The words of a host that are derived, or absent, where they are not said. */
const optional = [
  ...[
    'role',
    'directories',
    'users',
    'tls',
    'hostname',
    'hostKey',
    'knownHostKey',
    'echo',
    'clockOffsetMs',
    'timezone',
    'usage',
    'programs',
  ],
  ...['web', 'postgres', 'sync'],
];

/** A host whose patches are applied: everything that its machine needs is there. */
export const machineSchema: Schema = {
  $id: 'urn:pairflight:schema:demo-host:1',
  title: 'a played host',
  ...object(
    complete,
    Object.keys(complete).filter((key) => !optional.includes(key)),
  ),
};

/** Every word that an endpoint has; all but `web` and `tls` must be there once its patches are applied. */
const endpoint: Record<string, JsonSchema> = {
  ...{ role: text, address, via: text },
  ports: { type: 'array', items: portNumber, minItems: 1, maxItems: 16 },
  ...webServer,
};

/** An endpoint whose patches are applied. */
export const endpointSchema: Schema = {
  $id: 'urn:pairflight:schema:demo-endpoint:1',
  title: 'a played endpoint',
  ...object(
    endpoint,
    Object.keys(endpoint).filter((key) => !(key in webServer)),
  ),
};

/** demo.yaml itself. */
export const demoSchema: Schema = {
  $id: 'urn:pairflight:schema:demo:1',
  title: 'pairflight demo (demo.yaml)',
  ...object(
    {
      product: text,
      scenarios: {
        ...table(
          object(
            {
              description: text,
              extends: text,
              phase: text,
              healthy: { type: 'boolean' },
              inventory: object({
                release: text,
                settings: { type: 'object' },
                ports: { type: 'array' },
                waivers: { type: 'array' },
                attest: { type: 'array' },
              }),
              every: hostPatch,
              hosts: table(orNull(hostPatch)),
              endpoints: table(orNull(patch(endpoint))),
            },
            ['description'],
          ),
          { type: 'string', pattern: '^[a-z][a-z0-9.-]*$' },
        ),
        minProperties: 1,
      },
    },
    ['product', 'scenarios'],
  ),
};

/** Makes the schema of an object: of a patch, or of what is complete. */
type Entry = (properties: Record<string, JsonSchema>, required: string[]) => JsonSchema;
