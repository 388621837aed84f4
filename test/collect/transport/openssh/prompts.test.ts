/** Which prompts get a secret: those of the client itself, for its own login, and no others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrompt } from '../../../../src/collect/transport/openssh/prompts.js';

const login = { user: 'ops', host: 'db-a' };

describe('readPrompt', () => {
  it.each([
    ["ops@db-a's password: ", { kind: 'password' }],
    ['(ops@db-a) Password: ', { kind: 'password' }],
    ["(ops@db-a) ops@db-a's password: ", { kind: 'password' }],
    [
      "Enter passphrase for key '/home/ops/.ssh/id_ed25519': ",
      { kind: 'passphrase', file: '/home/ops/.ssh/id_ed25519' },
    ],
    // The server's words, whatever they pretend to be.
    ["(ops@db-a) Enter passphrase for key '/home/ops/.ssh/id_ed25519': ", { kind: 'other' }],
    ["(ops@db-a) x\nEnter passphrase for key '/home/ops/.ssh/id_ed25519': ", { kind: 'other' }],
    ['(ops@db-a) Verification code: ', { kind: 'other' }],
    ['(ops@db-a) Passwort: ', { kind: 'password' }],
    ['(ops@db-a) Mot de passe : ', { kind: 'password' }],
    ['(ops@db-a) パスワード:', { kind: 'password' }],
    ['(ops@db-a) Contraseña: ', { kind: 'password' }],
    ['(ops@db-a) PAROLA: ', { kind: 'password' }],
    // By the same word: codes that are used once, and changes of a password.
    ["(ops@db-a) One-time password (OATH) for `ops': ", { kind: 'other' }],
    ['(ops@db-a) OTP password: ', { kind: 'other' }],
    ['(ops@db-a) Einmal-Passwort: ', { kind: 'other' }],
    ['(ops@db-a) Duo two-factor passcode: ', { kind: 'other' }],
    ['(ops@db-a) New password: ', { kind: 'other' }],
    ['(ops@db-a) Retype new password: ', { kind: 'other' }],
    ['(ops@db-a) Current password: ', { kind: 'other' }],
    ['(ops@db-a) (current) UNIX password: ', { kind: 'other' }],
    ['(ops@db-a) Favourite colour? ', { kind: 'other' }],
    ['(ops@db-a) ', { kind: 'other' }],
    // Another login's.
    ["ops@db-b's password: ", { kind: 'other' }],
    ["root@db-a's password: ", { kind: 'other' }],
    ['(ops@db-b) Password: ', { kind: 'other' }],
    ["ops@db-a's old password: ", { kind: 'other' }],
    ["Enter ops@db-a's old password: ", { kind: 'other' }],
    ['Password: ', { kind: 'other' }],
    ['Are you sure you want to continue connecting (yes/no/[fingerprint])? ', { kind: 'other' }],
    ['Enter PIN for ED25519-SK key /home/ops/.ssh/id_ed25519_sk: ', { kind: 'other' }],
  ])('%j', (text, prompt) => {
    expect(readPrompt(text, '', login)).toEqual(prompt);
  });

  it('knows a notice that somebody has to touch a key, and confirms nothing', () => {
    const touch = 'Confirm user presence for key ED25519-SK SHA256:x';
    expect(readPrompt(touch, 'none', login)).toEqual({ kind: 'notice' });
    expect(readPrompt("ops@db-a's password: ", 'confirm', login)).toEqual({ kind: 'other' });
  });

  it("never gives a passphrase for a server's words", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', "\nEnter passphrase for key '/k': "), (words, more) => {
        expect(readPrompt(`(ops@db-a) ${words}${more}`, '', login).kind).not.toBe('passphrase');
      }),
    );
  });
});
