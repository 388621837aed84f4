/** The closed schemas of a pack's demo.yaml: the file, whose hosts are patches, and a host once they are applied. */
import type { JsonSchema } from '../model.js';
import type { Schema } from '../schemas/index.js';
import { address, object, table, text } from '../schemas/parts.js';
import { type Entry, page, postgres, said, series, size, sync } from './schema-services.js';

const path: JsonSchema = { type: 'string', pattern: '^/', description: 'an absolute path', examples: ['/data'] };
const anything: JsonSchema = { type: 'string' };
const endpoint: JsonSchema = {
  type: 'string',
  pattern: '^(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:]+\\]):\\d{1,5}$',
  description: 'address:port',
  examples: ['0.0.0.0:22'],
};

const file: JsonSchema = {
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    text: said,
    mode: { type: 'string', pattern: '^0[0-7]{3}$', description: 'an octal mode in quotes', examples: ['0600'] },
    owner: { type: 'integer', minimum: 0 },
    modifiedAt: { type: 'integer' },
    ageHours: { type: 'number' },
    bytes: size,
  },
};

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

const filesystem: Record<string, JsonSchema> = {
  device: text,
  number: { type: 'string', pattern: '^\\d+:\\d+$', description: 'major:minor in quotes', examples: ['253:1'] },
  type: text,
  deviceBytes: size,
  freeBytes: size,
};

const context: Record<string, JsonSchema> = {
  enter: { type: 'array', items: text, contains: { const: '{shell}' }, minItems: 2 },
  user: text,
  uid: { type: 'integer', minimum: 0 },
  root: path,
  noise: said,
  commands: table(series(command), anything),
};

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Every word that a host may have; what holds objects takes their schema from `entry`. */
function host(entry: Entry) {
  return {
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
    links: table(path, path),
    filesystems: table(entry(filesystem, Object.keys(filesystem)), path),
    processes: table(text),
    interfaces: table({ type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+$', description: 'address/prefix' }),
    listeners: table(endpoint),
    reach: table({ enum: ['open', 'refused', 'filtered', 'unreachable', 'unresolved'] }, endpoint),
    echo: table({ enum: ['filtered'] }, address),
    clockOffsetMs: { type: 'integer' },
    timezone: { type: 'string', pattern: '^\\S+ [+-]\\d{4}$', description: 'zone and offset', examples: ['CET +0100'] },
    usage: table(size, path),
    programs: table({ type: 'boolean' }, anything),
    contexts: table(entry(context, ['enter', 'user', 'uid'])),
    commands: table(series(command), anything),
    web: table(series(page), path),
    postgres: entry(postgres(entry), ['version', 'standby', 'maxWalSenders']),
    sync: entry(sync, ['totalFiles', 'totalBytes']),
  } satisfies Record<string, JsonSchema>;
}

/** A patch may leave out what it does not change, and takes a word away with null. */
function patch(properties: Record<string, JsonSchema>): JsonSchema {
  const nullable = Object.entries(properties).map(([name, schema]) => [name, orNull(schema)] as const);
  return object(Object.fromEntries(nullable));
}

function orNull(schema: JsonSchema): JsonSchema {
  if (schema.enum) return { ...schema, enum: [...schema.enum, null] };
  const values = schema.additionalProperties;
  const inner = typeof values === 'object' ? { additionalProperties: orNull(values) } : {};
  return { ...schema, ...inner, type: [schema.type, 'null'].flat() };
}

const hostPatch = patch(host((properties) => patch(properties)));
const complete = host((properties, required) => object(properties, required));

/** What is derived, or absent, where it is not said. */
const optional = [
  ...['hostname', 'hostKey', 'knownHostKey', 'echo', 'clockOffsetMs', 'timezone', 'usage', 'programs'],
  ...['web', 'postgres', 'sync'],
];

/** A host whose patches are applied: everything that its machine needs is there. */
export const machineSchema: Schema = {
  $id: 'https://pairflight.dev/schema/demo-host/1',
  title: 'a played host',
  ...object(
    complete,
    Object.keys(complete).filter((key) => !optional.includes(key)),
  ),
};

/** demo.yaml itself. */
export const demoSchema: Schema = {
  $id: 'https://pairflight.dev/schema/demo/1',
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
              inventory: object({
                release: text,
                settings: { type: 'object' },
                ports: { type: 'array' },
                waivers: { type: 'array' },
                attest: { type: 'array' },
              }),
              every: hostPatch,
              hosts: table(hostPatch),
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
