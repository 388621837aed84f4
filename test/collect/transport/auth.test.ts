/** What ssh2 answers a server that asks by keyboard-interactive: the password once, to a question for it, and nothing else. */
import type { KeyboardInteractiveAuthMethod, Prompt } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { Authentication } from '../../../src/collect/transport/auth.js';

/** The answers to rounds of questions, and what is told of a refusal. */
async function answersTo(...rounds: Prompt[][]): Promise<{ answers: string[][]; told: string }> {
  const secrets = { password: async () => 'it-is-a-secret', passphrase: async () => undefined };
  const auth = new Authentication('ops', [], secrets);
  const next = (accepted: string[] | null) =>
    new Promise<unknown>((resolve) => auth.handler(accepted as never, false, resolve as never));
  await next(null);
  const { prompt } = (await next(['keyboard-interactive'])) as KeyboardInteractiveAuthMethod;
  const answers = rounds.map((questions) => {
    let given: readonly string[] = [];
    prompt('', '', '', questions, (all) => {
      given = all;
    });
    return [...given];
  });
  return { answers, told: auth.summary };
}

const hidden = (prompt: string): Prompt => ({ prompt, echo: false });

it('says of a key file that is none why it is not usable', async () => {
  const secrets = { password: async () => undefined, passphrase: async () => undefined };
  const folder = { kind: 'file', label: 'keys', file: '.' } as const;
  const auth = new Authentication('ops', [folder, { kind: 'file', label: 'gone', file: './none/key' }], secrets);
  const next = (accepted: string[] | null) =>
    new Promise<unknown>((resolve) => auth.handler(accepted as never, false, resolve as never));
  await next(null);
  await next(['publickey']);
  expect(auth.summary).toContain('keys (not usable: is a folder, not a file)');
  expect(auth.summary).toContain('gone (not usable: there is no such file)');
});

describe('by keyboard-interactive', () => {
  it.each([
    'Password: ',
    "ops@db-new's password: ",
    'Passwort: ',
    'Пароль: ',
    '密码：',
    'Password for ops@TOKEN.EXAMPLE: ',
  ])('the password answers %j, once', async (question) => {
    const { answers, told } = await answersTo([hidden(question)], [hidden(question)]);
    expect(answers).toEqual([['it-is-a-secret'], ['']]);
    expect(told).toContain('tried password');
  });

  it.each([
    [[hidden('Verification code: ')]],
    [[hidden('One-time password: ')]],
    [[hidden('Enter your token code: ')]],
    [[hidden('New password: ')]],
    [[hidden('Current password: ')]],
    [[hidden('Type something: ')]],
    [[hidden('')]],
    [[{ prompt: 'Password (shown): ', echo: true }]],
    [[hidden('Password: '), hidden('Verification code: ')]],
  ])('nothing answers %j, which is told', async (questions) => {
    const { answers, told } = await answersTo(questions);
    expect(answers).toEqual([questions.map(() => '')]);
    expect(told).toContain('no answer to what the host asks: ');
    expect(told).not.toContain('it-is-a-secret');
  });

  it('asks nothing, and gets nothing', async () => {
    expect((await answersTo([])).answers).toEqual([[]]);
  });
});
