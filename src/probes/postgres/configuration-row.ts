/** The form of a server's answer about its configuration, as configuration-query.ts asks for it. */
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import {
  type AccessLine,
  type Follows,
  followsSchema,
  lineSchema,
  type Password,
  passwordSchema,
  type ReplicationRole,
  roleSchema,
} from './access-query.js';
import { type Library, librariesSchema } from './libraries.js';
import { type Repmgr, repmgrSchema } from './repmgr.js';
import { type StartRow, startSchema } from './start.js';

/** A slot, as the server writes it; what its version does not know is null or absent. */
export interface Slot {
  name: string;
  type: string;
  active: boolean;
  reserves: boolean;
  temporary?: boolean | null;
  retained?: number | null;
  status?: string | null;
  failover?: boolean | null;
  synced?: boolean | null;
  invalid?: string | null;
}

interface Versions {
  recorded: string;
  actual: string | null;
}

/** A line of the server's files that it cannot take; `context` is that of the setting, if there is one of that name. */
export interface FileError {
  name: string | null;
  line: number | null;
  error: string;
  context: string | null;
}

/** The answer of a server that is up; what its version does not know, or its role may not see, is null or absent. */
export interface Row extends StartRow {
  version: number;
  standby: boolean;
  settings: { name: string; setting: string; source: string; boot: string | null }[];
  files: { name: string; setting: string | null; seqno: number }[] | null;
  signals: string[] | null;
  slots: Slot[] | null;
  archiver: { failed: number; failing: boolean; archived?: boolean }[] | null;
  passwords?: Password[] | null;
  databases: ({ database: string } & Versions)[] | null;
  collations: ({ name: string } & Versions)[] | null;
  missing: string[];
  libraries?: Library[] | null;
  access?: AccessLine[] | null;
  replicators?: ReplicationRole[];
  follows?: Follows | null;
  fileErrors?: FileError[] | null;
  pending?: string[] | null;
  accessChanged?: boolean | null;
  repmgr?: Repmgr | null;
  restores?: boolean | null;
  sendersBusy?: number;
  unlogged?: number;
  locales?: string[];
  checksumFailures?: number | null;
  tablespaces?: { name: string; there: boolean }[] | null;
  oldPrepared: number;
}

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const maybe = (type: string): JsonSchema => ({ type: [type, 'null'] });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const listOrNull = (items: JsonSchema): JsonSchema => ({ type: ['array', 'null'], items });
const versions = { recorded: text, actual: maybe('string') };

/** What is refused of an answer that has another form. */
export const rowSchema = closed(
  {
    version: { type: 'integer', minimum: 90300 },
    standby: flag,
    settings: listOf(closed({ name: text, setting: text, source: text, boot: maybe('string') })),
    files: listOrNull(closed({ name: text, setting: maybe('string'), seqno: count })),
    signals: listOrNull(text),
    slots: listOrNull(
      closed(
        {
          ...{ name: text, type: text, active: flag, reserves: flag, temporary: maybe('boolean') },
          ...{ retained: maybe('integer'), status: maybe('string'), failover: maybe('boolean') },
          ...{ synced: maybe('boolean'), invalid: maybe('string') },
        },
        ['temporary', 'retained', 'status', 'failover', 'synced', 'invalid'],
      ),
    ),
    archiver: listOrNull(closed({ failed: count, failing: flag, archived: flag }, ['archived'])),
    databases: listOrNull(closed({ database: text, ...versions })),
    collations: listOrNull(closed({ name: text, ...versions })),
    missing: listOf(text),
    libraries: librariesSchema,
    access: listOrNull(lineSchema),
    replicators: listOf(roleSchema),
    follows: { ...followsSchema, type: ['object', 'null'] },
    fileErrors: listOrNull(
      closed({ name: maybe('string'), line: maybe('integer'), error: text, context: maybe('string') }),
    ),
    pending: listOrNull(text),
    accessChanged: maybe('boolean'),
    restores: maybe('boolean'),
    sendersBusy: count,
    unlogged: count,
    locales: listOf(text),
    checksumFailures: { type: ['integer', 'null'], minimum: 0 },
    tablespaces: listOrNull(closed({ name: text, there: flag })),
    repmgr: repmgrSchema,
    ...startSchema,
    passwords: listOrNull(passwordSchema),
    oldPrepared: count,
  },
  [
    ...['libraries', 'access', 'replicators', 'follows', 'fileErrors', 'pending', 'accessChanged', 'repmgr'],
    ...['restores', 'sendersBusy', 'unlogged', 'locales', 'checksumFailures', 'tablespaces', 'passwords'],
    ...Object.keys(startSchema),
  ],
);
