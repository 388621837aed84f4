/** Whether a context can be entered at all: the question that explains why others stay without an answer. */
import { Unreadable } from '../core/errors.js';
import { answer, closed, command, contextName, defineProbe } from './define.js';

/** Refused is never a value: it leaves the fact unread, with the context as its cause. */
export const access = defineProbe<{ as: string }, unknown>({
  id: 'access',
  title: 'Whether a command can be run in a context (the login, root, or the product shell)',
  on: 'host',
  params: closed({ as: contextName }),
  value: closed({ user: { type: 'string' } }),
  ask: ({ as }) => [command(['id', '-un'], as, { timeoutMs: 30_000 })],
  read(outputs) {
    const user = answer(outputs).trim();
    // A user's name as useradd(8), directories and domains form it: never a number alone, never two words.
    if (!/^[A-Za-z_][\w.@\\-]{0,254}\$?$/.test(user)) throw new Unreadable('id did not answer with the name of a user');
    return { user };
  },
});
