/** Whether the standby streams from this primary, whether what they say of each other is fresh, and whether it is applied. */
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';
import { type Addresses, type Found, senderTo, standbysAmong } from './identity.js';
import { limitsBelow } from './limits.js';
import { replayOf, WATCHED_MS, watchedMs } from './replay.js';
import type { Sender, Server } from './server.js';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };

/** What a role that may not see the state of replication needs. */
const needsMonitor = 'the role that asks may not see it; it needs pg_monitor (before 10: the rights of a superuser)';

/** How long after its time a reply is late. */
const LATE_MS = 5000;

/**
 * `state` is that of the sender that the standby's own receiver confirms, `none` where there is nobody, `untold` where the rows could be
 * another's; `receiver` the worst that the standby said of its receiver at any sample. `rows` shows what the primary has. `fresh`: what
 * both say of each other is as young as their time-outs ask. `replay`: what keeps the standby from applying, `applied` where nothing does.
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
    fresh: { enum: ['fresh', 'late', 'cut', 'not asked'] },
    heard: text,
    replay: { enum: ['applied', 'applying', 'paused', 'paused by limits', 'delayed', 'waiting', 'held'] },
    waits: text,
    timeline: { enum: ['same', 'differs'] },
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

function addressesOf(values: Readonly<Record<string, unknown>>): Addresses {
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
  return { rows, ...receiver, ...foundOf(senderTo(standby, primary.senders, addresses), primary, standby, seriesOf) };
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
    ...(primary.timeline !== undefined &&
      standby.timeline !== undefined && { timeline: primary.timeline === standby.timeline ? 'same' : 'differs' }),
    ...freshness(found.sender, primary, standby, seriesOf),
  };
}

/** What the standby said of its receiver: at every sample, since one that comes and goes does not follow. */
function receiverOf(standby: Server, seriesOf: Parameters<Joint['make']>[1]): { receiver?: string } {
  const said = [...(seriesOf().standby ?? []), standby].flatMap((one) => server(one)?.receiver ?? []);
  const receiver = said.find((one) => one !== 'streaming') ?? said[0];
  return receiver === undefined ? {} : { receiver };
}

/**
 * Whether the two hear each other. `cut`: nothing arrived of what the primary had written when it was asked first. `late`: a reply, or
 * any word of the primary, is older than they are sent; both ages are read from the standby's clock alone. Where time-outs are off and
 * nothing is written, it cannot be told.
 */
function freshness(
  sender: Sender,
  primary: Server,
  standby: Server,
  seriesOf: Parameters<Joint['make']>[1],
): Record<string, unknown> {
  // Evidence of release 0.1 holds no times.
  if (standby.now === undefined) return { fresh: 'not asked' };
  const replied =
    sender.repliedAt !== undefined && standby.now !== undefined
      ? Math.max(0, standby.now - sender.repliedAt)
      : undefined;
  const heard = standby.heardAgeMs;
  const ages = [
    ...(replied === undefined ? [] : [`last reply ${seconds(replied)} ago`]),
    ...(heard === undefined ? [] : [`last word of the primary ${seconds(heard)} ago`]),
  ].join(', ');
  const shownAges = ages === '' ? {} : { heard: ages };
  const { primary: before = [], standby: told = [] } = seriesOf();
  const first = server(before[0])?.writtenPosition;
  const [earlier, later] = [server(told[0])?.receivedPosition, standby.receivedPosition];
  const watched = watchedMs(told, standby);
  if (watched >= WATCHED_MS && first !== undefined && earlier !== undefined && later === earlier && first > later)
    return { fresh: 'cut', ...shownAges };
  const repliesDue = dueReply(standby, primary);
  const wordsDue = standby.receiverTimeoutMs ? standby.receiverTimeoutMs / 2 + 2 * LATE_MS : undefined;
  const late = [
    repliesDue !== undefined && replied !== undefined && replied > repliesDue,
    wordsDue !== undefined && heard !== undefined && heard > wordsDue,
  ];
  if (late.includes(true)) return { fresh: 'late', ...shownAges };
  const judged = (repliesDue !== undefined && replied !== undefined) || (wordsDue !== undefined && heard !== undefined);
  // What arrives while it is watched is fresh, whatever the time-outs.
  const moves = earlier !== undefined && later !== undefined && later > earlier;
  return judged || moves ? { fresh: 'fresh', ...shownAges } : shownAges;
}

/** After which time a reply is late: two of its intervals; without one, when the primary asks for one. */
function dueReply({ statusIntervalMs }: Server, { senderTimeoutMs }: Server): number | undefined {
  if (statusIntervalMs === undefined || senderTimeoutMs === undefined) return undefined;
  if (statusIntervalMs > 0) return 2 * statusIntervalMs + LATE_MS;
  return senderTimeoutMs > 0 ? senderTimeoutMs / 2 + 2 * LATE_MS : undefined;
}

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

function shown({ address, name, state, slot, logical, replays }: Sender): string {
  const kind = logical ? ', logical' : replays ? '' : ', replays nothing';
  return `${name || 'no name'} at ${address || 'a socket'}, ${state}${slot ? `, slot ${slot}` : ''}${kind}`;
}
