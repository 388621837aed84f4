/** Passwords: from the environment or the terminal, asked for once, and remembered so that they can be kept out of all output. */
import { existsSync, openSync } from 'node:fs';
import { UsageError } from '../errors.js';
import type { Host } from '../model.js';

/** Gives passwords when a host asks for one, and knows which were given. */
export interface Secrets {
  password(host: Host): Promise<string | undefined>;
  passphrase(file: string): Promise<string | undefined>;
  sudoPassword(host: Host): Promise<string | undefined>;
  given(): readonly string[];
}

/** The variable that holds the login's password, for runs without a terminal. */
const PASSWORD_VARIABLE = 'PAIRFLIGHT_SSH_PASSWORD';

/** Makes the source of passwords of one run. @throws UsageError when the named variable is not set. */
export function makeSecrets(sudoPasswordEnv: string | undefined): Secrets {
  if (sudoPasswordEnv !== undefined && process.env[sudoPasswordEnv] === undefined) {
    throw new UsageError(`--sudo-password-env ${sudoPasswordEnv}: there is no such variable in the environment`);
  }
  const given: string[] = [];
  const asked = new Map<string, Promise<string | undefined>>();
  // Both hosts connect at once; one question at a time can be answered.
  let terminal: Promise<unknown> = Promise.resolve();
  const once = (prompt: string, variable?: string): Promise<string | undefined> => {
    const known = asked.get(prompt);
    if (known) return known;
    const fromEnvironment = variable === undefined ? undefined : process.env[variable];
    const answer = (fromEnvironment === undefined ? queue(prompt) : Promise.resolve(fromEnvironment)).then((secret) => {
      if (secret) given.push(secret);
      return secret === '' ? undefined : secret;
    });
    asked.set(prompt, answer);
    return answer;
  };
  const queue = (prompt: string) => {
    const answer = terminal.then(() => promptHidden(prompt));
    terminal = answer.catch(() => {});
    return answer;
  };
  return {
    password: (host) => once(`Password of ${host.ssh.user ?? 'the login'} on ${host.name}: `, PASSWORD_VARIABLE),
    passphrase: (file) => once(`Passphrase of ${file}: `),
    sudoPassword: (host) => once(`[sudo] password on ${host.name}: `, sudoPasswordEnv),
    given: () => given,
  };
}

/** Asks at the terminal itself, even when stdin or stdout are pipes; undefined where there is no terminal. */
async function promptHidden(prompt: string): Promise<string | undefined> {
  if (!process.stderr.isTTY || !existsSync('/dev/tty')) return undefined;
  const { read } = await import('read');
  const { ReadStream } = await import('node:tty');
  let input: InstanceType<typeof ReadStream>;
  try {
    input = new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
  try {
    return String(await read({ prompt, silent: true, input, output: process.stderr }));
  } finally {
    input.destroy();
  }
}
