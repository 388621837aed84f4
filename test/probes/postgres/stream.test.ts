/** Who streams, how fresh it is and whether it is applied: out of what two servers say of each other. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { Unreadable } from '../../../src/core/errors.js';
import { closed } from '../../../src/probes/define.js';
import { plain } from '../../../src/probes/postgres/identity.js';
import { postgres } from '../../../src/probes/postgres/postgres.js';
import type { Sender, Server } from '../../../src/probes/postgres/server.js';
import { addressesOf, postgresStream } from '../../../src/probes/postgres/stream.js';
import { fixture, read, said } from '../support.js';

const sender: Sender = {
  ...{ address: '10.0.0.2', name: 'walreceiver', state: 'streaming', sync: 'async', slot: '', logical: false },
  ...{ replays: true, lagBytes: 0, unreceivedBytes: 0, repliedAt: 99_000 },
};
const limits = {
  ...{ max_connections: 100, max_worker_processes: 8, max_wal_senders: 10 },
  ...{ max_prepared_transactions: 0, max_locks_per_transaction: 64 },
};
const primary: Server = {
  ...{ state: 'up', role: 'primary', version: 150014, now: 100_000, timeline: 1, writtenPosition: 1000, limits },
  ...{ senderTimeoutMs: 60_000, senders: [sender] },
};
const asks = { name: 'walreceiver', slot: '', host: '10.0.0.1', port: 5432 };
const standby: Server = {
  ...{ state: 'up', role: 'standby', version: 150014, now: 100_000, timeline: 1, limits, asks, heardAgeMs: 1000 },
  ...{ receiver: 'streaming', statusIntervalMs: 10_000, receiverTimeoutMs: 60_000, conflictDelayMs: 30_000 },
  ...{ receivedPosition: 1000, replayedPosition: 1000, pendingBytes: 0, replay: 'running', applyDelayMs: 0 },
};
const known = {
  ...{ primaryAddress: '10.0.0.1', standbyAddress: '10.0.0.2' },
  ...{ primaryAddresses: ['10.0.0.1', '10.8.0.1', 'fd00::1'], standbyAddresses: ['10.0.0.2', '10.8.0.2', 'fd00::2'] },
};
const unread = { primaryAddress: '10.0.0.1', standbyAddress: '10.0.0.2' };
const whole = closed(postgresStream.value, Object.keys(postgresStream.value));

interface Told {
  primary?: Partial<Server>;
  standby?: Partial<Server>;
  /** What was read at the first of two samples; of a server that did not answer then, nothing. */
  before?: { primary?: Partial<Server> | 'unread'; standby?: Partial<Server> | 'unread' };
  addresses?: Partial<typeof known>;
}

function stream({ primary: one = {}, standby: other = {}, before, addresses = known }: Told) {
  const now = { primary: { ...primary, ...one }, standby: { ...standby, ...other } };
  const first = (server: Server, over: Partial<Server> | 'unread' = {}) =>
    over === 'unread' ? undefined : { ...server, now: 88_000, ...over };
  const series = before && {
    primary: [first(now.primary, before.primary), now.primary],
    standby: [first(now.standby, before.standby), now.standby],
  };
  const value = postgresStream.make({ ...now, ...addresses }, () => series ?? {});
  expect(check(whole, value)).toEqual([]);
  return value;
}
const senders = (...rows: Partial<Sender>[]) => ({ senders: rows.map((row) => ({ ...sender, ...row })) });
const logical = { name: 'sub', slot: 'sub', logical: true, replays: false };
const chained = { ...asks, host: '10.0.0.3' };
const tunnel = { ...asks, host: '127.0.0.1', port: 15432 };

describe('whose row it is', () => {
  it.each<[string, Told, string]>([
    ['its own', {}, 'streaming'],
    [
      'its own beside a subscriber, an archive and a backup on its host',
      { primary: senders(logical, { replays: false, name: 'pg_receivewal' }, { state: 'backup' }, {}) },
      'streaming',
    ],
    ['a subscriber alone, on its host', { primary: senders(logical) }, 'none'],
    ['an archive alone, on its host', { primary: senders({ replays: false, name: 'pg_receivewal' }) }, 'none'],
    ['nobody', { primary: senders() }, 'none'],
    ['its own while it catches up', { primary: senders({ state: 'catchup' }) }, 'catchup'],
    ['one with another slot', { primary: senders({ slot: 'other' }) }, 'none'],
    ['one with another name', { primary: senders({ name: 'c' }) }, 'none'],
    [
      'its slot, over a second network',
      {
        primary: senders({ slot: 's', address: '10.8.0.2' }),
        standby: { asks: { ...asks, slot: 's', host: '10.8.0.1' } },
      },
      'streaming',
    ],
    [
      'over a second network, without a name',
      { primary: senders({ address: '10.8.0.2' }), standby: { asks: { ...asks, host: '10.8.0.1' } } },
      'streaming',
    ],
    [
      'over IPv6, in its long form',
      { primary: senders({ address: 'fd00::2' }), standby: { asks: { ...asks, host: 'fd00:0:0:0::0001' } } },
      'streaming',
    ],
    ['a host name that is asked', { standby: { asks: { ...asks, host: 'db1.example' } } }, 'streaming'],
    [
      'a tunnel, with a name',
      { primary: senders({ address: '127.0.0.1', name: 'b' }), standby: { asks: { ...tunnel, name: 'b' } } },
      'streaming',
    ],
    ['a tunnel, without a name', { primary: senders({ address: '127.0.0.1' }), standby: { asks: tunnel } }, 'untold'],
    [
      'a tunnel, with a slot',
      { primary: senders({ address: '127.0.0.1', slot: 's' }), standby: { asks: { ...tunnel, slot: 's' } } },
      'streaming',
    ],
    [
      "behind another standby, which has the primary's row",
      { primary: senders({ address: '10.0.0.3' }), standby: { asks: chained } },
      'untold',
    ],
    ['behind another standby on its own host', { standby: { asks: chained } }, 'untold'],
    [
      'the same, where the hosts did not say their addresses',
      { standby: { asks: chained }, addresses: unread },
      'untold',
    ],
    [
      'the same, with a slot of that name on both, where the hosts did not say their addresses',
      {
        primary: senders({ address: '10.0.0.3', slot: 's' }),
        standby: { asks: { ...chained, slot: 's' } },
        addresses: unread,
      },
      'untold',
    ],
    [
      'the same, with a slot of that name on both',
      { primary: senders({ address: '10.0.0.3', slot: 's' }), standby: { asks: { ...chained, slot: 's' } } },
      'untold',
    ],
    [
      'an address of a balancer that is asked, with a slot',
      { primary: senders({ slot: 's' }), standby: { asks: { ...chained, slot: 's' } } },
      'streaming',
    ],
    ['its own beside another standby', { primary: senders({ address: '10.0.0.3' }, {}) }, 'streaming'],
    ['two on its host that are alike', { primary: senders({}, {}) }, 'untold'],
    ['translated addresses on one side', { primary: senders({ address: '10.9.9.9' }) }, 'streaming'],
    [
      "translated addresses on one side, at the primary's own port",
      { primary: { ...senders({ address: '10.9.9.9' }), port: 5432 } },
      'streaming',
    ],
    [
      "another port of the primary's host, beside another standby",
      { primary: { ...senders({ address: '10.0.0.3' }), port: 5433 } },
      'untold',
    ],
    [
      "another port of the primary's host, with a name",
      {
        primary: { ...senders({ address: '10.9.9.9', name: 'b' }), port: 5433 },
        standby: { asks: { ...asks, name: 'b' } },
      },
      'streaming',
    ],
    [
      "a port that the standby does not tell, and the primary's",
      {
        primary: { ...senders({ address: '10.9.9.9' }), port: 5433 },
        standby: { asks: { name: 'walreceiver', slot: '', host: '10.0.0.1' } },
      },
      'streaming',
    ],
    [
      'addresses that could not be read',
      {
        primary: senders({ address: '10.8.0.2' }),
        standby: { asks: { ...asks, host: '10.8.0.1' } },
        addresses: unread,
      },
      'untold',
    ],
    ['a receiver that does not run', { standby: { receiver: 'none' } }, 'none'],
    ['a standby that is down', { standby: { state: 'down' } }, 'untold'],
    ['a standby that is down, and nobody', { primary: senders(), standby: { state: 'down' } }, 'none'],
    ['a receiver that is hidden', { standby: { hiddenReceiver: true } }, 'untold'],
    ['a standby that writes', { standby: { role: 'primary' } }, 'untold'],
    ['its own, where the hosts did not say their addresses', { addresses: unread }, 'streaming'],
    [
      'at an address that could not be read, of one that asks for its primary by the name of the inventory',
      {
        primary: senders({ address: '10.8.0.2' }),
        standby: { asks: { ...asks, host: 'db-a.example' } },
        addresses: { ...unread, primaryAddress: 'db-a.example' },
      },
      'streaming',
    ],
    [
      'the same, where the inventory has another name',
      {
        primary: senders({ address: '10.8.0.2' }),
        standby: { asks: { ...asks, host: 'db-a.example' } },
        addresses: { ...unread, primaryAddress: 'db-b.example' },
      },
      'untold',
    ],
    [
      'its own, of one that asks for an address where the inventory has a name',
      { addresses: { ...known, primaryAddress: 'db-a.example', standbyAddress: 'db-b.example' } },
      'streaming',
    ],
  ])('%s', (_, told, state) => {
    const value = stream(told);
    expect(value).toMatchObject({ state, rows: expect.any(String) });
    expect(value.fresh === 'not asked').toBe(['none', 'untold'].includes(state));
  });

  it('that comes from elsewhere says so, whatever its name is', () => {
    const primary = senders({ address: '10.9.9.9', name: 'b' });
    expect(stream({ primary, standby: { asks: { ...asks, host: 'db-a.example', name: 'b' } } })).toMatchObject({
      state: 'untold',
      why: 'the standby receives from an address that is not known to be the primary, and its row could be of another',
    });
  });

  it('shows what the standby says of its receiver beside it', () => {
    expect(stream({ primary: senders() })).toMatchObject({ state: 'none', receiver: 'streaming' });
    expect(stream({ standby: { receiver: 'none' } })).toMatchObject({ state: 'none', receiver: 'none' });
    for (const standby of [{ state: 'down' }, { role: 'primary' as const }]) {
      expect(stream({ primary: senders(), standby })).not.toHaveProperty('receiver');
      expect(stream({ standby })).not.toHaveProperty('replay');
    }
  });

  it('shows how far it is behind, where the primary can count it', () => {
    expect(stream({ primary: senders({ lagBytes: 7, unreceivedBytes: 5 }) })).toMatchObject({
      ...{ lagBytes: 7, unreceivedBytes: 5 },
    });
    const { lagBytes: _, unreceivedBytes: __, ...uncounted } = sender;
    const value = stream({ primary: { senders: [uncounted] } });
    for (const count of ['lagBytes', 'unreceivedBytes']) expect(value).not.toHaveProperty(count);
  });

  it('is looked for at all addresses that are known', () => {
    expect(addressesOf(known)).toEqual({
      primary: ['10.0.0.1', '10.0.0.1', '10.8.0.1', 'fd00::1'],
      standby: ['10.0.0.2', '10.0.0.2', '10.8.0.2', 'fd00::2'],
      complete: { primary: true, standby: true },
    });
    const nothing = { primary: [], standby: [], complete: { primary: false, standby: false } };
    expect(addressesOf({ primaryAddress: 7, standbyAddresses: '10.0.0.2' })).toEqual(nothing);
    expect(addressesOf({})).toEqual(nothing);
  });

  it('before 9.6 is told by the address, which must be one alone', () => {
    const { asks: _, receiver: __, ...older } = standby;
    const old = { ...older, version: 90500 };
    const of = (...rows: Partial<Sender>[]) =>
      postgresStream.make({ primary: { ...primary, ...senders(...rows) }, standby: old, ...known }, () => ({}));
    expect(of({})).toMatchObject({ state: 'streaming' });
    expect(of({})).not.toHaveProperty('receiver');
    expect(of({ address: '10.0.0.3' })).toMatchObject({ state: 'untold' });
    expect(of({}, {})).toMatchObject({ state: 'untold' });
  });

  it('is hidden from a role that may not see the senders', () => {
    const { senders: _, ...hidden } = primary;
    const value = postgresStream.make({ primary: { ...hidden, hiddenSenders: 2 }, standby, ...known }, () => ({}));
    expect(value).not.toHaveProperty('state');
    expect(value.why).toMatch(/pg_monitor/);
  });

  it('is not judged by a primary that is none, nor by nobody', () => {
    expect(stream({ primary: { role: 'standby' } })).not.toHaveProperty('state');
    expect(() => postgresStream.make({}, () => ({}))).toThrow(Unreadable);
    expect(postgresStream.make({ standby }, () => ({}))).not.toHaveProperty('state');
    expect(postgresStream.make({ primary, ...known }, () => ({}))).toMatchObject({
      ...{ state: 'untold', why: 'the standby does not say whom it receives from' },
    });
    expect(postgresStream.make({ primary: { ...primary, senders: [] }, ...known }, () => ({}))).toMatchObject({
      state: 'none',
    });
  });

  it('tells a receiver that comes and goes', () => {
    expect(stream({ before: { standby: { receiver: 'none' } } })).toMatchObject({
      receiver: 'none',
      state: 'streaming',
    });
    expect(stream({ before: {} })).toMatchObject({ receiver: 'streaming' });
    expect(stream({ standby: { receiver: 'none' }, before: { standby: { receiver: 'streaming' } } })).toMatchObject({
      receiver: 'none',
    });
    expect(stream({ before: { standby: 'unread' } })).toMatchObject({ receiver: 'streaming' });
  });

  it('shows all rows', () => {
    const { rows } = stream({ primary: senders({}, logical, { address: '', replays: false, name: '' }) });
    expect(rows).toBe(
      'walreceiver at 10.0.0.2, streaming; sub at 10.0.0.2, streaming, slot sub, logical; no name at a socket, streaming, replays nothing',
    );
  });

  it.each([
    ['fd00:0:0:0::0001', 'fd00::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s is %s', (written, short) => {
    expect(plain(written)).toBe(short);
  });
});

describe('freshness', () => {
  const overdue = { primary: senders({ repliedAt: 80_000 }) };
  const stale = { primary: { ...senders({ repliedAt: 49_000 }), senderTimeoutMs: 60_000 } };
  const { repliedAt: _, ...silent } = sender;
  const unreplied = { senders: [silent] };
  it.each<[string, Told, string]>([
    ['young replies', {}, 'fresh'],
    ['a reply that is 51 s old', stale, 'late'],
    ['a reply just in time', { primary: senders({ repliedAt: 85_000 }) }, 'fresh'],
    ['a reply that is overdue', { primary: senders({ repliedAt: 84_999 }) }, 'unproven'],
    [
      'a reply that is overdue, while something arrives',
      { ...overdue, before: { standby: { receivedPosition: 900 } } },
      'unproven',
    ],
    ['a reply that is just not too late', { primary: senders({ repliedAt: 75_000 }) }, 'unproven'],
    ['a reply just too late', { primary: senders({ repliedAt: 74_999 }) }, 'late'],
    ['a primary that has not been heard for longer than it is asked', { standby: { heardAgeMs: 40_001 } }, 'late'],
    ['a quiet primary', { standby: { heardAgeMs: 39_000 } }, 'fresh'],
    [
      'replies on request alone',
      { standby: { statusIntervalMs: 0 }, primary: senders({ repliedAt: 61_000 }) },
      'fresh',
    ],
    [
      'replies on request alone, and none',
      { standby: { statusIntervalMs: 0 }, primary: senders({ repliedAt: 59_999 }) },
      'late',
    ],
    [
      'no time-outs at all',
      { standby: { statusIntervalMs: 0, receiverTimeoutMs: 0 }, primary: { senderTimeoutMs: 0 } },
      'unproven',
    ],
    [
      'no time-outs, and it receives',
      {
        standby: { statusIntervalMs: 0, receiverTimeoutMs: 0 },
        primary: { senderTimeoutMs: 0 },
        before: { standby: { receivedPosition: 900, replayedPosition: 900 } },
      },
      'fresh',
    ],
    [
      'no time-outs of the two, and replies that stopped',
      { standby: { receiverTimeoutMs: 0 }, primary: { ...senders({ repliedAt: 49_000 }), senderTimeoutMs: 0 } },
      'late',
    ],
    [
      'nothing arrives of what was written',
      { primary: { writtenPosition: 2000 }, before: { primary: { writtenPosition: 1500 } } },
      'cut',
    ],
    [
      'what was just written is on its way',
      { primary: { writtenPosition: 2000 }, before: { primary: { writtenPosition: 1000 } } },
      'fresh',
    ],
    [
      'it is behind and receives',
      {
        primary: { writtenPosition: 2000 },
        before: { primary: { writtenPosition: 1500 }, standby: { receivedPosition: 900, replayedPosition: 900 } },
      },
      'fresh',
    ],
    [
      'nothing arrives, and it was not watched for long',
      { primary: { writtenPosition: 2000 }, before: { primary: { writtenPosition: 1500 }, standby: { now: 95_001 } } },
      'unproven',
    ],
    [
      'it was started again, and has applied more than it received since',
      {
        primary: { writtenPosition: 1000 },
        standby: { receivedPosition: 100 },
        before: { primary: { writtenPosition: 1000 } },
      },
      'fresh',
    ],
    ['what is missing was asked for once', { primary: { writtenPosition: 1001 } }, 'unproven'],
    [
      'nothing arrives, watched for too short a time, and the replies stopped',
      {
        primary: { ...stale.primary, writtenPosition: 2000 },
        before: { primary: { writtenPosition: 1500 }, standby: { now: 99_000 } },
      },
      'late',
    ],
    [
      'a word that is old, and is asked for less often still',
      {
        standby: { statusIntervalMs: 3_600_000, receiverTimeoutMs: 0 },
        primary: { ...senders({ repliedAt: 39_999 }), senderTimeoutMs: 0 },
      },
      'unproven',
    ],
    [
      'a young word, asked for seldom',
      {
        standby: { statusIntervalMs: 3_600_000, receiverTimeoutMs: 0 },
        primary: { ...senders({ repliedAt: 40_000 }), senderTimeoutMs: 0 },
      },
      'fresh',
    ],
    [
      'nothing arrives of what was written, for just as long as it takes',
      { primary: { writtenPosition: 2000 }, before: { primary: { writtenPosition: 1500 }, standby: { now: 95_000 } } },
      'cut',
    ],
    // A silent server's last sample alone is read: what is missing may be missing since long before.
    [
      'something is missing, and the standby did not answer before',
      { primary: { writtenPosition: 1001 }, before: { standby: 'unread' } },
      'unproven',
    ],
    [
      'something is missing, and the primary did not answer before',
      { primary: { writtenPosition: 1001 }, before: { primary: 'unread' } },
      'unproven',
    ],
    [
      'something is missing, and nobody answered before',
      { primary: { writtenPosition: 1001 }, before: { primary: 'unread', standby: 'unread' } },
      'unproven',
    ],
    ['nothing is missing, and nobody answered before', { before: { primary: 'unread', standby: 'unread' } }, 'fresh'],
    [
      'no time-outs, and the standby had received nothing before',
      {
        standby: { statusIntervalMs: 0, receiverTimeoutMs: 0 },
        primary: { senderTimeoutMs: 0 },
        before: { standby: { receivedPosition: undefined, replayedPosition: undefined } as never },
      },
      'unproven',
    ],
    [
      'no time-outs, and neither did the standby answer before',
      {
        standby: { statusIntervalMs: 0, receiverTimeoutMs: 0 },
        primary: { senderTimeoutMs: 0 },
        before: { standby: 'unread' },
      },
      'unproven',
    ],
    ['it is not told how much arrived', { standby: { receivedPosition: undefined } as never }, 'unproven'],
    ['release 0.1 did not ask for the time', { standby: { now: undefined } as never }, 'not asked'],
    ['servers before 12 tell of no reply, and the word is young', { primary: unreplied }, 'fresh'],
    ['no reply, and an old word', { primary: unreplied, standby: { heardAgeMs: 40_001 } }, 'late'],
    [
      'no reply, and a word that nobody asks for',
      { primary: unreplied, standby: { receiverTimeoutMs: 0 } },
      'unproven',
    ],
    [
      'a young reply of which nobody says when it is due',
      { standby: { statusIntervalMs: undefined, receiverTimeoutMs: 0 } as never },
      'unproven',
    ],
    ['neither a reply nor a word', { primary: unreplied, standby: { heardAgeMs: undefined } as never }, 'unproven'],
    // The standby's clock was set back by an hour while nothing was heard: by it the last reply is yet to come.
    [
      'a reply that the standby has yet to send',
      { primary: senders({ repliedAt: 160_001 }), standby: { heardAgeMs: undefined } as never },
      'unproven',
    ],
    [
      'a reply that was sent after the standby was asked',
      { primary: senders({ repliedAt: 160_000 }), standby: { heardAgeMs: undefined } as never },
      'fresh',
    ],
    ['an old word beside young replies', { standby: { receiverTimeoutMs: 600_000, heardAgeMs: 200_000 } }, 'fresh'],
  ])('%s', (_, told, fresh) => {
    expect(stream(told).fresh).toBe(fresh);
  });

  it('says why it cannot be told', () => {
    const short = { primary: { writtenPosition: 1500 }, standby: { now: 99_400 } };
    expect(stream({ primary: { writtenPosition: 2000 }, before: short })).toMatchObject({
      why: 'what the primary wrote has not arrived, and was waited for 0.6 s only',
    });
    expect(stream(overdue).why).toBe('a reply of the standby is overdue, and not yet late');
  });

  it('begins to wait at the first sample that shows what is missing', () => {
    const at = (now: number, written: number) => [
      { ...primary, now, writtenPosition: written },
      { ...standby, now, receivedPosition: 1000 },
    ];
    const samples = [at(80_000, 1000), at(94_000, 1500), at(97_000, 1600), at(100_000, 1700)];
    const series = { primary: samples.map(([one]) => one), standby: samples.map(([, one]) => one) };
    const value = (from: number) => {
      const [primaries, standbys] = [series.primary.slice(from), series.standby.slice(from)];
      return postgresStream.make({ primary: primaries.at(-1), standby: standbys.at(-1), ...known }, () => ({
        primary: primaries,
        standby: standbys,
      }));
    };
    expect(value(0).fresh).toBe('cut');
    expect(value(2).fresh).toBe('unproven');
  });

  it('shows how old the words are', () => {
    expect(stream(stale).heard).toBe('last reply 51 s ago, last word of the primary 1 s ago');
    expect(stream({ primary: unreplied }).heard).toBe('last word of the primary 1 s ago');
    const unheard = { heardAgeMs: undefined } as never;
    expect(stream({ standby: unheard }).heard).toBe('last reply 1 s ago');
    expect(stream({ primary: senders({ repliedAt: 100_500 }), standby: unheard }).heard).toBe('last reply 0 s ago');
    expect(stream({ primary: unreplied, standby: unheard })).not.toHaveProperty('heard');
  });
});

describe('replay', () => {
  const below = { ...limits, max_connections: 10 };
  const behind = { receivedPosition: 1000, replayedPosition: 400, pendingBytes: 600 };
  it.each<[string, Told, string | undefined]>([
    ['all is applied', {}, 'applied'],
    ['paused', { standby: { replay: 'paused' } }, 'paused'],
    ['paused for its limits', { standby: { replay: 'paused', limits: below } }, 'paused by limits'],
    [
      'paused, and the primary is gone',
      { standby: { replay: 'paused', limits: below }, primary: { state: 'down' } },
      'paused',
    ],
    [
      'a pause that is asked for and not begun',
      { standby: { replay: 'running', pause: 'pause requested' } },
      'applied',
    ],
    ['it waits in a pause', { standby: { replayWaits: 'RecoveryPause' } }, 'paused'],
    ['it waits on purpose', { standby: { ...behind, applyDelayMs: 3_600_000 } }, 'delayed'],
    [
      'it waits on purpose, and for a lock without end',
      { standby: { ...behind, applyDelayMs: 1000, replayWaits: 'Lock: relation', conflictDelayMs: -1 } },
      'held',
    ],
    [
      'it waits on purpose, and for a lock a while',
      { standby: { ...behind, applyDelayMs: 1000, replayWaits: 'Lock: relation' } },
      'waiting',
    ],
    ['it waits on purpose, by recovery.conf', { standby: { ...behind, replayWaits: 'RecoveryApplyDelay' } }, 'delayed'],
    [
      'it applies',
      { standby: { ...behind, replayWaits: 'RecoveryWalStream' }, before: { standby: { replayedPosition: 300 } } },
      'applying',
    ],
    [
      'it waits for a lock without end',
      { standby: { ...behind, replayWaits: 'Lock: relation', conflictDelayMs: -1 } },
      'held',
    ],
    ['it waits for a lock a while', { standby: { ...behind, replayWaits: 'Lock: relation' } }, 'waiting'],
    [
      'a conflict without end',
      { standby: { ...behind, replayWaits: 'RecoveryConflictSnapshot', conflictDelayMs: -1 } },
      'held',
    ],
    ['it does not move', { standby: behind, before: { standby: { receivedPosition: 1000 } } }, 'held'],
    [
      'it does not move, for a moment',
      { standby: behind, before: { standby: { receivedPosition: 1000, now: 95_001 } } },
      'waiting',
    ],
    ['it has just received more', { standby: behind, before: { standby: { receivedPosition: 400 } } }, 'applying'],
    ['nothing was received by streaming', { standby: { pendingBytes: undefined as never } }, undefined],
  ])('%s', (_, told, replay) => {
    expect(stream(told).replay).toBe(replay);
  });
});

describe('limits', () => {
  it.each<[string, Told, string[] | undefined]>([
    ['equal', {}, []],
    ['above', { standby: { limits: { ...limits, max_connections: 200 } } }, []],
    [
      'two below',
      { standby: { limits: { ...limits, max_connections: 10, max_wal_senders: 4 } } },
      ['max_connections', 'max_wal_senders'],
    ],
    ['senders of 11', { standby: { version: 110022, limits: { ...limits, max_wal_senders: 4 } } }, []],
    ['one that was not told', { standby: { limits: { max_connections: 1 } } }, undefined],
    ['a primary that is down', { primary: { state: 'down' } }, undefined],
  ])('%s', (_, told, found) => {
    expect(stream(told).below).toEqual(found);
  });

  it('shows both numbers', () => {
    expect(stream({ standby: { limits: { ...limits, max_connections: 10 } } }).belowNow).toBe(
      'max_connections 10, primary 100',
    );
  });
});

describe('the timeline', () => {
  it.each<[string, Told, string | undefined]>([
    ['is one', {}, 'same'],
    ['is another', { standby: { timeline: 2 } }, 'differs'],
    ['is not told by the primary', { primary: { timeline: undefined } as never }, undefined],
    ['is not told by the standby', { standby: { timeline: undefined } as never }, undefined],
    ['is one that the primary has less of', { before: { standby: { replayedPosition: 1001 } } }, 'ahead'],
    ['is one that the primary has just as much of', { before: { standby: { replayedPosition: 1000 } } }, 'same'],
    [
      'is one that the standby had nothing of',
      { before: { standby: { replayedPosition: undefined } as never } },
      'same',
    ],
    [
      'is one of which the primary does not say how much it has',
      { primary: { writtenPosition: undefined } as never, before: { standby: { replayedPosition: 1001 } } },
      'same',
    ],
    [
      'is one that the primary has less of, after a sample without an answer',
      { before: { standby: 'unread' }, standby: { replayedPosition: 1001 } },
      'same',
    ],
    ['was asked for once, and the primary wrote since', { standby: { replayedPosition: 1001 } }, 'same'],
  ])('%s', (_, told, timeline) => {
    expect(stream(told).timeline).toBe(timeline);
  });

  it('is one that the primary has less of, where the first sample was not read', () => {
    const at = (replayedPosition: number) => ({ ...standby, replayedPosition });
    const series = { primary: [primary, primary, primary], standby: [undefined, at(1001), at(1001)] };
    const value = postgresStream.make({ primary, standby: at(1001), ...known }, () => series);
    expect(value.timeline).toBe('ahead');
  });
});

describe('whether every commit waits for this standby', () => {
  it.each<[string, string, number | undefined, boolean]>([
    ['it does not', 'async', 0, false],
    ['by priority', 'sync', 1, true],
    ['as one of a quorum with another to spare', 'quorum', 1, false],
    ['as one of a quorum that needs each', 'quorum', 0, true],
    ['as one of a quorum that is not told', 'quorum', undefined, false],
  ])('%s', (_, sync, spare, awaited) => {
    const synchronous = { state: 'satisfied', ...(spare !== undefined && { spare }) };
    expect(stream({ primary: { ...senders({ sync }), synchronous } }).awaited).toBe(awaited);
  });

  it('which is not told of a quorum of which nothing is told', () => {
    expect(stream({ primary: senders({ sync: 'quorum' }) }).awaited).toBe(false);
  });
});

it.each([12, 17, 18])('real servers of %i stream to each other', (version) => {
  const of = (name: string) =>
    read(postgres, [said(fixture(`postgres-${version}/${name}`))], {}) as Record<string, unknown>;
  const value = postgresStream.make({ primary: of('primary'), standby: of('standby'), ...known }, () => ({}));
  expect(value).toMatchObject({
    state: 'streaming',
    name: 'standby',
    fresh: 'fresh',
    replay: 'applied',
    timeline: 'same',
    below: [],
  });
});
