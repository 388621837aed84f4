/** How a host's own PostgreSQL server is asked: through its socket, in a read-only session, with one of the engine's own queries. */
import { isIP } from 'node:net';
import { check } from '../../core/check-schema.js';
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { ExecAsk, JsonSchema, Output } from '../../core/model.js';
import { answer, closed, command, contextName, firstLine, neverRan, parseJson, ran } from '../define.js';
import { configurationQuery } from './configuration-query.js';
import { isLoopback } from './identity.js';
import { postgresQuery } from './query.js';

/** Which server, as whom, and in which context. */
export interface Params {
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
 * environment (PGHOSTADDR) from leading past the socket. A standby refuses every query of a session whose transactions are
 * serializable, as a server or a role may have it; the backslashes keep the blank within the value.
 */
const SESSION =
  "hostaddr='' connect_timeout=5 application_name=pairflight options='-c default_transaction_read_only=on -c statement_timeout=5000 " +
  "-c lock_timeout=2000 -c search_path=pg_catalog -c default_transaction_isolation=read\\\\ committed'";

const BEFORE = ['-X', '-A', '-t', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-d'];

/** Whether these are the words of psql that the probe asks with, for some socket, port, user and database. */
export function isPostgresQuestion(words: readonly string[]): boolean {
  const [conninfo = '', option, query, ...rest] = words.slice(BEFORE.length);
  const [, socket, user, database, session] =
    /^host=(\S+) port=[1-9]\d{0,4} user=(\S+) dbname=(\S+) (.+)$/.exec(conninfo) ?? [];
  return (
    BEFORE.every((word, index) => word === words[index]) &&
    [socketDirectory, plainName, plainName].every(
      (schema, index) => check(schema, [socket, user, database][index]).length === 0,
    ) &&
    session === SESSION &&
    option === '-c' &&
    (query === postgresQuery || query === configurationQuery) &&
    rest.length === 0
  );
}

/** The parameters of every question to a server. */
export const sessionParams = closed({
  socket: socketDirectory,
  port: { type: 'integer', minimum: 1, maximum: 65535 },
  user: plainName,
  database: plainName,
  as: contextName,
});

/** One query, as psql asks it. */
export function question({ socket, port, user, database, as }: Params, query: string): ExecAsk {
  const conninfo = `host=${socket} port=${port} user=${user} dbname=${database} ${SESSION}`;
  return command(['psql', ...BEFORE, conninfo, '-c', query], as, { timeoutMs: 20_000 });
}

/** The row that a server answers with; or, where it takes no connections, its state and its words. @throws Unreadable for anything else */
export function rowOf(outputs: Output[]): { row: unknown } | { state: string; said: string } {
  const output = ran(outputs);
  const state = output.exit === 2 ? stateOf(output.stderr) : undefined;
  if (state !== undefined) return { state, said: saidBy(output) };
  if (output.exit !== 0) throw failure(output);
  const row = parseJson(answer(outputs));
  return { row: isRecord(row) ? ownServers(row) : row };
}

/** A row without the address at which the server was reached. @throws Unreadable where that may be another host's */
function ownServers({ over, ...row }: Record<string, unknown>): unknown {
  if (over === undefined || over === null) return row;
  const address = String(over);
  if (isIP(address) !== 0 && isLoopback(address)) return row;
  throw new Unreadable(
    `the socket leads on to a server at ${firstLine(address)}; name the socket and the port of the host's own server`,
  );
}

/** The client's words (psql runs in English), and those of an English server. */
function stateOf(stderr: string): 'down' | 'starting' | 'stopping' | 'closed' | undefined {
  const said = /FATAL: {1,2}the database system is (.*)/.exec(stderr)?.[1] ?? '';
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
