/** What the ssh client asks for: only a prompt that is exactly one of its own gets an answer. */

import { asksForPassword } from '../password-prompt.js';

/** What a prompt is about. */
export type Prompt =
  /** This login's password, wanted by the method `password`, or by the server's question in keyboard-interactive. */
  | { kind: 'password' }
  | { kind: 'passphrase'; file: string }
  /** Nothing is asked: somebody has to touch a key. */
  | { kind: 'notice' }
  | { kind: 'other' };

/** The login that is being made, as ssh names it. */
export interface Asking {
  user: string;
  /** The name under which the host is known: the key's alias, or the name that is dialled. */
  host: string;
}

/**
 * Reads a prompt. What follows `(user@host) ` is the server's text: whatever it pretends to be, it can get no more than this
 * login's password.
 */
export function readPrompt(text: string, hint: string, { user, host }: Asking): Prompt {
  if (hint === 'none') return { kind: 'notice' };
  if (hint !== '') return { kind: 'other' };
  const file = /^Enter passphrase for key '([^\n]*)': $/.exec(text)?.[1];
  if (file !== undefined) return { kind: 'passphrase', file };
  const login = `${user}@${host}`.toLowerCase();
  const lower = text.toLowerCase();
  const own = `(${login}) `;
  if (lower === `${login}'s password: `) return { kind: 'password' };
  if (lower.startsWith(own) && asksForPassword(text.slice(own.length))) return { kind: 'password' };
  return { kind: 'other' };
}
