/** The one question to a PostgreSQL server, from 9.3 on, on either side of a pair. */

/** The functions that version 10 renamed, by the name of what they give. */
const names = {
  xlog: {
    written: 'pg_current_xlog_location()',
    received: 'pg_last_xlog_receive_location()',
    replayed: 'pg_last_xlog_replay_location()',
    paused: 'pg_is_xlog_replay_paused()',
  },
  wal: {
    written: 'pg_current_wal_lsn()',
    received: 'pg_last_wal_receive_lsn()',
    replayed: 'pg_last_wal_replay_lsn()',
    paused: 'pg_is_wal_replay_paused()',
  },
} as const;

type Names = (typeof names)[keyof typeof names];

/** A row as one lexeme, which is what the outer query can take; it holds no quote and no backslash. */
const asLexeme = (columns: string) =>
  `$q$SELECT quote_literal(row_to_json(one)::text)::tsvector FROM (SELECT ${columns}) one$q$`;

const onPrimary = ({ written }: Names, more = '') => asLexeme(`${written}::text AS written${more}`);
const onStandby = ({ received, replayed, paused }: Names, more = '') =>
  asLexeme(`${received}::text AS received, ${replayed}::text AS replayed, ${paused} AS paused${more}`);
/** Since 9.6; a login that may not see the state still sees that there is a row. */
const receiver = `, (SELECT coalesce(status, 'hidden') FROM pg_stat_wal_receiver) AS receiver`;
/** Since 9.6: given at initdb, and the same on every copy of that cluster. */
const system = ', (SELECT system_identifier::text FROM pg_control_system()) AS system';
const version = `current_setting('server_version_num')::int`;

/**
 * Gives one JSON object. A function that the server does not have fails the whole query and leaves an ERROR in its log, so the
 * names that differ stand in texts, and `ts_stat` (8.3 and later, in every build) executes the one that fits. Functions that
 * fail on a primary, or on a standby, are asked on their side alone. Every word that comes back is ASCII.
 */
export const postgresQuery = `SELECT row_to_json(answer) FROM (SELECT
${version} AS version,
pg_is_in_recovery() AS standby,
current_setting('max_wal_senders')::int AS "maxWalSenders",
(SELECT json_agg(row_to_json(sender)) FROM (
SELECT host(client_addr) AS address, application_name AS name, state, sync_state AS sync,
coalesce(whole->>'flush_lsn', whole->>'flush_location') AS flush,
coalesce(whole->>'replay_lsn', whole->>'replay_location') AS replay
FROM (SELECT *, row_to_json(one) AS whole FROM pg_stat_replication one) seen
) sender) AS senders,
(SELECT word::json FROM ts_stat(CASE
WHEN NOT pg_is_in_recovery() AND ${version} >= 100000 THEN ${onPrimary(names.wal, system)}
WHEN NOT pg_is_in_recovery() AND ${version} >= 90600 THEN ${onPrimary(names.xlog, system)}
WHEN NOT pg_is_in_recovery() THEN ${onPrimary(names.xlog)}
WHEN ${version} >= 100000 THEN ${onStandby(names.wal, receiver + system)}
WHEN ${version} >= 90600 THEN ${onStandby(names.xlog, receiver + system)}
ELSE ${onStandby(names.xlog)}
END)) AS positions,
CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS "replayAge"
) answer`;
