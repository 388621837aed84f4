/** Whether a host can be entered: each context of a plan is entered once, and asked who answers. */
import type { ExecAsk, Output } from '../core/model.js';
import type { Transport } from './transport/transport.js';

/** A context that is entered. */
export type Context = Pick<ExecAsk, 'as' | 'enter' | 'user'>;

/** What came of entering a host. */
export interface Entrance {
  /** The contexts that answered, and as whom. */
  entered: { as: string; user: string }[];
  /** The first that did not, and why. */
  refused?: { as: string; problem: string; at: Output['problemAt']; message: string };
  durationMs: number;
}

/**
 * Enters the contexts one after the other, and ends with the connection. Those of one name are ways into the same context on
 * different releases: one that answers is enough.
 */
export async function enter(transport: Transport, contexts: readonly Context[]): Promise<Entrance> {
  const start = performance.now();
  const entrance: Entrance = { entered: [], durationMs: 0 };
  try {
    for (const as of new Set(contexts.map((context) => context.as))) {
      const output = await entering(
        transport,
        contexts.filter((context) => context.as === as),
      );
      const { problem = 'denied', problemAt: at, stderr: message } = output;
      if (output.exit === 0) entrance.entered.push({ as, user: output.stdout.trim() });
      else entrance.refused ??= { as, problem, at, message };
      if (at === 'host') break;
    }
  } finally {
    entrance.durationMs = Math.round(performance.now() - start);
    await transport.close();
  }
  return entrance;
}

/** The first answer, or the last reason why there is none. */
async function entering(transport: Transport, contexts: readonly Context[]): Promise<Output> {
  const [first, ...rest] = contexts;
  const output = await transport.run({ ...WHO, as: 'login', ...first });
  return output.exit === 0 || rest.length === 0 ? output : entering(transport, rest);
}

const WHO: Omit<ExecAsk, 'as'> = {
  kind: 'exec',
  argv: ['id', '-un'],
  effect: 'read',
  timeoutMs: 20_000,
  maxBytes: 4096,
};
