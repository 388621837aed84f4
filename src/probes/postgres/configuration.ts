/** How a host's own PostgreSQL server is configured, now and at its next start, and what it keeps for others. */
import { check } from '../../core/check-schema.js';
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import { closed, defineProbe, firstLine } from '../define.js';
import { lineSchema, roleSchema } from './access-query.js';
import { configurationOf } from './configuration-facts.js';
import { postgresqlConf } from './configuration-file.js';
import { configurationQuery } from './configuration-query.js';
import { type Row, rowSchema } from './configuration-row.js';
import { repmgrValue } from './repmgr.js';
import { type Params, question, rowOf, sessionParams } from './session.js';

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** What is told; all but the state once it answers, as far as the role may see it. */
const value = {
  state: { enum: ['up', 'starting', 'stopping', 'closed', 'down'] },
  said: text,
  version: { type: 'integer' },
  role: { enum: ['primary', 'standby'] },
  settings: { type: 'object', additionalProperties: text },
  nextLimits: { type: 'object', additionalProperties: count },
  standbySignal: flag,
  ...{ recoveryConf: flag, recoverySignal: flag, backupLabel: flag },
  idleSlots: listOf(text),
  lostSlots: listOf(text),
  logicalSlots: listOf(closed({ name: text, failover: flag, synced: flag })),
  boundedSlots: { enum: ['no slots', 'bounded', 'unbounded'] },
  archiver: { enum: ['off', 'works', 'fails', 'none', 'discards', 'untried'] },
  rewind: { enum: ['possible', 'impossible'] },
  staleCollations: listOf(text),
  missingExtensions: listOf(text),
  missingLibraries: listOf(text),
  missingPreloads: listOf(text),
  access: listOf(lineSchema),
  replicators: listOf(roleSchema),
  follows: closed({ user: text, tls: text }, ['user', 'tls']),
  fileErrors: listOf(text),
  accessErrors: listOf(text),
  pending: listOf(text),
  refused: listOf(text),
  targets: listOf(text),
  nextSource: { enum: ['same', 'elsewhere', 'nobody'] },
  listens: { enum: ['network', 'itself'] },
  readOnly: flag,
  physicalSlots: listOf(closed({ name: text, holds: flag })),
  leftSlots: listOf(text),
  restores: flag,
  freeSenders: { type: 'integer' },
  freeSlots: { type: 'integer' },
  unlogged: count,
  locales: listOf(text),
  checksumFailures: count,
  missingTablespaces: listOf(text),
  ...repmgrValue,
  oldPrepared: count,
};
const told = Object.keys(value).filter((name) => name !== 'state');

/**
 * `nextLimits` are the limits that its next start would run with: what was given on the command line, else the last line of its files,
 * else what it has without one; absent where the role may not see the files. `idleSlots` keep WAL for nobody; `lostSlots` no longer keep what
 * somebody needs; `boundedSlots`: a limit keeps slots from filling the disk. `rewind`: whether pg_rewind could make a standby of it.
 * `access` are the lines of pg_hba.conf, `replicators` the roles that may replicate, `follows` is as whom it follows itself. `fileErrors` and
 * `accessErrors` are lines that keep the server from starting; `pending`: what its files hold and it does not run with. `refused` are
 * settings that its next start would refuse, or that would end the replication; `targets`: where a standby stops, now or then;
 * `nextSource`: whom its files let it follow; `readOnly`: its sessions write nothing unless they ask to.
 * `physicalSlots` hold what their standby needs, or no longer do; `leftSlots` of a standby are logical ones that it has from a time when it
 * was a primary; `restores`: it fetches WAL out of an archive. `freeSenders` and `freeSlots` are what is left of the limits.
 * `missingLibraries` are those of functions in the asked database, `missingPreloads` those that its next start would load.
 */
export const postgresConfiguration = defineProbe<Params, unknown>({
  id: 'postgres-configuration',
  title:
    "The configuration of the host's own PostgreSQL server, now and at its next start, its slots and its archiver (psql)",
  on: 'host',
  params: sessionParams,
  value: closed(value, told),
  restless: ['said', 'idleSlots', 'oldPrepared'],
  rendered: postgresqlConf,
  ask: (params) => [question(params, configurationQuery)],
  read(outputs) {
    const answered = rowOf(outputs);
    if ('state' in answered) return answered;
    const [fault] = check(rowSchema, answered.row);
    if (fault) throw new Unreadable(`the answer has another form than was asked for: ${firstLine(fault.message)}`);
    return { state: 'up', ...configurationOf(answered.row as Row) };
  },
});
