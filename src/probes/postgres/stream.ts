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
  const { port } = primary;
  const found = senderTo(standby, primary.senders, port === undefined ? addresses : { ...addresses, port });
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
  const [first, ...later] = (seriesOf().standby ?? []).map(server);
  const had = later.length > 0 && first ? (first.replayedPosition ?? 0) : 0;
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
  const { repliedAt } = sender;
  const [replied, word] = [
    repliedAt === undefined ? undefined : Math.max(0, standby.now - repliedAt),
    standby.heardAgeMs,
  ];
  const ages = [
    ...(replied === undefined ? [] : [`last reply ${seconds(replied)} ago`]),
    ...(word === undefined ? [] : [`last word of the primary ${seconds(word)} ago`]),
  ].join(', ');
  const heard = ages === '' ? {} : { heard: ages };
  const { primary: before = [], standby: told = [] } = seriesOf();
  const missing = missingMs(before.map(server), told.map(server), primary, standby);
  if (missing !== undefined && missing >= WATCHED_MS) return { fresh: 'cut', ...heard };
  const seen = [
    repliesBy(replied, standby, primary),
    // It asks for a word after half of its time-out.
    by(word, standby.receiverTimeoutMs ? standby.receiverTimeoutMs / 2 + 2 * LATE_MS : undefined),
  ];
  if (seen.includes('late')) return { fresh: 'late', ...heard };
  if (missing !== undefined)
    return {
      fresh: 'unproven',
      why: `what the primary wrote has not arrived, and was waited for ${seconds(missing)} only`,
      ...heard,
    };
  if (seen.includes('overdue'))
    return { fresh: 'unproven', why: 'a reply of the standby is overdue, and not yet late', ...heard };
  const earlier = told.map(server).flatMap((one) => (one && arrivedAt(one)) ?? [])[0];
  // What arrives while it is watched is fresh, whatever the time-outs.
  const moves = earlier !== undefined && (arrivedAt(standby) ?? 0) > earlier;
  if (moves || seen.includes('in time')) return { fresh: 'fresh', ...heard };
  return {
    fresh: 'unproven',
    why: 'nothing was written, and nothing was said so lately that it proves the connection',
    ...heard,
  };
}

/** How far a standby has its primary's WAL: after a restart it has applied more than this receiver received. */
function arrivedAt({ receivedPosition: received, replayedPosition: replayed }: Server): number | undefined {
  return received === undefined ? undefined : Math.max(received, replayed ?? 0);
}

/**
 * For how long something that the primary had written has not arrived, while nothing else did either; undefined where all of it is
 * there, moves, or was written in the last moment. Asked once, what is missing may be on its way, and has not been waited for.
 */
function missingMs(
  before: readonly (Server | undefined)[],
  told: readonly (Server | undefined)[],
  primary: Server,
  standby: Server,
): number | undefined {
  const received = arrivedAt(standby);
  if (received === undefined) return undefined;
  if (told.length < 2) return (primary.writtenPosition ?? 0) > received ? 0 : undefined;
  const since = told
    .slice(0, -1)
    .find((one, index) => one && arrivedAt(one) === received && (before[index]?.writtenPosition ?? 0) > received);
  return since?.now === undefined || standby.now === undefined ? undefined : standby.now - since.now;
}

/** How long an age proves that somebody is there, however seldom he is asked to speak. */
const PROOF_MS = 60_000;

type Heard = 'in time' | 'overdue' | 'late' | 'no proof';

/** The age of the last reply: one is due after an interval, or when the primary asks for one; it is late after two intervals. */
function repliesBy(age: number | undefined, { statusIntervalMs }: Server, { senderTimeoutMs }: Server): Heard {
  if (statusIntervalMs === undefined || senderTimeoutMs === undefined) return 'no proof';
  const onRequest = senderTimeoutMs > 0 ? senderTimeoutMs / 2 + 2 * LATE_MS : undefined;
  if (statusIntervalMs === 0) return by(age, onRequest);
  return by(age, statusIntervalMs + LATE_MS, 2 * statusIntervalMs + LATE_MS);
}

function by(age: number | undefined, due: number | undefined, late = due): Heard {
  if (age === undefined || due === undefined || late === undefined) return 'no proof';
  if (age > due) return age > late ? 'late' : 'overdue';
  return age > PROOF_MS ? 'no proof' : 'in time';
}

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

function shown({ address, name, state, slot, logical, replays }: Sender): string {
  const kind = logical ? ', logical' : replays ? '' : ', replays nothing';
  return `${name || 'no name'} at ${address || 'a socket'}, ${state}${slot ? `, slot ${slot}` : ''}${kind}`;
}
