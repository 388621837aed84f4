/** The one row that a PostgreSQL server gives, and what it means. */
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { limitsOf } from './limits.js';
import { synchronousOf } from './synchronous.js';

/** The row: written as the server writes it. */
export interface Answer {
  version: number;
  standby: boolean;
  /** Milliseconds since 1970 by the server's clock; older evidence does not have it. */
  now?: number;
  settings: { name: string; setting: string }[];
  senders: SenderRow[] | null;
  positions: PrimaryRow | StandbyRow;
  replayAge: number | null;
}

/** A process that sends WAL; all but its name and number is hidden from a role that may not see it. */
export interface SenderRow {
  pid?: number;
  address: string | null;
  name: string | null;
  state: string | null;
  sync: string | null;
  flush: string | null;
  replay: string | null;
  reply: number | null;
}

export interface PrimaryRow {
  written: string;
  /** The name of the WAL file that is written, which begins with the timeline. */
  file?: string;
  system?: string;
  slots?: { name: string; type: string; pid: number | null }[] | null;
  commits?: { waiting: number; hidden: number };
}

export interface StandbyRow {
  received: string | null;
  replayed: string | null;
  paused: boolean;
  pause?: string;
  system?: string;
  receiver?: ReceiverRow | null;
  replayer?: { type: string | null; event: string | null } | null;
}

interface ReceiverRow {
  status: string;
  /** Absent where it was not asked for whom it asks. */
  name?: string | null;
  slot?: string | null;
  host?: string | null;
  port?: string | null;
  timeline?: number | null;
  age?: number | null;
}

const nullable = (type: string, more: JsonSchema = {}): JsonSchema => ({ ...more, type: [type, 'null'] });
const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
/** A position in the WAL: the upper and the lower 32 bits. */
const lsn: JsonSchema = { pattern: '^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$' };

const system: JsonSchema = { type: 'string', pattern: '^\\d{1,20}$' };

/** Schema of the row. */
export const answerSchema: JsonSchema = closed(
  {
    version: { type: 'integer', minimum: 90300 },
    standby: { type: 'boolean' },
    now: count,
    settings: { type: 'array', items: closed({ name: text, setting: text }) },
    senders: nullable('array', {
      items: closed(
        {
          pid: count,
          address: nullable('string'),
          name: nullable('string'),
          state: nullable('string'),
          sync: nullable('string'),
          flush: nullable('string', lsn),
          replay: nullable('string', lsn),
          reply: nullable('integer'),
        },
        ['pid'],
      ),
    }),
    positions: {
      type: 'object',
      oneOf: [
        closed(
          {
            written: { type: 'string', ...lsn },
            file: { type: 'string', pattern: '^[0-9A-F]{24}$' },
            system,
            slots: nullable('array', { items: closed({ name: text, type: text, pid: nullable('integer') }) }),
            commits: closed({ waiting: count, hidden: count }),
          },
          ['file', 'system', 'slots', 'commits'],
        ),
        closed(
          {
            received: nullable('string', lsn),
            replayed: nullable('string', lsn),
            paused: { type: 'boolean' },
            pause: text,
            system,
            receiver: nullable(
              'object',
              closed(
                {
                  status: text,
                  name: nullable('string'),
                  slot: nullable('string'),
                  host: nullable('string'),
                  port: nullable('string', { pattern: '^\\d{0,5}$' }),
                  timeline: nullable('integer'),
                  age: nullable('integer'),
                },
                ['name', 'slot', 'host', 'port', 'timeline', 'age'],
              ),
            ),
            replayer: nullable('object', closed({ type: nullable('string'), event: nullable('string') })),
          },
          ['pause', 'system', 'receiver', 'replayer'],
        ),
      ],
    },
    replayAge: nullable('number'),
  },
  ['now'],
);

/** What the row says. @throws Unreadable where it contradicts itself. */
export function serverOf({ version, standby, now, settings, senders, positions, replayAge }: Answer): object {
  if (standby === 'written' in positions) throw new Unreadable('the server changed its role while it was asked');
  const setting = (name: string) => settings.find((one) => one.name === name)?.setting;
  const limits = limitsOf(setting);
  const rows = senders ?? [];
  const hidden = rows.filter(({ state }) => state === null).length;
  const own = 'written' in positions ? primaryOf(positions, setting, rows) : standbyOf(positions);
  return {
    version,
    role: standby ? 'standby' : 'primary',
    ...(now !== undefined && { now }),
    ...(positions.system !== undefined && { system: positions.system }),
    ...(limits.max_wal_senders !== undefined && { maxWalSenders: limits.max_wal_senders }),
    limits,
    ...numbersOf(setting),
    ...own,
    ...(replayAge !== null && { replayAgeMs: Math.max(0, Math.round(replayAge * 1000)) }),
    ...(hidden > 0
      ? { hiddenSenders: hidden }
      : { senders: rows.map((row) => senderOf(row, 'written' in positions ? positions : undefined)) }),
  };
}

/** Settings that are numbers; those that are times in milliseconds. */
function numbersOf(setting: (name: string) => string | undefined): object {
  const numbers = {
    senderTimeoutMs: ['wal_sender_timeout', 1],
    receiverTimeoutMs: ['wal_receiver_timeout', 1],
    statusIntervalMs: ['wal_receiver_status_interval', 1000],
    applyDelayMs: ['recovery_min_apply_delay', 1],
    conflictDelayMs: ['max_standby_streaming_delay', 1],
    port: ['port', 1],
  } as const;
  const known = Object.entries(numbers).flatMap(([key, [name, unit]]) => {
    const value = setting(name) ?? '';
    return /^-?\d+$/.test(value) ? [[key, Number(value) * unit]] : [];
  });
  return Object.fromEntries(known);
}

function primaryOf(
  { written, file, slots, commits }: PrimaryRow,
  setting: (name: string) => string | undefined,
  rows: readonly SenderRow[],
): object {
  return {
    ...at('written', written),
    walBytes: positionOf(written),
    ...(file !== undefined && { timeline: Number.parseInt(file.slice(0, 8), 16) }),
    replay: 'none',
    ...(rows.every(({ state }) => state !== null) && { synchronous: synchronousOf(setting, rows) }),
    // A session that is hidden may wait as well; none that is seen to wait is then no proof.
    ...(commits && (commits.waiting > 0 || commits.hidden === 0) && { waitingCommits: commits.waiting }),
    ...(slots !== undefined && { slots: (slots ?? []).map(({ name, type }) => ({ name, type })) }),
  };
}

function standbyOf({ received, replayed, paused, pause, receiver, replayer }: StandbyRow): object {
  const [end, now] = [
    received === null ? undefined : positionOf(received),
    replayed === null ? undefined : positionOf(replayed),
  ];
  return {
    ...at('received', received),
    ...at('replayed', replayed),
    // What came out of an archive, or was there before a restart, was replayed without having been received.
    ...(end !== undefined && { walBytes: Math.max(end, now ?? 0) }),
    ...(end !== undefined && now !== undefined && { pendingBytes: Math.max(0, end - now) }),
    replay: paused || pause === 'paused' ? 'paused' : 'running',
    ...(pause !== undefined && { pause }),
    ...(replayer?.event && { replayWaits: replayer.type === 'Lock' ? `Lock: ${replayer.event}` : replayer.event }),
    // A row that is hidden shows that there is a receiver, and nothing of it.
    ...(receiver === null && { receiver: 'none' }),
    ...(receiver && receiver.status !== 'hidden' && receiverOf(receiver)),
    ...(receiver?.status === 'hidden' && { hiddenReceiver: true }),
  };
}

function receiverOf({ status, name, slot, host, port, timeline, age }: ReceiverRow): object {
  return {
    receiver: status,
    ...(name !== undefined && {
      asks: {
        name: unquoted(name ?? ''),
        slot: slot ?? '',
        host: unquoted(host ?? ''),
        ...(port && { port: Number(port) }),
      },
    }),
    ...(typeof timeline === 'number' && { timeline }),
    // A word out of the future came before the clock was set back: how old it is cannot be told.
    ...(typeof age === 'number' && age >= -PRESENT_MS && { heardAgeMs: Math.max(0, age) }),
  };
}

/** Two looks at the clock of one server lie no further apart. */
const PRESENT_MS = 1000;

/** A value as a connection string holds it, without the quotes that it may stand in. */
export function unquoted(value: string): string {
  return /^'.*'$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

function senderOf(
  { pid, address, name, state, sync, flush, replay, reply }: SenderRow,
  primary: PrimaryRow | undefined,
): object {
  const written = primary && positionOf(primary.written);
  const held = primary?.slots === undefined ? undefined : (primary.slots?.filter((slot) => slot.pid === pid) ?? []);
  return {
    address: address ?? '',
    name: name ?? '',
    state: state ?? '',
    sync: sync ?? '',
    ...(held && { slot: held[0]?.name ?? '', logical: held.some(({ type }) => type === 'logical') }),
    replays: replay !== null && !held?.some(({ type }) => type === 'logical'),
    ...(replay !== null && { replay: replay.toUpperCase() }),
    ...(flush !== null && written !== undefined && { unreceivedBytes: Math.max(0, written - positionOf(flush)) }),
    ...(replay !== null && written !== undefined && { lagBytes: Math.max(0, written - positionOf(replay)) }),
    ...(reply !== null && { repliedAt: reply }),
  };
}

function at<Name extends string>(name: Name, lsn: string | null) {
  return (lsn === null ? {} : { [name]: lsn.toUpperCase(), [`${name}Position`]: positionOf(lsn) }) as Partial<
    Record<Name, string> & Record<`${Name}Position`, number>
  >;
}

/** Bytes from the beginning of the WAL. @throws Unreadable where a number cannot hold them exactly. */
export function positionOf(lsn: string): number {
  const [high = '', low = ''] = lsn.split('/');
  const position = Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
  if (!Number.isSafeInteger(position)) throw new Unreadable(`the WAL position ${lsn} cannot be compared exactly`);
  return position;
}
