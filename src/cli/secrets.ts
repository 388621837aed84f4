/** Passwords: from the environment or the terminal, asked for once, and remembered so that they can be kept out of all output. */

import { type SecretVariables, unfitSecret } from '../collect/transport/input.js';
import { UsageError } from '../core/errors.js';
import type { Host, Step } from '../core/model.js';
import { askHidden, Interrupted } from './ask-hidden.js';
import { withoutProgress } from './progress/index.js';

/** Gives passwords when a host asks for one, and knows which were given. */
export interface Secrets {
  /** `jump`: the jump host that asks, on the way to the host. */
  password(host: Host, jump?: string): Promise<string | undefined>;
  passphrase(file: string): Promise<string | undefined>;
  sudoPassword(host: Host): Promise<string | undefined>;
  /** The variables that commands read over their standard input, and all others that hold a secret. */
  variables: SecretVariables;
  /** Looks at the variables that the commands of these steps read. @throws UsageError when one's value cannot be sent */
  expect(steps: readonly Step[]): void;
  given(): readonly string[];
}

/** The variable that holds the login's password, for runs without a terminal. */
const PASSWORD_VARIABLE = 'PAIRFLIGHT_SSH_PASSWORD';

/** Makes the source of passwords of one run. @throws UsageError when a variable that is named for a host or for all is not set. */
export function makeSecrets(sudoPasswordEnv: string | undefined, hosts: readonly Host[] = []): Secrets {
  if (sudoPasswordEnv !== undefined && process.env[sudoPasswordEnv] === undefined) {
    throw new UsageError(
      `--sudo-password-env ${sudoPasswordEnv}: there is no such variable in the environment`,
      `read -rs ${sudoPasswordEnv} && export ${sudoPasswordEnv}`,
    );
  }
  for (const host of hosts) requireVariable(host);
  const given: string[] = [];
  const read = new Set<string>();
  const ownVariables = [sudoPasswordEnv, ...hosts.map((host) => host.sudoPasswordEnv), PASSWORD_VARIABLE];
  const asked = new Map<string, Promise<string | undefined>>();
  // Both hosts connect at once; one question at a time can be answered.
  let terminal: Promise<unknown> = Promise.resolve();
  let interrupted = false;
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
  const queue = (prompt: string): Promise<string | undefined> => {
    const answer = terminal.then(async () => {
      // After Ctrl-C at one question nobody wants to read the next.
      if (interrupted) return undefined;
      try {
        return await withoutProgress(() => askHidden(prompt));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        interrupted = true;
        return undefined;
      }
    });
    terminal = answer.catch(() => {});
    return answer;
  };
  return {
    // A jump host is not shown the password of the hosts behind it: it is asked for by itself.
    password: (host, jump) =>
      jump === undefined
        ? once(`Password of ${host.ssh.user ?? 'the login'} on ${host.name}: `, PASSWORD_VARIABLE)
        : once(`Password of ${jump} (jump host): `),
    passphrase: (file) => once(`Passphrase of ${file}: `),
    sudoPassword: async (host) => {
      requireVariable(host);
      return once(`[sudo] password on ${host.name}: `, host.sudoPasswordEnv ?? sudoPasswordEnv);
    },
    variables: {
      value: (name) => process.env[name] || undefined,
      names: () => [...read, ...ownVariables.filter((name) => name !== undefined)],
    },
    expect: (steps) => {
      for (const name of variablesOf(steps).filter((one) => !read.has(one))) {
        const secret = process.env[name];
        const fault = secret ? unfitSecret(secret) : undefined;
        if (fault !== undefined)
          throw new UsageError(
            `${name}: the value of this variable of the environment ${fault}`,
            `read -rs ${name} && export ${name}`,
          );
        read.add(name);
        if (secret) given.push(secret);
      }
    },
    given: () => given,
  };
}

function variablesOf(steps: readonly Step[]): string[] {
  const asks = steps.flatMap((step) => step.asks.map(({ ask }) => ask));
  return [...new Set(asks.flatMap((ask) => (ask.kind === 'exec' && ask.stdin ? [ask.stdin.env] : [])))];
}

function requireVariable({ name, sudoPasswordEnv }: Host): void {
  if (sudoPasswordEnv === undefined || process.env[sudoPasswordEnv] !== undefined) return;
  throw new UsageError(
    `hosts.${name}.sudoPasswordEnv: there is no variable ${sudoPasswordEnv} in the environment`,
    `read -rs ${sudoPasswordEnv} && export ${sudoPasswordEnv}`,
  );
}
