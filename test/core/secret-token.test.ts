/** Secrets leave a keyed token, by which they can be compared within one run and never read. */
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/model.js';
import { keyOfToken, makeTokens } from '../../src/core/secret-token.js';
import { commandProbe } from '../../src/probes/command.js';

const output = (stdout: string, stderr = ''): Output => ({
  exit: 0,
  stdout,
  stderr,
  startedAt: '2026-01-31T02:00:00.000Z',
  durationMs: 1,
});

describe('a token', () => {
  it('is equal for equal secrets, and tells its key but not the secret', () => {
    const { token, keyId } = makeTokens();
    expect(token('hunter2')).toBe(token('hunter2'));
    expect(token('hunter2')).not.toBe(token('hunter3'));
    expect(token('hunter2')).not.toContain('hunter2');
    expect(keyOfToken(token('hunter2'))).toBe(keyId);
    expect(token(token('hunter2'))).toBe(token('hunter2'));
  });

  it('differs from run to run', () => {
    expect(makeTokens().token('hunter2')).not.toBe(makeTokens().token('hunter2'));
    expect(keyOfToken('hunter2')).toBeUndefined();
  });
});

describe('a command whose answer is secret', () => {
  const { token } = makeTokens();

  it('keeps the key and a token of the value', () => {
    const probe = commandProbe('conf', {
      title: 'T',
      argv: ['conf', '${key}'],
      as: 'login',
      secret: true,
      params: { key: { type: 'string' } },
      parse: { key_value: { separator: ' = ', key: '${key}' } },
    });
    const kept =
      probe.redact?.(
        [output('db.password = hunter2\nother.password = hunter3\n', 'hunter2\n')],
        { key: 'db.password' },
        token,
      ) ?? [];
    expect(JSON.stringify(kept)).not.toMatch(/hunter/);
    expect(probe.read(kept, { key: 'db.password' })).toEqual({ value: token('hunter2') });
  });

  it('keeps nothing but a token of a text', () => {
    const probe = commandProbe('secret', {
      title: 'T',
      argv: ['secret'],
      as: 'login',
      secret: true,
      parse: { text: {} },
    });
    const kept = probe.redact?.([output('hunter2\n', 'hunter2')], {}, token) ?? [];
    expect(JSON.stringify(kept)).not.toMatch(/hunter/);
    expect(probe.read(kept, {})).toEqual({ text: `${token('hunter2')}\n` });
  });
});
