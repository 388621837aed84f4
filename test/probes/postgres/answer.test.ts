/** The one row of a server, to the last property: what is told, and what is left out because nobody said it. */
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/probes/postgres/answer.js';
import { postgres } from '../../../src/probes/postgres/postgres.js';
import { fixture, read, said, unreadable } from '../support.js';

const bare = { version: 90325, settings: [], senders: null, replayAge: null };
const written = { written: '0/A' };
const replayed = { received: null, replayed: null, paused: false };
const ofPrimary = (positions: object = {}, over: object = {}) =>
  read(postgres, [
    said(JSON.stringify({ ...bare, standby: false, positions: { ...written, ...positions }, ...over })),
  ]) as Record<string, unknown>;
const ofStandby = (positions: object = {}, over: object = {}) =>
  read(postgres, [
    said(JSON.stringify({ ...bare, standby: true, positions: { ...replayed, ...positions }, ...over })),
  ]) as Record<string, unknown>;

const primary = {
  ...{ state: 'up', version: 90325, role: 'primary', limits: {}, replay: 'none', senders: [] },
  ...{ written: '0/A', writtenPosition: 10, walBytes: 10, synchronous: { state: 'unread', commit: '' } },
};
const standby = { state: 'up', version: 90325, role: 'standby', limits: {}, replay: 'running', senders: [] };

describe('a row that tells as little as it may', () => {
  it('is told as it is, and nothing is made up', () => {
    expect(ofPrimary()).toStrictEqual(primary);
    expect(ofStandby()).toStrictEqual(standby);
  });

  it('of a standby that has received and replayed nothing has no lag', () => {
    expect(ofStandby({ received: '0/5' })).toStrictEqual({
      ...{ ...standby, received: '0/5', receivedPosition: 5, walBytes: 5 },
    });
    expect(ofStandby({ replayed: '0/5' })).toStrictEqual({ ...standby, replayed: '0/5', replayedPosition: 5 });
  });
});

it('counts what was replayed out of an archive as had, and none of it as pending', () => {
  expect(ofStandby({ received: '0/5', replayed: '0/9' })).toMatchObject({ walBytes: 9, pendingBytes: 0 });
  expect(ofStandby({ received: '0/9', replayed: '0/5' })).toMatchObject({ walBytes: 9, pendingBytes: 4 });
});

it.each([
  [{ paused: false }, 'running'],
  [{ paused: true }, 'paused'],
  [{ paused: false, pause: 'not paused' }, 'running'],
  // Servers of 14 and later say so as soon as it is asked for.
  [{ paused: true, pause: 'pause requested' }, 'paused'],
  [{ paused: true, pause: 'paused' }, 'paused'],
  // The one was read a moment before the other.
  [{ paused: false, pause: 'paused' }, 'paused'],
])('a replay of which is said %j is %s', (told, replay) => {
  expect(ofStandby(told)).toStrictEqual({ ...standby, ...('pause' in told && { pause: told.pause }), replay });
});

it.each<[object | null, string | undefined]>([
  [{ type: 'Lock', event: 'relation' }, 'Lock: relation'],
  [{ type: 'Activity', event: 'RecoveryWalStream' }, 'RecoveryWalStream'],
  [{ type: 'IPC', event: 'RecoveryConflictSnapshot' }, 'RecoveryConflictSnapshot'],
  [{ type: null, event: null }, undefined],
  [null, undefined],
])('of a replay that waits for %j is told %j', (replayer, waits) => {
  expect(ofStandby({ replayer })).toStrictEqual({ ...standby, ...(waits && { replayWaits: waits }) });
});

describe('a receiver', () => {
  const asking = { name: 'b', slot: 's', host: '10.0.0.1', port: '5432' };
  it.each<[object | null, object]>([
    [null, { receiver: 'none' }],
    [{ status: 'hidden' }, { hiddenReceiver: true }],
    // Release 0.1 asked for no more.
    [{ status: 'streaming' }, { receiver: 'streaming' }],
    [
      { status: 'streaming', ...asking, timeline: 3, age: 20 },
      { receiver: 'streaming', asks: { ...asking, port: 5432 }, timeline: 3, heardAgeMs: 20 },
    ],
    // It waits for its primary to come back.
    [
      { status: 'waiting', ...asking, slot: null, port: null, timeline: null, age: null },
      { receiver: 'waiting', asks: { name: 'b', slot: '', host: '10.0.0.1' } },
    ],
  ])('%j', (receiver, told) => {
    expect(ofStandby({ receiver })).toStrictEqual({ ...standby, ...told });
  });

  it.each([
    [0, 0],
    [-1000, 0],
    // The clock was set back since: the word may be as old as that.
    [-1001, undefined],
    [-3_600_000, undefined],
  ])('whose last word came %i ms ago was heard %s ms ago', (age, heard) => {
    expect(ofStandby({ receiver: { status: 'streaming', ...asking, age } }).heardAgeMs).toBe(heard);
  });
});

describe('senders', () => {
  const row = {
    pid: 7,
    address: '10.0.0.3',
    name: 'c',
    state: 'streaming',
    sync: 'async',
    flush: '0/4',
    replay: '0/3',
  };
  const told = { address: '10.0.0.3', name: 'c', state: 'streaming', sync: 'async', replay: '0/3', replays: true };

  it('of a standby that sends on have no lag behind it: it writes nothing', () => {
    expect(ofStandby({}, { senders: [{ ...row, reply: 5 }] })).toStrictEqual({
      ...{ ...standby, senders: [{ ...told, repliedAt: 5 }] },
    });
  });

  it('of a primary without slots hold none', () => {
    expect(ofPrimary({ slots: null }, { senders: [{ ...row, reply: null }] })).toStrictEqual({
      ...{ ...primary, slots: [] },
      senders: [{ ...told, slot: '', logical: false, unreceivedBytes: 6, lagBytes: 7 }],
    });
  });
});

it.each([
  ['5433', 5433],
  ['', undefined],
  ['x5433', undefined],
  ['5433x', undefined],
  ['5433\n1', undefined],
  ['5.4', undefined],
])('a port that is written %j is %s', (setting, port) => {
  expect(ofPrimary({}, { settings: [{ name: 'port', setting }] })).toStrictEqual({
    ...{ ...primary, ...(port !== undefined && { port }) },
  });
});

it.each(['wal_sender_timeout', 'max_wal_senders'])('of settings without %s none is made up', (name) => {
  const row = JSON.parse(fixture('postgres-18/primary')) as { settings: { name: string }[] };
  const { settings } = row;
  const whole = read(postgres, [said(JSON.stringify(row))]) as Record<string, unknown>;
  const less = { ...row, settings: settings.filter((one) => one.name !== name) };
  const value = read(postgres, [said(JSON.stringify(less))]) as Record<string, unknown>;
  const gone = Object.keys(whole).filter((key) => !(key in value));
  expect(gone).toEqual(name === 'max_wal_senders' ? ['maxWalSenders'] : ['senderTimeoutMs']);
});

it('a position that a number cannot hold is none', () => {
  expect(positionOf('ff/FF')).toBe(0xff_0000_00ff);
  unreadable(postgres, [
    said(JSON.stringify({ ...bare, standby: true, positions: { ...replayed, received: 'FFFFFFFF/0' } })),
  ]);
});
