/** Whether the standby streams from this primary, whether what they say of each other is fresh, and whether it is applied. */
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';
import { type Addresses, type Found, senderTo, standbysAmong } from './identity.js';
import { limitsBelow } from './limits.js';
import { replayOf, WATCHED_MS } from './replay.js';
import type { Sender, Server } from './server.js';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };

/** What a role that may not see the state of replication needs. */
const needsMonitor = 'the role that asks may not see it; it needs pg_monitor (before 10: the rights of a superuser)';

/** How long after its time a word may come. */
const LATE_MS = 5000;

/**
 * `state` is that of the sender that the standby's own receiver confirms, `none` where there is nobody, `untold` where the rows could be
 * another's; `receiver` the worst that the standby said of its receiver at any sample. `rows` shows what the primary has. `fresh`: what
 * both say of each other is as young as their time-outs ask. `replay`: what keeps the standby from applying, `applied` where nothing does.
 * `timeline`: `ahead` where the standby had more of one timeline than the primary has by now; `awaited`: every commit waits for this standby.
 * `below`: the limits that the standby runs with below the primary's.
 */
export const postgresStream: Joint = {
  title: 'who streams to the standby, how fresh it is and whether it is applied',
  sources: ['primary', 'standby', 'primaryAddress', 'standbyAddress', 'primaryAddresses', 'standbyAddresses'],
  value: {
    state: text,
    receiver: text,
    why: text,
    rows: text,
    name: text,
    sync: text,
    lagBytes: count,
    unreceivedBytes: count,
    fresh: { enum: ['fresh', 'late', 'cut', 'unproven', 'not asked'] },
    heard: text,
    replay: { enum: ['applied', 'applying', 'paused', 'paused by limits', 'delayed', 'waiting', 'held'] },
    waits: text,
    timeline: { enum: ['same', 'differs', 'ahead'] },
    awaited: { type: 'boolean' },
    below: { type: 'array', items: text },
    belowNow: text,
  },
  make(values, seriesOf) {
    const [primary, standby] = [server(values.primary), server(values.standby)];
    const both = primary?.state === 'up' && standby?.state === 'up' ? limitsBelow(primary, standby) : {};
    const replay =
      standby?.state === 'up' && standby.role === 'standby' ? replayOf(standby, primary, seriesOf().standby) : {};
    if (!primary && !standby) throw new Unreadable('neither server was asked');
    const stream = streamOf(primary, standby, addressesOf(values), seriesOf);
    // Where nobody is found, nobody is heard of either.
    const nobody = stream.state === 'none' || stream.state === 'untold' ? { fresh: 'not asked' } : {};
    return { ...both, ...replay, ...stream, ...nobody };
  },
};

function server(value: unknown): Server | undefined {
  return isRecord(value) ? (value as unknown as Server) : undefined;
}

/** The hosts' addresses, out of the sources of the same names. */
export function addressesOf(values: Readonly<Record<string, unknown>>): Addresses {
  const [own, other] = [values.primaryAddresses, values.standbyAddresses];
  const listed = (known: unknown, list: unknown) => [
    ...(typeof known === 'string' ? [known] : []),
    ...(Array.isArray(list) ? list.map(String) : []),
  ];
  return {
    primary: listed(values.primaryAddress, own),
    standby: listed(values.standbyAddress, other),
    complete: { primary: Array.isArray(own), standby: Array.isArray(other) },
  };
}

function streamOf(
  primary: Server | undefined,
  standby: Server | undefined,
  addresses: Addresses,
  seriesOf: Parameters<Joint['make']>[1],
): Record<string, unknown> {
  if (primary?.state !== 'up' || primary.role !== 'primary') return {};
  if (!primary.senders) return { why: `the primary hides ${primary.hiddenSenders} senders: ${needsMonitor}` };
  const rows = primary.senders.map(shown).join('; ') || 'nobody';
  const follows = standby?.state === 'up' && standby.role === 'standby';
  if (standbysAmong(primary.senders).length === 0)
    return {
      state: 'none',
      why: 'no standby is attached to the primary',
      rows,
      ...(follows && receiverOf(standby, seriesOf)),
    };
  if (!follows) return { state: 'untold', why: 'the standby does not say whom it receives from', rows };
  if (standby.hiddenReceiver) return { state: 'untold', why: `the standby hides its receiver: ${needsMonitor}`, rows };
  const receiver = receiverOf(standby, seriesOf);
  if (standby.receiver === 'none') return { state: 'none', why: 'the standby receives from nobody', rows, ...receiver };
  const found = senderTo(standby, primary.senders, { ...addresses, port: primary.port });
  return { rows, ...receiver, ...foundOf(found, primary, standby, seriesOf) };
}

function foundOf(
  found: Found,
  primary: Server,
  standby: Server,
  seriesOf: Parameters<Joint['make']>[1],
): Record<string, unknown> {
  if ('nobody' in found) return { state: 'none', why: found.nobody };
  if ('untold' in found) return { state: 'untold', why: found.untold };
  const { state, name, sync, lagBytes, unreceivedBytes } = found.sender;
  return {
    ...{ state, name, sync },
    ...(lagBytes !== undefined && { lagBytes }),
    ...(unreceivedBytes !== undefined && { unreceivedBytes }),
    ...timelines(primary, standby, seriesOf),
    awaited: sync === 'sync' || (sync === 'quorum' && primary.synchronous?.spare === 0),
    ...freshness(found.sender, primary, standby, seriesOf),
  };
}

/** A primary that was put back to an older copy of itself writes the same timeline again, with something else in it. */
function timelines(primary: Server, standby: Server, seriesOf: Parameters<Joint['make']>[1]): { timeline?: string } {
  const [theirs, own] = [primary.timeline, standby.timeline];
  if (theirs === undefined || own === undefined) return {};
  if (theirs !== own) return { timeline: 'differs' };
  // What the standby has now the primary may have written a moment ago; what it had at first was written long since.
  const earlier = (seriesOf().standby ?? []).slice(0, -1).map(server);
  const had = earlier.find((one) => one?.replayedPosition !== undefined)?.replayedPosition ?? 0;
  return { timeline: had > (primary.writtenPosition ?? had) ? 'ahead' : 'same' };
}

/** What the standby said of its receiver: at every sample, since one that comes and goes does not follow. */
function receiverOf(standby: Server, seriesOf: Parameters<Joint['make']>[1]): { receiver?: string } {
  const said = [...(seriesOf().standby ?? []), standby].flatMap((one) => server(one)?.receiver ?? []);
  const receiver = said.find((one) => one !== 'streaming') ?? said[0];
  return receiver === undefined ? {} : { receiver };
}

/**
 * Whether the two hear each other; `unproven` where that cannot be told. Silence looks like peace, so `fresh` is earned: nothing that was
 * written is missing, and what they say of each other is as young as their time-outs ask. `cut`: for as long as it takes, nothing
 * arrived of what the primary had written. `late`: a reply, or any word of the primary, is older than two of them lie apart; both ages
 * are read from the standby's clock alone.
 */
function freshness(
  sender: Sender,
  primary: Server,
  standby: Server,
  seriesOf: Parameters<Joint['make']>[1],
): Record<string, unknown> {
  // Evidence of release 0.1 holds no times.
  if (standby.now === undefined) return { fresh: 'not asked' };
  const [replied, word] = [ageOf(sender.repliedAt, standby.now), standby.heardAgeMs];
  const ages = [
    ...(replied === undefined ? [] : [`last reply ${seconds(replied)} ago`]),
    ...(word === undefined ? [] : [`last word of the primary ${seconds(word)} ago`]),
  ].join(', ');
  const heard = ages === '' ? {} : { heard: ages };
  const arrived = arrivedAt(standby);
  if (arrived === undefined)
    return { fresh: 'unproven', why: 'the standby does not say how much it has received', ...heard };
  const { primary: before = [], standby: told = [] } = seriesOf();
  const samples = told.map((one, index) => ({ one: server(one), written: server(before[index])?.writtenPosition }));
  const missing = missingMs(samples.slice(0, -1), arrived, primary, standby.now);
  if ((missing ?? 0) >= WATCHED_MS) return { fresh: 'cut', ...heard };
  const seen = [repliesBy(replied, standby, primary), by(word, onRequest(standby.receiverTimeoutMs))];
  if (seen.includes('late')) return { fresh: 'late', ...heard };
  if (missing !== undefined)
    return {
      fresh: 'unproven',
      why: `what the primary wrote has not arrived, and was waited for ${seconds(missing)} only`,
      ...heard,
    };
  if (seen.includes('overdue'))
    return { fresh: 'unproven', why: 'a reply of the standby is overdue, and not yet late', ...heard };
  // What arrives while it is watched is fresh, whatever the time-outs.
  const moves = samples.some(({ one }) => (arrivedAt(one) ?? arrived) < arrived);
  if (moves || seen.includes('in time')) return { fresh: 'fresh', ...heard };
  return {
    fresh: 'unproven',
    why: 'nothing was written, and nothing was said so lately that it proves the connection',
    ...heard,
  };
}

/** How long ago the standby replied, by its own clock; one that was set back since cannot tell. */
function ageOf(repliedAt: number | undefined, now: number): number | undefined {
  return repliedAt === undefined || repliedAt - now > PROOF_MS ? undefined : Math.max(0, now - repliedAt);
}

/** How far a standby has its primary's WAL: after a restart it has applied more than this receiver received. */
function arrivedAt({ receivedPosition: received, replayedPosition: replayed }: Partial<Server> = {}) {
  return received === undefined ? undefined : Math.max(received, replayed ?? 0);
}

/** What was read of both at one moment before the last: the standby, and how far the primary had written. */
interface Earlier {
  one: Server | undefined;
  written: number | undefined;
}

/**
 * For how long something that the primary had written has not arrived, while nothing else did either; undefined where all of it is
 * there, moves, or was written in the last moment. Asked once, what is missing may be on its way, and has not been waited for.
 */
function missingMs(earlier: readonly Earlier[], arrived: number, primary: Server, now: number): number | undefined {
  const watched = earlier.filter(({ one, written }) => arrivedAt(one) !== undefined && written !== undefined);
  if (watched.length === 0) return (primary.writtenPosition ?? 0) > arrived ? 0 : undefined;
  const since = watched.find(({ one, written = 0 }) => arrivedAt(one) === arrived && written > arrived)?.one;
  return since && now - (since.now ?? now);
}

/** How long an age proves that somebody is there, however seldom he is asked to speak. */
const PROOF_MS = 60_000;

type Heard = 'in time' | 'overdue' | 'late' | 'no proof';

/** The age of the last reply: one is due after an interval, or when the primary asks for one; it is late after two intervals. */
function repliesBy(age: number | undefined, { statusIntervalMs }: Server, { senderTimeoutMs }: Server): Heard {
  if (statusIntervalMs === undefined) return 'no proof';
  if (statusIntervalMs === 0) return by(age, onRequest(senderTimeoutMs));
  return by(age, statusIntervalMs + LATE_MS, 2 * statusIntervalMs + LATE_MS);
}

/** A server asks for a word after half of its time-out; one without a time-out never does. */
function onRequest(timeoutMs: number | undefined): number | undefined {
  return timeoutMs ? timeoutMs / 2 + 2 * LATE_MS : undefined;
}

function by(age: number | undefined, due: number | undefined, late?: number): Heard {
  if (age === undefined || due === undefined) return 'no proof';
  if (age > due) return age > (late ?? due) ? 'late' : 'overdue';
  return age > PROOF_MS ? 'no proof' : 'in time';
}

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

function shown({ address, name, state, slot, logical, replays }: Sender): string {
  const kind = logical ? ', logical' : replays ? '' : ', replays nothing';
  return `${name || 'no name'} at ${address || 'a socket'}, ${state}${slot ? `, slot ${slot}` : ''}${kind}`;
}
