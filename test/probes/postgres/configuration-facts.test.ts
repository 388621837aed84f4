/** What a server tells of its configuration: each word at the edges of what it may be. */
import { describe, expect, it } from 'vitest';
import { postgresConfiguration } from '../../../src/probes/postgres/configuration.js';
import { read, said } from '../support.js';

const whole = {
  ...{ version: 150014, standby: false, settings: [], files: [], signals: [], slots: [], archiver: [] },
  ...{ databases: [], collations: [], missing: [], oldPrepared: 0 },
};
const of = (over: object) =>
  read(postgresConfiguration, [said(JSON.stringify({ ...whole, ...over }))], {}) as Record<string, unknown>;
const running = (settings: Record<string, string>) => ({
  settings: Object.entries(settings).map(([name, setting]) => ({ name, setting, source: 'default', boot: setting })),
});

describe('lines that cannot be taken', () => {
  const waiting = { name: 'Max_Connections', line: 7, error: 'setting could not be applied', context: 'postmaster' };
  it.each<[string, object, string[] | null | undefined, string[]]>([
    ['what a restart sets', {}, ['max_connections'], []],
    ['what a restart sets, where it is not told what that is', {}, null, []],
    ['what no restart sets', {}, [], ['line 7: Max_Connections: setting could not be applied']],
    ['what a restart would refuse', { error: 'no value' }, null, ['line 7: Max_Connections: no value']],
    ['what needs no restart', { context: 'sighup' }, null, ['line 7: Max_Connections: setting could not be applied']],
    ['what has no name', { name: null }, ['max_connections'], ['line 7: setting could not be applied']],
    ['what has no line', { line: null, error: 'x' }, null, ['line ?: Max_Connections: x']],
    ['a line that is none', { name: null, context: null, error: 'syntax error' }, null, ['line 7: syntax error']],
  ])('%s', (_, over, waits, fileErrors) => {
    expect(of({ fileErrors: [{ ...waiting, ...over }], waits })).toMatchObject({ fileErrors });
  });
});

it('each role has the kind of its own password, where that could be looked at', () => {
  const role = (name: string) => ({ name, login: true, limit: -1, expired: false, groups: [] });
  const replicators = [role('a'), role('b'), role('c')];
  const passwords = [
    { name: 'b', kind: 'md5' },
    { name: 'a', kind: 'scram' },
  ];
  expect(of({ replicators, passwords }).replicators).toStrictEqual([
    { ...role('a'), password: 'scram' },
    { ...role('b'), password: 'md5' },
    role('c'),
  ]);
  expect(of({ replicators, passwords: null }).replicators).toStrictEqual(replicators);
});

it.each([
  ...['on', 'ON', 'true', 'tru', 'tr', 't', 'yes', 'ye', 'y', '1'].map((word) => [word, true] as const),
  ...['off', 'false', 'no', '0', 'xon', 'onx', 'yesx', 'o', '', null].map((word) => [word, false] as const),
])('default_transaction_read_only = %j makes sessions that only read: %s', (setting, readOnly) => {
  const files = [{ name: 'default_transaction_read_only', setting, seqno: 1 }];
  expect(of({ files })).toMatchObject({ readOnly });
});

it.each([
  ['30', 30],
  ['x30', undefined],
  ['30x', undefined],
  ['', undefined],
  [null, undefined],
])('a limit of the next start that is written %j is %s', (setting, number) => {
  const files = [{ name: 'max_connections', setting, seqno: 1 }];
  const value = of({ ...running({ max_connections: '100' }), files });
  expect(value.nextLimits).toEqual(number === undefined ? undefined : { max_connections: number });
});

describe('slots', () => {
  const slot = { name: 's', type: 'physical', active: true, reserves: true };
  const logical = { ...slot, name: 'l', type: 'logical' };

  it('of a server that knows less of them are told by that', () => {
    expect(of({ slots: [slot, logical] })).toMatchObject({
      ...{ lostSlots: [], physicalSlots: [{ name: 's', holds: true }] },
      logicalSlots: [{ name: 'l', failover: false, synced: false }],
    });
  });

  it.each([
    [{}, true],
    [{ active: false }, true],
    [{ status: 'lost' }, false],
    [{ status: 'unreserved' }, false],
    [{ status: 'reserved', invalid: null }, true],
    [{ status: 'reserved', invalid: 'idle_timeout' }, false],
    // As pg_create_physical_replication_slot makes it: until a standby uses it, it keeps nothing.
    [{ active: false, reserves: false, status: null }, false],
  ])('a physical one of which is said %j holds: %s', (over, holds) => {
    expect(of({ slots: [{ ...slot, ...over }] })).toMatchObject({ physicalSlots: [{ name: 's', holds }] });
  });

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('a logical one is kept in step where its failover is %s and it is synced: %s', (failover, synced) => {
    const { logicalSlots, leftSlots } = of({ slots: [slot, { ...logical, failover, synced }] });
    expect(logicalSlots).toEqual([{ name: 'l', failover, synced }]);
    expect(leftSlots).toEqual(failover && !synced ? ['l'] : []);
  });
});

it('an archiver is not told of where its mode is hidden', () => {
  const archiver = [{ failed: 0, failing: false, archived: true }];
  expect(of({ archiver })).not.toHaveProperty('archiver');
  expect(of({ ...running({ archive_mode: 'on' }), archiver })).toMatchObject({ archiver: 'works' });
});

it.each([
  [{ full_page_writes: 'on', data_checksums: 'on' }, 'possible'],
  [{ full_page_writes: 'on', data_checksums: 'off', wal_log_hints: 'on' }, 'possible'],
  [{ full_page_writes: 'on', data_checksums: 'off' }, 'impossible'],
  [{ full_page_writes: 'off', data_checksums: 'on' }, 'impossible'],
  [{ full_page_writes: 'on' }, undefined],
  [{ data_checksums: 'on' }, undefined],
])('with %j pg_rewind is %s', (settings, rewind) => {
  expect(of(running(settings)).rewind).toBe(rewind);
});

describe('collations', () => {
  const stale = { name: 'de-x-icu', recorded: '153.14', actual: '153.120' };
  it.each<[string, object, string[] | undefined]>([
    ['none of another version', {}, []],
    ['one of another version', { collations: [stale] }, ['collation de-x-icu: recorded 153.14, here 153.120']],
    ['of databases that are hidden', { databases: null, collations: [stale] }, undefined],
    ['of databases that are hidden, in 15', { version: 150000, databases: null }, undefined],
    ['before 15, which does not tell of databases', { version: 149999, databases: null }, []],
    ['that are hidden', { collations: null }, undefined],
    ['of which one is not told', { collations: [stale, { ...stale, actual: null }] }, undefined],
    ['of 10', { version: 100000 }, []],
    ['of servers before 10, which tell of none', { version: 99999 }, undefined],
    ['of servers before 10, whatever they seem to tell', { version: 90624, collations: [stale] }, undefined],
  ])('%s', (_, over, staleCollations) => {
    expect(of(over).staleCollations).toEqual(staleCollations);
  });
});
