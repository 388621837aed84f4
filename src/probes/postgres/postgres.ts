/** What a host's own PostgreSQL server says of itself and of replication: asked through its socket, in a read-only session. */

import { check } from '../../core/check-schema.js';
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema, Output } from '../../core/model.js';
import { answer, closed, command, contextName, defineProbe, firstLine, neverRan, parseJson, ran } from '../define.js';
import { type Answer, answerSchema, serverOf } from './answer.js';
import { inTodaysForm } from './older-answer.js';
import { postgresQuery } from './query.js';

interface Params {
  socket: string;
  port: number;
  user: string;
  database: string;
  as: string;
}

/** A socket's directory and names without what a connection string reads in its own way. */
const socketDirectory: JsonSchema = { type: 'string', pattern: '^/[A-Za-z0-9_.+/-]*$', maxLength: 100 };
const plainName: JsonSchema = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$', maxLength: 63 };

/**
 * What makes the session read-only and short, keeps other schemas' functions out of it, and keeps an address out of the
 * environment (PGHOSTADDR) from leading past the socket.
 */
const SESSION =
  "hostaddr='' connect_timeout=5 application_name=pairflight options='-c default_transaction_read_only=on -c statement_timeout=5000 " +
  "-c lock_timeout=2000 -c search_path=pg_catalog'";

const BEFORE = ['-X', '-A', '-t', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-d'];

/** Whether these are the words of psql that the probe asks with, for some socket, port, user and database. */
export function isPostgresQuestion(words: readonly string[]): boolean {
  const [conninfo = '', option, query, ...rest] = words.slice(BEFORE.length);
  const [, socket, port, user, database, session] =
    /^host=(\S+) port=([1-9]\d{0,4}) user=(\S+) dbname=(\S+) (.+)$/.exec(conninfo) ?? [];
  return (
    BEFORE.every((word, index) => word === words[index]) &&
    [socketDirectory, plainName, plainName].every(
      (schema, index) => check(schema, [socket, user, database][index]).length === 0,
    ) &&
    port !== undefined &&
    session === SESSION &&
    option === '-c' &&
    query === postgresQuery &&
    rest.length === 0
  );
}

const position: JsonSchema = { type: 'integer', minimum: 0 };
const place: JsonSchema = { type: 'string', pattern: '^[0-9A-F]+/[0-9A-F]+$' };

/** What changes from one moment to the next. */
const restless = [
  ...['said', 'now', 'walBytes', 'written', 'writtenPosition', 'received', 'receivedPosition', 'replayed'],
  ...['replayedPosition', 'pendingBytes', 'replayWaits', 'replayAgeMs', 'heardAgeMs', 'waitingCommits', 'senders'],
];

/** What a server tells by its role, its version and what the role may see. */
const told = [
  ...restless,
  ...['version', 'role', 'system', 'timeline', 'maxWalSenders', 'limits', 'pause', 'receiver', 'hiddenReceiver'],
  ...['asks', 'senderTimeoutMs', 'receiverTimeoutMs', 'statusIntervalMs', 'applyDelayMs', 'conflictDelayMs'],
  ...['synchronous', 'slots', 'hiddenSenders'],
];

/**
 * Positions are bytes from the beginning of the WAL. `lagBytes` is what the primary wrote and a standby did not replay yet,
 * `unreceivedBytes` what it did not flush to its disk yet, and so would be lost with the primary;
 * `pendingBytes` what a standby received and did not replay yet; `replays` is
 * false for who only takes the WAL, as an archive does; `walBytes` is what a primary wrote and what a standby received; `system`
 * (9.6 and later) is the same on all copies of one cluster; `receiver` is `none` where no WAL receiver runs; `asks`
 * whom it asks, and as whom. `starting` and `stopping`: the server takes no connections yet, or no longer; `closed`: it is a standby that
 * takes none at all; `down`: nothing answers at this socket, which is no proof that no server runs.
 */
export const postgres = defineProbe<Params, unknown>({
  id: 'postgres',
  title: "The role, the positions and the standbys of the host's own PostgreSQL server (psql)",
  on: 'host',
  params: closed({
    socket: socketDirectory,
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    user: plainName,
    database: plainName,
    as: contextName,
  }),
  value: closed(
    {
      state: { enum: ['up', 'starting', 'stopping', 'closed', 'down'] },
      said: { type: 'string' },
      version: { type: 'integer' },
      role: { enum: ['primary', 'standby'] },
      system: { type: 'string' },
      walBytes: position,
      now: position,
      timeline: position,
      maxWalSenders: position,
      limits: { type: 'object', additionalProperties: position },
      senderTimeoutMs: position,
      receiverTimeoutMs: position,
      statusIntervalMs: position,
      applyDelayMs: position,
      conflictDelayMs: { type: 'integer' },
      written: place,
      writtenPosition: position,
      received: place,
      receivedPosition: position,
      replayed: place,
      replayedPosition: position,
      pendingBytes: position,
      replay: { enum: ['running', 'paused', 'none'] },
      pause: { type: 'string' },
      replayWaits: { type: 'string' },
      replayAgeMs: position,
      receiver: { type: 'string' },
      hiddenReceiver: { const: true },
      asks: closed(
        {
          name: { type: 'string' },
          slot: { type: 'string' },
          host: { type: 'string' },
          port: position,
        },
        ['port'],
      ),
      heardAgeMs: position,
      synchronous: closed(
        {
          state: { enum: ['off', 'satisfied', 'lacking', 'unread'] },
          commit: { type: 'string' },
          wanted: position,
          confirming: position,
          spare: position,
          names: { type: 'string' },
        },
        ['state', 'commit', 'wanted', 'confirming', 'spare', 'names'],
      ),
      waitingCommits: position,
      slots: { type: 'array', items: closed({ name: { type: 'string' }, type: { type: 'string' } }) },
      hiddenSenders: position,
      senders: {
        type: 'array',
        items: closed(
          {
            address: { type: 'string' },
            name: { type: 'string' },
            state: { type: 'string' },
            sync: { type: 'string' },
            slot: { type: 'string' },
            logical: { type: 'boolean' },
            replays: { type: 'boolean' },
            replay: place,
            unreceivedBytes: position,
            lagBytes: position,
            repliedAt: position,
          },
          ['slot', 'logical', 'replay', 'unreceivedBytes', 'lagBytes', 'repliedAt'],
        ),
      },
    },
    told,
  ),
  restless,
  ask: ({ socket, port, user, database, as }) => [
    command(
      [
        'psql',
        ...BEFORE,
        `host=${socket} port=${port} user=${user} dbname=${database} ${SESSION}`,
        '-c',
        postgresQuery,
      ],
      as,
      { timeoutMs: 20_000 },
    ),
  ],
  read(outputs) {
    const output = ran(outputs);
    const state = output.exit === 2 ? stateOf(output.stderr) : undefined;
    if (state !== undefined) return { state, said: saidBy(output), replay: 'none' };
    if (output.exit !== 0) throw failure(output);
    const row = inTodaysForm(parseJson(answer(outputs)));
    const [fault] = check(answerSchema, row);
    if (fault) throw new Unreadable(`the answer has another form than was asked for: ${firstLine(fault.message)}`);
    return { state: 'up', ...serverOf(row as Answer) };
  },
});

/** The client's words (psql runs in English), and those of an English server. */
function stateOf(stderr: string): 'down' | 'starting' | 'stopping' | 'closed' | undefined {
  const [, said = ''] = /FATAL: {1,2}the database system is (.*)/.exec(stderr) ?? [];
  if (/^not accepting connections/.test(said) && /Hot standby mode is disabled/.test(stderr)) return 'closed';
  if (/^(starting up|in recovery mode|not yet accepting)/.test(said)) return 'starting';
  if (/^shutting down/.test(said)) return 'stopping';
  return /(No such file or directory|Connection refused)\s+Is the server running locally/.test(stderr)
    ? 'down'
    : undefined;
}

function saidBy({ stderr }: Output): string {
  return firstLine(stderr.split('\n').find((line) => /^psql: /.test(line)) ?? stderr);
}

const denials =
  /permission denied|authentication failed|no password supplied|no pg_hba\.conf entry|pg_hba\.conf rejects|not permitted to log in/i;

function failure(output: Output): Unreadable {
  const said = saidBy(output) || `psql ended with exit ${output.exit}`;
  if (neverRan(output)) return new Unreadable(said, 'not-found', 'command');
  if (denials.test(output.stderr)) return new Unreadable(said, 'denied', 'command');
  if (/timeout expired|due to (statement|lock) timeout/.test(output.stderr))
    return new Unreadable(said, 'timeout', 'command');
  return new Unreadable(said);
}
