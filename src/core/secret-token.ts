/** Keyed tokens: what stands in evidence in the place of a secret. Equality survives, within one run; the key does not. */
import { createHmac, randomBytes } from 'node:crypto';

/** Makes tokens under one key, which is forgotten with this object. */
export interface Tokens {
  keyId: string;
  token(secret: string): string;
}

const form = /^secret:([0-9a-f]{16}):[0-9a-f]{32}$/;

/** A new key. */
export function makeTokens(): Tokens {
  const key = randomBytes(32);
  const keyId = randomBytes(8).toString('hex');
  return {
    keyId,
    token: (secret) =>
      form.test(secret)
        ? secret
        : `secret:${keyId}:${createHmac('sha256', key).update(secret).digest('hex').slice(0, 32)}`,
  };
}

/** The key that a token was made under; undefined for what is no token. Tokens of two keys cannot be compared. */
export function keyOfToken(value: unknown): string | undefined {
  return typeof value === 'string' ? form.exec(value)?.[1] : undefined;
}
