/** Collecting: runs exactly the steps of a plan, on both hosts at once, and nothing else. The only part that does I/O. */
import { answerHere, type HereAsk } from './here.js';
import type { Ask, Connection, Evidence, ExecAsk, Host, Output, Step } from './model.js';
import type { Pack } from './packs.js';
import { refusalOf } from './readonly.js';
import { redactConnection, redactOutputs } from './redact.js';
import { makeTokens } from './tokens.js';
import type { Transport } from './transport/index.js';

/** What collecting needs from outside. */
export interface Collecting {
  open(host: Host): Promise<Transport>;
  /** Answers what is asked of this machine itself; `answerHere` unless a test says otherwise. */
  here?(ask: HereAsk): Promise<Output>;
  /** Ends the run early: what was not asked is `not-run`. */
  signal?: AbortSignal;
  /** Called when a command has been answered. */
  progress?(host: string, done: number, total: number): void;
  /** Every password that was given to this run so far. */
  secrets(): readonly string[];
}

/** What came back: outputs by step, in the plan's order, and what was learned of the connections. */
export type Collected = Pick<Evidence, 'steps' | 'connections'> & { tokenKeyId: string };

/**
 * Runs the steps; a question that several steps ask of one host is asked once. Active steps come last, each alone, so that nothing
 * queues between a listener and who connects to it. Never rejects for what a host does.
 */
export async function collect(
  pack: Pack,
  hosts: readonly Host[],
  steps: readonly Step[],
  how: Collecting,
): Promise<Collected> {
  for (const step of steps) enforceReadOnly(pack, step, hosts);
  const run = new Run(hosts, steps, how);
  try {
    await run.open();
    await run.ask(steps.filter((step) => !isActive(step)));
    for (const step of steps.filter(isActive)) await run.ask([step]);
  } finally {
    await run.close();
  }
  const secrets = how.secrets();
  const tokens = makeTokens();
  return {
    tokenKeyId: tokens.keyId,
    connections: run.connections().map((one) => redactConnection(one, secrets)),
    steps: steps.map((step) => {
      const outputs = step.asks.map(({ host, ask }) => run.answer(host, ask));
      return { ...step, outputs: [redactOutputs(pack, step, outputs, secrets, tokens.token)] };
    }),
  };
}

const isActive = (step: Step) => step.asks.some(({ ask }) => ask.kind === 'exec' && ask.effect === 'listen');

/** The transports and answers of one run. */
class Run {
  readonly #hosts: readonly Host[];
  readonly #how: Collecting;
  readonly #transports = new Map<string, Transport>();
  readonly #answers = new Map<string, Output>();
  readonly #progress = new Map<string, { done: number; total: number }>();
  readonly #stop = () => void this.close();

  constructor(hosts: readonly Host[], steps: readonly Step[], how: Collecting) {
    const asked = hosts.filter(({ name }) =>
      steps.some((step) => step.asks.some(({ host, ask }) => host === name && needsTransport(ask))),
    );
    this.#hosts = asked;
    this.#how = how;
    for (const { host, ask } of questionsOf(steps)) {
      const { total } = this.#progress.get(host) ?? { total: 0 };
      if (ask.kind === 'exec') this.#progress.set(host, { done: 0, total: total + 1 });
    }
  }

  async open(): Promise<void> {
    const opening = this.#hosts.map(async (host) => void this.#transports.set(host.name, await this.#how.open(host)));
    await Promise.all(opening);
    this.#how.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  /** Asks the questions of these steps, all at once; a transport has its own order. */
  async ask(steps: readonly Step[]): Promise<void> {
    const answered = questionsOf(steps).map(async ({ key, host, ask }) => {
      if (ask.kind === 'connection' || this.#answers.has(key)) return;
      this.#answers.set(key, this.#how.signal?.aborted ? notRun() : await this.#put(host, ask));
      const counts = this.#progress.get(host);
      if (ask.kind !== 'exec' || !counts) return;
      counts.done += 1;
      this.#how.progress?.(host, counts.done, counts.total);
    });
    await Promise.all(answered);
  }

  answer(host: string, ask: Ask): Output {
    const transport = this.#transports.get(host);
    if (ask.kind === 'connection') return transport ? describe(transport.connection) : notRun();
    return this.#answers.get(keyOf(host, ask)) ?? notRun();
  }

  /** What was learned of the connections; complete once `close` has resolved. */
  connections(): Connection[] {
    return this.#hosts.flatMap(({ name }) => this.#transports.get(name)?.connection ?? []);
  }

  async close(): Promise<void> {
    this.#how.signal?.removeEventListener('abort', this.#stop);
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
  }

  async #put(host: string, ask: ExecAsk | HereAsk): Promise<Output> {
    if (ask.kind !== 'exec') return (this.#how.here ?? answerHere)(ask);
    return (await this.#transports.get(host)?.run(ask)) ?? notRun();
  }
}

const needsTransport = (ask: Ask) => ask.kind === 'exec' || ask.kind === 'connection';

/** The distinct questions of steps. */
function questionsOf(steps: readonly Step[]): { key: string; host: string; ask: Ask }[] {
  const asks = steps.flatMap((step) => step.asks);
  return [...new Map(asks.map(({ host, ask }) => [keyOf(host, ask), { key: keyOf(host, ask), host, ask }])).values()];
}

/** Questions are equal when their words are; the caps come from one place and are equal then too. */
function keyOf(host: string, ask: Ask): string {
  switch (ask.kind) {
    case 'exec':
      return JSON.stringify([host, ask.as, ask.enter, ask.argv]);
    case 'ping':
      return JSON.stringify([host, ask.kind, ask.to, ask.count]);
    case 'sysinfo':
      return JSON.stringify([host, ask.kind, ask.call]);
    case 'connection':
      return JSON.stringify([host, ask.kind]);
  }
}

/** The last line of defence: whatever made the plan, a command that may write does not run, and no host is taken for this machine. */
function enforceReadOnly(pack: Pack, step: Step, hosts: readonly Host[]): void {
  for (const { host, ask } of step.asks) {
    const local = hosts.some(({ name, connection }) => name === host && connection === 'local');
    if (ask.kind === 'sysinfo' && !local)
      throw new Error(`the probe ${step.probe} would take ${host} for this machine`);
    if (ask.kind !== 'exec') continue;
    const refusal = refusalOf(ask, pack.declared.has(step.probe), pack.never);
    if (refusal !== undefined) throw new Error(`a step of the probe ${step.probe} was refused: ${refusal}`);
  }
}

function describe({ kind, hostKey, problem }: Connection): Output {
  const now = new Date().toISOString();
  if (problem) {
    return {
      exit: null,
      stdout: '',
      stderr: problem.message,
      problem: problem.problem,
      problemAt: problem.problemAt,
      startedAt: now,
      durationMs: 0,
    };
  }
  // A host that is asked from elsewhere has no connection to tell of.
  if (kind === 'none') return { ...notRun(), problemAt: 'host' };
  return { exit: 0, stdout: JSON.stringify({ kind, hostKey }), stderr: '', startedAt: now, durationMs: 0 };
}

function notRun(): Output {
  return {
    exit: null,
    stdout: '',
    stderr: '',
    problem: 'not-run',
    problemAt: 'command',
    startedAt: new Date().toISOString(),
    durationMs: 0,
  };
}
