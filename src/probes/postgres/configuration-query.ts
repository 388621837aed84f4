/** The second question to a PostgreSQL server, asked once: how it is configured, now and at its next start, and what it keeps. */
import { accessLines, accessThere, follows, passwords, replicationRoles } from './access-query.js';
import {
  anyFileAsked,
  ascii,
  asJson,
  filesAsked,
  granted,
  ledTo,
  listText,
  nothing,
  since,
  version,
} from './dynamic.js';
import { libraries, preloadSettings } from './libraries.js';
import { limitNames } from './limits.js';
import { repmgrColumn } from './repmgr.js';
import { archive, lostFiles, nextSource, targetSettings, waits } from './start-query.js';

/** Settings whose running value is asked for. */
const settings = [
  ...limitNames,
  ...['wal_level', 'max_replication_slots', 'fsync', 'full_page_writes', 'wal_log_hints', 'data_checksums'],
  ...['archive_mode', 'max_slot_wal_keep_size', 'hot_standby', 'recovery_target_timeline', 'sync_replication_slots'],
  ...['wal_keep_size', 'wal_keep_segments', 'wal_segment_size', 'idle_replication_slot_timeout'],
  ...['ssl', 'primary_slot_name', 'listen_addresses', ...preloadSettings, ...targetSettings],
];

const listed = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** The rows of a query's text as one list, where a condition holds that needs no privilege; null else. */
const rows = (when: string, columns: string) =>
  asJson(
    `SELECT CASE WHEN ${when} THEN $q$SELECT json_agg(row_to_json(one))::text AS j FROM (SELECT ${columns}) one$q$ ELSE ${nothing} END`,
  );

const files = ['standby.signal', 'recovery.signal', 'recovery.conf', 'backup_label'];

const lsnDistance = (end: string) => `pg_wal_lsn_diff(${end}, restart_lsn)::bigint`;

/** A tablespace's folder may be an empty place for a mount: what the server keeps there has a folder of its own. */
const tablespaces = (folder: string) =>
  listText(
    `${ascii('spcname::text')} AS name, (pg_stat_file(${folder}, true)).isdir IS TRUE AS there FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')`,
  );

/** Every word that comes back is ASCII; what a role may not see comes as null, and leaves no ERROR in the server's log. */
export const configurationQuery = `SELECT row_to_json(answer) FROM (SELECT
${version} AS version,
pg_is_in_recovery() AS standby,
${ledTo} AS over,
(SELECT json_agg(row_to_json(one)) FROM (
SELECT name, ${ascii('setting')} AS setting, source, ${ascii('boot_val')} AS boot FROM pg_settings WHERE name IN (${listed(settings)})
) one) AS settings,
${asJson(`SELECT CASE WHEN ${since(90500, granted('pg_file_settings', 'pg_show_all_file_settings()'))} THEN
$q$SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT lower(name) AS name, ${ascii('setting')} AS setting, seqno FROM pg_file_settings WHERE lower(name) IN (${listed([...settings, 'default_transaction_read_only'])})) one$q$
ELSE ${nothing} END`)} AS files,
${asJson(`SELECT CASE WHEN ${filesAsked} THEN
$q$SELECT coalesce(json_agg(name), '[]')::text AS j FROM unnest(ARRAY[${listed(files)}]) name WHERE (pg_stat_file(name, true)).size IS NOT NULL$q$
ELSE ${nothing} END`)} AS signals,
${asJson(`SELECT CASE WHEN ${version} < 90400 THEN ${nothing} WHEN ${version} < 100000 THEN
$q$SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT slot_name AS name, slot_type AS type, active, restart_lsn IS NOT NULL AS reserves FROM pg_replication_slots) one$q$
ELSE $q$SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT whole->>'slot_name' AS name, whole->>'slot_type' AS type, (whole->>'active')::boolean AS active, (whole->>'temporary')::boolean AS temporary, restart_lsn IS NOT NULL AS reserves, CASE WHEN pg_is_in_recovery() THEN ${lsnDistance('pg_last_wal_replay_lsn()')} ELSE ${lsnDistance('pg_current_wal_lsn()')} END AS retained, whole->>'wal_status' AS status, (whole->>'failover')::boolean AS failover, (whole->>'synced')::boolean AS synced, whole->>'invalidation_reason' AS invalid FROM (SELECT restart_lsn, row_to_json(slot) AS whole FROM pg_replication_slots slot) slots) one$q$ END`)} AS slots,
${rows(`${version} >= 90400`, 'failed_count AS failed, archived_count > 0 AS archived, last_failed_time IS NOT NULL AND (last_archived_time IS NULL OR last_failed_time > last_archived_time) AS failing FROM pg_stat_archiver')} AS archiver,
${asJson(`SELECT CASE WHEN ${version} >= 150000 THEN
$q$SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT ${ascii('datname::text')} AS database, ${ascii('datcollversion')} AS recorded, ${ascii('pg_database_collation_actual_version(oid)')} AS actual FROM pg_database WHERE datallowconn AND datcollversion IS NOT NULL) one$q$
ELSE ${nothing} END`)} AS databases,
${asJson(`SELECT CASE WHEN ${version} >= 100000 THEN
$q$SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT ${ascii('collname::text')} AS name, ${ascii('collversion')} AS recorded, ${ascii('pg_collation_actual_version(oid)')} AS actual FROM pg_collation WHERE collversion IS NOT NULL AND collversion IS DISTINCT FROM pg_collation_actual_version(oid) LIMIT 20) one$q$
ELSE ${nothing} END`)} AS collations,
(SELECT coalesce(json_agg(extname), '[]') FROM pg_extension WHERE extname NOT IN (SELECT name FROM pg_available_extensions)) AS missing,
${libraries} AS libraries,
(SELECT setting <> '' FROM pg_settings WHERE name = 'restore_command') AS restores,
(SELECT count(*) FROM pg_stat_replication) AS "sendersBusy",
(SELECT count(*) FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r') AS unlogged,
(SELECT json_agg(DISTINCT ${ascii('locale')}) FROM pg_database, unnest(ARRAY[datcollate::text, datctype::text]) locale WHERE datallowconn AND locale IS NOT NULL) AS locales,
${asJson(`SELECT CASE WHEN ${version} >= 120000 THEN
$q$SELECT coalesce(sum(checksum_failures), 0)::text AS j FROM pg_stat_database$q$ ELSE ${nothing} END`)} AS "checksumFailures",
${asJson(`SELECT CASE WHEN NOT (${filesAsked}) THEN ${nothing} WHEN ${version} >= 100000 THEN
$q$${tablespaces(`'pg_tblspc/' || oid || '/PG_' || ${version} / 10000 || '_' || (SELECT catalog_version_no FROM pg_control_system())`)}$q$
ELSE $q$${tablespaces("'pg_tblspc/' || oid")}$q$ END`)} AS tablespaces,
${accessLines} AS access,
${replicationRoles} AS replicators,
${follows} AS follows,
${asJson(`SELECT CASE WHEN ${since(90500, granted('pg_file_settings', 'pg_show_all_file_settings()'))} THEN
$q$${listText(`${ascii('file.name')} AS name, file.sourceline AS line, ${ascii('file.error')} AS error, one.context FROM pg_file_settings file LEFT JOIN pg_settings one ON one.name = lower(file.name) WHERE file.error IS NOT NULL`)}$q$
ELSE ${nothing} END`)} AS "fileErrors",
${asJson(`SELECT CASE WHEN ${version} >= 90500 THEN
$q$SELECT coalesce(json_agg(name), '[]')::text AS j FROM pg_settings WHERE pending_restart AND source NOT IN ('command line', 'override')$q$ ELSE ${nothing} END`)} AS pending,
${asJson(`SELECT CASE WHEN ${anyFileAsked} THEN
$q$SELECT to_json((pg_stat_file(setting, true)).modification > pg_conf_load_time())::text AS j FROM pg_settings WHERE name = 'hba_file'$q$ ELSE ${nothing} END`)} AS "accessChanged",
${waits} AS waits,
${accessThere} AS "accessThere",
${lostFiles} AS "lostFiles",
${nextSource} AS "nextSource",
${archive} AS archive,
${passwords} AS passwords,
${repmgrColumn} AS repmgr,
(SELECT count(*) FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - interval '1 hour') AS "oldPrepared"
) answer`;
