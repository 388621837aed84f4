/** The row as release 0.1 asked for it, in evidence that was taken with that: it told less, and tells the same of that today. */
import { check } from '../../core/check-schema.js';
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import type { Answer, PrimaryRow, SenderRow, StandbyRow } from './answer.js';

interface OlderAnswer {
  version: number;
  standby: boolean;
  maxWalSenders: number;
  senders: Omit<SenderRow, 'pid' | 'reply'>[] | null;
  positions: Pick<PrimaryRow, 'written' | 'system'> | OlderStandby;
  replayAge: number | null;
}

type OlderStandby = Pick<StandbyRow, 'received' | 'replayed' | 'paused' | 'system'> & { receiver?: string | null };

const text: JsonSchema = { type: 'string' };
const maybe: JsonSchema = { type: ['string', 'null'] };

const schema: JsonSchema = closed({
  version: { type: 'integer', minimum: 90300 },
  standby: { type: 'boolean' },
  maxWalSenders: { type: 'integer', minimum: 0 },
  senders: {
    type: ['array', 'null'],
    items: closed({ address: maybe, name: maybe, state: maybe, sync: maybe, flush: maybe, replay: maybe }),
  },
  positions: {
    type: 'object',
    oneOf: [
      closed({ written: text, system: text }, ['system']),
      closed({ received: maybe, replayed: maybe, paused: { type: 'boolean' }, receiver: maybe, system: text }, [
        'receiver',
        'system',
      ]),
    ],
  },
  replayAge: { type: ['number', 'null'] },
});

/** An older row in today's form, which is then judged by today's schema; anything else as it is. */
export function inTodaysForm(row: unknown): unknown {
  if (check(schema, row).length > 0) return row;
  const { maxWalSenders, senders, positions, ...rest } = row as OlderAnswer;
  const today: Answer = {
    ...rest,
    settings: [{ name: 'max_wal_senders', setting: `${maxWalSenders}` }],
    senders: senders?.map((one) => ({ ...one, reply: null })) ?? null,
    positions: 'written' in positions ? positions : standbyOf(positions),
  };
  return today;
}

/** Of a receiver it told the state alone. */
function standbyOf({ receiver, ...rest }: OlderStandby): StandbyRow {
  return { ...rest, ...(receiver !== undefined && { receiver: receiver === null ? null : { status: receiver } }) };
}
