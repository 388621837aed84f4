/** psql on a played host: the one row that a PostgreSQL server gives of itself and of replication. */
import type { Answer as Row } from '../../probes/postgres/answer.js';
import type { PlayedPostgres } from '../file/machine.js';
import { bytesOf, type Size } from '../file/machine.js';
import { type Answer, fails, notFound, says } from './answer.js';
import { sayingOf } from './changing-answers.js';
import type { Runner } from './runner.js';

/** `psql ... -d CONNINFO -c QUERY`, whatever the query: the engine has only one. */
export function psql(words: string[], { machine: { postgres }, turn }: Runner): Answer {
  const [, socket = '', port = ''] = /^host=(\S+) port=(\d+) /.exec(words[words.indexOf('-d') + 1] ?? '') ?? [];
  if (!postgres) return notFound('psql');
  const failed = `psql: error: connection to server on socket "${socket.replace(/\/$/, '')}/.s.PGSQL.${port}" failed: `;
  if (postgres.state === 'down')
    return fails(
      `${failed}No such file or directory\n\tIs the server running locally and accepting connections on that socket?`,
      2,
    );
  if (postgres.state === 'starting') return fails(`${failed}FATAL:  the database system is starting up`, 2);
  return says(`${JSON.stringify(rowOf(postgres, turn))}\n`);
}

function rowOf(postgres: PlayedPostgres, turn: number): Row {
  const { version, standby, maxWalSenders, senders = {}, replayAgeSeconds, system = '7300000000000000001' } = postgres;
  const written = sayingOf(postgres.written ?? '0/0', turn);
  const rows = Object.entries(senders).map(([address, { state, lag = 0, unreceived = 0 }]) => ({
    address,
    name: 'walreceiver',
    state,
    sync: 'async',
    flush: behind(written, sayingOf(unreceived, turn)),
    replay: behind(written, sayingOf(lag, turn)),
  }));
  return {
    version,
    standby,
    maxWalSenders,
    senders: rows.length === 0 ? null : rows,
    positions: { ...(standby ? positionsOf(postgres, turn) : { written }), system },
    replayAge: standby ? (replayAgeSeconds ?? null) : null,
  };
}

function positionsOf({ received, replayed, paused = false, receiver }: PlayedPostgres, turn: number) {
  return {
    received: received === undefined ? null : sayingOf(received, turn),
    replayed: replayed === undefined ? null : sayingOf(replayed, turn),
    paused,
    receiver: receiver ?? null,
  };
}

/** A position this many bytes before another; both are the upper and the lower 32 bits in hexadecimal digits. */
function behind(lsn: string, size: Size): string {
  const [high = '0', low = '0'] = lsn.split('/');
  const position = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) - BigInt(bytesOf(size));
  const text = (half: bigint) => half.toString(16).toUpperCase();
  return `${text(position >> 32n)}/${text(position & 0xffffffffn)}`;
}
