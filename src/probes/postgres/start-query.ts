/** Columns of the second question that tell what the next start would meet: files that are gone, and whom it would follow. */
import { valueIn } from './access-query.js';
import { anyFileAsked, asJson, granted, nothing, since, version } from './dynamic.js';

const filesTold = granted('pg_file_settings', 'pg_show_all_file_settings()');

/** Settings that make a standby stop on its way, from 12 on; what stands in their place by itself is nothing. */
export const targetSettings = ['', '_lsn', '_name', '_time', '_xid'].map((what) => `recovery_target${what}`);

/** Names of settings whose value a restart would change, whatever set it: true of what the files hold once they were looked at. */
export const waits = asJson(`SELECT CASE WHEN ${version} >= 90500 THEN
$q$SELECT coalesce(json_agg(name), '[]')::text AS j FROM pg_settings WHERE pending_restart$q$ ELSE ${nothing} END`);

const tlsFiles = ['ssl_cert_file', 'ssl_key_file', 'ssl_ca_file', 'ssl_crl_file'].map((name) => `'${name}'`).join(', ');

/** Settings for TLS whose file is not there. */
export const lostFiles = asJson(`SELECT CASE WHEN ${anyFileAsked} THEN
$q$SELECT coalesce(json_agg(name), '[]')::text AS j FROM pg_settings WHERE CASE WHEN name IN (${tlsFiles}) AND setting <> '' THEN (pg_stat_file(setting, true)).size IS NULL ELSE false END$q$
ELSE ${nothing} END`);

const sameIn = (key: string) => `${valueIn(key, 'written')} IS NOT DISTINCT FROM ${valueIn(key, 'running')}`;

/** Whom a standby would follow by its files, beside whom it follows: nothing of either connection string is told. */
export const nextSource = asJson(`SELECT CASE WHEN ${since(120000, filesTold)} THEN
$q$SELECT to_json(CASE WHEN source = 'command line' THEN 'same' WHEN coalesce(written, '') = '' THEN 'nobody' WHEN written = running THEN 'same'
WHEN strpos(written || running, '://') = 0 AND ${['host', 'hostaddr', 'port'].map(sameIn).join(' AND ')} THEN 'same' ELSE 'elsewhere' END)::text AS j FROM
(SELECT source, setting AS running, (SELECT file.setting FROM pg_file_settings file WHERE lower(file.name) = 'primary_conninfo' ORDER BY seqno DESC LIMIT 1) AS written
FROM pg_settings WHERE name = 'primary_conninfo') connection$q$ ELSE ${nothing} END`);

/** What WAL is archived with: a library or a command, none, or a command that only says that it did. */
export const archive = `(SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_settings WHERE name = 'archive_library' AND setting <> '') THEN 'some'
WHEN setting IN ('', '(disabled)') THEN 'none' WHEN btrim(setting, ' ' || chr(59)) IN ('true', '/bin/true', '/usr/bin/true', ':', 'exit 0') THEN 'nothing' ELSE 'some' END
FROM pg_settings WHERE name = 'archive_command')`;
