/** What a host's own PostgreSQL server says of itself and of replication: asked through its socket, in a read-only session. */

import { check } from '../../core/check-schema.js';
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import { closed, defineProbe, firstLine } from '../define.js';
import { type Answer, answerSchema, serverOf } from './answer.js';
import { inTodaysForm } from './older-answer.js';
import { postgresQuery } from './query.js';
import { type Params, question, rowOf, sessionParams } from './session.js';

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
  ...['asks', 'senderTimeoutMs', 'receiverTimeoutMs', 'statusIntervalMs', 'applyDelayMs', 'conflictDelayMs', 'port'],
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
  params: sessionParams,
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
      port: position,
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
  ask: (params) => [question(params, postgresQuery)],
  read(outputs) {
    const told = rowOf(outputs);
    if ('state' in told) return { ...told, replay: 'none' };
    const row = inTodaysForm(told.row);
    const [fault] = check(answerSchema, row);
    if (fault) throw new Unreadable(`the answer has another form than was asked for: ${firstLine(fault.message)}`);
    return { state: 'up', ...serverOf(row as Answer) };
  },
});
