/** How a server is asked, word for word, and what of psql's own words is believed. */
import { describe, expect, it } from 'vitest';
import { configurationQuery } from '../../../src/probes/postgres/configuration-query.js';
import { postgresQuery } from '../../../src/probes/postgres/query.js';
import { isPostgresQuestion, question, rowOf } from '../../../src/probes/postgres/session.js';
import { failed, said } from '../support.js';

const params = { socket: '/tmp/pg', port: 5432, user: 'shop', database: 'shop', as: 'login' };
const words = question(params, postgresQuery).argv.slice(1);
const conninfo = words.findIndex((word) => word.startsWith('host='));
const [text = ''] = words.slice(conninfo);

describe('a question', () => {
  it('may be each of the two queries, at any socket, as anybody', () => {
    for (const query of [postgresQuery, configurationQuery])
      for (const over of [{}, { socket: '/' }, { port: 1 }, { port: 65535 }, { user: 'a.b-c_9' }, { database: '_' }])
        expect(isPostgresQuestion(question({ ...params, ...over }, query).argv.slice(1))).toBe(true);
  });

  it.each([
    ['hostaddr=10.0.0.9 '.concat(text)],
    [`service=x ${text}`],
    [`${text}\nhost=10.0.0.9`],
    [`${text} host=10.0.0.9`],
    [text.replace('host=/tmp/pg', 'host=10.0.0.9')],
    [text.replace('host=/tmp/pg', 'host=/tmp/pg,10.0.0.9')],
    [text.replace('port=5432', 'port=05432')],
    [text.replace('port=5432', 'port=5432,5433')],
    [text.replace('port=5432 ', '')],
    [text.replace('user=shop', "user='shop'")],
    [text.replace('dbname=shop', 'dbname=postgres://10.0.0.9/x')],
    [text.replace('default_transaction_read_only=on', 'default_transaction_read_only=off')],
    [''],
  ])('is none with the connection %j', (other) => {
    expect(isPostgresQuestion(words.with(conninfo, other))).toBe(false);
  });

  it('is none with another word, another query, or one more', () => {
    for (const [index, word] of words.entries()) {
      expect(isPostgresQuestion(words.toSpliced(index, 1))).toBe(false);
      expect(isPostgresQuestion(words.with(index, `${word} `))).toBe(false);
    }
    expect(isPostgresQuestion([...words, '-c', 'SELECT 1'])).toBe(false);
    expect(isPostgresQuestion([])).toBe(false);
  });
});

describe("a server's state", () => {
  const socket = 'psql: error: connection to server on socket "/tmp/.s.PGSQL.5432" failed: ';
  const down = `${socket}No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n`;

  it('is told with the line of psql itself', () => {
    // Whoever became another user may not be where that one may be.
    const moved = `could not change directory to "/root": Permission denied\n${down}`;
    expect(rowOf([failed(moved, 2)])).toEqual({ state: 'down', said: `${socket}No such file or directory` });
    const named = `WARNING: psql: the wrapper of this machine\n${down}`;
    expect(rowOf([failed(named, 2)])).toEqual({ state: 'down', said: `${socket}No such file or directory` });
    const bare = 'FATAL:  the database system is starting up\n';
    expect(rowOf([failed(bare, 2)])).toEqual({ state: 'starting', said: bare.trim() });
  });

  it.each([
    'FATAL:  the database system is far from starting up',
    'FATAL:  the database system is not in recovery mode',
    'FATAL:  the database system is no longer shutting down',
    'FATAL:  the database system is again not accepting connections\nDETAIL:  Hot standby mode is disabled.',
    'FATAL:  the database system is not accepting connections\nDETAIL:  Another mode is disabled.',
    'the database system is starting up',
    'connection to server at "10.0.0.9", port 5432 failed: Connection refused\n\tIs the server running on that host?',
  ])('is not told by %j', (stderr) => {
    expect(() => rowOf([failed(`psql: error: ${stderr}\n`, 2)])).toThrow();
  });
});

it.each([
  [undefined, true],
  [null, true],
  ['127.0.0.1', true],
  ['::1', true],
  ['10.0.0.9', false],
  ['localhost', false],
  ['', false],
  [7, false],
  [false, false],
  [['127.0.0.1', '10.0.0.9'], false],
])('an answer that came over %j is of the host itself: %s', (over, own) => {
  const ask = () => rowOf([said(JSON.stringify({ version: 1, ...(over !== undefined && { over }) }))]);
  if (own) expect(ask()).toEqual({ row: { version: 1 } });
  else expect(ask).toThrow('the socket leads on to a server at');
});
