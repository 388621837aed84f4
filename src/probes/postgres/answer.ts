/** The one row that a PostgreSQL server gives, and what it means. */
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';

/** The row: written as the server writes it. */
export interface Answer {
  version: number;
  standby: boolean;
  maxWalSenders: number;
  senders:
    | {
        address: string | null;
        name: string | null;
        state: string | null;
        sync: string | null;
        flush: string | null;
        replay: string | null;
      }[]
    | null;
  positions:
    | { written: string; system?: string }
    | { received: string | null; replayed: string | null; paused: boolean; receiver?: string | null; system?: string };
  replayAge: number | null;
}

const nullable = (type: string, more: JsonSchema = {}): JsonSchema => ({ type: [type, 'null'], ...more });
/** A position in the WAL: the upper and the lower 32 bits. */
const lsn: JsonSchema = { pattern: '^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$' };

const system: JsonSchema = { type: 'string', pattern: '^\\d{1,20}$' };

/** Schema of the row. */
export const answerSchema: JsonSchema = closed({
  version: { type: 'integer', minimum: 90300 },
  standby: { type: 'boolean' },
  maxWalSenders: { type: 'integer', minimum: 0 },
  senders: nullable('array', {
    items: closed({
      address: nullable('string'),
      name: nullable('string'),
      state: nullable('string'),
      sync: nullable('string'),
      flush: nullable('string', lsn),
      replay: nullable('string', lsn),
    }),
  }),
  positions: {
    type: 'object',
    oneOf: [
      closed({ written: { type: 'string', ...lsn }, system }, ['system']),
      closed(
        {
          received: nullable('string', lsn),
          replayed: nullable('string', lsn),
          paused: { type: 'boolean' },
          receiver: nullable('string'),
          system,
        },
        ['receiver', 'system'],
      ),
    ],
  },
  replayAge: nullable('number'),
});

/** What the row says. @throws Unreadable where it contradicts itself, or hides what was asked for. */
export function serverOf({ version, standby, maxWalSenders, senders, positions, replayAge }: Answer): object {
  if (standby === 'written' in positions) throw new Unreadable('the server changed its role while it was asked');
  const end = 'written' in positions ? positionOf(positions.written) : undefined;
  const written =
    'written' in positions && end !== undefined ? { ...at('written', positions.written), walBytes: end } : {};
  const told = 'written' in positions ? {} : standbyOf(positions);
  return {
    version,
    role: standby ? 'standby' : 'primary',
    ...(positions.system !== undefined && { system: positions.system }),
    maxWalSenders,
    ...written,
    replay: 'written' in positions ? 'none' : positions.paused ? 'paused' : 'running',
    ...told,
    ...(replayAge !== null && { replayAgeMs: Math.max(0, Math.round(replayAge * 1000)) }),
    senders: (senders ?? []).map((one) => senderOf(one, end)),
  };
}

function standbyOf({ received, replayed, receiver }: Exclude<Answer['positions'], { written: string }>): object {
  const [end, now] = [
    received === null ? undefined : positionOf(received),
    replayed === null ? undefined : positionOf(replayed),
  ];
  return {
    ...at('received', received),
    ...at('replayed', replayed),
    ...(end !== undefined && { walBytes: end }),
    // What came out of an archive was replayed without having been received.
    ...(end !== undefined && now !== undefined && { pendingBytes: Math.max(0, end - now) }),
    // A row that is hidden shows that there is a receiver, and nothing of it.
    ...(receiver !== undefined && receiver !== 'hidden' && { receiver: receiver ?? 'none' }),
  };
}

function senderOf(
  { address, name, state, sync, flush, replay }: NonNullable<Answer['senders']>[number],
  written?: number,
): object {
  if (state === null)
    throw new Unreadable(
      'the login may not see the state of the standbys; it needs the role pg_monitor, or the rights of a superuser',
      'denied',
      'command',
    );
  return {
    address: address ?? '',
    name: name ?? '',
    state,
    sync: sync ?? '',
    replays: replay !== null,
    ...(replay !== null && { replay: replay.toUpperCase() }),
    ...(flush !== null && written !== undefined && { unreceivedBytes: Math.max(0, written - positionOf(flush)) }),
    ...(replay !== null && written !== undefined && { lagBytes: Math.max(0, written - positionOf(replay)) }),
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
