import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostKeyAlgorithms } from '../../../src/collect/transport/host-key.js';
import { judgeHostKey, knownKeyTypes, parseKnownHosts } from '../../../src/collect/transport/known-hosts.js';

function key(type: string, seed: string): Buffer {
  const text = (s: string) => Buffer.concat([Buffer.from([0, 0, 0, s.length]), Buffer.from(s)]);
  return Buffer.concat([text(type), text(seed)]);
}
const A = key('ssh-ed25519', 'a');
const B = key('ssh-ed25519', 'b');
const R = key('ssh-rsa', 'r');
const entry = (names: string, blob: Buffer, marker = '') =>
  `${marker}${names} ${blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))} ${blob.toString('base64')} comment\n`;
function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdef0123');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('judgeHostKey', () => {
  it.each([
    ['the plain name', entry('db1', A), 'db1', 22, A, 'known'],
    ['the name in other letters', entry('DB1', A), 'db1', 22, A, 'known'],
    ['one name of several', entry('x,db1,10.0.0.1', A), '10.0.0.1', 22, A, 'known'],
    ['a name and its port', entry('[db1]:2222', A), 'db1', 2222, A, 'known'],
    ['another port', entry('[db1]:2222', A), 'db1', 2223, A, 'unknown'],
    ['a name with a port where the port is 22', entry('[db1]:2222', A), 'db1', 22, A, 'unknown'],
    ['a bare name for another port, same key', entry('db1', A), 'db1', 2222, A, 'known'],
    ['a bare name for another port, other key', entry('db1', A), 'db1', 2222, B, 'unknown'],
    ['a hash', entry(hashed('db1'), A), 'db1', 22, A, 'known'],
    ['a hash with a port', entry(hashed('[db1]:2222'), A), 'db1', 2222, A, 'known'],
    ['a hash of another name', entry(hashed('db2'), A), 'db1', 22, A, 'unknown'],
    ['a hash, changed key', entry(hashed('db1'), A), 'db1', 22, B, 'changed'],
    ['a wildcard', entry('db?.*.lan', A), 'db1.x.lan', 22, A, 'known'],
    ['a wildcard that does not reach', entry('db?.lan', A), 'db12.lan', 22, A, 'unknown'],
    ['a dot that is no wildcard', entry('db1.lan', A), 'db1xlan', 22, A, 'unknown'],
    ['a name taken out again', entry('*.lan,!db1.lan', A), 'db1.lan', 22, A, 'unknown'],
    ['only a negation', entry('!db2', A), 'db1', 22, A, 'unknown'],
    ['a changed key', entry('db1', A), 'db1', 22, B, 'changed'],
    ['a key of another type than the known one', entry('db1', A), 'db1', 22, R, 'changed'],
    ['one of two known keys', entry('db1', A) + entry('db1', B), 'db1', 22, B, 'known'],
    ['a revoked key', entry('db1', A, '@revoked '), 'db1', 22, A, 'revoked'],
    ['a revoked key that is also listed', entry('db1', A) + entry('*', A, '@revoked '), 'db1', 22, A, 'revoked'],
    ['a revoked key, bare name, other port', entry('*', A, '@revoked '), 'db1', 2222, A, 'revoked'],
    ['another key than the revoked one', entry('db1', A) + entry('db1', B, '@revoked '), 'db1', 22, A, 'known'],
    ['a certificate authority', entry('db1', A, '@cert-authority '), 'db1', 22, A, 'unknown'],
    [
      'comments and rubbish',
      `# db1\n\ndb1\ndb1 ssh-ed25519\ndb1 ssh-rsa ${A.toString('base64')}\n`,
      'db1',
      22,
      A,
      'unknown',
    ],
    ['an empty file', '', 'db1', 22, A, 'unknown'],
  ])('%s', (_name, text, host, port, shown, verdict) => {
    expect(judgeHostKey(parseKnownHosts(text, 'known_hosts'), host, port, shown).kind).toBe(verdict);
  });

  it('says which line the key is not', () => {
    const known = parseKnownHosts(`# first\n${entry('db1', A)}`, 'known_hosts');
    expect(judgeHostKey(known, 'db1', 22, B)).toEqual({ kind: 'changed', at: 'known_hosts:2' });
  });
});

describe('hostKeyAlgorithms', () => {
  it('offers the types under which the host is known first, and keeps the rest', () => {
    const known = knownKeyTypes(parseKnownHosts(entry('db1', R), 'f'), 'db1', 22);
    const names = hostKeyAlgorithms(known);
    expect(names.slice(0, 3)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']);
    expect(names).toHaveLength(hostKeyAlgorithms(new Set()).length);
    expect(hostKeyAlgorithms(new Set())[0]).toBe('ssh-ed25519');
  });
});
