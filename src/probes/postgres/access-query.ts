/** What a server says of who may replicate from it: the lines of its pg_hba.conf, its roles, and as whom it follows itself. */
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { anyFileAsked, ascii, asJson, granted, listText, nothing, since, version } from './dynamic.js';

/** A line of pg_hba.conf; one that cannot be read has an error and no type. */
export interface AccessLine {
  line: number;
  type: string | null;
  databases: string[] | null;
  users: string[] | null;
  address: string | null;
  mask: string | null;
  method: string | null;
  error: string | null;
  /** Its words as `x`, between the blanks, commas and quotes as they were written; null where its file was not read, or has none of those signs. */
  shape?: string | null;
}

/** A role that may replicate; `groups` are the roles that it is a member of, and null for a superuser, who is a member of all. */
export interface ReplicationRole {
  name: string;
  login: boolean;
  limit: number;
  expired: boolean;
  groups: string[] | null;
  /** The kind of its password, where it could be looked at. */
  password?: Password['kind'];
}

/** Of which kind a role's password is. */
export interface Password {
  name: string;
  kind: 'none' | 'md5' | 'scram' | 'another';
}

/** As whom a standby follows, as far as its connection says. */
export interface Follows {
  user: string | null;
  tls: string | null;
}

const text: JsonSchema = { type: 'string' };
const maybe: JsonSchema = { type: ['string', 'null'] };
const names: JsonSchema = { type: ['array', 'null'], items: text };

/** Schema of a line. */
export const lineSchema: JsonSchema = closed(
  {
    line: { type: 'integer', minimum: 0 },
    ...{ type: maybe, databases: names, users: names, address: maybe, mask: maybe, method: maybe, error: maybe },
    shape: { type: ['string', 'null'], pattern: '^[x ,#@"]*$' },
  },
  ['shape'],
);

const kind: JsonSchema = { enum: ['none', 'md5', 'scram', 'another'] };

/** Schema of a role. */
export const roleSchema: JsonSchema = closed(
  {
    name: text,
    login: { type: 'boolean' },
    limit: { type: 'integer' },
    expired: { type: 'boolean' },
    groups: names,
    password: kind,
  },
  ['password'],
);

/** Schema of the kind of a role's password. */
export const passwordSchema: JsonSchema = closed({ name: text, kind });

/** Schema of as whom a standby follows. */
export const followsSchema: JsonSchema = closed({ user: maybe, tls: maybe });

const listed = (column: string) => `(SELECT json_agg(${ascii('one')}) FROM unnest(${column}) one)`;

/** Whether pg_hba.conf is there: the view of its lines fails without it. */
export const accessThere = asJson(`SELECT CASE WHEN ${anyFileAsked} THEN
$q$SELECT to_json((pg_stat_file(setting, true)).size IS NOT NULL)::text AS j FROM pg_settings WHERE name = 'hba_file'$q$ ELSE ${nothing} END`);

const linesShown = (more: string, from: string) =>
  listText(
    `line_number AS line, type, ${listed('database')} AS databases, ${listed('user_name')} AS users, ${ascii('address')} AS address, netmask AS mask, auth_method AS method, ${ascii('error')} AS error${more} FROM ${from}`,
  );

/** A line goes on in the next one after a backslash (14 and later), which stands here doubled: the text is escaped. */
const joined = String.raw`regexp_replace(substring(written from E'^(?:[^\n]*\\\\\\\\\r*\n)*[^\n]*'), E'\\\\\\\\\r*\n', '', 'g')`;
const masked = String.raw`regexp_replace(regexp_replace(${joined}, E'[ \t\r]+', ' ', 'g'), '[^ ,"#@]+', 'x', 'g')`;
/** From 16 on a file may include others. */
const source = `coalesce(row_to_json(rule)->>'file_name', current_setting('hba_file'))`;

/**
 * Of every line of the files that the view names its shape, if there are quotes in it or another file's words: nothing of what its words
 * say. The files are read as bytes, for no encoding refuses those, and are left alone above a mebibyte.
 */
const shapes = `(SELECT file, number, left(mask, 400) AS shape FROM (SELECT file, number, ${masked} AS mask FROM (
SELECT file, number, string_agg(one, E'\\n') OVER (PARTITION BY file ORDER BY number ROWS BETWEEN CURRENT ROW AND 20 FOLLOWING) AS written FROM (
SELECT name AS file, CASE WHEN (pg_stat_file(name, true)).size <= 1048576 THEN encode(pg_read_binary_file(name, 0, 1048577, true), 'escape') END AS whole FROM (
SELECT DISTINCT ${source} AS name FROM pg_hba_file_rules rule LIMIT 50) names) files,
unnest(string_to_array(whole, E'\\n')) WITH ORDINALITY lines(one, number)) numbered WHERE written ~ '["@]') masked WHERE mask ~ '["@]') shaped`;

const withShapes = `(SELECT *, row_number() OVER () AS place, ${source} AS source FROM pg_hba_file_rules rule) rule LEFT JOIN ${shapes} ON number = line_number AND file = source ORDER BY place`;

/** Whether the role may read files anywhere: the membership alone does not let it call the function. */
const fileRead = `${anyFileAsked} AND has_function_privilege('pg_catalog.pg_read_binary_file(text,bigint,bigint,boolean)', 'EXECUTE')`;

/** The lines in the order in which they count; null where the role may not see them. */
export const accessLines =
  asJson(`SELECT CASE WHEN NOT (${since(100000, granted('pg_hba_file_rules', 'pg_hba_file_rules()'))} AND coalesce(${accessThere}::text, '') <> 'false') THEN ${nothing}
WHEN ${fileRead} THEN $q$${linesShown(', shape', withShapes)}$q$
ELSE $q$${linesShown('', 'pg_hba_file_rules')}$q$ END`);

/** Roles that may replicate: all may see them. */
export const replicationRoles = `(SELECT coalesce(json_agg(row_to_json(one)), '[]') FROM (
SELECT ${ascii('rolname::text')} AS name, rolcanlogin AS login, rolconnlimit AS "limit", coalesce(rolvaliduntil < clock_timestamp(), false) AS expired,
CASE WHEN NOT rolsuper THEN (SELECT json_agg(${ascii('other.rolname::text')}) FROM pg_roles other WHERE pg_has_role(role.oid, other.oid, 'MEMBER')) END AS groups
FROM pg_roles role WHERE rolreplication OR rolsuper LIMIT 200) one)`;

/** Of the passwords of such roles the kind alone, where the role that asks may look: an older kind does not serve every method. */
export const passwords = asJson(`SELECT CASE WHEN has_table_privilege('pg_catalog.' || 'pg_authid', 'SELECT') THEN
$q$${listText(`${ascii('rolname::text')} AS name, CASE WHEN rolpassword IS NULL THEN 'none' WHEN rolpassword LIKE 'md5%' THEN 'md5' WHEN rolpassword LIKE 'SCRAM-SHA-256%' THEN 'scram' ELSE 'another' END AS kind FROM pg_authid WHERE rolreplication OR rolsuper LIMIT 200`)}$q$
ELSE ${nothing} END`);

const quoted = String.raw`''(?:[^''\\\\]|\\\\.)*''`;
const value = String.raw`(?:${quoted}|[^''\\s]\\S*)`;

/** One value of a connection string: read from its beginning, so that what stands within another value is not taken for it. */
export const valueIn = (key: string, column: string) =>
  String.raw`substring(${column} from E'^\\s*(?:\\w+\\s*=\\s*${value}\\s+)*${key}\\s*=\\s*(${value})')`;

const told = (key: string) =>
  ascii(`coalesce(${valueIn(key, 'running')}, CASE WHEN running IS NULL THEN ${valueIn(key, 'written')} END)`);

/** Out of the receiver's connection string, else out of the setting (12 and later): nothing but the role and how TLS is wanted. */
export const follows = asJson(`SELECT CASE WHEN ${version} >= 90600 THEN
$q$SELECT row_to_json(one)::text AS j FROM (SELECT ${told('user')} AS "user", ${told('sslmode')} AS tls FROM
(SELECT (SELECT conninfo FROM pg_stat_wal_receiver) AS running, (SELECT setting FROM pg_settings WHERE name = 'primary_conninfo') AS written) connection) one$q$
ELSE ${nothing} END`);
