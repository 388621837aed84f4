/** What a host's own web server answers: what a real curl printed, a body that lies, and a real server on loopback. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { Output } from '../../src/core/model.js';
import { http } from '../../src/probes/http/http.js';
import { lacking } from '../needs.js';
import { failed, fixture, noAnswers, read, refused, said, spoiled, unreadable } from './support.js';

const params = { url: 'http://localhost:18080/', address: '10.11.2.60' };
const self = { name: 'a', role: 'a', address: '10.11.2.60', connection: 'ssh' as const };
const captured = (name: string, exit = 0): Output =>
  said(fixture(`debian-12/curl/${name}`), exit, fixture(`debian-12/curl/${name}-said`));

function wordsOf(url: string): [string, ...string[]] {
  const [ask] = http.ask({ ...params, url }, self);
  if (ask?.kind !== 'exec') throw new Error('curl is not asked');
  return ask.argv;
}

const local = { state: 'answered', kind: 'success', status: 200, from: '127.0.0.1', redirects: 0 };
const at = (path: string) => `http://localhost:18080${path}`;
const html = '<html><body>Service Unavailable</body></html>';

describe('a real answer', () => {
  it.each([
    [
      'master',
      {
        ...{ ...local, url: at('/master/'), form: 'json' },
        json: { '10.11.2.60': { postgres_lag_bytes: '0' }, replication_mode: 'master' },
      },
    ],
    ['slash', { url: at('/master/'), redirects: 1, form: 'json' }],
    ['standalone', { ...local, url: at('/standalone/'), form: 'json', json: { replication_mode: 'standalone' } }],
    ['secure', { url: 'https://localhost:18443/standalone/', redirects: 1, json: { replication_mode: 'standalone' } }],
    ['unknown', { ...local, url: at('/unknown/'), form: 'text', text: 'unknown' }],
    ['empty', { ...local, url: at('/empty/'), form: 'empty' }],
    ['down', { ...local, kind: 'error', status: 503, url: at('/down/'), form: 'html', text: html }],
    ['missing', { ...local, kind: 'error', status: 404, url: at('/nonesuch'), form: 'text', text: 'not here' }],
    ['other', { ...local, from: '127.0.0.2', redirects: 1, url: 'http://127.0.0.2:18080/unknown/' }],
  ])('%s', (name, value) => {
    expect(read(http, [captured(name)], params)).toMatchObject(value);
  });

  it('of nobody is one: refused', () => {
    expect(read(http, [captured('refused', 7)], params)).toEqual({ state: 'refused', kind: 'none', form: 'none' });
  });

  it.each([
    ['slow', 28, 'timeout', /did not answer in time/],
    ['loop', 47, undefined, /redirects without an end/],
    ['no-tls', 35, undefined, /failed in its TLS handshake/],
    ['tls', 52, undefined, /empty reply/],
    ['cut', 52, undefined, /empty reply/],
    ['ftp', 1, undefined, /neither http nor https/],
    ['unresolved', 6, undefined, /does not know/],
    // Whatever answered first was not refused.
    ['closed', 7, undefined, /http:\/\/127\.0\.0\.1:9\/ cannot be connected to/],
  ])('%s proves nothing, and says why', (name, exit, problem, why) => {
    const error = unreadable(http, [captured(name, exit)], params);
    expect(error.message).toMatch(why);
    expect(error.problem).toBe(problem);
  });
});

describe('another host', () => {
  const moved = (name: string, to: string): Output => {
    const output = captured(name);
    return {
      ...output,
      stdout: output.stdout.replace('127.0.0.2', to),
      stderr: output.stderr.replace('127.0.0.2', to),
    };
  };

  it('may not answer in its place', () => {
    const error = unreadable(http, [moved('other', '10.11.2.61')], params);
    expect(error.message).toBe(
      'http://127.0.0.2:18080/unknown/ leads to 10.11.2.61, which is not the host itself (10.11.2.60); ' +
        'name a URL that stays on it',
    );
    expect(read(http, [moved('other', '10.11.2.60')], params)).toMatchObject({ from: '10.11.2.60' });
  });

  it.each(['10.11.2.60.1', '127.0.0.1.evil', '10.11.2.6', '::2', '[::2]', 'fe80::1', '128.0.0.1', '1127.0.0.1'])(
    'is %s',
    (address) => {
      const output = captured('unknown');
      unreadable(http, [{ ...output, stderr: `${output.stderr}*   Trying ${address}...\n` }], params);
    },
  );

  it.each(['127.0.0.1:80', '[::1]:80', '::1:80', '::1', '127.8.9.10', '10.11.2.60', '10.11.2.60:80'])(
    'is not %s',
    (address) => {
      const output = captured('unknown');
      const stderr = `${output.stderr}*   Trying ${address}...\n`;
      expect(read(http, [{ ...output, stderr }], params)).toMatchObject({ text: 'unknown' });
    },
  );

  it('in between is one, though the last answer came from here', () => {
    const output = captured('slash');
    const stderr = `${output.stderr}*   Trying 10.11.2.61:80...\n${output.stderr}`;
    expect(unreadable(http, [{ ...output, stderr }], params).message).toContain('leads to 10.11.2.61');
  });

  // 10.20.0.5 is an address of that table's host, 10.20.0.0 a network and 10.20.0.255 a broadcast address there.
  const table = said(fixture('debian-12/fib_trie'));
  const second = moved('other', '10.20.0.5');

  it('is not the host on another interface of its own', () => {
    expect(read(http, [second, table], params)).toMatchObject({ from: '10.20.0.5', text: 'unknown' });
  });

  it.each(['10.11.2.61', '10.20.0.0', '10.20.0.255', '10.20.0.50', '10.20.0.55', '0.0.0.0'])(
    'is %s, which no interface has',
    (address) => {
      unreadable(http, [moved('other', address), table], params);
    },
  );

  it('may be any address where the host does not tell its own', () => {
    unreadable(http, [second], params);
    for (const [, output] of noAnswers) unreadable(http, [second, output], params);
    for (const output of spoiled(table)) unreadable(http, [second, output], params);
    // Who answered from the loopback or from the address that was given needs no table.
    expect(read(http, [captured('unknown')], params)).toMatchObject({ text: 'unknown' });
    expect(read(http, [moved('other', '10.11.2.60'), failed('')], params)).toMatchObject({ from: '10.11.2.60' });
  });

  it('may not refuse in its place', () => {
    const { stdout, stderr } = captured('refused');
    unreadable(http, [said(stdout, 7, stderr.replace('127.0.0.1:9', '10.11.2.61:9'))], params);
    unreadable(http, [said(stdout, 7, 'curl: (7) Failed connect to x:9; Connection refused\n')], params);
  });
});

const MARK = 'pairflight-http';
const trailer = `\n${MARK} 200 0 127.0.0.1 http://localhost/\n`;

describe('a body', () => {
  const body = (text: string) => read(http, [said(text + trailer)], params) as Record<string, unknown>;

  it('may hold what looks like the end; the last one counts', () => {
    const fake = `{"a":1}\n${MARK} 200 0 127.0.0.1 http://localhost/\n`;
    expect(body(fake)).toMatchObject({ form: 'text', text: fake.trim() });
    unreadable(http, [said(`${fake}\n${MARK} 200 0 10.9.9.9 http://localhost/\n`)], params);
    unreadable(http, [said(`${fake}more`)], params);
  });

  it.each(['[1]', '"unknown"', '5', 'null', '{"a":', '{"a":1e999}', '{} x', '<p>', '< html>', 'unknown <html>'])(
    '%j is text',
    (text) => {
      expect(body(text)).toMatchObject({ form: 'text', text });
    },
  );

  it.each([
    '<!DOCTYPE html><title>a</title>',
    '<html>',
    '\n<HTML lang=en>',
    '<head>',
    '<body>',
    '<?xml version="1.0"?>',
  ])('%j is a web page', (text) => {
    expect(body(text)).toMatchObject({ form: 'html', text: text.trim() });
  });

  it.each(['', ' \n\t'])('%j is empty', (text) => {
    const value = body(text);
    expect(value.form).toBe('empty');
    expect(value).not.toHaveProperty('text');
  });

  it('is cut where it is long', () => {
    expect(body('x'.repeat(4096))).not.toHaveProperty('cut');
    expect(body('x'.repeat(4097))).toMatchObject({ cut: true, text: 'x'.repeat(4096) });
  });

  it.each([
    '',
    trailer.slice(0, 20),
    trailer.replace('200', '000'),
    trailer.replace('200', '999'),
    trailer.replace('127.0.0.1', ''),
    trailer.replace('http:', 'http: '),
    trailer.slice(1),
  ])('with the end %j proves nothing', (end) => {
    unreadable(http, [said(`unknown${end}`)], params);
  });
});

describe('curl 7.29', () => {
  // Written after the words of that release.
  const stderr = [
    '* About to connect() to localhost port 80 (#0)',
    '*   Trying ::1...',
    '* Connection refused',
    '*   Trying 127.0.0.1...',
    '* Connection refused',
    '* Failed connect to localhost:80; Connection refused',
    '* Closing connection 0',
    'curl: (7) Failed connect to localhost:80; Connection refused',
    '',
  ].join('\n');

  it('says in other words that nobody listens', () => {
    expect(read(http, [said(`\n${MARK} 000 0  http://localhost/\n`, 7, stderr)], params)).toMatchObject({
      state: 'refused',
    });
    unreadable(
      http,
      [said(`\n${MARK} 000 0  http://localhost/\n`, 7, stderr.replaceAll('refused', 'timed out'))],
      params,
    );
  });
});

it('no header leaves the host', () => {
  const stderr =
    '> Authorization: SECRET\n< Set-Cookie: SECRET\n* Added cookie SECRET\n{ [5 bytes data]\n* Trying 127.0.0.1:80...\n';
  const [kept] = http.redact?.([said('', 0, stderr)], params, String) ?? [];
  expect(kept?.stderr).toBe('* Trying 127.0.0.1:80...\n');
});

describe('an answer', () => {
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(http, [output], params));
  it('is none with a problem', () => {
    for (const output of spoiled(captured('master'))) unreadable(http, [output], params);
  });
  it('without curl is not found', () => {
    expect(unreadable(http, [failed('sh: 1: curl: not found', 127)], params).problem).toBe('not-found');
  });
});

describe('the question', () => {
  const words = wordsOf('http://localhost/monitor/replication');

  it('may run as it is', () => {
    expect(words.join(' ')).toBe(
      'curl -q -v -sS -k -L --proto =http,https --proto-redir =http,https --max-redirs 3 --noproxy * --connect-timeout 5 ' +
        `--max-time 20 -o - -w \\n${MARK} %{http_code} %{num_redirects} %{remote_ip} %{url_effective}\\n http://localhost/monitor/replication`,
    );
    expect(refused(words)).toBeUndefined();
  });

  it("goes with one to the host's login for its own addresses, which may run as it is", () => {
    const [, table, ...others] = http.ask({ ...params, as: 'shop' }, self);
    expect(table).toMatchObject({ argv: ['cat', '/proc/net/fib_trie'], as: 'login', effect: 'read' });
    expect(others).toEqual([]);
    expect(refused(table?.kind === 'exec' ? table.argv : [])).toBeUndefined();
  });

  it('may not run with any word left out, or another in its place, or more of them', () => {
    for (const index of words.keys()) {
      expect(refused(words.toSpliced(index, 1)), `without ${words[index]}`).toBeDefined();
      for (const other of ['-o/etc/hosts', '--data=x', ''])
        expect(refused(words.with(index, other)), words[index]).toBeDefined();
    }
    expect(refused([...words, 'http://localhost/'])).toBeDefined();
  });

  it.each([
    'file:///etc/shadow',
    'http://user:secret@localhost/',
    'http://localhost/[1-9]',
    'http://localhost/{a,b}',
    'http://localhost/a b',
    'http://localhost/#x',
    'http://local;host/',
    '-http://localhost/',
    'http://localhost:80\n',
    'HTTP://localhost/',
  ])('%j may not be its URL', (url) => {
    expect(refused(wordsOf(url))).toBeDefined();
    expect(check(http.params, { ...params, url })).not.toEqual([]);
  });
});

const why = lacking('curl');
describe.skipIf(why)(`the curl of this machine${why}`, () => {
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer(({ url, method }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/page?a=1' }).end('gone');
      else response.writeHead(200, { 'set-cookie': 'SECRET' }).end(JSON.stringify({ method, url }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  const get = (url: string): Promise<Output> => {
    const [program, ...words] = wordsOf(url);
    // A proxy of the environment would be another host.
    const env = { ...process.env, LC_ALL: 'C', http_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' };
    return new Promise((resolve) => {
      execFile(program, words, { env }, (error, stdout, stderr) =>
        resolve(said(stdout, error ? Number(error.code) : 0, stderr)),
      );
    });
  };

  it('gets what is asked for, redirected or not, and never through a proxy', async () => {
    const url = `http://127.0.0.1:${port}/page?a=1`;
    const value = { ...local, url, form: 'json', json: { method: 'GET', url: '/page?a=1' } };
    expect(read(http, [await get(url)], params)).toEqual(value);
    expect(read(http, [await get(`http://127.0.0.1:${port}/moved`)], params)).toEqual({ ...value, redirects: 1 });
  });

  it('tells that nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port: closed } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(read(http, [await get(`http://127.0.0.1:${closed}/`)], params)).toMatchObject({ state: 'refused' });
  });
});
