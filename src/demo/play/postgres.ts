/** psql on a played host: the one row that a PostgreSQL server gives of itself and of replication. */
import type { Answer as Row } from '../../probes/postgres/answer.js';
import { configurationQuery } from '../../probes/postgres/configuration-query.js';
import { askedSettings } from '../../probes/postgres/query.js';
import type { PlayedPostgres } from '../file/machine.js';
import { bytesOf, type Size } from '../file/machine.js';
import { type Answer, fails, notFound, says } from './answer.js';
import { sayingOf } from './changing-answers.js';
import { configurationOf } from './postgres-configuration.js';
import { settingsOf } from './postgres-settings.js';
import type { Runner } from './runner.js';

/** `psql ... -d CONNINFO -c QUERY`: one of the engine's two. */
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
  const configuration = words.at(-1) === configurationQuery;
  return says(`${JSON.stringify(configuration ? configurationOf(postgres, runner) : rowOf(postgres, runner))}\n`);
}

function rowOf(postgres: PlayedPostgres, runner: Runner): Row {
  const { version, standby, senders = {}, replayAgeSeconds } = postgres;
  const { turn } = runner;
  const now = Date.now();
  const written = sayingOf(postgres.written ?? '0/0', turn);
  const rows = Object.entries(senders).map(([address, sender], index) => ({
    ...{
      pid: 4100 + index,
      address,
      name: sender.name ?? 'walreceiver',
      state: sender.state,
      sync: sender.sync ?? 'async',
    },
    flush: behind(written, sayingOf(sender.unreceived ?? 0, turn)),
    replay: behind(written, sayingOf(sender.lag ?? 0, turn)),
    reply: version >= 120_000 ? now - (sender.replyAgeSeconds ?? 0) * 1000 : null,
  }));
  return {
    ...{ version, standby, now },
    settings: settingsOf(postgres).filter(({ name }) => (askedSettings as readonly string[]).includes(name)),
    senders: rows.length === 0 ? null : rows,
    positions: standby ? standbyOf(postgres, runner) : primaryOf(postgres, written),
    replayAge: standby ? (replayAgeSeconds ?? null) : null,
  };
}

/** Since 9.6 a cluster tells its number; its first timeline is the first. */
const systemOf = ({ version, system = '7300000000000000001' }: PlayedPostgres) => (version >= 90_600 ? { system } : {});

function primaryOf(postgres: PlayedPostgres, written: string): Row['positions'] {
  return {
    written,
    file: '000000010000000300000005',
    ...systemOf(postgres),
    ...(postgres.version >= 90_400 && { slots: heldSlots(postgres) }),
    ...(postgres.version >= 90_600 && { commits: { waiting: postgres.waitingCommits ?? 0, hidden: 0 } }),
  };
}

/** Who holds a slot: the senders in the order in which they stand. */
function heldSlots({ slots = {} }: PlayedPostgres): { name: string; type: string; pid: number }[] | null {
  const held = Object.entries(slots).filter(([, { active = true }]) => active);
  if (held.length === 0) return null;
  return held.map(([name, { type = 'physical' }], index) => ({ name, type, pid: 4100 + index }));
}

function standbyOf(postgres: PlayedPostgres, { turn, hosts }: Runner): Row['positions'] {
  const { version, received, replayed, paused = false, receiver, slot = null, heardAgeSeconds = 0.04 } = postgres;
  const primary = hosts.find((host) => host.postgres?.standby === false);
  const name = postgres.name ?? 'walreceiver';
  const asks = { name, slot, host: primary?.address ?? null, port: '5432', timeline: 1, age: heardAgeSeconds * 1000 };
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
