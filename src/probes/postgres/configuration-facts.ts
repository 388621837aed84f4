/** What a server's answer about its configuration says of it, now and at its next start. Pure. */
import type { AccessLine, Follows, Password, ReplicationRole } from './access-query.js';
import { unquoted } from './answer.js';
import type { FileError, Row, Slot } from './configuration-row.js';
import { missingLibraries, missingPreloads, preloadSettings } from './libraries.js';
import { type Limit, limitNames } from './limits.js';
import { repmgrOf } from './repmgr.js';
import { listensOf, refusedOf, type Settings, targetsOf } from './start.js';

/** The facts of an answer; what it does not tell is absent. */
export function configurationOf(row: Row): object {
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
    const value = nextOf(row, name) ?? '';
    return /^\d+$/.test(value) ? [[name, Number(value)]] : [];
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
    ({ status, invalid }) => status === 'lost' || status === 'unreserved' || typeof invalid === 'string',
  );
  return {
    idleSlots: idle.map(({ name, retained }) => (retained ? `${name} (${retained} bytes)` : name)),
    lostSlots: lost.map(({ name }) => name),
    physicalSlots: kept
      .filter(({ type }) => type === 'physical')
      // One that no standby has used yet keeps nothing.
      .map((slot) => ({ name: slot.name, holds: slot.reserves && !lost.includes(slot) })),
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
  if (version < 100_000 || !collations || (version >= 150_000 && !databases)) return {};
  const all = [
    ...(databases ?? []).map((one) => ({ ...one, of: `database ${one.database}` })),
    ...collations.map((one) => ({ ...one, of: `collation ${one.name}` })),
  ];
  if (all.some(({ actual }) => actual === null)) return {};
  const stale = all.filter(({ recorded, actual }) => recorded !== actual);
  return { staleCollations: stale.map(({ of, recorded, actual }) => `${of}: recorded ${recorded}, here ${actual}`) };
}
