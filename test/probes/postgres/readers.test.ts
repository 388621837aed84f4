/** The small readers of what a PostgreSQL server says, each at the edges of what it takes. */
import { describe, expect, it, test } from 'vitest';
import { unquoted } from '../../../src/probes/postgres/answer.js';
import { postgresqlConf } from '../../../src/probes/postgres/configuration-file.js';
import { configurationText } from '../../../src/probes/postgres/configuration-text.js';
import { type Addresses, isLoopback, plain, senderTo, standbysAmong } from '../../../src/probes/postgres/identity.js';
import { binds, limitsBelow, limitsOf } from '../../../src/probes/postgres/limits.js';
import { inTodaysForm } from '../../../src/probes/postgres/older-answer.js';
import { replayOf } from '../../../src/probes/postgres/replay.js';
import type { Sender, Server } from '../../../src/probes/postgres/server.js';
import { demandOf, synchronousOf } from '../../../src/probes/postgres/synchronous.js';

describe('postgresql.conf', () => {
  const told = (text: string, release?: number[]) =>
    new Map(postgresqlConf.read(text, release).map((one) => [one.property, one]));
  const value = (name: string, written: string) => told(`${name} = ${written}\n`).get(`settings.${name}`)?.value;

  it.each<[string, string, string | undefined]>([
    ...['on', 'off', 'true', 'false', 'yes', 'no', '1', '0'].map((word): [string, string, string] => [
      'archive_mode',
      word,
      ['on', 'true', 'yes', '1'].includes(word) ? 'on' : 'off',
    ]),
    ...["'tru'", "'t'", "'of'", "'n'", '2', "'xon'", "'onx'"].map((word): [string, string, undefined] => [
      'archive_mode',
      word,
      undefined,
    ]),
    ['recovery_target_timeline', "'12'", '12'],
    ['recovery_target_timeline', 'current', 'current'],
    ...["'xlatest'", "'latestx'", "'1x'", "'x1'"].map((word): [string, string, undefined] => [
      'recovery_target_timeline',
      word,
      undefined,
    ]),
    ['max_connections', "' 300 '", '300'],
    ['max_connections', '0', '0'],
    ['max_connections', '-5', '-5'],
    ['max_connections', "'x5'", undefined],
    ['max_connections', "'  300  '", '300'],
    ['max_connections', "'\v\f\r300\r\f\v'", '300'],
    ['max_connections', "'3 00'", undefined],
    ['max_connections', "'\u00a0300'", undefined],
    ['max_connections', '0100', '64'],
    ['max_connections', '100', '100'],
    ['max_connections', '0x64', '100'],
    ['max_connections', "'5x'", undefined],
    ['max_connections', "''", undefined],
    ['max_connections', '089', undefined],
    ['max_connections', '99999999999999999', undefined],
    ['max_slot_wal_keep_size', "' 10GB '", '10240'],
    ['max_slot_wal_keep_size', '0', '0'],
    ['max_slot_wal_keep_size', '-2', undefined],
    ['max_slot_wal_keep_size', "'-1MB'", undefined],
    ['max_slot_wal_keep_size', '100kB', undefined],
    ['max_slot_wal_keep_size', "'x 5MB'", undefined],
    ['max_slot_wal_keep_size', "'MB'", undefined],
    ['max_slot_wal_keep_size', "'5 mb'", undefined],
  ])('%s = %s is %s', (name, written, expected) => {
    expect(value(name, written)).toBe(expected);
  });

  it('tells the limits of the next start, those that it sets', () => {
    expect(told('max_connections = 300\nmax_wal_senders = 7\n').get('nextLimits')).toMatchObject({
      value: { max_connections: 300, max_wal_senders: 7 },
      note: expect.stringContaining('postgresql.auto.conf'),
    });
    expect(told('fsync = on\n').get('nextLimits')).toEqual({
      property: 'nextLimits',
      why: 'the file tells none of the limits',
    });
  });

  it('has the version of the release that was named', () => {
    const version = (release?: number[]) => told('fsync = on\n', release).get('version');
    expect(version([10, 3])).toMatchObject({ value: 100_003, assumed: true });
    expect(version([9, 6, 24])).toMatchObject({ value: 90_624, assumed: true });
    expect(version([17])).toMatchObject({ value: 170_000 });
    expect(version()?.value).toBeUndefined();
  });

  it('leaves to a file that it includes what that may set', () => {
    const why = (text: string) => told(text).get('settings.fsync')?.why;
    expect(why("fsync = on\ninclude 'x'\n")).toMatch(/^include 'x' in line 2 may set it/);
    expect(why("include 'x'\nfsync = on\n")).toBeUndefined();
  });
});

describe('the lines of a configuration', () => {
  const line = (name: string, value: string, number = 1) => ({ name, value, line: number });

  it.each([
    ["a = 'x''y\\'z\\101\\q\\n'\n", [line('a', "x'y'zAq\n")]],
    ["a = 'x\\\\y'", [line('a', 'x\\y')]],
    ['# c\n \t# d\n\nA.B = 5 # e\n', [line('a.b', '5', 4)]],
    ['includes = x\nxinclude = y\n', [line('includes', 'x'), line('xinclude', 'y', 2)]],
  ])('%j', (text, lines) => {
    expect(configurationText(text)).toEqual({ lines });
  });

  test.each(['include', 'include_if_exists', 'include_dir'])('%s names another file', (name) => {
    expect(configurationText(`${name} = 'x'\n`)).toEqual({ lines: [], include: line(name, 'x') });
  });

  it('that are none, or too long, spoil the file', () => {
    expect(configurationText('a = 1\nodd\nworse\n')).toEqual({ lines: [line('a', '1')], broken: 2 });
    const long = (length: number) => `a = '${'x'.repeat(length - 6)}'`;
    expect(configurationText(long(8192))).not.toHaveProperty('broken');
    expect(configurationText(long(8193))).toEqual({ lines: [], broken: 1 });
    // A byte order mark is a letter to the server: of the first name, or of a line that is none.
    for (const text of ['a = 1\nb = 2', '# c\na = 1', '\na = 1', 'include x'])
      expect(configurationText(`\ufeff${text}`)).toHaveProperty('broken', 1);
    expect(configurationText("a = 'x\ufeff'\n# \ufeff")).toEqual({ lines: [line('a', 'x\ufeff')] });
    expect(configurationText('a = 1\n\ufeffb = 2')).toMatchObject({ lines: [line('a', '1'), line('\ufeffb', '2', 2)] });
  });
});

describe('whom commits wait for', () => {
  it.each<[string, object | undefined]>([
    ['  a ', { method: 'first', number: 1, names: ['a'] }],
    ['  ', { method: 'first', number: 0, names: [] }],
    ['FIRST   12 (a)', { method: 'first', number: 12, names: ['a'] }],
    ['any  2 ("a, b", c)', { method: 'any', number: 2, names: ['a, b', 'c'] }],
    ['x 2 (a)', undefined],
    ['2 (a) x', undefined],
    ['"a"x', undefined],
    ['x"a"', undefined],
    ['a, b c', undefined],
    ['b c, a', undefined],
    [',,', undefined],
  ])('%j', (written, demand) => {
    expect(demandOf(written)).toEqual(demand);
  });

  it('are those of its names, and nobody without one', () => {
    const rows = [
      { name: 'B', state: 'streaming', sync: 'sync' },
      { name: null, state: null, sync: null },
    ];
    const of = (names: string) => synchronousOf((name) => (name === 'synchronous_standby_names' ? names : 'on'), rows);
    expect(of('a, b')).toEqual({
      ...{ state: 'satisfied', commit: 'on', wanted: 1, confirming: 1, spare: 0, names: 'a, b' },
    });
    expect(of('2 (a, c)')).toMatchObject({ state: 'lacking', spare: 0 });
    expect(of('*')).toMatchObject({ spare: 1 });
  });
});

describe('an address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['FD00:0:0::1', 'fd00::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:7f00:1', '127.0.0.1'],
    ['::ffff:ab:cdef', '0.171.205.239'],
    ['1::ffff:a00:1', '1::ffff:a00:1'],
    ['::ffff:0:a00:1', '::ffff:0:a00:1'],
  ])('%s in its short form', (address, short) => {
    expect(plain(address)).toBe(short);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.127.0.1', false],
    ['::12', false],
    ['1::1', false],
    ['128.0.0.1', false],
  ])('%s leads back to its host: %s', (address, back) => {
    expect(isLoopback(address)).toBe(back);
  });
});

describe('the row of a standby', () => {
  const row = (more: object = {}): Sender =>
    ({
      address: '10.0.0.2',
      name: 'b',
      slot: 's',
      state: 'streaming',
      sync: 'async',
      replays: true,
      ...more,
    }) as Sender;
  const places: Addresses = {
    primary: ['10.0.0.1'],
    standby: ['10.0.0.2'],
    complete: { primary: true, standby: true },
  };
  const asks = { name: 'b', slot: 's', host: '10.0.0.1' };
  const found = (rows: Sender[], over: object = {}, at: Addresses = places) =>
    senderTo({ asks: { ...asks, ...over } } as Pick<Server, 'asks'>, rows, at);

  it('is of one that replays, and is no subscriber and no base backup', () => {
    const rows = [
      row(),
      row({ replays: false }),
      row({ logical: true }),
      row({ state: 'backup' }),
      row({ logical: false }),
    ];
    expect(standbysAmong(rows)).toEqual([rows[0], rows[4]]);
    expect(found([row({ logical: true })])).toEqual({ nobody: 'no standby is attached to the primary' });
    expect(found([])).toEqual({ nobody: 'no standby is attached to the primary' });
  });

  it('has its slot and its name, of which 63 letters count', () => {
    const [long, longer] = ['n'.repeat(63), 'n'.repeat(70)];
    expect(found([row()])).toEqual({ sender: row() });
    expect(found([row({ slot: undefined })])).toHaveProperty('sender');
    expect(found([row({ name: long })], { name: longer })).toHaveProperty('sender');
    expect(found([row({ name: longer })], { name: long })).toHaveProperty('sender');
    for (const other of [row({ slot: 't' }), row({ name: 'c' })]) expect(found([other])).toHaveProperty('nobody');
  });

  it('comes from an address of the standby, or from one that tells nothing', () => {
    expect(found([row({ address: '10.0.0.9' })], { host: '10.0.0.8' })).toHaveProperty('untold');
    expect(found([row({ address: '' })])).toHaveProperty('sender');
    expect(found([row({ address: '127.0.0.1' })], { host: 'db' })).toHaveProperty('sender');
    expect(found([row({ address: '10.0.0.9' })], { host: 'db' })).toHaveProperty('untold');
    expect(found([row({ address: '10.0.0.9' })])).toHaveProperty('sender');
    for (const name of ['', 'walreceiver']) {
      const nameless = row({ name, slot: '', address: '' });
      expect(found([nameless], { name, slot: '', host: 'db' })).toHaveProperty('untold');
      expect(found([nameless], { name, slot: '' })).toHaveProperty('sender');
    }
    expect(found([row(), row()])).toEqual({ untold: '2 rows could be of this standby' });
  });

  it('may be told by a name that stands for the host', () => {
    const named: Addresses = { ...places, primary: ['db'], standby: ['/tmp'] };
    expect(found([row({ address: '/tmp' })], { host: 'db' }, named)).toHaveProperty('sender');
    const nameless = row({ name: '', slot: '', address: '' });
    const blank: Addresses = { ...places, standby: [''] };
    expect(found([nameless], { name: '', slot: '', host: 'other' }, blank)).toHaveProperty('untold');
  });

  it('of a release that does not say whom it asks is at an address of the standby', () => {
    const older = (rows: Sender[]) => senderTo({} as Pick<Server, 'asks'>, rows, places);
    expect(older([row()])).toHaveProperty('sender');
    expect(older([row({ address: '10.0.0.9' })])).toEqual({ untold: 'no row is at an address of this standby' });
  });
});

describe('limits', () => {
  it('bind from the version on in which they came', () => {
    expect([90_399, 90_400].map((version) => binds('max_worker_processes', version))).toEqual([false, true]);
    expect([119_999, 120_000].map((version) => binds('max_wal_senders', version))).toEqual([false, true]);
  });

  it('are whole numbers', () => {
    const of = (value: string | undefined) => limitsOf((name) => (name === 'max_connections' ? value : undefined));
    expect(of('100')).toEqual({ max_connections: 100 });
    for (const odd of ['x1', '1x', '', '-1', undefined]) expect(of(odd)).toEqual({});
  });

  it('are compared where both servers told all that bind', () => {
    const all = (value: number) => ({
      ...{ max_connections: value, max_prepared_transactions: 0, max_locks_per_transaction: 64 },
      ...{ max_worker_processes: 8, max_wal_senders: 10 },
    });
    const below = (theirs: object | undefined, own: object | undefined, version: number | undefined = 150_000) =>
      limitsBelow({ limits: theirs } as Server, { limits: own, version } as Server);
    expect(below(all(100), all(99))).toEqual({
      below: ['max_connections'],
      belowNow: 'max_connections 99, primary 100',
    });
    expect(below(all(100), all(100))).toEqual({ below: [], belowNow: 'none' });
    expect(below(undefined, all(1))).toEqual({});
    expect(below(all(1), undefined)).toEqual({});
    expect(limitsBelow({ state: 'up', limits: all(2) } as Server, { state: 'up', limits: all(1) } as Server)).toEqual(
      {},
    );
    expect(below({ ...all(1), max_connections: undefined }, all(1))).toEqual({});
    expect(below(all(1), { ...all(1), max_connections: undefined })).toEqual({});
  });
});

describe('a standby that applies', () => {
  const server = (more: object = {}) =>
    ({
      role: 'standby',
      replay: 'running',
      pendingBytes: 10,
      replayedPosition: 90,
      receivedPosition: 100,
      now: 9000,
      ...more,
    }) as Server;
  const of = (more: object, first: object | undefined = undefined, primary?: Server) =>
    replayOf(server(more), primary, first && [undefined, first, server(more)]);
  const still = (now: number) => server({ now });

  it.each<[string, object, object | undefined, object]>([
    ['nothing is left', { pendingBytes: 0 }, undefined, { replay: 'applied' }],
    ['it was not watched', {}, undefined, { replay: 'waiting' }],
    ['it took no connections before', {}, { state: 'starting' }, { replay: 'waiting' }],
    ['it was held, and took no connections before', { replayWaits: 'BufferPin' }, { state: 'up' }, { replay: 'held' }],
    ['it moved', {}, server({ now: 0, replayedPosition: 80 }), { replay: 'applying' }],
    ['it stood for no time', {}, still(9000), { replay: 'waiting' }],
    ['it stood for a moment', {}, still(4001), { replay: 'waiting' }],
    ['it stood for five seconds', {}, still(4000), { replay: 'held' }],
    ['nobody asked for the time, as in release 0.1', { now: undefined }, still(0), { replay: 'applying' }],
    ['release 0.1 asked once', { now: undefined }, undefined, { replay: 'applying' }],
    ['nobody knows since when it stands', {}, server({ now: undefined }), { replay: 'waiting' }],
    ['it had not said how much it had', {}, server({ now: 0, receivedPosition: undefined }), { replay: 'applying' }],
    ['it had nothing more', {}, server({ now: 0, receivedPosition: 90 }), { replay: 'applying' }],
    ['it waits for a lock', { replayWaits: 'Lock: relation' }, undefined, { replay: 'held', waits: 'Lock: relation' }],
    ['it waits for a pin', { replayWaits: 'BufferPin' }, undefined, { replay: 'held' }],
    ['it waits for what only sounds so', { replayWaits: 'x BufferPin' }, undefined, { replay: 'waiting' }],
    ['it waits for more', { replayWaits: 'RecoveryWalStream' }, undefined, { replay: 'waiting' }],
    [
      'it waits, and nobody knows how long it may',
      { replayWaits: 'BufferPin', conflictDelayMs: undefined },
      undefined,
      { replay: 'held' },
    ],
    ['a query ends by itself', { replayWaits: 'BufferPin', conflictDelayMs: 0 }, undefined, { replay: 'waiting' }],
    ['a query ends in time', { replayWaits: 'BufferPin', conflictDelayMs: 300_000 }, undefined, { replay: 'waiting' }],
    ['a query ends late', { replayWaits: 'BufferPin', conflictDelayMs: 300_001 }, undefined, { replay: 'held' }],
    ['a query never ends', { replayWaits: 'BufferPin', conflictDelayMs: -1 }, undefined, { replay: 'held' }],
    ['it waits on purpose', { applyDelayMs: 1 }, undefined, { replay: 'delayed' }],
    ['it waits on purpose, and for a lock', { applyDelayMs: 1, replayWaits: 'Lock: x' }, undefined, { replay: 'held' }],
    ['somebody paused it', { replay: 'paused', replayWaits: 'x' }, undefined, { replay: 'paused', waits: 'x' }],
  ])('or not, where %s', (_, more, first, value) => {
    expect(of(more, first)).toMatchObject(value);
    if (!('replayWaits' in more)) expect(of(more, first)).not.toHaveProperty('waits');
  });

  it('says what it waits for, and no more, where it is not told whether it replays', () => {
    expect(of({ replay: undefined, replayWaits: 'x' })).toEqual({ waits: 'x' });
    expect(of({ pendingBytes: undefined, replayWaits: 'x' })).toEqual({ waits: 'x' });
    expect(of({ replay: 'paused' })).toEqual({ replay: 'paused' });
  });
});

describe('the row of release 0.1', () => {
  const row = {
    ...{ version: 150_018, standby: false, maxWalSenders: 10, replayAge: null },
    senders: [{ address: '10.0.0.2', name: 'b', state: 'streaming', sync: 'async', flush: '0/1', replay: '0/1' }],
    positions: { written: '0/2', system: '7' },
  };
  const rest = { version: 150_018, standby: false, replayAge: null };

  it('tells the same in the form of today', () => {
    expect(inTodaysForm(row)).toEqual({
      ...rest,
      settings: [{ name: 'max_wal_senders', setting: '10' }],
      senders: [{ ...row.senders[0], reply: null }],
      positions: row.positions,
    });
    expect(inTodaysForm({ ...row, senders: null })).toMatchObject({ senders: null });
  });

  it.each([
    [{}, {}],
    [{ receiver: null }, { receiver: null }],
    [{ receiver: 'streaming' }, { receiver: { status: 'streaming' } }],
  ])('of a standby has the state of its receiver alone: %j', (receiver, today) => {
    const positions = { received: '0/2', replayed: '0/1', paused: false };
    expect(inTodaysForm({ ...row, positions: { ...positions, ...receiver } })).toMatchObject({
      positions: { ...positions, ...today },
    });
    if (!('receiver' in receiver))
      expect((inTodaysForm({ ...row, positions }) as { positions: object }).positions).not.toHaveProperty('receiver');
  });

  it('of another form stays what it is', () => {
    for (const other of [{}, null, { ...row, more: 1 }, { ...row, version: 1 }])
      expect(inTodaysForm(other)).toBe(other);
  });
});

test.each([
  ["'a b'", 'a b'],
  ["'a\\'b\\\\'", "a'b\\"],
  ["x'a'", "x'a'"],
  ["'a'x", "'a'x"],
  ['a', 'a'],
])('%s without its quotes is %s', (written, value) => {
  expect(unquoted(written)).toBe(value);
});
