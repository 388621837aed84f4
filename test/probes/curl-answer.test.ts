/** What curl prints, word for word: the line behind the body, what it tells of addresses, and what its exit status means. */
import { describe, expect, it, test } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { CURL_WORDS, endpointWords, isCurlQuestion } from '../../src/probes/http/curl.js';
import { kindOf, triedBy } from '../../src/probes/http/curl-answer.js';
import { endpoint } from '../../src/probes/http/endpoint.js';
import { http } from '../../src/probes/http/http.js';
import { failed, read, said, unreadable } from './support.js';

const url = 'http://localhost:8500/';
const asked = { url };
const secret = { url, header: { name: 'X-Token', env: 'TOKEN' } };
const trailer = (status: string, more = '0 0.001 0.002 ') => `\npairflight-http ${status} ${more}\n`;
const answered = (status: string, body = 'text', more?: string) => said(body + trailer(status, more));

describe('the line behind the body', () => {
  it.each<[string, object]>([
    ['100', { kind: 'success', status: 100 }],
    ['299', { kind: 'success', status: 299 }],
    ['300', { kind: 'redirect', status: 300 }],
    ['599', { kind: 'error', status: 599 }],
  ])('tells the status %s', (status, value) => {
    expect(read(endpoint, [answered(status)], asked)).toMatchObject({ state: 'answered', form: 'text', ...value });
    expect(
      read(http, [said(`text\npairflight-http ${status} 12 127.0.0.1 ${url}`)], { url, address: '10.0.0.9' }),
    ).toMatchObject({ ...value, redirects: 12, from: '127.0.0.1' });
  });

  it.each(['000', '099', '600'])('with the status %s is not of HTTP', (status) => {
    expect(unreadable(endpoint, [answered(status)], asked).message).toBe(`${url} did not answer in HTTP`);
    const other = said(`\npairflight-http ${status} 0 127.0.0.1 ${url}\n`);
    expect(unreadable(http, [other], { url, address: '10.0.0.9' }).message).toBe(`${url} did not answer in HTTP`);
  });

  it('may have numbers of several digits', () => {
    expect(read(endpoint, [answered('200', '{}', '12 10.25 11,75 http://x/')], asked)).toMatchObject({
      location: 'http://x/',
    });
  });

  it.each([
    'text',
    '0123456789abcdef200 0 0.001 0.002 \n',
    'text\npairflight-http x200 0 0.001 0.002 \n',
    'text\npairflight-http 200 0 0.001 0.002 \nx',
    'text\npairflight-http 200 0 0.001\n',
  ])('is not in %j', (stdout) => {
    expect(unreadable(endpoint, [said(stdout)], asked).message).toBe('curl did not say who answered');
    expect(unreadable(endpoint, [said(stdout, 7, 'curl: odd')], asked).message).toBe('ended with exit 7: curl: odd');
    expect(endpoint.redact?.([said(stdout)], secret, String)).toEqual([said('')]);
  });

  it('is not there where there is no curl', () => {
    expect(unreadable(endpoint, [failed('', 127)], asked)).toMatchObject({ message: 'no curl', problem: 'not-found' });
    expect(unreadable(endpoint, [failed('curl: error while loading shared libraries', 127)], asked).message).toBe(
      'curl: error while loading shared libraries',
    );
    const odd = said(`\npairflight-http x200 0 127.0.0.1 ${url}\n`);
    expect(unreadable(http, [odd], { url, address: '10.0.0.9' }).message).toBe('curl did not say who answered');
  });

  it('tells where a redirect leads, cut to what fits', () => {
    const value = read(endpoint, [answered('302', '', `0 0.1 0.1 ${'x'.repeat(3000)}`)], asked);
    expect((value as { location: string }).location).toHaveLength(2048);
  });

  it('of a question with a secret is all that is kept of what is no success', () => {
    for (const status of ['300', '404', '500']) {
      expect(endpoint.redact?.([answered(status)], secret, String)[0]?.stdout).toBe(`withheld${trailer(status)}`);
      expect(endpoint.redact?.([answered(status, ' \n')], secret, String)[0]?.stdout).toBe(trailer(status));
      expect(endpoint.read([answered(status)], secret)).toMatchObject({ form: 'withheld' });
      expect(endpoint.read([answered(status, ' \n')], secret)).toMatchObject({ form: 'empty' });
    }
    expect(endpoint.redact?.([answered('299')], secret, String)[0]?.stdout).toBe(`text${trailer('299')}`);
  });
});

test('a status has a kind', () => {
  expect([100, 299, 300, 399, 400, 599].map(kindOf)).toEqual([
    'success',
    'success',
    'redirect',
    'redirect',
    'error',
    'error',
  ]);
});

test('the addresses that were tried', () => {
  const stderr = [
    '*   Trying 10.0.0.1...',
    '* Trying 10.0.0.2:80...\r',
    '* Trying [::1]:80...',
    '* Trying 10.0.0.3',
    '* Trying x[::1]:80...',
    '* Trying [::1]:80x...',
    '* Trying 10.0.0.4:80x...',
    '< * Trying 10.0.0.5...',
    '* Trying 10.0.0.6... y',
  ].join('\n');
  expect(triedBy({ stderr })).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '::1',
    '10.0.0.3',
    'x[::1]:80',
    '[::1]:80x',
    '10.0.0.4:80x',
  ]);
  const lines = [
    'curl: (7) odd',
    'x curl: y',
    '* Trying 1.1.1.1...',
    '> * Trying 2.2.2.2...',
    '*   Failed x',
    '* other',
  ];
  expect(http.redact?.([said('', 0, lines.join('\n'))], { url, address: '10.0.0.9' }, String)[0]?.stderr).toBe(
    'curl: (7) odd\n* Trying 1.1.1.1...\n*   Failed x\n',
  );
});

describe('the exit status', () => {
  const ended = (exit: number | null, stderr: string, more?: string): Output => ({
    ...said(trailer('000', more), exit, stderr),
  });
  const why = (exit: number | null, stderr = '', question: object = asked) =>
    unreadable(endpoint, [ended(exit, stderr)], question).message;
  const refusedLine = '* connect to 127.0.0.1 port 8500 failed: Connection refused\n';

  it('means what it means, whatever the lines beside it say', () => {
    expect(read(endpoint, [ended(7, refusedLine)], asked)).toMatchObject({ state: 'refused' });
    expect(why(35, refusedLine)).toBe(`${url} failed in its TLS handshake`);
    expect(why(null)).toBe(`${url} was not read: curl ended with exit null`);
    expect(why(52)).toBe(`${url} gave an empty reply; does it expect TLS (https)?`);
    expect(why(52, '', { url: 'https://h/http://x' })).toBe('https://h/http://x gave an empty reply');
    expect(why(56, 'curl: (56) odd\n')).toBe(`${url} broke off its answer: curl: (56) odd`);
    for (const alert of [
      'unsupported certificate',
      'unknown certificate',
      'certificate expired',
      'unknown ca',
      'access denied',
    ])
      expect(why(56, `curl: (56) alert ${alert}\n`)).toMatch(/does not accept the client certificate/);
  });

  it('of a host that is asked on itself means the same', () => {
    const whyOwn = (exit: number | null, stderr = '') =>
      unreadable(http, [said(`\npairflight-http 000 0  ${url}\n`, exit, stderr)], { url, address: '10.0.0.9' }).message;
    expect(whyOwn(35, `* Trying 127.0.0.1...\n${refusedLine}`)).toBe(`${url} failed in its TLS handshake`);
    expect(whyOwn(null)).toBe(`${url} was not read: curl ended with exit null`);
    expect(whyOwn(52, 'curl: (52) odd\n')).toBe(`${url} gave an empty reply: curl: (52) odd`);
    expect(whyOwn(52)).toBe(`${url} gave an empty reply`);
  });

  it.each([
    ['* Trying 10.0.0.1...\n', '0 2.000 0.000 ', 'filtered'],
    ['* Trying 10.0.0.1...\n', '0 2.001 0.000 ', undefined],
    ['* Trying 10.0.0.1...\n> x * Connected to a \n', '0 0.001 0.000 ', 'filtered'],
    ['* Trying 10.0.0.1...\n*   Connected to a \n', '0 0.001 0.000 ', undefined],
    ['* Trying 10.0.0.1...\n* Established connection to a \n', '0 0.001 0.000 ', undefined],
    ['* Trying 10.0.0.1...\n', '0 0.001 0.002 ', undefined],
    ['', '0 0.001 0.000 ', undefined],
  ])('of a question without an end (%j, %j) means %s', (stderr, more, state) => {
    const output = ended(28, stderr, more);
    if (state) expect(endpoint.read([output], asked)).toMatchObject({ state });
    else expect(unreadable(endpoint, [output], asked).problem).toBe('timeout');
  });

  it.each([
    [51, 'curl: (51) odd', 'name'],
    [60, 'curl: (60) hostname mismatch', 'name'],
    [60, 'curl: (60) host name mismatch', 'name'],
    [60, 'curl: (60) certificate has expired', 'date'],
    [60, 'curl: (60) self-signed certificate', 'issuer'],
    [60, 'curl: (60) odd', 'other'],
  ])('%d with %j is no trust: %s', (exit, stderr, distrust) => {
    expect(read(endpoint, [ended(exit, `${stderr}\n`)], asked)).toMatchObject({ state: 'untrusted', distrust });
  });
});

test('a certificate may come with its key, or hold it', () => {
  const words = (question: object) => endpointWords({ url, ...question }).slice(-6);
  expect(words({ cert: '/c' }).slice(1)).toEqual(['--cert', '/c', '--pass', '', url]);
  expect(words({ cert: '/c', key: '/k' })).toEqual(['/c', '--key', '/k', '--pass', '', url]);
  expect(isCurlQuestion(endpointWords({ url, cert: '/c' }), undefined)).toBe(true);
  expect(isCurlQuestion([...CURL_WORDS, url], undefined)).toBe(true);
  expect(isCurlQuestion([...CURL_WORDS, url], { line: 'header = "X-A: {secret}"', env: 'A' })).toBe(false);
});
