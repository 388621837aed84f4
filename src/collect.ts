/** Collecting: runs exactly the steps of a plan, on both hosts at once, and nothing else. The only part that does I/O. */
import type { Ask, Connection, Evidence, ExecAsk, Host, Output, Step } from './model.js';
import type { Pack } from './packs.js';
import { refusalOf } from './readonly.js';
import { redactConnection, redactOutputs } from './redact.js';
import type { Transport } from './transport/index.js';

/** What collecting needs from outside. */
export interface Collecting {
  open(host: Host): Promise<Transport>;
  /** Ends the run early: what was not asked is `not-run`. */
  signal?: AbortSignal;
  /** Called when a command has been answered. */
  progress?(host: string, done: number, total: number): void;
  /** Every password that was given to this run so far. */
  secrets(): readonly string[];
}

/** What came back: outputs by step, in the plan's order, and what was learned of the connections. */
export type Collected = Pick<Evidence, 'steps' | 'connections'>;

/** Runs the steps; a question that several steps ask of one host is asked once. Never rejects for what a host does. */
export async function collect(pack: Pack, hosts: readonly Host[], steps: readonly Step[], how: Collecting): Promise<Collected> {
  for (const step of steps) enforceReadOnly(pack, step);
  const answers = new Map<string, Output>();
  const connections = await Promise.all(
    hosts.map(async (host) => {
      const asks = new Map<string, Ask>();
      for (const step of steps) {
        for (const one of step.asks) if (one.host === host.name) asks.set(keyOf(host.name, one.ask), one.ask);
      }
      return collectHost(host, asks, answers, how);
    }),
  );
  const secrets = how.secrets();
  return {
    connections: connections.flatMap((one) => (one ? [redactConnection(one, secrets)] : [])),
    steps: steps.map((step) => {
      const outputs = step.asks.map(({ host, ask }) => answers.get(keyOf(host, ask)) ?? notRun());
      return { ...step, outputs: [redactOutputs(pack, step, outputs, secrets)] };
    }),
  };
}

async function collectHost(
  host: Host,
  asks: Map<string, Ask>,
  answers: Map<string, Output>,
  { open, signal, progress }: Collecting,
): Promise<Connection | undefined> {
  if (asks.size === 0) return undefined;
  const transport = await open(host);
  const stop = () => void transport.close();
  signal?.addEventListener('abort', stop, { once: true });
  let done = 0;
  const ask = async ([key, one]: [string, ExecAsk]) => {
    answers.set(key, signal?.aborted ? notRun() : await transport.run(one));
    done += 1;
    progress?.(host.name, done, asks.size);
  };
  try {
    const commands = [...asks].flatMap(([key, one]) => (one.kind === 'exec' ? [[key, one] as [string, ExecAsk]] : []));
    await Promise.all(commands.map(ask));
  } finally {
    signal?.removeEventListener('abort', stop);
    await transport.close();
  }
  const { connection } = transport;
  for (const [key, one] of asks) if (one.kind === 'connection') answers.set(key, describe(connection));
  return connection;
}

/** Questions are equal when their words are; the caps come from one place and are equal then too. */
function keyOf(host: string, ask: Ask): string {
  return ask.kind === 'exec' ? JSON.stringify([host, ask.as, ask.enter, ask.argv]) : JSON.stringify([host, ask.kind]);
}

/** The last line of defence: whatever made the plan, a command that may write does not run. */
function enforceReadOnly(pack: Pack, step: Step): void {
  for (const { ask } of step.asks) {
    if (ask.kind !== 'exec') continue;
    const refusal = refusalOf(ask, pack.declared.has(step.probe), pack.never);
    if (refusal !== undefined) throw new Error(`a step of the probe ${step.probe} was refused: ${refusal}`);
  }
}

function describe({ kind, hostKey, problem }: Connection): Output {
  const now = new Date().toISOString();
  if (problem) {
    return { exit: null, stdout: '', stderr: problem.message, problem: problem.problem, problemAt: problem.problemAt, startedAt: now, durationMs: 0 };
  }
  return { exit: 0, stdout: JSON.stringify({ kind, hostKey }), stderr: '', startedAt: now, durationMs: 0 };
}

function notRun(): Output {
  return { exit: null, stdout: '', stderr: '', problem: 'not-run', problemAt: 'command', startedAt: new Date().toISOString(), durationMs: 0 };
}
