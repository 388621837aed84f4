/** What a server's next start would meet: settings that it refuses, files that are gone, and a place at which it would stop. Pure. */
import { isIP } from 'node:net';
import type { JsonSchema } from '../../core/model.js';
import { isLoopback } from './identity.js';
import { targetSettings } from './start-query.js';

/** What is told of the next start beside the settings and the files. */
export interface StartRow {
  waits?: string[] | null;
  accessThere?: boolean | null;
  lostFiles?: string[] | null;
  nextSource?: string | null;
  archive?: string | null;
}

const names: JsonSchema = { type: ['array', 'null'], items: { type: 'string' } };

/** Schemas of these columns. */
export const startSchema: Record<string, JsonSchema> = {
  ...{ waits: names, lostFiles: names },
  accessThere: { type: ['boolean', 'null'] },
  nextSource: { enum: ['same', 'elsewhere', 'nobody', null] },
  archive: { enum: ['some', 'none', 'nothing', null] },
};

/** A setting by its name: as it runs, as its next start has it; undefined where that is hidden, null where a file says nothing readable. */
export interface Settings {
  running(name: string): string | undefined;
  next(name: string): string | null | undefined;
}

interface Kept {
  name: string;
  type: string;
  temporary?: boolean | null;
}

/**
 * Settings that the next start would refuse, or that would end the replication; undefined where the files are hidden. Slots are kept
 * over a restart: each needs a place, and its kind a `wal_level`.
 */
export function refusedOf(
  { next }: Settings,
  slots: readonly Kept[] | null,
  { lostFiles }: StartRow,
  standby: boolean,
): string[] | undefined {
  const [places, senders] = [next('max_replication_slots'), next('max_wal_senders')].map(Number);
  const [level, archiving, tls] = ['wal_level', 'archive_mode', 'ssl'].map((name) => next(name)?.toLowerCase());
  if (level === undefined || !slots) return undefined;
  const kept = slots.filter(({ temporary }) => temporary !== true);
  const logical = kept.filter(({ type }) => type === 'logical');
  const minimal = level === 'minimal';
  return [
    ...(Number(places) < kept.length ? [`max_replication_slots ${places} for ${kept.length} slots`] : []),
    ...(minimal && Number(senders) > 0 ? ['wal_level minimal beside max_wal_senders'] : []),
    ...(minimal && archiving !== undefined && archiving !== 'off' ? ['wal_level minimal beside archive_mode'] : []),
    ...(minimal && kept.length > logical.length ? ['wal_level minimal beside slots'] : []),
    ...(level !== 'logical' ? logical.slice(0, 1) : []).map(
      ({ name }) => `wal_level ${level} beside the logical slot ${name}`,
    ),
    ...(!standby && Number(senders) === 0 ? ['max_wal_senders 0, so that no standby could follow'] : []),
    ...(tls !== undefined && tls !== 'off'
      ? (lostFiles ?? []).map((name) => `${name} names a file that is not there`)
      : []),
  ];
}

/** Where a standby stops, now or from its next start on; nothing of a server whose settings do not say. */
export function targetsOf({ running, next }: Settings): object {
  const [first = ''] = targetSettings;
  if (running(first) === undefined) return {};
  const set = targetSettings.flatMap((name) => {
    const value = running(name) || next(name);
    return value ? [`${name} ${value}`] : [];
  });
  return { targets: set };
}

/** Whether a server listens for other hosts; whether a name leads to itself alone, as a host's own often does, cannot be told. */
export function listensOf({ running }: Pick<Settings, 'running'>): { listens?: 'itself' | 'network' } {
  const listed = running('listen_addresses');
  if (listed === undefined) return {};
  const all = listed.split(',').map((one) => one.trim());
  const itself = (one: string) => one === '' || one === 'localhost' || (isIP(one) !== 0 && isLoopback(one));
  if (all.some((one) => one === '*' || (isIP(one) !== 0 && !isLoopback(one)))) return { listens: 'network' };
  return all.every(itself) ? { listens: 'itself' } : {};
}
