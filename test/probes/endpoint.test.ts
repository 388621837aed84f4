/** What an endpoint answers: what a real curl printed, asked anew of real servers where there is one, and what may run. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { ExecAsk, Output } from '../../src/core/model.js';
import type { EndpointQuestion } from '../../src/probes/http/curl.js';
import { endpoint } from '../../src/probes/http/endpoint.js';
import { refusalOf } from '../../src/probes/read-only.js';
import { lacking } from '../needs.js';
import { cases } from './endpoint-cases.js';
import { type Servers, startServers } from './endpoint-servers.js';
import { inNamespace } from './namespace.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const self = { name: 'a', role: 'a', address: '10.11.2.60', connection: 'ssh' as const };
const params = { url: 'http://localhost:8500/' };

function askOf(question: object): ExecAsk {
  const [ask, ...others] = endpoint.ask({ ...params, ...question }, self);
  if (ask?.kind !== 'exec' || others.length > 0) throw new Error('curl is not asked, or more than that');
  return ask;
}

const captures = 'debian-12/curl-endpoint';
const captured = (name: string): Output =>
  said(fixture(`${captures}/${name}`), cases[name]?.exit ?? 0, fixture(`${captures}/${name}-said`));

function judge(name: string, output: Output, question: object = params): void {
  const { value, why } = cases[name] ?? {};
  if (value) {
    expect(read(endpoint, [output], question)).toEqual(value);
    return;
  }
  const error = unreadable(endpoint, [output], question);
  expect(error.message).toMatch(why?.message ?? /^$/);
  expect(error.problem).toBe(why?.problem);
}

const names = Object.keys(cases);

describe('a captured answer', () => {
  it.each(names)('%s', (name) => judge(name, captured(name)));

  it('is none with a problem', () => {
    for (const name of names) for (const output of spoiled(captured(name))) unreadable(endpoint, [output], params);
  });

  it('is none for another exit status, or without its end', () => {
    for (const name of names.filter((one) => cases[one]?.value && cases[one].exit === 0)) {
      const output = captured(name);
      for (const exit of [1, 18, 23, 35, 52, 56, 124, 137]) unreadable(endpoint, [{ ...output, exit }], params);
      unreadable(endpoint, [{ ...output, stdout: output.stdout.trimEnd().slice(0, -12) }], params);
    }
  });
});

const why = lacking('curl', 'openssl');
describe.skipIf(why)(`the curl of this machine${why}`, { timeout: 20_000 }, () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers();
    servers.authority.locked(servers.authority.sign('client', 'client'));
  });
  afterAll(() => servers?.end());

  const capture = process.env.PAIRFLIGHT_CAPTURE === 'curl-endpoint';
  it.each(names)('%s', async (name) => {
    const question = cases[name]?.ask(servers) ?? params;
    const ask = askOf(question);
    if (capture) keep(name, await run(name === 'slow' ? hurried(ask) : ask));
    else {
      const output = await run(name === 'slow' ? hurried(ask) : ask);
      expect(output.exit).toBe(cases[name]?.exit);
      judge(name, output, question);
    }
  });

  it('sends the header of its input, and none for an empty one', async () => {
    const ask = askOf({
      url: `http://localhost:${servers.ports.plain}/echo`,
      header: { name: 'X-Token', env: 'TOKEN' },
    });
    const asked = async (input: string) =>
      read(endpoint, [await run(ask, input)], params) as { json: { headers: object } };
    const line = ask.stdin?.line.replace('{secret}', 'Bearer a;b #c=%d') ?? '';
    const { json } = await asked(`${line}\n`);
    expect(json).toMatchObject({ method: 'GET', headers: { 'x-token': 'Bearer a;b #c=%d' } });
    expect((await asked('')).json.headers).not.toHaveProperty('x-token');
  });

  it('tells no header, and no cookie', async () => {
    const [kept] = endpoint.redact?.([await run(askOf(cases.object?.ask(servers) ?? {}))], params, String) ?? [];
    expect(JSON.stringify(kept)).not.toMatch(/SECRET|user-agent/i);
    expect(kept?.stderr).toContain('Connected to localhost');
  });
});

const MARK = 'pairflight-http';
const told = (code = '000', lookup = '0.000', connect = '0.000') => `\n${MARK} ${code} 0 ${lookup} ${connect} \n`;

describe('no connection', () => {
  const trying = '*   Trying 10.0.0.1:80...\n';
  const late = 'curl: (28) Connection timed out after 5001 milliseconds\n';

  it('in 5 seconds is a filtered port', () => {
    expect(read(endpoint, [said(told(), 28, trying + late)], params)).toEqual({
      ...{ state: 'filtered', kind: 'none', form: 'none' },
    });
  });

  it.each([
    ['a connection', told(), `${trying}* Connected to a (10.0.0.1) port 80 (#0)\n${late}`],
    ['a connection of curl 8', told(), `${trying}* Established connection to a (10.0.0.1 port 80)\n${late}`],
    ['a measured connection', told('000', '0.000', '0.001'), trying + late],
    ['a slow resolver', told('000', '4.512'), trying + late],
    ['no address', told(), 'curl: (28) Resolving timed out after 5000 milliseconds\n'],
  ])('is a timeout after %s', (_, stdout, stderr) => {
    expect(unreadable(endpoint, [said(stdout, 28, stderr)], params).problem).toBe('timeout');
  });

  const failed7 = (...lines: string[]) => said(told(), 7, [...lines, 'curl: (7) Failed\n'].join('\n'));
  const refusal = '* connect to 10.0.0.1 port 80 failed: Connection refused';
  it.each([
    ['refused', [refusal]],
    ['refused', ['* connect to 10.0.0.1 port 80 from 10.0.0.2 port 4711 failed: Connection refused']],
    ['refused', ['* connect to ::1 port 80 failed: Connection refused', refusal]],
    // Of curl 7.29.
    ['refused', ['*   Trying 10.0.0.1...', '* Connection refused', '* Failed connect to a:80; Connection refused']],
    ['refused', ['* Immediate connect fail for ::1: Cannot assign requested address', refusal]],
    ['refused', ['* connect to 2001:db8::1 port 80 failed: Network is unreachable', refusal]],
    ['filtered', ['* connect to 10.0.0.1 port 80 failed: Connection timed out']],
    [undefined, ['* connect to 10.0.0.1 port 80 failed: No route to host']],
    [undefined, ['* No route to host']],
    [undefined, ['* connect to 10.0.0.2 port 80 failed: No route to host', refusal]],
    [undefined, ['* connect to 10.0.0.2 port 80 failed: Network is unreachable', refusal]],
    [undefined, ['* connect to 10.0.0.2 port 80 failed: Connection timed out', refusal]],
    [undefined, ['* Immediate connect fail for ::1: Cannot assign requested address']],
    [undefined, ['*   Trying 10.0.0.1...']],
  ])('is %s by %j', (state, lines) => {
    if (state) expect(read(endpoint, [failed7(...lines)], params)).toMatchObject({ state });
    else expect(unreadable(endpoint, [failed7(...lines)], params).problem).toBe('unreachable');
  });

  it('to a name that was not resolved in time is a timeout', () => {
    const output = said(told(), 6, 'curl: (6) Resolving timed out after 5000 milliseconds\n');
    expect(unreadable(endpoint, [output], params).problem).toBe('timeout');
  });
});

// The words of curl 7.29 with NSS, of OpenSSL's own server, and of libraries that no test has here.
describe('TLS', () => {
  const ended = (exit: number, words: string) => said(told(), exit, `curl: (${exit}) ${words}\n`);

  it.each([
    [60, "Peer's Certificate issuer is not recognized.", 'issuer'],
    [60, "Peer's Certificate has expired.", 'date'],
    [60, 'SSL certificate problem: certificate is not yet valid', 'date'],
    [51, "requested domain name does not match the server's certificate.", 'name'],
    [51, 'SSL: certificate subject name (x) does not match target host name', 'name'],
    [60, 'SSL certificate problem: CA certificate key too weak', 'other'],
  ])('is untrusted: %i %s', (exit, words, distrust) => {
    expect(read(endpoint, [ended(exit, words)], params)).toMatchObject({ state: 'untrusted', distrust });
  });

  it.each([
    [35, 'error:0A000418:SSL routines::tlsv1 alert unknown ca', 'denied', /not accept the client certificate/],
    [56, 'OpenSSL SSL_read: tlsv1 alert unknown ca, errno 0', 'denied', /not accept the client certificate/],
    [35, 'SSL peer cannot verify your certificate.', 'denied', /not accept the client certificate/],
    [56, 'sslv3 alert certificate expired', 'denied', /not accept the client certificate/],
    [35, 'SSL received a record that exceeded the maximum permissible length.', undefined, /does not speak it/],
    [35, 'OpenSSL SSL_connect: SSL_ERROR_SYSCALL', undefined, /failed in its TLS handshake/],
    [56, 'Recv failure: Connection reset by peer', undefined, /broke off/],
    [2, 'Failed initialization', undefined, /curl ended with exit 2/],
  ])('proves nothing: %i %s', (exit, words, problem, message) => {
    const error = unreadable(endpoint, [ended(exit, words)], params);
    expect(error.message).toMatch(message);
    expect(error.problem).toBe(problem);
  });
});

describe('an answer', () => {
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(endpoint, [output], params));

  it('without curl is not found', () => {
    expect(unreadable(endpoint, [failed('sh: 1: curl: not found', 127)], params).problem).toBe('not-found');
  });

  it('that was cut is not kept', () => {
    const cut: Output = {
      ...said('{"echo":"SECR', null, '+ SECR\n> X-Token: SECR\nno answer\n'),
      problem: 'truncated',
    };
    expect(endpoint.redact?.([cut], params, String)).toEqual([{ ...cut, stdout: '', stderr: 'no answer\n' }]);
  });

  it('may hold what looks like its end', () => {
    const fake = `5\n${MARK} 200 0 0.0 0.0 \n`;
    expect(read(endpoint, [said(`${fake}${told('404')}`)], params)).toMatchObject({ status: 404, text: fake.trim() });
  });

  it('that says in plain what a port of TLS says is one, where the status is another', () => {
    const text = 'This page: Client sent an HTTP request to an HTTPS server.';
    expect(read(endpoint, [said(`${text}${told('200')}`)], params)).toMatchObject({ status: 200, text });
    for (const body of [text, 'This combination of host and port requires TLS.'])
      expect(unreadable(endpoint, [said(`${body}${told('400')}`)], params).message).toContain('expects TLS');
  });

  it.each(['099', '600', '000'])('with the status %s is no HTTP', (code) => {
    unreadable(endpoint, [said(`1${told(code)}`)], params);
  });
});

const whyNet = lacking('root', 'namespaces', 'nft', 'ip', 'curl');
it.skipIf(whyNet)(`a wall that drops is filtered, one that answers is unreachable${whyNet}`, async () => {
  const words = (port: number) => askOf({ url: `http://10.9.0.1:${port}/` }).argv;
  const script = `ip addr add 10.9.0.1/32 dev lo
    nft 'table ip wall { chain in { type filter hook input priority 0;
      tcp dport 7002 drop; tcp dport 7003 reject with icmp type host-prohibited; }; }'
    room=$1; shift; code=0
    LC_ALL=C "$@" >"$room/out" 2>"$room/said" || code=$?
    echo "$code" >"$room/exit"`;
  const states = await Promise.all(
    [7001, 7002, 7003].map(async (port) => {
      const room = mkdtempSync(join(tmpdir(), 'wall-'));
      await inNamespace(script, [room, ...words(port)]);
      const text = (name: string) => readFileSync(join(room, name), 'utf8');
      const output = said(text('out'), Number(text('exit')), text('said'));
      rmSync(room, { recursive: true });
      try {
        return (read(endpoint, [output], params) as { state: string }).state;
      } catch (error) {
        return (error as { problem?: string }).problem;
      }
    }),
  );
  expect(states).toEqual(['refused', 'filtered', 'unreachable']);
});

describe('the question', () => {
  const refused = (argv: string[], stdin?: ExecAsk['stdin']) =>
    refusalOf({ ...askOf({}), argv: argv as ExecAsk['argv'], ...(stdin && { stdin }) }, false, ['-s']);
  const header = { name: 'X-Token', env: 'SHOP_TOKEN' };
  const full = { ca: '/etc/ca.pem', cert: '/etc/a.pem', key: '/etc/a.key', header };
  const questions = [{}, full, { redirects: 3 }, { cert: '/etc/both.pem' }, { header }];

  it('is asked in these words', () => {
    const common = `--noproxy * --connect-timeout 5 --max-time 20 -o - -w \\n${MARK} %{http_code} %{num_redirects} %{time_namelookup} %{time_connect} %{redirect_url}\\n`;
    expect(askOf({}).argv.join(' ')).toBe(`curl -q -v -sS --proto =http,https ${common} ${params.url}`);
    expect(askOf(full).argv.join(' ')).toBe(
      `curl -q -v -sS --proto =http,https ${common} --cacert /etc/ca.pem --cert /etc/a.pem --key /etc/a.key --pass  -K - ${params.url}`,
    );
    expect(askOf({ redirects: 2 }).argv.join(' ')).toBe(
      `curl -q -v -sS -L --proto =http,https --proto-redir =http,https --max-redirs 2 ${common} ${params.url}`,
    );
    expect(askOf(full).stdin).toEqual({ line: 'header = "X-Token: {secret}"', env: 'SHOP_TOKEN' });
    expect(askOf({}).stdin).toBeUndefined();
    expect(askOf({ maxBytes: 2048 }).maxBytes).toBe(2048 + 65_536);
  });

  it.each(questions)('%j may run as it is, and with no word left out, added, or another in its place', (question) => {
    const { argv, stdin } = askOf(question);
    expect(refused(argv, stdin)).toBeUndefined();
    for (const [index, word] of argv.entries()) {
      // What is left without it is another question of this probe.
      if (!['-K', '/etc/a.key', '/etc/a.pem', '/etc/ca.pem', '/etc/both.pem'].includes(word))
        expect(refused(argv.toSpliced(index, 1), stdin), `without ${word}`).toBeDefined();
      for (const other of ['-o/etc/hosts', '--data=x', '-k', '-K', '-', ''])
        if (other !== word)
          expect(refused(argv.with(index, other) as string[], stdin), `${other} for ${word}`).toBeDefined();
      for (const other of ['-k', '--data=x', '-XPOST', '-T/etc/passwd', 'http://other/'])
        expect(refused(argv.toSpliced(index, 0, other), stdin), `${other} before ${word}`).toBeDefined();
    }
  });

  it('reads its header from an input of exactly this form, and no other program reads any', () => {
    const { argv, stdin } = askOf({ header });
    expect(refused(argv)).toBeDefined();
    expect(refused(askOf({}).argv, stdin)).toBeDefined();
    for (const line of [
      ...['', '{secret}', 'header = "X-Token: x"', 'header = "X-Token: {secret}', 'header = "X-Token:{secret}"'],
      ...['url = "file:///etc/shadow"', 'header = "X-Token: {secret}"\nurl = "http://x/"', 'header = "a b: {secret}"'],
      'header = "X-HTTP-Method-Override: {secret}"',
    ])
      expect(refused(argv, { line, env: 'SHOP_TOKEN' }), line).toBeDefined();
    expect(refused(argv, { line: stdin?.line ?? '', env: 'path to' })).toBeDefined();
    expect(refused(['cat', '/etc/hosts'])).toBeUndefined();
    expect(refused(['cat', '/etc/hosts'], stdin)).toBeDefined();
    expect(refusalOf({ ...askOf({}), argv: ['shop', 'status'], ...(stdin && { stdin }) }, true, [])).toBeDefined();
  });

  it.each([
    { url: 'file:///etc/shadow' },
    { url: 'http://user:secret@localhost/' },
    { url: 'http://localhost/[1-9]' },
    { url: 'http://localhost/{a,b}' },
    { url: 'http://localhost/a b' },
    { url: 'http://localhost/#x' },
    { url: '-http://localhost/' },
    { url: 'http://localhost:80\n' },
    { ca: 'ca.pem' },
    { cert: '/etc/a.pem:password' },
    { cert: '/etc/a\\pem' },
    { key: '/etc/a.key' },
    { cert: '-k' },
    { header: { name: 'X-Token', env: 'TOKEN' }, redirects: 1 },
    { header: { name: 'X-Token', env: 'token' } },
    { header: { name: 'X-Token: a', env: 'TOKEN' } },
    { header: { name: 'X-Token"', env: 'TOKEN' } },
    { header: { name: 'X-Http-Method', env: 'TOKEN' } },
    { header: { name: 'X-Token' } },
    { redirects: 4 },
    { maxBytes: 1 },
    { maxBytes: 1e9 },
    { method: 'POST' },
  ] as object[])('%j may not be asked', (question: Partial<EndpointQuestion>) => {
    expect(check(endpoint.params, { ...params, ...question })).not.toEqual([]);
    const { argv, stdin } = askOf(question);
    // A cap, and a word that nobody reads, are in no argument.
    if (!('maxBytes' in question || 'method' in question || ('key' in question && !('cert' in question))))
      expect(refused(argv, stdin)).toBeDefined();
  });

  it.each(['/v1/kv/service/a/leader?raw', '/_cat/indices/*?h=index,health&v', '/a/$metadata;x=(1)/@me', '/'])(
    '%s is a path that it takes',
    (path) => {
      const url = `https://localhost:8501${path}`;
      expect(check(endpoint.params, { url })).toEqual([]);
      expect(refused(askOf({ url }).argv)).toBeUndefined();
    },
  );
});

function hurried(ask: ExecAsk): ExecAsk {
  return { ...ask, argv: ask.argv.map((word) => (word === '20' ? '1' : word)) as ExecAsk['argv'] };
}

function keep(name: string, output: Output): void {
  const folder = new URL(`./fixtures/${captures}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  const [kept] = endpoint.redact?.([output], params, String) ?? [];
  const plain = (text = '') => text.replaceAll(/\/tmp\/pairflight-ca-\w+/g, '/etc/shop');
  writeFileSync(new URL(name, folder), plain(kept?.stdout));
  writeFileSync(new URL(`${name}-said`, folder), plain(kept?.stderr));
}

function run({ argv: [program, ...words] }: ExecAsk, input = ''): Promise<Output> {
  // A proxy of the environment would be another host.
  const env = { ...process.env, LC_ALL: 'C', http_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' };
  return new Promise((resolve) => {
    const child = execFile(program, words, { env }, (error, stdout, stderr) =>
      resolve(said(stdout, error ? Number(error.code) : 0, stderr)),
    );
    // A curl that has ended reads nothing.
    child.stdin?.on('error', () => {}).end(input);
  });
}

describe('a question that carried a secret, and what was no success', () => {
  const header = { name: 'X-Token', env: 'SHOP_TOKEN' };
  const secret = 'k3y-5ecret-9';
  // The token as nobody looks for it.
  const echoes = [
    [...secret].reverse().join(''),
    Buffer.from(secret).toString('hex'),
    secret.toUpperCase(),
    [...secret].join(' '),
    [...secret].map((letter) => `&#${letter.charCodeAt(0)};`).join(''),
    secret.slice(0, -1),
  ];
  const told = (status: number, location = '') => `\n${MARK} ${status} 0 0.001 0.002 ${location}\n`;
  const kept = (output: Output, over: object = { header }) =>
    endpoint.redact?.([output], { ...params, ...over }, String)[0] as Output;

  it.each([301, 400, 401, 403, 404, 500, 503])('leaves of status %i nothing but the status', (status) => {
    for (const echo of echoes) {
      const output = said(`{"error":"${echo}"}${told(status, `http://${echo}/`)}`, 0, `< X-Echo: ${echo}\n`);
      expect(JSON.stringify(kept(output))).not.toContain(echo);
      const value = { state: 'answered', kind: status < 400 ? 'redirect' : 'error', status, form: 'withheld' };
      expect(read(endpoint, [output], { ...params, header })).toEqual(value);
      expect(kept(kept(output))).toEqual(kept(output));
      // Without a secret an error is an answer like any other.
      expect(read(endpoint, [output], params)).toMatchObject({ status, json: { error: echo } });
    }
  });

  it('tells of a body that was empty that it was', () => {
    const value = { state: 'answered', kind: 'error', status: 404, form: 'empty' };
    expect(read(endpoint, [said(told(404))], { ...params, header })).toEqual(value);
  });

  it('keeps what was asked for', () => {
    const output = said(`{"leader":true}${told(200)}`);
    expect(read(endpoint, [output], { ...params, header })).toMatchObject({ status: 200, json: { leader: true } });
  });

  it('leaves nothing of an answer that broke off, or that has no end', () => {
    for (const output of [
      said(`{"a":"${secret}${told(200)}`, 18, 'curl: (18) transfer closed\n'),
      said(`{"a":"${secret}`),
    ]) {
      expect(kept(output).stdout).not.toContain(secret);
      unreadable(endpoint, [output], { ...params, header });
    }
  });
});
