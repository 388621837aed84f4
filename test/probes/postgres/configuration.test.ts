/** How servers are configured, now and at their next start: captured from real ones of 11 to 18, and told apart by rows written by hand. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { Unreadable } from '../../../src/core/errors.js';
import { closed } from '../../../src/probes/define.js';
import { postgresAccess } from '../../../src/probes/postgres/access.js';
import { postgresConfiguration } from '../../../src/probes/postgres/configuration.js';
import { configurationQuery } from '../../../src/probes/postgres/configuration-query.js';
import { postgresNextStart } from '../../../src/probes/postgres/next-start.js';
import { postgresRetention } from '../../../src/probes/postgres/retention.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from '../support.js';

type Told = Record<string, never> & { settings: Record<string, string> };
const captured = (version: number, name: string) => said(fixture(`postgres-${version}/${name}-configuration`));
const configured = (version: number, name: string) =>
  read(postgresConfiguration, [captured(version, name)], {}) as Told;

describe.each([11, 12, 15, 17, 18])('real servers of %i', (version) => {
  it('tell how they run, how they would start, and what they are', () => {
    const [primary, standby] = [configured(version, 'primary'), configured(version, 'standby')];
    expect(primary).toMatchObject({
      state: 'up',
      role: 'primary',
      standbySignal: false,
      archiver: 'off',
      oldPrepared: 0,
    });
    expect(standby).toMatchObject({
      ...{ state: 'up', role: 'standby', standbySignal: version >= 12, recoveryConf: version < 12 },
      ...{ idleSlots: [], lostSlots: [], missingExtensions: [], staleCollations: [] },
      settings: { fsync: 'on', full_page_writes: 'on', wal_level: 'replica' },
      nextLimits: { max_connections: version === 15 ? 10 : 100, max_wal_senders: 5, max_locks_per_transaction: 64 },
    });
    expect(primary.idleSlots).toEqual(version === 15 ? ['gone (232 bytes)'] : []);
    expect(primary.boundedSlots).toBe(version >= 13 ? 'unbounded' : undefined);
    expect(primary.rewind).toBe(version >= 18 ? 'possible' : 'impossible');
    const joint = postgresNextStart.make({ primary, standby }, () => ({}));
    expect(joint).toEqual(
      version === 15
        ? { below: ['max_connections'], belowThen: 'max_connections 10, primary 100', lostSlots: [] }
        : { below: [], belowThen: 'none', lostSlots: [] },
    );
  });
});

describe.each([12, 17, 18])('real servers of %i, asked all that is asked today', (version) => {
  const whole = (name: string) => read(postgresConfiguration, [said(fixture(`postgres-${version}/${name}-whole`))], {});
  const [primary, standby] = [whole('primary'), whole('standby')];

  it('tell what they would find, read, let in and keep', () => {
    const same = {
      ...{ missingLibraries: [], missingPreloads: [], missingTablespaces: [], fileErrors: [], accessErrors: [] },
      ...{ pending: [], restores: false, checksumFailures: 0, unlogged: 0, locales: ['C.UTF-8'], leftSlots: [] },
    };
    expect(primary).toMatchObject({
      ...{ ...same, role: 'primary', follows: {}, freeSenders: 9, freeSlots: 9 },
      physicalSlots: [{ name: 'db_b', holds: true }],
    });
    expect(standby).toMatchObject({
      ...{ ...same, role: 'standby', follows: { user: 'rep', tls: 'prefer' }, freeSenders: 10, physicalSlots: [] },
    });
  });

  it('are read together', () => {
    const addresses = { primaryAddress: '10.0.0.1', standbyAddress: '10.0.0.2' };
    const access = postgresAccess.make({ primary, standby, ...addresses }, () => ({}));
    // What initdb writes lets nobody replicate from another host.
    expect(access).toMatchObject({ user: 'rep', role: 'may', standby: 'refused', oldPrimary: 'refused' });
    expect(postgresRetention.make({ primary, standby }, () => ({}))).toEqual({
      ...{ name: 'db_b', slot: 'holds', keeps: 'a slot' },
    });
  });
});

it('of a role that may not see the files leaves out what they say', () => {
  const value = configured(15, 'guest');
  expect(value).toMatchObject({ state: 'up', settings: { fsync: 'on' }, idleSlots: [], rewind: 'impossible' });
  for (const hidden of ['nextLimits', 'standbySignal', 'recoveryConf']) expect(value).not.toHaveProperty(hidden);
  expect(postgresNextStart.make({ primary: configured(15, 'primary'), standby: value }, () => ({}))).toEqual({
    lostSlots: [],
  });
});

const limit = (setting: string, source = 'configuration file', boot = '100') => ({
  ...{ name: 'max_connections', setting, source, boot },
});
const whole = {
  ...{ version: 150014, standby: true, settings: [limit('30')], files: [], signals: [], slots: [], archiver: [] },
  ...{ databases: [], collations: [], missing: [], oldPrepared: 0 },
};
const of = (over: object) => read(postgresConfiguration, [said(JSON.stringify({ ...whole, ...over }))], {});
const line = (setting: string | null, seqno: number) => ({ name: 'max_connections', setting, seqno });

describe('what the next start would run with', () => {
  it.each([
    ['the last line', { files: [line('50', 9), line('10', 12), line('70', 3)] }, 10],
    ['what it has without a line', { files: [] }, 100],
    ['what stood on the command line', { settings: [limit('20', 'command line')], files: [line('10', 1)] }, 20],
    ['nothing where a line cannot be read', { files: [line('many', 1)] }, undefined],
    ['nothing where a line says nothing', { files: [line(null, 1)] }, undefined],
    ['nothing where the files are hidden', { files: null }, undefined],
  ])('is %s', (_, over, found) => {
    expect(of(over)).toMatchObject(found === undefined ? {} : { nextLimits: { max_connections: found } });
    if (found === undefined) expect(of(over)).not.toHaveProperty('nextLimits');
  });
});

const slot = {
  ...{ name: 's', type: 'physical', active: true, reserves: true, temporary: false, retained: 0, status: 'reserved' },
  ...{ failover: null, synced: null, invalid: null },
};

describe('slots', () => {
  it.each([
    [{}, [], [], 'bounded'],
    [{ active: false }, ['s'], [], 'bounded'],
    [{ active: false, retained: 77 }, ['s (77 bytes)'], [], 'bounded'],
    [{ active: false, reserves: false }, [], [], 'bounded'],
    [{ active: false, synced: true }, [], [], 'bounded'],
    [{ active: false, temporary: true }, [], [], 'no slots'],
    [{ status: 'lost' }, [], ['s'], 'bounded'],
    [{ status: 'unreserved' }, [], ['s'], 'bounded'],
    [{ status: 'extended' }, [], [], 'bounded'],
    [{ invalid: 'wal_removed' }, [], ['s'], 'bounded'],
  ])('%j', (over, idleSlots, lostSlots, boundedSlots) => {
    const settings = [limit('30'), { name: 'max_slot_wal_keep_size', setting: '512', source: 'default', boot: '-1' }];
    expect(of({ settings, slots: [{ ...slot, ...over }] })).toMatchObject({ idleSlots, lostSlots, boundedSlots });
  });

  const logical = (over: object) => ({
    version: 170000,
    logicalSlots: [{ name: 'l', failover: true, synced: false, ...over }],
  });
  it.each([
    ['kept in step', logical({}), logical({ synced: true }), []],
    ['not kept in step', logical({}), logical({}), ['l']],
    ['not there', logical({}), { version: 170000, logicalSlots: [] }, ['l']],
    ['without failover', logical({ failover: false }), logical({ synced: true }), ['l']],
    ['before 17', { ...logical({}), version: 169999 }, logical({ synced: true }), ['l']],
    ['beside a standby that was not told', logical({}), { version: 170000 }, undefined],
    ['none, beside a standby that was not told', { version: 170000, logicalSlots: [] }, {}, []],
  ])('of subscribers %s', (_, primary, standby, lost) => {
    const value = postgresNextStart.make({ primary, standby }, () => ({}));
    expect(check(closed(postgresNextStart.value, Object.keys(postgresNextStart.value)), value)).toEqual([]);
    expect(value.lostSlots).toEqual(lost);
  });

  it('are not judged of one server alone', () => {
    expect(() => postgresNextStart.make({ primary: {} }, () => ({}))).toThrow(Unreadable);
  });
});

it('limits are held against what the primary runs with and would start with', () => {
  const limits = { max_connections: 30, max_worker_processes: 8, max_wal_senders: 10, max_prepared_transactions: 0 };
  const settings = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, `${value}`]));
  const primary = { settings: { ...settings, max_locks_per_transaction: '64' } };
  const standby = { version: 150014, nextLimits: { ...limits, max_locks_per_transaction: 64 } };
  const joint = (one: object, other: object = standby) =>
    postgresNextStart.make({ primary: one, standby: other }, () => ({}));
  expect(joint(primary)).toMatchObject({ below: [] });
  expect(joint({ ...primary, nextLimits: { max_connections: 200 } })).toMatchObject({
    belowThen: 'max_connections 30, primary 200',
  });
  expect(joint({ settings })).not.toHaveProperty('below');
  const less = { ...standby, nextLimits: { ...standby.nextLimits, max_wal_senders: 4 } };
  expect(joint(primary, less)).toMatchObject({ below: ['max_wal_senders'] });
  expect(joint(primary, { ...less, version: 110022 })).toMatchObject({ below: [] });
});

describe('libraries', () => {
  const preload = (name: string, setting: string, source = 'default') => ({ name, setting, source, boot: '' });
  const found = (name: string, there: boolean | null, early = false) => ({ name, preload: early, found: there });
  const settings = [limit('30'), preload('shared_preload_libraries', 'a'), preload('session_preload_libraries', '')];
  const file = (setting: string) => [{ name: 'shared_preload_libraries', setting, seqno: 1 }];
  it.each([
    ['all found', { libraries: [found('$libdir/x', true)] }, []],
    ['one missing', { libraries: [found('$libdir/x', true), found('$libdir/y', false)] }, ['$libdir/y']],
    ['one not looked for', { libraries: [found('$libdir/x', true), found('/opt/y', null)] }, undefined],
    ['one missing and one not looked for', { libraries: [found('x', false), found('/opt/y', null)] }, ['x']],
    ['none looked for', { libraries: null }, undefined],
    ['not asked', {}, undefined],
    ['one that is loaded at the start', { libraries: [found('x', false, true)] }, []],
  ])('of functions: %s', (_, over, missing) => expect((of(over) as Told).missingLibraries).toEqual(missing));

  it.each([
    ['none wanted, none looked for', { files: file(''), libraries: null }, []],
    ['without a line in the files', { files: [], libraries: null }, []],
    ['both there', { files: file('a, "b"'), libraries: [found('a', true, true), found('b', true, true)] }, []],
    ['one missing', { files: file('a,b'), libraries: [found('a', true, true), found('b', false, true)] }, ['b']],
    ['only that of a function is there', { files: file('a'), libraries: [found('a', true)] }, undefined],
    ['not looked for', { files: file('a'), libraries: null }, undefined],
    [
      'what runs is missing, what comes is not',
      { files: file('b'), libraries: [found('a', false, true), found('b', true, true)] },
      [],
    ],
    ['the files are hidden', { files: null, libraries: [found('a', true, true)] }, undefined],
    ['a setting is hidden', { settings: settings.slice(0, 2), files: [], libraries: [] }, undefined],
    [
      'of the command line',
      {
        settings: [preload('shared_preload_libraries', 'a', 'command line'), ...settings.slice(2)],
        ...{ files: file(''), libraries: [found('a', false, true)] },
      },
      ['a'],
    ],
  ])('of the next start: %s', (_, over, missing) =>
    expect((of({ settings, ...over }) as Told).missingPreloads).toEqual(missing),
  );
});

describe('what is left and what is lost', () => {
  const number = (name: string, setting: string) => ({ name, setting, source: 'default', boot: '0' });
  it.each([
    [{ sendersBusy: 3, settings: [number('max_wal_senders', '10')] }, { freeSenders: 7 }],
    [{ settings: [number('max_wal_senders', '10')] }, {}],
    [{ sendersBusy: 3 }, {}],
    [{ slots: [slot, slot], settings: [number('max_replication_slots', '1')] }, { freeSlots: -1 }],
    [{ slots: null, settings: [number('max_replication_slots', '1')] }, {}],
  ])('%j', (over, free) => {
    const told = of(over) as Told;
    expect({
      ...('freeSenders' in told && { freeSenders: told.freeSenders }),
      ...('freeSlots' in told && { freeSlots: told.freeSlots }),
    }).toEqual(free);
  });

  it.each([
    [{}, [{ name: 's', holds: true }], []],
    [{ status: 'unreserved' }, [{ name: 's', holds: false }], []],
    [{ type: 'logical', failover: true, synced: false }, [], ['s']],
    [{ type: 'logical', failover: true, synced: true }, [], []],
    [{ type: 'logical', failover: false, synced: false }, [], []],
  ])('a slot with %j', (over, physicalSlots, leftSlots) => {
    expect(of({ slots: [{ ...slot, ...over }] })).toMatchObject({ physicalSlots, leftSlots });
  });

  it('folders, pages, tables and locales', () => {
    const row = {
      tablespaces: [
        { name: 'a', there: true },
        { name: 'b', there: false },
      ],
      checksumFailures: 2,
      unlogged: 1,
    };
    expect(of({ ...row, locales: ['C'], restores: false })).toMatchObject({
      ...{ missingTablespaces: ['b'], checksumFailures: 2, unlogged: 1, locales: ['C'], restores: false },
    });
    const hidden = of({ tablespaces: null, checksumFailures: null, restores: null });
    for (const name of ['missingTablespaces', 'checksumFailures', 'restores', 'unlogged'])
      expect(hidden).not.toHaveProperty(name);
  });
});

describe('files that the server reads', () => {
  const error = (over: object) => ({
    name: 'x',
    line: 3,
    error: 'unrecognized configuration parameter',
    context: null,
    ...over,
  });
  const refused = { error: 'setting could not be applied' };
  it.each([
    ['a setting that is not known', error({}), ['line 3: x: unrecognized configuration parameter']],
    ['a line that is none', error({ name: null, error: 'syntax error' }), ['line 3: syntax error']],
    ['a value that is none', error({ ...refused, context: 'user' }), ['line 3: x: setting could not be applied']],
    ['what waits for a restart, or is none', error({ ...refused, context: 'postmaster' }), []],
    ['a line that is not told', error({ line: null }), ['line ?: x: unrecognized configuration parameter']],
  ])('%s', (_, one, told) => expect((of({ fileErrors: [one] }) as Told).fileErrors).toEqual(told));

  it('what waits for a restart is told from what is none by what a restart would set', () => {
    const errors = ['Shared_Buffers', 'port'].map((name) => error({ ...refused, name, context: 'postmaster' }));
    const lines = (waits: string[]) => (of({ fileErrors: errors, waits }) as Told).fileErrors;
    expect(lines(['shared_buffers', 'port'])).toEqual([]);
    expect(lines(['shared_buffers'])).toEqual(['line 3: port: setting could not be applied']);
    expect(lines([])).toHaveLength(2);
  });

  it('a pg_hba.conf that is not there', () => {
    expect(of({ access: null, accessThere: false })).toMatchObject({ accessErrors: ['the file is not there'] });
    expect(of({ access: null, accessThere: true })).not.toHaveProperty('accessErrors');
  });

  it.each([
    ['on', true],
    ['YES', true],
    ['t', true],
    ['1', true],
    ['off', false],
    ['onwards', false],
    ['0', false],
  ])('transactions that are read only by a last line that says %s', (setting, readOnly) => {
    const name = 'default_transaction_read_only';
    const files = [
      { name, setting, seqno: 2 },
      { name, setting: setting === 'off' ? 'on' : 'off', seqno: 1 },
    ];
    expect(of({ files })).toMatchObject({ readOnly });
    expect(of({ files: [] })).toMatchObject({ readOnly: false });
    expect(of({ files: null })).not.toHaveProperty('readOnly');
  });

  it('whom it would follow, and what lies beside its data', () => {
    expect(of({ nextSource: 'nobody' })).toMatchObject({ nextSource: 'nobody' });
    expect(of({ nextSource: null })).not.toHaveProperty('nextSource');
    expect(of({ signals: ['recovery.signal'] })).toMatchObject({ recoverySignal: true, backupLabel: false });
    expect(of({ signals: ['backup_label'] })).toMatchObject({ recoverySignal: false, backupLabel: true });
  });

  it('what would be refused, where it would stop, and for whom it listens', () => {
    const set = (name: string, setting: string) => ({ name, setting, source: 'configuration file', boot: '' });
    const slots = [{ name: 'p', type: 'physical', active: true, reserves: true }];
    const settings = [
      ...[set('wal_level', 'replica'), set('max_replication_slots', '0'), set('listen_addresses', 'localhost')],
      ...[set('recovery_target', ''), set('recovery_target_xid', '')],
    ];
    const files = [
      ...[set('wal_level', 'replica'), set('max_replication_slots', '0'), set('recovery_target_xid', '7')],
    ].map(({ name, setting }, seqno) => ({ name, setting, seqno }));
    expect(of({ settings, files, slots })).toMatchObject({
      ...{ refused: ['max_replication_slots 0 for 1 slots'], targets: ['recovery_target_xid 7'], listens: 'itself' },
    });
    expect(of({ settings, files: null, slots })).not.toHaveProperty('refused');
  });

  it('of which kind the passwords are', () => {
    const role = { name: 'rep', login: true, limit: -1, expired: false, groups: [] };
    const passwords = [{ name: 'rep', kind: 'md5' }];
    expect(of({ replicators: [role], passwords })).toMatchObject({ replicators: [{ ...role, password: 'md5' }] });
    for (const others of [null, [], [{ name: 'other', kind: 'md5' }]])
      expect(of({ replicators: [role], passwords: others })).toMatchObject({ replicators: [role] });
  });

  it('lines of pg_hba.conf', () => {
    const none = { type: null, databases: null, users: null, address: null, mask: null, method: null };
    const some = { ...none, type: 'hostssl', databases: ['all'], users: ['all'], address: 'all', method: 'cert' };
    const told = of({
      access: [
        { ...some, line: 1, error: 'no TLS' },
        { ...none, line: 2, error: 'bad' },
      ],
    }) as Told;
    expect(told.accessErrors).toEqual(['line 2: bad']);
    expect(of({ access: null })).not.toHaveProperty('accessErrors');
  });

  it.each([
    [{ pending: [], accessChanged: false }, []],
    [{ pending: ['port'], accessChanged: true }, ['port (restart)', 'pg_hba.conf (reload)']],
    [{ pending: ['port'], accessChanged: null }, ['port (restart)']],
    [{ pending: [], accessChanged: null }, undefined],
    [{ pending: null, accessChanged: false }, undefined],
    [{}, undefined],
  ])('what waits in %j', (over, waits) => expect((of(over) as Told).pending).toEqual(waits));

  it.each([
    [{ user: "'o''brien'", tls: null }, { user: "o''brien" }],
    [
      { user: 'rep', tls: "'require'" },
      { user: 'rep', tls: 'require' },
    ],
    [{ user: null, tls: null }, {}],
    [null, undefined],
  ])('as whom it follows: %j', (follows, told) => expect((of({ follows }) as Told).follows).toEqual(told));
});

describe('the rest', () => {
  it.each([
    ['off', [], 'off'],
    ['on', [{ failed: 3, failing: false }], 'works'],
    ['always', [{ failed: 3, failing: true }], 'fails'],
    ['on', null, undefined],
  ])('an archiver that is %s with %j', (mode, archiver, found) => {
    const settings = [limit('30'), { name: 'archive_mode', setting: mode, source: 'default', boot: 'off' }];
    expect((of({ settings, archiver }) as Told).archiver).toBe(found);
  });

  it.each([
    ['some', { failed: 0, failing: false, archived: true }, 'works'],
    ['some', { failed: 0, failing: false, archived: false }, 'untried'],
    ['some', { failed: 2, failing: true, archived: false }, 'fails'],
    ['none', { failed: 0, failing: false, archived: false }, 'none'],
    ['none', { failed: 2, failing: true, archived: true }, 'none'],
    ['nothing', { failed: 0, failing: false, archived: true }, 'discards'],
    ['nothing', { failed: 2, failing: true, archived: true }, 'fails'],
  ])('an archiver with %s to archive with, and %j', (archive, one, found) => {
    const settings = [limit('30'), { name: 'archive_mode', setting: 'on', source: 'default', boot: 'off' }];
    expect(of({ settings, archive, archiver: [one] })).toMatchObject({ archiver: found });
  });

  it.each([
    [{ data_checksums: 'on', wal_log_hints: 'off', full_page_writes: 'on' }, 'possible'],
    [{ data_checksums: 'off', wal_log_hints: 'on', full_page_writes: 'on' }, 'possible'],
    [{ data_checksums: 'off', wal_log_hints: 'off', full_page_writes: 'on' }, 'impossible'],
    [{ data_checksums: 'on', wal_log_hints: 'on', full_page_writes: 'off' }, 'impossible'],
    [{ data_checksums: 'on' }, undefined],
  ])('a way back with %j', (named, rewind) => {
    const settings = Object.entries(named).map(([name, setting]) => ({ name, setting, source: 'default', boot: null }));
    expect((of({ settings }) as Told).rewind).toBe(rewind);
  });

  const versions = { recorded: '153.14', actual: '153.80' };
  it.each([
    [{ databases: [{ database: 'shop', ...versions }] }, ['database shop: recorded 153.14, here 153.80']],
    [{ databases: [{ database: 'shop', recorded: '1', actual: '1' }] }, []],
    [{ collations: [{ name: 'de', ...versions }] }, ['collation de: recorded 153.14, here 153.80']],
    [{ databases: [{ database: 'shop', recorded: '1', actual: null }] }, undefined],
    [{ version: 90624, collations: null }, undefined],
  ])('collations of %j', (over, stale) => {
    expect((of(over) as Told).staleCollations).toEqual(stale);
  });
});

describe('an answer', () => {
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(postgresConfiguration, [output], {}));
  it('is none with a problem, or in another form', () => {
    for (const output of spoiled(captured(15, 'primary'))) unreadable(postgresConfiguration, [output], {});
    for (const over of [{ files: 1 }, { extra: 1 }, { version: 90200 }, { slots: [{ name: 's' }] }])
      expect(() => of(over)).toThrow(Unreadable);
  });
  it('says that nothing answers, or not yet', () => {
    const down =
      'psql: error: could not connect to server: No such file or directory\n\tIs the server running locally\n';
    expect(read(postgresConfiguration, [failed(down, 2)], {})).toMatchObject({ state: 'down' });
  });
});

describe('the query', () => {
  it('is one statement that only selects', () => {
    expect(configurationQuery).not.toMatch(
      /;|\b(insert|update|delete|create|drop|alter|set|do|call|copy|lock|pg_terminate\w*)\b/i,
    );
  });
  it('asks for files before 11 as a superuser alone: there the function refuses everybody else, whatever was granted', () => {
    const condition =
      /CASE WHEN (\S+) >= 110000 THEN has_function_privilege\('pg_catalog\.pg_stat_file\(text,boolean\)', 'EXECUTE'\) ELSE \1 >= 90500 AND current_setting\('is_superuser'\) = 'on' END/;
    const [before = '', after = ''] = configurationQuery.split('pg_stat_file(name');
    expect(before.split('$q$').at(-2)).toMatch(condition);
    expect(after).not.toContain('pg_stat_file(name');
  });
  it('looks for libraries only where the role may look for any file', () => {
    const [before = ''] = configurationQuery.split('pg_stat_file(path');
    expect(before.split('$q$').at(-2)).toMatch(
      /CASE WHEN (\S+) >= 110000 THEN has_function_privilege\('pg_catalog\.pg_stat_file\(text,boolean\)', 'EXECUTE'\) ELSE \1 >= 90500 AND current_setting\('is_superuser'\) = 'on' END AND CASE WHEN \1 >= 110000 THEN pg_has_role\('pg_read_server_files', 'USAGE'\) ELSE true END AND .* THEN $/s,
    );
  });
  it('reads pg_hba.conf only where the role may read any file, and call the function, and no more than a mebibyte of it', () => {
    const [before = '', after] = configurationQuery.split(' encode(pg_read_binary_file(name, 0, 1048577, true)');
    expect(before).toMatch(/CASE WHEN \(pg_stat_file\(name, true\)\)\.size <= 1048576 THEN$/);
    expect(after).not.toContain('pg_read_binary_file');
    expect(before.split('$q$').at(-2)).toMatch(
      /pg_has_role\('pg_read_server_files', 'USAGE'\) ELSE true END AND has_function_privilege\('pg_catalog\.pg_read_binary_file\(text,bigint,bigint,boolean\)', 'EXECUTE'\) THEN $/,
    );
  });
  it('names in a text alone what only some releases have, or some roles may see', () => {
    expect(configurationQuery.split('$q$').filter((part) => part.includes('pg_stat_file(path'))).toHaveLength(1);
    const outside = configurationQuery.replace(/\$q\$.*?\$q\$/gs, '').replace(/has_\w+_privilege\([^)]*\)+/g, '');
    expect(outside).not.toMatch(
      /FROM pg_(file_settings|replication_slots|stat_archiver)|pg_stat_file\((name|path)|pg_read_\w*file\(name|FROM pg_config|actual_version|wal_lsn/,
    );
  });
});
