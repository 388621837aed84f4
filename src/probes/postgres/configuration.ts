/** How a host's own PostgreSQL server is configured, now and at its next start, and what it keeps for others. */
import { check } from '../../core/check-schema.js';
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import { closed, defineProbe, firstLine } from '../define.js';
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
import { unquoted } from './answer.js';
import { postgresqlConf } from './configuration-file.js';
import { configurationQuery } from './configuration-query.js';
import { type Library, librariesSchema, missingLibraries, missingPreloads, preloadSettings } from './libraries.js';
import { type Limit, limitNames } from './limits.js';
import { type Repmgr, repmgrOf, repmgrSchema, repmgrValue } from './repmgr.js';
import { type Params, question, rowOf, sessionParams } from './session.js';
import { listensOf, refusedOf, type Settings, type StartRow, startSchema, targetsOf } from './start.js';

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
interface FileError {
  name: string | null;
  line: number | null;
  error: string;
  context: string | null;
}

interface Row extends StartRow {
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

const schema = closed(
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

/** What is told; all but the state once it answers, as far as the role may see it. */
const value = {
  state: { enum: ['up', 'starting', 'stopping', 'closed', 'down'] },
  said: text,
  version: { type: 'integer' },
  role: { enum: ['primary', 'standby'] },
  settings: { type: 'object', additionalProperties: text },
  nextLimits: { type: 'object', additionalProperties: count },
  standbySignal: flag,
  ...{ recoveryConf: flag, recoverySignal: flag, backupLabel: flag },
  idleSlots: listOf(text),
  lostSlots: listOf(text),
  logicalSlots: listOf(closed({ name: text, failover: flag, synced: flag })),
  boundedSlots: { enum: ['no slots', 'bounded', 'unbounded'] },
  archiver: { enum: ['off', 'works', 'fails', 'none', 'discards', 'untried'] },
  rewind: { enum: ['possible', 'impossible'] },
  staleCollations: listOf(text),
  missingExtensions: listOf(text),
  missingLibraries: listOf(text),
  missingPreloads: listOf(text),
  access: listOf(lineSchema),
  replicators: listOf(roleSchema),
  follows: closed({ user: text, tls: text }, ['user', 'tls']),
  fileErrors: listOf(text),
  accessErrors: listOf(text),
  pending: listOf(text),
  refused: listOf(text),
  targets: listOf(text),
  nextSource: { enum: ['same', 'elsewhere', 'nobody'] },
  listens: { enum: ['network', 'itself'] },
  readOnly: flag,
  physicalSlots: listOf(closed({ name: text, holds: flag })),
  leftSlots: listOf(text),
  restores: flag,
  freeSenders: { type: 'integer' },
  freeSlots: { type: 'integer' },
  unlogged: count,
  locales: listOf(text),
  checksumFailures: count,
  missingTablespaces: listOf(text),
  ...repmgrValue,
  oldPrepared: count,
};
const told = Object.keys(value).filter((name) => name !== 'state');

/**
 * `nextLimits` are the limits that its next start would run with: what was given on the command line, else the last line of its files,
 * else what it has without one; absent where the role may not see the files. `idleSlots` keep WAL for nobody; `lostSlots` no longer keep what
 * somebody needs; `boundedSlots`: a limit keeps slots from filling the disk. `rewind`: whether pg_rewind could make a standby of it.
 * `access` are the lines of pg_hba.conf, `replicators` the roles that may replicate, `follows` is as whom it follows itself. `fileErrors` and
 * `accessErrors` are lines that keep the server from starting; `pending`: what its files hold and it does not run with. `refused` are
 * settings that its next start would refuse, or that would end the replication; `targets`: where a standby stops, now or then;
 * `nextSource`: whom its files let it follow; `readOnly`: its sessions write nothing unless they ask to.
 * `physicalSlots` hold what their standby needs, or no longer do; `leftSlots` of a standby are logical ones that it has from a time when it
 * was a primary; `restores`: it fetches WAL out of an archive. `freeSenders` and `freeSlots` are what is left of the limits.
 * `missingLibraries` are those of functions in the asked database, `missingPreloads` those that its next start would load.
 */
export const postgresConfiguration = defineProbe<Params, unknown>({
  id: 'postgres-configuration',
  title:
    "The configuration of the host's own PostgreSQL server, now and at its next start, its slots and its archiver (psql)",
  on: 'host',
  params: sessionParams,
  value: closed(value, told),
  restless: ['said', 'idleSlots', 'oldPrepared'],
  rendered: postgresqlConf,
  ask: (params) => [question(params, configurationQuery)],
  read(outputs) {
    const answered = rowOf(outputs);
    if ('state' in answered) return answered;
    const [fault] = check(schema, answered.row);
    if (fault) throw new Unreadable(`the answer has another form than was asked for: ${firstLine(fault.message)}`);
    return { state: 'up', ...configurationOf(answered.row as Row) };
  },
});

function configurationOf(row: Row): object {
  const { version, standby, signals, slots, missing, oldPrepared } = row;
  const setting = (name: string) => row.settings.find((one) => one.name === name)?.setting;
  const all: Settings = { running: setting, next: (name) => nextOf(row, name) };
  const refused = refusedOf(all, slots, row, standby);
  return {
    version,
    role: standby ? 'standby' : 'primary',
    settings: Object.fromEntries(row.settings.map(({ name, setting: value }) => [name, value])),
    ...nextLimitsOf(row),
    ...(signals && {
      standbySignal: signals.includes('standby.signal'),
      recoveryConf: signals.includes('recovery.conf'),
      recoverySignal: signals.includes('recovery.signal'),
      backupLabel: signals.includes('backup_label'),
    }),
    ...(slots && slotsOf(slots, setting('max_slot_wal_keep_size'))),
    ...archiverOf(row, setting('archive_mode')),
    ...rewindOf(setting),
    ...staleOf(row),
    missingExtensions: missing,
    ...librariesOf(row),
    ...(row.access && { access: row.access, accessErrors: unreadLines(row.access) }),
    ...(row.accessThere === false && { accessErrors: ['the file is not there'] }),
    ...(row.replicators && { replicators: row.replicators.map((role) => withPassword(role, row.passwords)) }),
    ...(row.follows && { follows: followsOf(row.follows) }),
    ...(row.fileErrors && { fileErrors: errorsOf(row.fileErrors, row.waits) }),
    ...pendingOf(row),
    ...(refused && { refused }),
    ...targetsOf(all),
    ...(row.nextSource && { nextSource: row.nextSource }),
    ...listensOf(all),
    ...readOnlyOf(row),
    ...repmgrOf(row.repmgr),
    ...(typeof row.restores === 'boolean' && { restores: row.restores }),
    ...freeOf(row, setting),
    ...(row.unlogged !== undefined && { unlogged: row.unlogged }),
    ...(row.locales && { locales: row.locales }),
    ...(typeof row.checksumFailures === 'number' && { checksumFailures: row.checksumFailures }),
    ...(row.tablespaces && {
      missingTablespaces: row.tablespaces.filter(({ there }) => !there).map(({ name }) => name),
    }),
    oldPrepared,
  };
}

/** Lines with an error that are read nevertheless, as those for TLS without TLS, keep nothing from starting. */
function unreadLines(lines: readonly AccessLine[]): string[] {
  return lines.flatMap(({ line, type, error }) => (type === null ? [`line ${line}: ${error ?? 'not read'}`] : []));
}

/** What only a restart can set has an error, too, while it waits for one; `waits` are those that a restart would set. */
function errorsOf(errors: readonly FileError[], waits: readonly string[] | null | undefined): string[] {
  return errors.flatMap(({ name, line, error, context }) =>
    context === 'postmaster' &&
    error === 'setting could not be applied' &&
    (!waits || waits.includes(name?.toLowerCase() ?? ''))
      ? []
      : [`line ${line ?? '?'}: ${name === null ? '' : `${name}: `}${error}`],
  );
}

function followsOf({ user, tls }: Follows): object {
  return { ...(user !== null && { user: unquoted(user) }), ...(tls !== null && { tls: unquoted(tls) }) };
}

function withPassword(role: ReplicationRole, passwords: readonly Password[] | null | undefined): ReplicationRole {
  const kind = passwords?.find(({ name }) => name === role.name)?.kind;
  return kind === undefined ? role : { ...role, password: kind };
}

/** Whether its sessions write nothing unless they ask to, by its files: the session that asks has another value. */
function readOnlyOf(row: Row): object {
  if (!row.files) return {};
  const last = lastOf(row.files, 'default_transaction_read_only');
  return { readOnly: /^(on|true|tr?u?|y(es?)?|1)$/i.test(last?.setting ?? '') };
}

/** Nothing where the file of access rules was not looked at and no setting is known to wait. */
function pendingOf({ pending, accessChanged }: Row): object {
  if (!pending) return {};
  const all = [...pending.map((name) => `${name} (restart)`), ...(accessChanged ? ['pg_hba.conf (reload)'] : [])];
  return all.length > 0 || typeof accessChanged === 'boolean' ? { pending: all } : {};
}

/** What a setting would be at the next start; undefined where its files are hidden, null where a line of them could not be read. */
function nextOf({ settings, files }: Row, name: string): string | null | undefined {
  if (!files) return undefined;
  const running = settings.find((one) => one.name === name);
  const last = lastOf(files, name);
  return running?.source === 'command line' ? running.setting : last ? last.setting : running?.boot;
}

/** The line that counts: the last of its name. */
function lastOf(files: NonNullable<Row['files']>, name: string) {
  return files
    .filter((one) => one.name === name)
    .toSorted((a, b) => a.seqno - b.seqno)
    .at(-1);
}

/** What the next start would run with; nothing where one of them cannot be told. */
function nextLimitsOf(row: Row): object {
  const next = limitNames.flatMap((name): [Limit, number][] => {
    const value = nextOf(row, name);
    return value != null && /^\d+$/.test(value) ? [[name, Number(value)]] : [];
  });
  const asked = limitNames.filter((name) => row.settings.some((one) => one.name === name));
  return row.files && next.length === asked.length ? { nextLimits: Object.fromEntries(next) } : {};
}

function librariesOf(row: Row): object {
  const [functions, preloads] = [
    missingLibraries(row.libraries),
    missingPreloads(
      row.libraries,
      preloadSettings.map((name) => nextOf(row, name) ?? undefined),
    ),
  ];
  return { ...(functions && { missingLibraries: functions }), ...(preloads && { missingPreloads: preloads }) };
}

/** What is left of the senders and the slots that the server may have; slots that are temporary come and go. */
function freeOf({ sendersBusy, slots }: Row, setting: (name: string) => string | undefined): object {
  const [senders, most] = ['max_wal_senders', 'max_replication_slots'].map((name) =>
    Number(setting(name) ?? Number.NaN),
  );
  return {
    ...(sendersBusy !== undefined && Number.isInteger(senders) && { freeSenders: Number(senders) - sendersBusy }),
    ...(slots && Number.isInteger(most) && { freeSlots: Number(most) - slots.length }),
  };
}

function slotsOf(slots: readonly Slot[], bound: string | undefined): object {
  const kept = slots.filter(({ temporary }) => temporary !== true);
  // What a standby keeps in step with its primary is nobody's while it is a standby.
  const idle = kept.filter(({ active, reserves, synced }) => !active && reserves && synced !== true);
  const lost = kept.filter(
    ({ status, invalid }) =>
      status === 'lost' || status === 'unreserved' || (invalid !== null && invalid !== undefined),
  );
  return {
    idleSlots: idle.map(({ name, retained }) => (retained ? `${name} (${retained} bytes)` : name)),
    lostSlots: lost.map(({ name }) => name),
    physicalSlots: kept
      .filter(({ type }) => type === 'physical')
      .map((slot) => ({ name: slot.name, holds: !lost.includes(slot) })),
    leftSlots: kept.filter(({ failover, synced }) => failover === true && synced === false).map(({ name }) => name),
    logicalSlots: kept
      .filter(({ type }) => type === 'logical')
      .map(({ name, failover, synced }) => ({ name, failover: failover === true, synced: synced === true })),
    ...(bound !== undefined && {
      boundedSlots: kept.length === 0 ? 'no slots' : bound === '-1' ? 'unbounded' : 'bounded',
    }),
  };
}

/** The archiver fails from its last failure until it archives again; one that never did either proves nothing. */
function archiverOf({ archiver, archive }: Row, mode: string | undefined): object {
  if (mode === 'off') return { archiver: 'off' };
  const [one] = archiver ?? [];
  if (mode === undefined || !one) return {};
  if (archive === 'none') return { archiver: 'none' };
  if (one.failing) return { archiver: 'fails' };
  if (archive === 'nothing') return { archiver: 'discards' };
  return { archiver: one.archived === false ? 'untried' : 'works' };
}

function rewindOf(setting: (name: string) => string | undefined): object {
  const [checksums, hints, pages] = ['data_checksums', 'wal_log_hints', 'full_page_writes'].map(setting);
  if (checksums === undefined || pages === undefined) return {};
  return { rewind: pages === 'on' && (checksums === 'on' || hints === 'on') ? 'possible' : 'impossible' };
}

/** Databases and collations whose order was recorded by another version of the library than runs here; nothing where one is not told. */
function staleOf({ version, databases, collations }: Row): object {
  if (version < 100_000 || !collations) return {};
  const all = [
    ...(databases ?? []).map((one) => ({ ...one, of: `database ${one.database}` })),
    ...collations.map((one) => ({ ...one, of: `collation ${one.name}` })),
  ];
  if (all.some(({ actual }) => actual === null)) return {};
  const stale = all.filter(({ recorded, actual }) => recorded !== actual);
  return { staleCollations: stale.map(({ of, recorded, actual }) => `${of}: recorded ${recorded}, here ${actual}`) };
}
