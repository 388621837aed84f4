/** What a server's next start would meet, told by its settings, its files and its slots. */
import { describe, expect, it } from 'vitest';
import { listensOf, refusedOf, type Settings, type StartRow, targetsOf } from '../../../src/probes/postgres/start.js';

/** Settings that run so, and stand in the files so unless said. */
const settings = (running: Record<string, string>, next: Record<string, string | null> = {}): Settings => ({
  running: (name) => running[name],
  next: (name) => (name in next ? next[name] : running[name]),
});
const usual = {
  ...{ wal_level: 'replica', max_replication_slots: '10', max_wal_senders: '10', archive_mode: 'off', ssl: 'off' },
};
const physical = { name: 'p', type: 'physical', temporary: false };
const logical = { name: 'l', type: 'logical', temporary: null };

describe('settings that the next start would refuse', () => {
  const lost: StartRow = { lostFiles: ['ssl_key_file'] };
  const alone = { wal_level: 'minimal', max_wal_senders: '0' };
  it.each<[string, Record<string, string | null>, (typeof physical | typeof logical)[], StartRow, boolean, string[]]>([
    ['none', {}, [physical], {}, false, []],
    ['just as many slots as there may be', { max_replication_slots: '1' }, [physical], {}, false, []],
    ['a slot too many', { max_replication_slots: '0' }, [physical], {}, true, ['max_replication_slots 0 for 1 slots']],
    ['slots that are gone by then', { max_replication_slots: '0' }, [{ ...physical, temporary: true }], {}, false, []],
    [
      'too little WAL for senders',
      { wal_level: 'minimal' },
      [],
      {},
      false,
      ['wal_level minimal beside max_wal_senders'],
    ],
    [
      'too little WAL for an archive',
      { wal_level: 'Minimal', max_wal_senders: '0', archive_mode: 'on' },
      [],
      {},
      true,
      ['wal_level minimal beside archive_mode'],
    ],
    [
      'too little WAL for a slot',
      { wal_level: 'minimal', max_wal_senders: '0' },
      [physical],
      {},
      true,
      ['wal_level minimal beside slots'],
    ],
    [
      'too little WAL for a logical slot',
      {},
      [logical, physical],
      {},
      false,
      ['wal_level replica beside the logical slot l'],
    ],
    ['enough WAL for a logical slot', { wal_level: 'logical' }, [logical], {}, false, []],
    [
      'a logical slot is none of the others',
      { wal_level: 'minimal', max_wal_senders: '0' },
      [logical],
      {},
      true,
      ['wal_level minimal beside the logical slot l'],
    ],
    [
      'no sender for a standby',
      { max_wal_senders: '0' },
      [],
      {},
      false,
      ['max_wal_senders 0, so that no standby could follow'],
    ],
    ['no sender on a standby', { max_wal_senders: '0' }, [], {}, true, []],
    ['a key that is gone', { ssl: 'on' }, [], lost, false, ['ssl_key_file names a file that is not there']],
    ['an archive beside enough WAL', { archive_mode: 'on' }, [], {}, false, []],
    ['too little WAL, and no sender', { wal_level: 'minimal', max_wal_senders: '0' }, [], {}, true, []],
    ['too little WAL for an archive that is not told', { ...alone, archive_mode: null }, [], {}, true, []],
    ['a key that is gone, where it is not told whether it is asked for', { ssl: null }, [], lost, false, []],
    [
      'too little WAL for two logical slots',
      {},
      [logical, { ...logical, name: 'm' }],
      {},
      false,
      ['wal_level replica beside the logical slot l'],
    ],
    ['a key that is gone, and not asked for', {}, [], lost, false, []],
    ['a key that was not looked for', { ssl: 'on' }, [], { lostFiles: null }, false, []],
  ])('%s', (_, next, slots, row, standby, told) => {
    expect(refusedOf(settings(usual, next), slots, row, standby)).toEqual(told);
  });

  it('are not told where files or slots are hidden', () => {
    expect(refusedOf({ running: (name) => name, next: () => undefined }, [physical], {}, false)).toBeUndefined();
    expect(refusedOf(settings(usual), null, {}, false)).toBeUndefined();
  });
});

describe('where a standby stops', () => {
  const none = { recovery_target: '', recovery_target_xid: '' };
  it.each<[string, Settings, object]>([
    ['nowhere', settings(none), { targets: [] }],
    ['where it runs to', settings({ ...none, recovery_target_xid: '9' }, none), { targets: ['recovery_target_xid 9'] }],
    [
      'where it would run to',
      settings(none, { recovery_target: 'immediate' }),
      { targets: ['recovery_target immediate'] },
    ],
    [
      'by files that are hidden',
      { running: (name) => settings(none).running(name), next: () => undefined },
      { targets: [] },
    ],
    ['before 12', settings({}), {}],
  ])('%s', (_, all, told) => expect(targetsOf(all)).toEqual(told));
});

it.each([
  ['*', 'network'],
  ['localhost, 10.0.0.1', 'network'],
  ['localhost', 'itself'],
  ['127.0.0.1,::1, localhost', 'itself'],
  ['', 'itself'],
  ['0.0.0.0', 'network'],
  ['::', 'network'],
  ['fd00::1', 'network'],
  ['db-a, 10.0.0.1', 'network'],
  // Where one may stand it may be a name of the host's own, and lead to 127.0.1.1.
  ['db-a', undefined],
  ['localhost, db-a', undefined],
  ['127.example', undefined],
  ['127.0.0.1.example', undefined],
  ['localhostx', undefined],
  ['*x', undefined],
])('listen_addresses %j reaches %s', (listen_addresses, listens) => {
  expect(listensOf(settings({ listen_addresses }))).toStrictEqual(listens === undefined ? {} : { listens });
});

it('listen_addresses that is not told reaches nobody that is known', () => {
  expect(listensOf(settings({}))).toEqual({});
});
