import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/bundle/secrets.js';
import type { Evidence } from '../../src/core/model.js';
import { brought, collected, said, scopeOf } from '../support.js';

const secretive = async (text: string): Promise<Evidence> => {
  const scope = scopeOf(brought);
  const evidence = await collected(
    scope,
    (_, { argv: [program] }) => (program === 'ps' ? said(text, { stderr: text }) : undefined),
    {
      primary: { noise: text, problem: { problem: 'denied', problemAt: 'host', message: text } },
    },
  );
  return { ...evidence, baseline: { ...evidence, takenAt: '2026-01-01T00:00:00.000Z' } };
};

describe('what looks like a secret', () => {
  it.each([
    [
      'a private key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nS3CR3T\nS3CR3T\n-----END OPENSSH PRIVATE KEY-----\nx',
      '[secret]\nx',
    ],
    ['a private key that was cut', '-----BEGIN PRIVATE KEY-----\nS3CR3T', '[secret]'],
    ['a password in a URL', 'see https://ops:S3CR3T@db/x', 'see https://ops:[secret]@db/x'],
    [
      'a password of libpq',
      "host=db password=S3CR3T user=x, password='S3CR3T too' y",
      'host=db password=[secret] user=x, password=[secret] y',
    ],
    ['a variable', 'PGPASSWORD=S3CR3T psql', 'PGPASSWORD=[secret] psql'],
    ['a session', '< Set-Cookie: id=S3CR3T; Secure\n< x: y', '< Set-Cookie: [secret]\n< x: y'],
    ['an authorization', '> Authorization: Bearer S3CR3T', '> Authorization: Bearer [secret]'],
    ['a key of a cloud', 'key AKIAS3CR3TS3CR3TABCD end', 'key [secret] end'],
  ])('is taken out: %s', async (_, text, clean) => {
    const evidence = await secretive(text);
    expect(JSON.stringify(evidence)).toContain('S3CR3T');
    const without = withoutSecrets(evidence);
    expect(JSON.stringify(without)).not.toContain('S3CR3T');
    expect(without.connections.find(({ host }) => host === 'primary')).toMatchObject({
      noise: clean,
      problem: { message: clean },
    });
  });

  it('leaves tokens, and words that only speak of secrets', async () => {
    const text = `password=secret:${'0'.repeat(16)}:${'1'.repeat(32)} password_encryption = md5 Password: \n`;
    const evidence = await secretive(text);
    expect(withoutSecrets(evidence)).toEqual(evidence);
  });
});
