/** How long a standby may be away: what its primary keeps for it meanwhile, by how fast the primary writes. */
import { Unreadable } from '../../core/errors.js';
import { showDuration } from '../../core/format.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import { type Bounds, sizeInBytes } from '../define.js';
import type { Joint } from '../joint.js';
import { WATCHED_MS } from './replay.js';
import type { Server } from './server.js';

const text: JsonSchema = { type: 'string' };
/** A rate, or a time, that lies between two bounds. */
const between: JsonSchema = {
  type: 'object',
  properties: { low: { type: 'number', minimum: 0 }, high: { type: 'number', minimum: 0 } },
  required: ['low', 'high'],
  additionalProperties: false,
};

/**
 * `roomBytes` is how many bytes the primary may write before the standby can no longer follow, or before a disk is full; `until` says what ends
 * first then. `rate` lies between the mean and the fastest of what was written while it was watched, in bytes per second; `awayMs` between
 * what the room lasts at the fastest and at the mean; `budget` says whether that is known, and why it is not.
 */
export const postgresOutage: Joint = {
  title: 'how long the standby may be away before its primary no longer keeps what it needs, or has no room left',
  sources: ['primary', 'standby', 'configuration', 'disk'],
  value: {
    kept: { enum: ['by its slot', 'by its slot, within a limit', 'without a slot'] },
    roomBytes: sizeInBytes,
    until: { enum: ["the disk of the primary's WAL is full", 'its slot is lost', 'the WAL is removed'] },
    rate: between,
    awayMs: between,
    away: text,
    budget: { enum: ['known', 'nothing written', 'watched too briefly', 'room not known', 'not told'] },
  },
  make({ primary, standby, configuration, disk }, seriesOf) {
    if (!isRecord(primary) || !isRecord(standby)) throw new Unreadable('only one of the servers was asked');
    const [server, asks] = [primary as unknown as Server, (standby as unknown as Server).asks];
    const settings = isRecord(configuration) ? configuration.settings : undefined;
    if (server.role !== 'primary' || !asks || !isRecord(settings)) return { budget: 'not told' };
    const free = isRecord(disk) ? least(disk.freeBytes) : undefined;
    const keeping = keepingOf(settings, asks.slot, server.version ?? 0, free);
    if (keeping.roomBytes === undefined) return { ...keeping, budget: 'room not known' };
    const rate = rateOf([...(seriesOf().primary ?? []), primary].filter(isRecord) as unknown as Server[]);
    if (typeof rate === 'string') return { ...keeping, budget: rate };
    const idleMs = asks.slot === '' ? Number.POSITIVE_INFINITY : idleOf(settings);
    return { ...keeping, budget: 'known', rate, ...timeOf(keeping.roomBytes, rate, idleMs) };
  },
};

/** From 18 on a slot may be lost because nobody has used it for long, however much room there is; 0 is never. */
function idleOf({ idle_replication_slot_timeout: seconds }: Record<string, unknown>): number {
  return Number(seconds) > 0 ? Number(seconds) * 1000 : Number.POSITIVE_INFINITY;
}

/** How long the room lasts, at the fastest and at the mean, and no longer than a slot may be idle. */
function timeOf(room: number, rate: Bounds, idleMs: number): object {
  const lasts = (speed: number) => Math.min(idleMs, Math.floor((room / speed) * 1000));
  const [low, high] = [lasts(rate.high), lasts(rate.low)];
  const [least, most] = [showDuration(low), showDuration(high)];
  return {
    ...{ awayMs: { low, high }, away: least === most ? `about ${least}` : `about ${least} to ${most}` },
    ...(low === idleMs && { until: 'its slot is lost' }),
  };
}

/** The lower bound of a size; of an outage the worst is told. */
function least(size: unknown): number | undefined {
  if (typeof size === 'number') return size;
  return isRecord(size) ? (size as unknown as Bounds).low : undefined;
}

const MIB = 1024 ** 2;

/** What is kept for a standby that is away. What it still has to fetch now is not counted: it is small where it streams. */
function keepingOf(
  settings: Record<string, unknown>,
  slot: string,
  version: number,
  free: number | undefined,
): { kept: string; roomBytes?: number; until?: string } {
  const full = { until: "the disk of the primary's WAL is full" };
  const known = (roomBytes: number | undefined, more: object) =>
    roomBytes === undefined ? {} : { roomBytes, ...more };
  if (slot === '') {
    // What the primary no longer has may be in its archive; for how long, nobody was asked.
    if (settings.archive_mode !== undefined && settings.archive_mode !== 'off') return { kept: 'without a slot' };
    const kept = keptWithoutSlot(settings, version);
    const least = kept === undefined ? undefined : free && Math.min(kept, free);
    return { kept: 'without a slot', ...known(least, least === kept ? { until: 'the WAL is removed' } : full) };
  }
  const limit = Number(settings.max_slot_wal_keep_size ?? -1);
  if (!(limit >= 0)) return { kept: 'by its slot', ...known(free, full) };
  const room = free && Math.min(limit * MIB, free);
  return {
    kept: 'by its slot, within a limit',
    ...known(room, room === limit * MIB ? { until: 'its slot is lost' } : full),
  };
}

/** From 13 on in MiB; before, a number of segments, whose size is told in bytes from 11 on and in pages of 8 KiB before. */
function keptWithoutSlot(
  { wal_keep_size: size, wal_keep_segments: segments, wal_segment_size: segment }: Record<string, unknown>,
  version: number,
): number | undefined {
  if (size !== undefined) return Number(size) * MIB;
  const bytes = Number(segments) * Number(segment) * (version >= 110_000 ? 1 : 8192);
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** How fast the primary writes, in bytes per second by its own clock; why that is not known, else. */
function rateOf(samples: readonly Server[]): Bounds | 'nothing written' | 'watched too briefly' {
  const points = samples.flatMap(({ now, writtenPosition: at }) =>
    now === undefined || at === undefined ? [] : [{ now, at }],
  );
  const [first = { now: 0, at: 0 }] = points;
  const last = points.at(-1) ?? first;
  if (last.now - first.now < WATCHED_MS) return 'watched too briefly';
  const gaps = points.slice(1).flatMap((point, index) => {
    const before = points[index] ?? point;
    return point.now > before.now ? [((point.at - before.at) / (point.now - before.now)) * 1000] : [];
  });
  const mean = ((last.at - first.at) / (last.now - first.now)) * 1000;
  if (!(mean > 0)) return 'nothing written';
  return { low: mean, high: Math.max(mean, ...gaps) };
}
