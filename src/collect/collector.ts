/** Collecting: runs exactly the steps of a plan, on all hosts at once, and nothing else. */

import type { Ask, Connection, Host, Step } from '../core/model.js';
import { makeTokens } from '../core/secret-token.js';
import type { Collected } from '../evidence/evidence.js';
import type { Pack } from '../pack/pack.js';
import { thisMachine } from '../plan/endpoints.js';
import { isActive, Questions } from '../plan/questions.js';
import { refusalOf } from '../probes/read-only.js';
import { Connections } from './connections.js';
import type { Collecting } from './options.js';
import { redactConnection, redactOutputs } from './redact.js';
import { Round } from './round.js';

/** Collects one round over connections of its own. Never rejects for what a host does. */
export async function collect(
  pack: Pack,
  hosts: readonly Host[],
  steps: readonly Step[],
  how: Collecting,
): Promise<Collected> {
  const collector = new Collector(pack, hosts, how);
  try {
    return await collector.last(steps);
  } finally {
    await collector.close();
  }
}

/** Collects rounds over the same connections, and under one key: what was a secret in two rounds is the same token. */
export class Collector {
  readonly #pack: Pack;
  readonly #hosts: readonly Host[];
  readonly #how: Collecting;
  readonly #connections: Connections;
  readonly #tokens = makeTokens();
  /** The round that is being asked, or was the last. */
  #asked: { steps: readonly Step[]; round: Round } | undefined;

  constructor(pack: Pack, hosts: readonly Host[], how: Collecting) {
    this.#pack = pack;
    this.#hosts = hosts;
    this.#how = how;
    // Whoever asks an endpoint from here needs a shell of this machine, and only then is there one.
    this.#connections = new Connections([...hosts, thisMachine], (host) => how.open(host), how.hold);
  }

  /**
   * Runs the steps; a question that several steps ask of one host is asked once, and a step that is not sampled takes the last
   * answer to one that is. Active steps come last, each alone, so that nothing queues between a listener and who connects to it.
   */
  async round(steps: readonly Step[]): Promise<Collected> {
    const local = new Set(this.#hosts.filter(({ connection }) => connection === 'local').map(({ name }) => name));
    for (const step of steps) enforceReadOnly(this.#pack, step, local);
    const questions = new Questions(steps);
    this.#how.observer?.round({
      steps,
      questions,
      connectionTo: (host) => this.#connections.to(host)?.connection,
    });
    const asked = questions.of().filter(({ ask }) => needsTransport(ask));
    await this.#connections.ready(new Set(asked.map(({ host }) => host)));
    const round = new Round(questions, this.#connections, this.#how);
    this.#asked = { steps, round };
    const stop = () => void this.close();
    this.#how.signal?.addEventListener('abort', stop, { once: true });
    try {
      await round.ask(steps.filter((step) => !isActive(step)));
      for (const step of steps.filter(isActive)) await round.ask([step]);
    } finally {
      this.#how.signal?.removeEventListener('abort', stop);
    }
    return this.collected();
  }

  /** What a round has brought; while it is being asked, what it has brought up to now. */
  collected(): Collected {
    const secrets = this.#how.secrets();
    const { steps, round } = this.#asked ?? { steps: [] };
    return {
      tokenKeyId: this.#tokens.keyId,
      connections: this.#told(),
      steps: steps.map((step) => ({
        ...step,
        outputs: (round?.answers(step) ?? []).map((outputs) =>
          redactOutputs(this.#pack, step, outputs, secrets, this.#tokens.token),
        ),
      })),
    };
  }

  /** The only round, or the last: the connections are closed after it, so that all is known of them. */
  async last(steps: readonly Step[]): Promise<Collected> {
    const collected = await this.round(steps);
    await this.close();
    return { ...collected, connections: this.#told() };
  }

  /** Ends the connections; what is still asked ends as `not-run`. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  #told(): Connection[] {
    const secrets = this.#how.secrets();
    return this.#connections.told().map((one) => redactConnection(one, secrets));
  }
}

const needsTransport = (ask: Ask) => ask.kind === 'exec' || ask.kind === 'connection';

/** The last line of defence: whatever made the plan, a command that may write does not run, and no host is taken for this machine. */
function enforceReadOnly(pack: Pack, step: Step, local: ReadonlySet<string>): void {
  for (const { host, ask } of step.asks) {
    if (ask.kind === 'sysinfo' && !local.has(host))
      throw new Error(`the probe ${step.probe} would take ${host} for this machine`);
    if (ask.kind !== 'exec') continue;
    const refusal = refusalOf(ask, pack.declared.has(step.probe), pack.never, pack);
    if (refusal !== undefined) throw new Error(`a step of the probe ${step.probe} was refused: ${refusal}`);
  }
}
