/** The first question to a PostgreSQL server, from 9.3 on, on either side of a pair: small, since it is asked again and again. */
import { ascii, asJson, ledTo, rowText, version } from './dynamic.js';

/** The functions that version 10 renamed, by the name of what they give. */
const names = {
  xlog: {
    written: 'pg_current_xlog_location()',
    file: 'pg_xlogfile_name(pg_current_xlog_location())',
    received: 'pg_last_xlog_receive_location()',
    replayed: 'pg_last_xlog_replay_location()',
    paused: 'pg_is_xlog_replay_paused()',
  },
  wal: {
    written: 'pg_current_wal_lsn()',
    file: 'pg_walfile_name(pg_current_wal_lsn())',
    received: 'pg_last_wal_receive_lsn()',
    replayed: 'pg_last_wal_replay_lsn()',
    paused: 'pg_is_wal_replay_paused()',
  },
} as const;

type Names = (typeof names)[keyof typeof names];

/**
 * Settings that say whether a standby can follow, how soon it is heard of, and what a commit waits for; the units are pg_settings'. What
 * the asking role, or its database, has for itself is not the server's.
 */
export const askedSettings = [
  ...['max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions'],
  ...['max_locks_per_transaction', 'wal_sender_timeout', 'wal_receiver_timeout', 'wal_receiver_status_interval'],
  ...[
    'port',
    'recovery_min_apply_delay',
    'max_standby_streaming_delay',
    'synchronous_standby_names',
    'synchronous_commit',
  ],
] as const;

/** A moment, or a time that went by, in whole milliseconds. */
const milliseconds = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;
/** Since 9.6: given at initdb, and the same on every copy of that cluster. */
const system = ', (SELECT system_identifier::text FROM pg_control_system()) AS system';
/** Since 9.4; who holds a slot since 9.5. */
const slots = `, (SELECT json_agg(row_to_json(slot)) FROM (SELECT slot_name AS name, slot_type AS type, (row_to_json(one)->>'active_pid')::int AS pid FROM pg_replication_slots one WHERE active) slot) AS slots`;
/** Since 9.6: who waits for a synchronous standby; a session that is hidden may or may not wait. */
const waiting = `, (SELECT json_build_object('waiting', count(CASE WHEN wait_event = 'SyncRep' THEN 1 END), 'hidden', count(CASE WHEN query = '<insufficient privilege>' THEN 1 END)) FROM pg_stat_activity) AS commits`;

/**
 * Since 9.6. Of the connection string only who it says that it is, and whom it asks. The server writes it without quotes, so that a
 * value ends where the next key begins.
 */
const said = (key: string) => `substring(' ' || (whole->>'conninfo') || ' end=' from ' ${key}=(.*?) [a-z_]+=')`;
const receiver = `, (SELECT row_to_json(seen) FROM (SELECT coalesce(whole->>'status', 'hidden') AS status,
${ascii(`coalesce(${said('application_name')}, ${said('fallback_application_name')})`)} AS name, whole->>'slot_name' AS slot,
${ascii(`coalesce(whole->>'sender_host', ${said('host')})`)} AS host, coalesce(whole->>'sender_port', ${said('port')}) AS port,
(whole->>'received_tli')::int AS timeline,
${milliseconds(`clock_timestamp() - (whole->>'last_msg_receipt_time')::timestamptz`)} AS age
FROM (SELECT row_to_json(one) AS whole FROM pg_stat_wal_receiver one) ones) seen) AS receiver`;
/** Since 10: what the process that replays waits for. */
const replayer = `, (SELECT row_to_json(seen) FROM (SELECT wait_event_type AS type, wait_event AS event FROM pg_stat_activity WHERE backend_type = 'startup') seen) AS replayer`;
/** Since 14: whether a pause is asked for, or has begun. */
const pause = ', pg_get_wal_replay_pause_state() AS pause';

const onPrimary = ({ written, file }: Names, more = '') =>
  rowText(`${written}::text AS written, ${file} AS file${more}`);
const onStandby = ({ received, replayed, paused }: Names, more = '') =>
  rowText(`${received}::text AS received, ${replayed}::text AS replayed, ${paused} AS paused${more}`);

/**
 * Gives one JSON object. A function that the server does not have would leave an ERROR in its log, so the names that differ stand in
 * texts, of which the one that fits is executed. Functions that fail on a primary, or on a standby, are asked on their side alone.
 * What a role may not see comes as null. Every word that comes back is ASCII.
 */
export const postgresQuery = `SELECT row_to_json(answer) FROM (SELECT
${version} AS version,
pg_is_in_recovery() AS standby,
${ledTo} AS over,
${milliseconds('clock_timestamp()')} AS now,
(SELECT json_agg(row_to_json(one)) FROM (
SELECT name, ${ascii('setting')} AS setting FROM pg_settings WHERE name IN (${askedSettings.map((name) => `'${name}'`).join(', ')}) AND source NOT IN ('database', 'user', 'database user')
) one) AS settings,
(SELECT json_agg(row_to_json(sender)) FROM (
SELECT pid, host(client_addr) AS address, ${ascii('application_name')} AS name, state, sync_state AS sync,
coalesce(whole->>'flush_lsn', whole->>'flush_location') AS flush,
coalesce(whole->>'replay_lsn', whole->>'replay_location') AS replay,
${milliseconds(`(whole->>'reply_time')::timestamptz`)} AS reply
FROM (SELECT *, row_to_json(one) AS whole FROM pg_stat_replication one) seen
) sender) AS senders,
${asJson(`SELECT CASE
WHEN NOT pg_is_in_recovery() AND ${version} >= 100000 THEN ${onPrimary(names.wal, system + slots + waiting)}
WHEN NOT pg_is_in_recovery() AND ${version} >= 90600 THEN ${onPrimary(names.xlog, system + slots + waiting)}
WHEN NOT pg_is_in_recovery() AND ${version} >= 90400 THEN ${onPrimary(names.xlog, slots)}
WHEN NOT pg_is_in_recovery() THEN ${onPrimary(names.xlog)}
WHEN ${version} >= 140000 THEN ${onStandby(names.wal, receiver + replayer + pause + system)}
WHEN ${version} >= 100000 THEN ${onStandby(names.wal, receiver + replayer + system)}
WHEN ${version} >= 90600 THEN ${onStandby(names.xlog, receiver + system)}
ELSE ${onStandby(names.xlog)}
END`)} AS positions,
CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS "replayAge"
) answer`;
