/** psql on a played host: the one row that a PostgreSQL server gives of itself and of replication. */
import type { Answer as Row } from '../../probes/postgres/answer.js';
import type { PlayedPostgres } from '../file/machine.js';
import { bytesOf, type Size } from '../file/machine.js';
import { type Answer, fails, notFound, says } from './answer.js';
import { sayingOf } from './changing-answers.js';
import type { Runner } from './runner.js';

/** `psql ... -d CONNINFO -c QUERY`, whatever the query: the engine has only one. */
export function psql(words: string[], runner: Runner): Answer {
  const { postgres } = runner.machine;
  const [, socket = '', port = ''] = /^host=(\S+) port=(\d+) /.exec(words[words.indexOf('-d') + 1] ?? '') ?? [];
  if (!postgres) return notFound('psql');
  const failed = `psql: error: connection to server on socket "${socket.replace(/\/$/, '')}/.s.PGSQL.${port}" failed: `;
  if (postgres.state === 'down')
    return fails(
      `${failed}No such file or directory\n\tIs the server running locally and accepting connections on that socket?`,
      2,
    );
  if (postgres.state === 'starting') return fails(`${failed}FATAL:  the database system is starting up`, 2);
  return says(`${JSON.stringify(rowOf(postgres, runner))}\n`);
}

function rowOf(postgres: PlayedPostgres, runner: Runner): Row {
  const { version, standby, senders = {}, replayAgeSeconds } = postgres;
  const { turn } = runner;
  const now = Date.now();
  const written = sayingOf(postgres.written ?? '0/0', turn);
  const rows = Object.entries(senders).map(([address, { state, lag = 0, unreceived = 0 }], index) => ({
    ...{ pid: 4100 + index, address, name: 'walreceiver', state, sync: 'async' },
    flush: behind(written, sayingOf(unreceived, turn)),
    replay: behind(written, sayingOf(lag, turn)),
    reply: version >= 120_000 ? now : null,
  }));
  return {
    ...{ version, standby, now },
    settings: settingsOf(postgres),
    senders: rows.length === 0 ? null : rows,
    positions: standby ? standbyOf(postgres, runner) : primaryOf(postgres, written),
    replayAge: standby ? (replayAgeSeconds ?? null) : null,
  };
}

/** Every server has these: a fresh one's, and the number of senders that a scenario gives. */
function settingsOf({ version, maxWalSenders }: PlayedPostgres): Row['settings'] {
  const settings = {
    ...{ max_connections: '100', max_prepared_transactions: '0', max_locks_per_transaction: '64' },
    ...{ max_wal_senders: `${maxWalSenders}`, max_standby_streaming_delay: '30000', synchronous_commit: 'on' },
    ...{ synchronous_standby_names: '', wal_receiver_status_interval: '10', wal_receiver_timeout: '60000' },
    ...(version >= 90_400 && { max_worker_processes: '8' }),
    ...(version >= 120_000 && { recovery_min_apply_delay: '0' }),
    wal_sender_timeout: '60000',
  };
  return Object.entries(settings).map(([name, setting]) => ({ name, setting }));
}

/** Since 9.6 a cluster tells its number; its first timeline is the first. */
const systemOf = ({ version, system = '7300000000000000001' }: PlayedPostgres) => (version >= 90_600 ? { system } : {});

function primaryOf(postgres: PlayedPostgres, written: string): Row['positions'] {
  return {
    written,
    file: '000000010000000300000005',
    ...systemOf(postgres),
    ...(postgres.version >= 90_400 && { slots: null }),
    ...(postgres.version >= 90_600 && { commits: { waiting: 0, hidden: 0 } }),
  };
}

function standbyOf(postgres: PlayedPostgres, { turn, hosts }: Runner): Row['positions'] {
  const { version, received, replayed, paused = false, receiver } = postgres;
  const primary = hosts.find((host) => host.postgres?.standby === false);
  const asks = { name: 'walreceiver', slot: null, host: primary?.address ?? null, port: '5432', timeline: 1, age: 40 };
  const running = receiver === undefined ? null : { status: receiver, ...asks };
  return {
    received: received === undefined ? null : sayingOf(received, turn),
    replayed: replayed === undefined ? null : sayingOf(replayed, turn),
    paused,
    ...(version >= 140_000 && { pause: paused ? 'paused' : 'not paused' }),
    ...(version >= 90_600 && { receiver: running }),
    ...systemOf(postgres),
  };
}

/** A position this many bytes before another; both are the upper and the lower 32 bits in hexadecimal digits. */
function behind(lsn: string, size: Size): string {
  const [high = '0', low = '0'] = lsn.split('/');
  const position = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) - BigInt(bytesOf(size));
  const text = (half: bigint) => half.toString(16).toUpperCase();
  return `${text(position >> 32n)}/${text(position & 0xffffffffn)}`;
}
