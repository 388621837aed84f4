/** What a PostgreSQL server says of itself: captured from a real pair, asked of a real pair, and read from older servers' rows. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { positionOf } from '../../src/probes/postgres/answer.js';
import { postgres } from '../../src/probes/postgres/postgres.js';
import { postgresQuery } from '../../src/probes/postgres/query.js';
import { lacking } from '../needs.js';
import { failed, fixture, noAnswers, read, refused, said, spoiled, unreadable } from './support.js';

const params = { socket: '/tmp/pg', port: 5432, user: 'shop', database: 'shop', as: 'login' };
const self = { name: 'a', role: 'a', address: '10.0.0.1', connection: 'ssh' as const };
const captured = (name: string, exit = 0): Output =>
  said(fixture(`postgres-15/${name}`), exit, fixture(`postgres-15/${name}-said`));

function wordsOf(over: Partial<typeof params> = {}): [string, ...string[]] {
  const [ask] = postgres.ask({ ...params, ...over }, self);
  if (ask?.kind !== 'exec') throw new Error('psql is not asked');
  return ask.argv;
}

/** The number that initdb gave to the captured pair. */
const system = '7713704625899665979';
const limits = {
  ...{ max_connections: 100, max_worker_processes: 8, max_wal_senders: 4 },
  ...{ max_prepared_transactions: 0, max_locks_per_transaction: 64 },
};
const times = {
  ...{ senderTimeoutMs: 60_000, receiverTimeoutMs: 60_000, statusIntervalMs: 10_000 },
  ...{ applyDelayMs: 0, conflictDelayMs: 30_000 },
};
const common = { state: 'up', version: 150018, system, maxWalSenders: 4, limits, ...times, now: expect.any(Number) };
const synchronous = { state: 'off', commit: 'on', wanted: 0, confirming: 0, spare: 0, names: '' };
const primary = {
  ...{ ...common, role: 'primary', replay: 'none', timeline: 1, synchronous, waitingCommits: 0, slots: [] },
};
const follower = {
  ...{ ...common, role: 'standby', senders: [], timeline: 1, pause: 'not paused', heardAgeMs: expect.any(Number) },
  ...{ replayWaits: 'RecoveryWalStream', asks: { name: 'walreceiver', slot: '', host: '127.0.0.1', port: 5432 } },
};
const writtenTo = (written: string, walBytes: number) => ({ written, writtenPosition: walBytes, walBytes });
const receivedTo = (received: string, walBytes: number) => ({ received, receivedPosition: walBytes, walBytes });
const sender = {
  ...{ address: '127.0.0.1', name: 'walreceiver', state: 'streaming', sync: 'async', slot: '', logical: false },
  ...{ replays: true, repliedAt: expect.any(Number) },
};

describe('a real answer', () => {
  it.each([
    ['alone', { ...primary, ...writtenTo('0/1921860', 0x1921860), senders: [] }],
    [
      'primary',
      {
        ...{ ...primary, ...writtenTo('0/3000090', 0x3000090) },
        senders: [{ ...sender, replay: '0/3000090', unreceivedBytes: 0, lagBytes: 0 }],
      },
    ],
    [
      'standby',
      {
        ...{ ...follower, ...receivedTo('0/3000090', 0x3000090), receiver: 'streaming' },
        ...{ replayed: '0/3000090', replayedPosition: 0x3000090, pendingBytes: 0, replay: 'running' },
        replayAgeMs: 1887,
      },
    ],
    [
      'paused-primary',
      {
        ...{ ...primary, ...writtenTo('0/309CC08', 0x309cc08) },
        senders: [{ ...sender, replay: '0/3000090', unreceivedBytes: 0, lagBytes: 0x309cc08 - 0x3000090 }],
      },
    ],
    [
      'paused-standby',
      {
        ...{ ...follower, ...receivedTo('0/309CC08', 0x309cc08), receiver: 'streaming' },
        ...{ replayed: '0/3000090', replayedPosition: 0x3000090, pendingBytes: 0x309cc08 - 0x3000090 },
        ...{ replay: 'paused', pause: 'paused', replayWaits: 'RecoveryPause', replayAgeMs: 4888 },
      },
    ],
  ])('%s', (name, value) => {
    expect(read(postgres, [captured(name)], params)).toEqual(value);
  });

  it('names the port at which it listens', () => {
    const row = JSON.parse(captured('primary').stdout) as { settings: object[] };
    const told = { ...row, over: null, settings: [...row.settings, { name: 'port', setting: '5433' }] };
    expect(read(postgres, [said(JSON.stringify(told))], params)).toMatchObject({ role: 'primary', port: 5433 });
  });

  it.each(['primary', 'standby'])('of a %s behind a socket that leads on to another host is none', (name) => {
    const row = JSON.parse(captured(name).stdout) as object;
    const over = (address: unknown) => [said(JSON.stringify({ ...row, over: address }))];
    for (const own of [null, '127.0.0.1', '::1'])
      expect(read(postgres, over(own), params)).toMatchObject({ role: name });
    for (const other of ['10.0.0.9', 'fd00::9', 'db.example', 7])
      expect(() => read(postgres, over(other), params)).toThrow(`the socket leads on to a server at ${other};`);
  });

  it('of a standby whose primary is gone says that nothing is received', () => {
    expect(read(postgres, [captured('orphan')], params)).toMatchObject({
      ...{ role: 'standby', system },
      receiver: 'none',
      pendingBytes: 0,
    });
  });

  it('of a login that may not see the receiver leaves it out', () => {
    const value = read(postgres, [captured('guest-standby')], params);
    expect(value).toMatchObject({ role: 'standby', replay: 'running', limits, hiddenReceiver: true });
    for (const hidden of ['receiver', 'asks', 'replayWaits']) expect(value).not.toHaveProperty(hidden);
  });

  it('of a login that may not see the standbys tells all but them', () => {
    const value = read(postgres, [captured('guest')], params);
    expect(value).toMatchObject({ role: 'primary', version: 150018, system, limits, hiddenSenders: 1 });
    for (const hidden of ['senders', 'synchronous', 'waitingCommits']) expect(value).not.toHaveProperty(hidden);
  });

  it.each([11, 12, 17, 18])('of version %i tells a slot, a name and how old the replies are', (version) => {
    const of = (name: string) => read(postgres, [said(fixture(`postgres-${version}/${name}`))], params);
    const [row] = (of('primary') as { senders: Record<string, unknown>[] }).senders;
    expect(row).toMatchObject({ name: 'standby', slot: 'standby', logical: false, replays: true, state: 'streaming' });
    expect(row && 'repliedAt' in row).toBe(version >= 12);
    expect(of('primary')).toMatchObject({
      timeline: 1,
      slots: [{ name: 'standby', type: 'physical' }],
      replay: 'none',
    });
    expect(of('standby')).toMatchObject({
      ...{ receiver: 'streaming', timeline: 1, heardAgeMs: expect.any(Number), replay: 'running' },
      asks: { name: 'standby', slot: 'standby', host: '127.0.0.1', port: 5432 },
    });
    expect('applyDelayMs' in (of('standby') as object)).toBe(version >= 12);
  });

  it.each([
    ['down', 'down', /^psql: error: .*No such file or directory$/],
    ['starting', 'starting', /the database system is starting up$/],
  ])('of no server that takes connections is a value: %s', (name, state, words) => {
    expect(read(postgres, [captured(name, 2)], params)).toEqual({
      ...{ state, replay: 'none' },
      said: expect.stringMatching(words),
    });
  });

  it.each([
    ['no-database', undefined, /database "nonesuch" does not exist/],
    ['no-role', undefined, /role "nonesuch" does not exist/],
    ['rejected', 'denied', /pg_hba\.conf rejects/],
    ['password', 'denied', /no password supplied/],
  ])('%s proves nothing, and says why', (name, problem, why) => {
    const error = unreadable(postgres, [captured(name, 2)], params);
    expect(error.message).toMatch(why);
    expect(error.problem).toBe(problem);
  });
});

describe('the words of other releases', () => {
  // Written after the messages in the source of those releases.
  it.each([
    [
      'down',
      'psql: could not connect to server: No such file or directory\n\tIs the server running locally and accepting\n\tconnections on Unix domain socket "/tmp/.s.PGSQL.5432"?\n',
    ],
    [
      'down',
      'psql: error: could not connect to server: Connection refused\n\tIs the server running locally and accepting\n\tconnections on Unix domain socket "/tmp/.s.PGSQL.5432"?\n',
    ],
    ['starting', 'psql: FATAL:  the database system is starting up\n'],
    ['stopping', 'psql: FATAL:  the database system is shutting down\n'],
    [
      'closed',
      'psql: error: FATAL:  the database system is not accepting connections\nDETAIL:  Hot standby mode is disabled.\n',
    ],
    ['starting', 'psql: error: FATAL:  the database system is in recovery mode\n'],
    [
      'starting',
      'psql: error: connection to server on socket "/tmp/.s.PGSQL.5432" failed: FATAL:  the database system is not yet accepting connections\nDETAIL:  Consistent recovery state has not been yet reached.\n',
    ],
  ])('%s: %j', (state, stderr) => {
    expect(read(postgres, [failed(stderr, 2)], params)).toMatchObject({ state });
    unreadable(postgres, [failed(stderr, 1)], params);
  });

  it.each([
    [
      'denied',
      'psql: error: connection to server on socket "/tmp/.s.PGSQL.5432" failed: Permission denied\n\tIs the server running locally and accepting connections on that socket?\n',
    ],
    ['denied', 'psql: FATAL:  Peer authentication failed for user "shop"\n'],
    ['denied', 'psql: FATAL:  no pg_hba.conf entry for host "[local]", user "shop", database "shop", SSL off\n'],
    ['denied', 'psql: FATAL:  permission denied for database "shop"\n'],
    ['timeout', 'psql: timeout expired\n'],
    ['timeout', 'ERROR:  canceling statement due to statement timeout\n'],
    [undefined, 'psql: FATAL:  sorry, too many clients already\n'],
    [undefined, 'psql: error: FATAL:  the database system is not accepting connections\n'],
    [undefined, 'psql: FATAL:  das Datenbanksystem startet\n'],
    [undefined, 'psql: could not translate host name\n'],
  ])('%s and no value: %j', (problem, stderr) => {
    expect(unreadable(postgres, [failed(stderr, 2)], params).problem).toBe(problem);
  });
});

/** A row in the form of any release; a primary's unless said. */
const row = (over: object = {}) => {
  const settings = [{ name: 'max_wal_senders', setting: '4' }];
  const positions = { written: '1/A', file: '000000030000000100000000' };
  const whole = { version: 90325, standby: false, now: 5000, settings, senders: null, positions, replayAge: null };
  return said(`${JSON.stringify({ ...whole, ...over })}\n`);
};
const attached = {
  ...{ pid: 7, address: '10.0.0.2', name: 'b', state: 'streaming', sync: 'async', flush: '0/A', replay: '0/9' },
  reply: null,
};
const standby = { received: '1/5', replayed: '1/2', paused: false };
const asking = { status: 'streaming', name: 'b', slot: null, host: 'a', port: '5432', timeline: 3, age: 20 };

describe('a row', () => {
  it('counts positions of 64 bits in two halves', () => {
    expect(read(postgres, [row({ senders: [attached] })], params)).toEqual({
      ...{ state: 'up', version: 90325, role: 'primary', maxWalSenders: 4, limits: { max_wal_senders: 4 } },
      ...{ ...writtenTo('1/A', 2 ** 32 + 10), replay: 'none', timeline: 3, now: 5000 },
      synchronous: { state: 'unread', commit: '' },
      senders: [
        {
          ...{ address: '10.0.0.2', name: 'b', state: 'streaming', sync: 'async', replays: true, replay: '0/9' },
          ...{ unreceivedBytes: 2 ** 32, lagBytes: 2 ** 32 + 1 },
        },
      ],
    });
    expect(positionOf('1FFFFF/FFFFFFFF')).toBe(Number.MAX_SAFE_INTEGER);
    unreadable(postgres, [row({ positions: { written: '200000/0', file: '000000030000000100000000' } })], params);
  });

  it('of a standby before 9.6 tells no receiver, and of one without streaming no received position', () => {
    const value = read(postgres, [row({ standby: true, positions: standby, replayAge: 0.4 })], params);
    expect(value).toMatchObject({ pendingBytes: 3, replay: 'running', replayAgeMs: 400, walBytes: 2 ** 32 + 5 });
    for (const later of ['receiver', 'asks', 'system', 'timeline']) expect(value).not.toHaveProperty(later);
    const archive = read(postgres, [row({ standby: true, positions: { ...standby, received: null } })], params);
    for (const unknown of ['pendingBytes', 'walBytes', 'replayAgeMs']) expect(archive).not.toHaveProperty(unknown);
  });

  it('never counts less than nothing', () => {
    const ahead = { ...standby, replayed: '2/0', receiver: { ...asking, age: -4 } };
    expect(read(postgres, [row({ standby: true, positions: ahead, replayAge: -3 })], params)).toMatchObject({
      ...{ pendingBytes: 0, replayAgeMs: 0, heardAgeMs: 0 },
    });
    expect(read(postgres, [row({ senders: [{ ...attached, flush: '1/B', replay: '1/B' }] })], params)).toMatchObject({
      senders: [{ lagBytes: 0, unreceivedBytes: 0 }],
    });
  });

  it('of a sender that nobody asked yet has no lag, and one through a local socket no address', () => {
    const backup = { ...attached, address: null, state: 'backup', flush: null, replay: null };
    expect(read(postgres, [row({ senders: [backup] })], params)).toMatchObject({
      senders: [{ address: '', name: 'b', state: 'backup', sync: 'async', replays: false }],
    });
  });

  it('tells who takes the WAL and replays none of it, and who reads it as a subscriber', () => {
    const archive = { ...attached, name: 'pg_receivewal', flush: '1/A', replay: null };
    const subscriber = { ...attached, pid: 8, name: 'sub', reply: 4000 };
    const slots = [
      { name: 'sub', type: 'logical', pid: 8 },
      { name: 'b', type: 'physical', pid: 7 },
    ];
    const positions = { written: '1/A', file: '000000030000000100000000', slots };
    const { senders } = read(postgres, [row({ positions, senders: [archive, subscriber] })], params) as {
      senders: object[];
    };
    expect(senders).toMatchObject([
      { name: 'pg_receivewal', state: 'streaming', replays: false, unreceivedBytes: 0, slot: 'b', logical: false },
      { name: 'sub', state: 'streaming', replays: false, slot: 'sub', logical: true, repliedAt: 4000 },
    ]);
    expect(senders[0]).not.toHaveProperty('lagBytes');
  });

  it.each([
    [
      'what the receiver asks for, out of its quotes',
      { name: "'a \\\\ \\'b\\''", host: "'10.0.0.1'" },
      { name: "a \\ 'b'", host: '10.0.0.1' },
    ],
    ['a receiver that names nobody', { name: null, host: null, port: '' }, { name: '', host: '', slot: '' }],
  ])('has %s', (_, over, asks) => {
    const positions = { ...standby, receiver: { ...asking, ...over } };
    expect(read(postgres, [row({ standby: true, positions })], params)).toMatchObject({ asks, receiver: 'streaming' });
  });

  it('says that a session which cannot be seen may wait too', () => {
    const positions = { written: '1/A', file: '000000030000000100000000', commits: { waiting: 0, hidden: 2 } };
    expect(read(postgres, [row({ positions })], params)).not.toHaveProperty('waitingCommits');
    const seen = { ...positions, commits: { waiting: 3, hidden: 2 } };
    expect(read(postgres, [row({ positions: seen })], params)).toMatchObject({ waitingCommits: 3 });
  });

  it('has the number of its cluster, digit for digit, where its release tells it', () => {
    // More than a number holds exactly: two clusters must not look alike.
    const positions = { written: '1/A', file: '000000030000000100000000', system: '18446744073709551615' };
    expect(read(postgres, [row({ positions })], params)).toMatchObject({ system: '18446744073709551615' });
    const following = row({ standby: true, positions: { ...standby, system: '7' } });
    expect(read(postgres, [following], params)).toMatchObject({ role: 'standby', system: '7' });
  });

  it.each([
    ['a role that changed', { standby: true }],
    ['a standby that says it writes', { positions: standby }],
    ['no positions', { positions: null }],
    ['half a position', { positions: { written: '1', file: '000000030000000100000000' } }],
    ['a position that is none', { positions: { written: '1/G', file: '000000030000000100000000' } }],
    ['a file that is none', { positions: { written: '1/A', file: '3' } }],
    ['a number of its cluster that is none', { standby: true, positions: { ...standby, system: '7a' } }],
    ['a number of its cluster that is no text', { standby: true, positions: { ...standby, system: 7 } }],
    ['both kinds of positions', { positions: { ...standby, written: '1/A', file: '000000030000000100000000' } }],
    ['a release that is not asked', { version: 90200 }],
    ['another type', { settings: [{ name: 'max_wal_senders', setting: 4 }] }],
    ['more than was asked for', { extra: 1 }],
    ['a sender of another form', { senders: [{ state: 'streaming' }] }],
    ['a receiver of another form', { standby: true, positions: { ...standby, receiver: { status: 1 } } }],
  ])('with %s is none', (_, over) => {
    unreadable(postgres, [row(over)], params);
  });

  it('with one hidden sender tells none of them', () => {
    const senders = [attached, { ...attached, state: null, address: null }];
    const value = read(postgres, [row({ senders })], params);
    expect(value).toMatchObject({ hiddenSenders: 1 });
    expect(value).not.toHaveProperty('senders');
  });

  it.each(['', 'null', '[]', '1', '{}', 'psql: x', `${row().stdout}${row().stdout}`])('is not %j', (text) => {
    unreadable(postgres, [said(text)], params);
  });
});

describe('an answer', () => {
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(postgres, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(captured('primary'))) unreadable(postgres, [output], params);
  });
  it('without psql is not found', () => {
    expect(unreadable(postgres, [failed('sh: 1: psql: not found', 127)], params).problem).toBe('not-found');
  });
});

describe('the query', () => {
  // After the tables of system functions and of pg_stat_replication in the documentation of 9.3, 9.6 and 10.
  const renamed = [
    ['pg_current_xlog_location()', 'pg_current_wal_lsn()'],
    ['pg_xlogfile_name(', 'pg_walfile_name('],
    ['pg_last_xlog_receive_location()', 'pg_last_wal_receive_lsn()'],
    ['pg_last_xlog_replay_location()', 'pg_last_wal_replay_lsn()'],
    ['pg_is_xlog_replay_paused()', 'pg_is_wal_replay_paused()'],
  ] as const;
  /** The texts, each with the condition that it is executed under. */
  const forms = [...postgresQuery.matchAll(/(?:WHEN ([^$]*) THEN|ELSE) \$q\$([^$]*)\$q\$/g)].map(
    ([, when = '', text = '']) => ({ when, text, from: Number(/>= (\d+)/.exec(when)?.[1] ?? 90300) }),
  );
  const outside = postgresQuery.replace(/\$q\$[^$]*\$q\$/g, '');

  it('has a name that only some releases know in a text alone, which only they execute', () => {
    expect(forms).toHaveLength(8);
    expect(outside).not.toMatch(/xlog|pg_\w*wal|pg_replication_slots|pg_control_system/);
    for (const { when, text, from } of forms) {
      for (const [old, recent] of renamed) {
        expect(text.includes(old) && from >= 100_000, old).toBe(false);
        expect(text.includes(recent) && from < 100_000, recent).toBe(false);
      }
      // Since when there is what more than the positions are asked of.
      const since = {
        pg_replication_slots: 90_400,
        pg_stat_wal_receiver: 90_600,
        pg_control_system: 90_600,
        wait_event: 90_600,
        backend_type: 100_000,
        pg_get_wal_replay_pause_state: 140_000,
      };
      for (const [name, version] of Object.entries(since))
        if (text.includes(name)) expect(from, name).toBeGreaterThanOrEqual(version);
      expect(text.includes('pg_current')).toBe(when.startsWith('NOT pg_is_in_recovery()'));
    }
  });

  it('is one statement that only selects', () => {
    expect(postgresQuery).not.toMatch(
      /;|\b(insert|update|delete|create|drop|alter|set|do|call|copy|lock|pg_terminate\w*)\b/i,
    );
    expect(postgresQuery.startsWith('SELECT ')).toBe(true);
  });
});

describe('the question', () => {
  const words = wordsOf();

  it('may run as it is', () => {
    expect(words.slice(0, -1).join(' ')).toBe(
      'psql -X -A -t -q -w -v ON_ERROR_STOP=1 -d host=/tmp/pg port=5432 user=shop dbname=shop ' +
        "hostaddr='' connect_timeout=5 application_name=pairflight options='-c default_transaction_read_only=on -c statement_timeout=5000 " +
        "-c lock_timeout=2000 -c search_path=pg_catalog -c default_transaction_isolation=read\\\\ committed' -c",
    );
    expect(refused(words)).toBeUndefined();
  });

  it('may not run with any word left out, or another in its place, or more of them', () => {
    for (const index of words.keys()) {
      expect(refused(words.toSpliced(index, 1)), `without ${words[index]}`).toBeDefined();
      for (const other of ['-o/etc/hosts', 'SELECT 1', ''])
        expect(refused(words.with(index, other)), words[index]).toBeDefined();
    }
    expect(refused([...words, '-c', 'SELECT 1'])).toBeDefined();
    expect(refused(words.with(-1, `${postgresQuery}; SELECT 1`))).toBeDefined();
    for (const part of ["hostaddr=''", 'default_transaction_read_only=on', 'statement_timeout=5000', '=pg_catalog'])
      expect(refused(words.with(9, (words[9] ?? '').replace(part, 'x=on'))), part).toBeDefined();
  });

  it.each([
    { socket: 'db.example.com' },
    { socket: '/tmp host=10.0.0.9' },
    { socket: '/tmp,/var' },
    { user: "shop' options='" },
    { database: 'postgres://elsewhere/' },
    { database: 'a=b' },
    { user: '-x' },
    { port: 0 },
  ])('may not connect with %j', (over) => {
    expect(refused(wordsOf(over))).toBeDefined();
  });
});

const servers = '/usr/lib/postgresql';
const newest = existsSync(servers) ? readdirSync(servers).sort((a, b) => Number(b) - Number(a))[0] : undefined;
const bin = join(servers, newest ?? '', 'bin');
const why = lacking('root', 'psql', 'setpriv', 'postgresql');
describe.skipIf(why)(`a real pair of servers${why}`, () => {
  let room: string;
  let port: number;
  const uid = why ? 0 : Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  const functions = new URL('./postgres-pair.sh', import.meta.url).pathname;

  function run(script: string): string {
    const head = `bin=${bin} room=${room} port=${port}; . ${functions}; cd "$room"`;
    const argv = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '/bin/sh', '-c', `${head}\n${script}`];
    return execFileSync('setpriv', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  }

  function ask(at: number, over: Partial<typeof params> = {}): Output {
    const [program, ...words] = wordsOf({ ...params, socket: room, port: at, ...over });
    // Of what an environment may hold: what would make the session another, or lead past the socket to nobody.
    const led = { PGOPTIONS: '-c default_transaction_read_only=off', PGHOSTADDR: '127.0.0.9' };
    const env = { ...process.env, LC_ALL: 'C', ...led };
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
    return said(stdout, status, stderr);
  }
  const value = (at: number) => read(postgres, [ask(at)], params) as Record<string, never>;

  beforeAll(async () => {
    room = mkdtempSync(join(tmpdir(), 'postgres-'));
    chownSync(room, uid, uid);
    port = await freePorts();
    run('make_primary; make_standby');
    run(`until_true $port "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'"`);
  }, 120_000);
  afterAll(() => {
    run(
      'for one in standby primary; do "$bin/pg_ctl" -D "$room/$one" -m immediate -w stop >/dev/null 2>&1 || true; done',
    );
    rmSync(room, { recursive: true, force: true });
  }, 60_000);

  it('is asked without an ERROR in a log, in a session that cannot write', () => {
    run('sql $port "INSERT INTO things VALUES (1)"; until_true $((port + 1)) "SELECT count(*) = 1 FROM things"');
    const [primary, standby] = [value(port), value(port + 1)];
    expect(primary).toMatchObject({
      role: 'primary',
      senders: [{ address: '127.0.0.1', state: 'streaming', replays: true, logical: false }],
    });
    expect(standby).toMatchObject({ role: 'standby', receiver: 'streaming', replay: 'running' });
    const guest = read(postgres, [ask(port + 1, { user: 'guest' })], params);
    expect(guest).toMatchObject({ role: 'standby', replay: 'running' });
    expect(guest).not.toHaveProperty('receiver');
    expect(read(postgres, [ask(port, { user: 'guest' })], params)).toMatchObject({ role: 'primary', hiddenSenders: 1 });
    for (const name of ['primary', 'standby'])
      expect(readFileSync(join(room, `${name}.log`), 'utf8')).not.toMatch(/ERROR|FATAL|WARNING/);
    const words = wordsOf({ socket: room, port });
    const tried = spawnSync(words[0], [...words.slice(1, -1), 'CREATE TABLE no (one int)'], { encoding: 'utf8' });
    expect(tried.stderr).toMatch(/read-only transaction/);
  });

  it('moves nothing in the WAL when it is asked again and again', () => {
    run('sql $port CHECKPOINT');
    const before = run('sql $port "SELECT pg_current_wal_insert_lsn()"; ls -l "$room/primary/base/1" | cksum');
    for (let times = 0; times < 5; times++) value(port);
    expect(run('sql $port "SELECT pg_current_wal_insert_lsn()"; ls -l "$room/primary/base/1" | cksum')).toBe(before);
    expect(readdirSync(room).filter((name) => !/^(primary|standby)|^\.s\.PGSQL/.test(name))).toEqual([]);
  });

  it('whose replay is paused says so on the standby, and how far it is behind on both', () => {
    run(
      'sql $((port + 1)) "SELECT pg_wal_replay_pause()"; until_true $((port + 1)) "SELECT pg_get_wal_replay_pause_state() = \'paused\'"',
    );
    run('sql $port "INSERT INTO things SELECT generate_series(1, 10000)"');
    run('until_true $port "SELECT flush_lsn = pg_current_wal_lsn() FROM pg_stat_replication"');
    const [{ senders }, standby] = [value(port) as unknown as { senders: { lagBytes: number }[] }, value(port + 1)];
    expect(standby).toMatchObject({ replay: 'paused', receiver: 'streaming' });
    expect(senders[0]?.lagBytes).toBeGreaterThan(500_000);
    expect(standby.pendingBytes).toBeGreaterThan(500_000);
    run(
      'sql $((port + 1)) "SELECT pg_wal_replay_resume()"; until_true $port "SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"',
    );
    expect(value(port)).toMatchObject({ senders: [{ lagBytes: 0, unreceivedBytes: 0 }] });
  });

  it('has one number of its cluster, the one that its own files hold', () => {
    const { system } = value(port);
    expect(value(port + 1)).toMatchObject({ system });
    expect(run('"$bin/pg_controldata" "$room/standby"')).toContain(`system identifier:           ${system}\n`);
  });

  it('tells a program that only takes the WAL from the standby', () => {
    const words = '-h 127.0.0.1 -p "$port" -U shop -n -D "$room/primary-archive" >/dev/null 2>&1';
    const pid = Number(run(`mkdir "$room/primary-archive"; "$bin/pg_receivewal" ${words} & echo $!`));
    try {
      run('until_true $port "SELECT count(*) = 2 FROM pg_stat_replication WHERE state = \'streaming\'"');
      const { senders } = value(port) as unknown as { senders: { name: string }[] };
      expect(senders.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
        { name: 'pg_receivewal', address: '127.0.0.1', state: 'streaming', replays: false },
        { name: 'walreceiver', address: '127.0.0.1', state: 'streaming', replays: true },
      ]);
    } finally {
      process.kill(pid);
    }
  });

  it('whose primary is gone is answered for by the standby alone', () => {
    run('halt primary; until_true $((port + 1)) "SELECT count(*) = 0 FROM pg_stat_wal_receiver"');
    expect(value(port)).toMatchObject({ state: 'down' });
    expect(value(port + 1)).toMatchObject({ role: 'standby', receiver: 'none', pendingBytes: 0 });
  });
});

/** A port such that the next one is free as well. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => first.once('listening', resolve));
    const { port } = first.address() as AddressInfo;
    const second = createServer().listen(port + 1, '127.0.0.1');
    const free = await new Promise((resolve) => {
      second.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    await new Promise((resolve) => first.close(resolve));
    if (!free) continue;
    await new Promise((resolve) => second.close(resolve));
    return port;
  }
}
