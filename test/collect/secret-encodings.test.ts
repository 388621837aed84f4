/** A secret in the forms in which a host may repeat it, and none of them left in what is kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactConnection, redactOutputs } from '../../src/collect/redact.js';
import { formsOf } from '../../src/collect/secret-encodings.js';
import type { Step } from '../../src/core/model.js';
import { said } from '../probes/support.js';
import { brought } from '../support.js';

const step = { probe: 'none', params: {} } as unknown as Step;
const kept = (text: string, secret: string): string =>
  redactOutputs(brought, step, [said(text)], [secret], String)[0]?.stdout ?? '';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const repeats: [name: string, form: (secret: string) => string][] = [
  ['as it is', (secret) => secret],
  ['in a URL', (secret) => encodeURIComponent(secret)],
  [
    'in a URL, with small letters',
    (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  ],
  ['in a form', (secret) => new URLSearchParams({ a: secret }).toString()],
  ['in JSON', (secret) => JSON.stringify({ a: secret })],
  ['in the JSON of PHP', (secret) => JSON.stringify(secret).replaceAll('/', '\\/')],
  [
    'in the JSON of Go',
    (secret) => JSON.stringify(secret).replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  ],
  ['in a page', (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['in base64', base64],
  ['in base64 behind a byte', (secret) => base64(`:${secret}`)],
  ['in base64 behind a name', (secret) => base64(`me:${secret}:more`)],
  ['in base64 of URLs', (secret) => Buffer.from(`x${secret}`).toString('base64url')],
];

describe.each(repeats)('a secret that comes back %s', (_, form) => {
  it('is taken out', () => {
    // What the environment may hold for a header; its middle must not be left.
    const secrets = fc.stringMatching(/^[!#-&(-[\]-~]{12,40}$/).filter((secret) => !/[[\]]/.test(secret));
    fc.assert(
      fc.property(secrets, (secret) => {
        const text = kept(`{"before":1} ${form(secret)} after`, secret);
        expect(text).toContain('[password]');
        expect(text).not.toContain(form(secret));
        expect(text).not.toContain(secret);
        expect(text.startsWith('{"before":1} ')).toBe(true);
        expect(text.endsWith(' after')).toBe(true);
        // Of base64 the characters that it shares with its neighbours are left: not one whole byte at either end.
        expect(text.length).toBeLessThan('{"before":1}  after'.length + '[password]'.length + 16);
      }),
    );
  });
});

it('the word behind the scheme of an authorization is one too', () => {
  expect(kept('token eyJhbGciOi.e30 of Bearer', 'Bearer eyJhbGciOi.e30')).toBe('token [password] of Bearer');
  expect(kept(base64('eyJhbGciOi.e30'), 'Bearer eyJhbGciOi.e30')).toContain('[password]');
});

it('what is short is looked for as it is alone', () => {
  expect(kept('abcd, a%20b, YWJjZA==', 'abcd')).toBe('[password], a%20b, YWJjZA==');
  expect(kept('abc', 'abc')).toBe('abc');
  expect(formsOf('a b')).not.toContain('a');
});

it('a connection is freed of it', () => {
  const connection = {
    host: 'a',
    kind: 'ssh',
    logins: 1,
    shells: 1,
    bytes: 1,
    noise: `x ${base64('me:hunter2-hunter2')}`,
  };
  expect(redactConnection(connection, ['hunter2-hunter2']).noise).toMatch(/^x bWU6\[password\]=?$/);
});

it('a secret that is no text breaks nothing', () => {
  for (const secret of ['\ud800abcd', 'a\0b\x1bcd', '🔑🔑🔑']) expect(kept(`<${secret}>`, secret)).toBe('<[password]>');
});
