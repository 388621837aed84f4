/** The standard input of a command: a line with a secret out of this machine's environment in it. */
import type { ExecAsk } from '../../core/model.js';
import { Failure } from './channel.js';

/** The variables of this machine's environment that hold secrets. */
export interface SecretVariables {
  /** The value of one; undefined where it is not set, or empty. */
  value(name: string): string | undefined;
  /** The names of all: no program that is started on this machine inherits them. */
  names(): readonly string[];
}

/** What a command reads, the secret in its place; '' where the variable is not set, undefined where the command reads nothing. */
export function inputOf({ stdin }: Pick<ExecAsk, 'stdin'>, variables: SecretVariables): string | Failure | undefined {
  if (stdin === undefined) return undefined;
  const secret = variables.value(stdin.env);
  if (secret === undefined) return '';
  const fault = unfitSecret(secret);
  if (fault !== undefined) return new Failure('not-run', 'command', `the value of ${stdin.env} ${fault}`);
  return `${stdin.line.replace('{secret}', () => secret)}\n`;
}

/**
 * Why a secret cannot stand between the quotes of a line; undefined when it can. What would have to be escaped there would be
 * echoed in as many forms as there are programs on the way, and could not be recognised in all of them. A short one would
 * not be taken out of an answer that repeats it.
 */
export function unfitSecret(secret: string): string | undefined {
  if (/[\r\n]/.test(secret)) return 'has a line break; a secret is sent as one line';
  if (!/^[\x20-\x7e]*$/.test(secret)) return 'has characters that are not printable ASCII';
  if (/["'\\]/.test(secret)) return 'has a quote or a backslash, which cannot be sent';
  if (secret.trim() !== secret) return 'begins or ends with a blank';
  if (secret.length < 4) return 'is shorter than 4 characters, and could not be kept out of answers that repeat it';
  return secret.length > 8192 ? 'is longer than 8192 characters' : undefined;
}
