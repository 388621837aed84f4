/** Whether a context can be entered at all: the question that explains why others stay without an answer. */
import { answer, closed, command, contextName, defineProbe, ran, refusal } from './define.js';

/** Refused is never a value: it leaves the fact unread, with the context as its cause. */
export const access = defineProbe<{ as: string }, unknown>({
  id: 'access',
  title: 'Whether a command can be run in a context (the login, root, or the product shell)',
  on: 'host',
  params: closed({ as: contextName }),
  value: closed({ entered: { const: true }, user: { type: 'string' } }),
  ask: ({ as }) => [command(['id', '-un'], as, { timeoutMs: 30_000 })],
  read(outputs) {
    const output = ran(outputs);
    if (output.exit !== 0) throw refusal(output);
    return { entered: true, user: answer(outputs).trim() };
  },
});
