/** SQL within SQL: a text that only the servers execute that know its names, and its rows as JSON. */

/** The version of the server as a number, 90324 or 150014. */
export const version = `current_setting('server_version_num')::int`;

/** What came out of `query_to_xml` as text again: it escapes these, the ampersand first. A query has no semicolon. */
const unescaped = (text: string) =>
  [
    ['lt', '<'],
    ['gt', '>'],
    ['#x0d', ' '],
    ['amp', '&'],
  ].reduce((inner, [name, to]) => `replace(${inner}, '&${name}' || chr(59), '${to}')`, text);

/**
 * The one row of a query that stands in a text, as JSON; null where the text is. A name that the server does not have fails a whole
 * statement and leaves an ERROR in its log; what stands in a text is looked at when it is executed, and `query_to_xml` (8.3 and later,
 * in every build) executes only what it is given.
 */
export const asJson = (text: string) =>
  `(SELECT ${unescaped(`substring(xml::text from '<j>(.*)</j>')`)}::json FROM query_to_xml((${text}), false, false, '') xml)`;

/** A query's text that gives its columns as one row of JSON. */
export const rowText = (columns: string) => `$q$SELECT row_to_json(one)::text AS j FROM (SELECT ${columns}) one$q$`;

/** Where the server itself was reached: nowhere but at its socket, unless what listens there hands on to another one, as a pooler does. */
export const ledTo = 'host(inet_server_addr())';

/** A text without what would depend on the server's encoding; a name beyond ASCII keeps its length. */
export const ascii = (column: string) => `regexp_replace(${column}, '[^ -~]', '?', 'g')`;

/** Before a view that only a superuser sees, or whom it was granted to: the view itself, and the function below it. */
export const granted = (view: string, below: string) =>
  `has_table_privilege('pg_catalog.' || '${view}', 'SELECT') AND has_function_privilege('pg_catalog.' || '${below}', 'EXECUTE')`;

/** Two conditions, of which the second is looked at only where the first holds: what it names is not there before. */
export const since = (from: number, then: string) => `CASE WHEN ${version} >= ${from} THEN ${then} ELSE false END`;

/** The text of a query that gives its rows as one list. */
export const listText = (columns: string) =>
  `SELECT coalesce(json_agg(row_to_json(one)), '[]')::text AS j FROM (SELECT ${columns}) one`;

/** The text of a query that gives null. */
export const nothing = "'SELECT NULL::text AS j'";

/** Whether the role may ask for files of the data directory: before 11 the function itself refuses all but superusers, whatever was granted. */
export const filesAsked = `CASE WHEN ${version} >= 110000 THEN has_function_privilege('pg_catalog.pg_stat_file(text,boolean)', 'EXECUTE') ELSE ${version} >= 90500 AND current_setting('is_superuser') = 'on' END`;

/** The same for files anywhere. */
export const anyFileAsked = `${filesAsked} AND ${since(110000, "pg_has_role('pg_read_server_files', 'USAGE')").replace('ELSE false', 'ELSE true')}`;
