/** The words that demo.yaml has for a played host. */
import type { JsonSchema } from '../core/model.js';
import { address, table, text } from '../core/schema.js';
import { type Entry, path, postgres, said, series, size, sync, webServer } from './schema-services.js';

const anything: JsonSchema = { type: 'string' };
const socket: JsonSchema = {
  type: 'string',
  pattern: '^(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:]+\\]):\\d{1,5}$',
  description: 'address:port',
  examples: ['0.0.0.0:22'],
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
  options: { type: 'string', pattern: '^r[ow](,\\S+)?$', description: 'mount options', examples: ['rw,vers=4.2'] },
};

const context: Record<string, JsonSchema> = {
  enter: { type: 'array', items: text, contains: { const: '{shell}' }, minItems: 2 },
  user: text,
  uid: id,
  root: path,
  noise: said,
  commands: table(series(command), anything),
};

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Every word that a host may have; what holds objects takes their schema from `entry`. */
export function host(entry: Entry) {
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

/** The words of a host that are derived, or absent, where they are not said. */
export const optional = [
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
