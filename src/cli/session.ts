/** A session with the hosts: passwords, progress and a clean end on Ctrl-C, for as many rounds as a run has. */
import { homedir } from 'node:os';
import { Collector } from '../collect/collector.js';
import { CONNECT_MS } from '../collect/reach.js';
import { Transports } from '../collect/transport/index.js';
import { demandKey } from '../collect/transport/named-files.js';
import type { TransportOptions } from '../collect/transport/transport.js';
import { UsageError } from '../core/errors.js';
import type { Evidence, Step } from '../core/model.js';
import { type Collected, makeEvidence } from '../evidence/evidence.js';
import { MostAnswered, type Piece, workUntil } from './lull.js';
import type { ReachOptions } from './options.js';
import { startProgress } from './progress/index.js';
import type { Progress } from './progress/progress.js';
import { makeSecrets, type Secrets } from './secrets.js';
import type { RunTarget } from './target.js';

/** The signals that end a run early. */
export type Signal = 'SIGINT' | 'SIGTERM';

/** Work that is done while hosts are asked, in pieces; `soFar` is what they have answered by then. */
export type Meanwhile = (soFar: () => Evidence) => Iterable<Piece> | AsyncIterable<Piece>;

/** Asks the hosts of a target in rounds. */
export class Session {
  readonly #target: RunTarget;
  readonly #collector: Collector;
  readonly #secrets: Secrets;
  readonly #most: MostAnswered;
  readonly #ending = new AbortController();
  readonly #stop = (name: Signal) => {
    // The second time the user means it: the default takes over.
    this.#forget();
    this.endedBy = name;
    this.progress.end();
    this.#ending.abort();
  };
  /** The signal that ended the session early. */
  endedBy: Signal | undefined;

  private constructor(
    target: RunTarget,
    options: ReachOptions,
    secrets: Secrets,
    readonly progress: Progress,
  ) {
    this.#target = target;
    this.#secrets = secrets;
    this.#most = new MostAnswered(progress.observer);
    const transports = new Transports(transportOptions(options, secrets, progress.say));
    transports.expect(target.hosts);
    this.#collector = new Collector(target.scope.pack, target.hosts, {
      open: (host) => transports.open(host),
      hold: () => transports.hold(),
      signal: this.#ending.signal,
      observer: this.#most,
      secrets: secrets.given,
    });
    process.on('SIGINT', this.#stop).on('SIGTERM', this.#stop);
  }

  /** Begins a session; nothing is asked before its first round. @throws UsageError when a password cannot be had. */
  static async start(target: RunTarget, options: ReachOptions): Promise<Session> {
    const secrets = makeSecrets(options.sudoPasswordEnv, target.hosts);
    return new Session(target, options, secrets, await startProgress(target.hosts));
  }

  /** Aborted when the session was ended early. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Asks the questions of these steps, and keeps the connections for the next round. @throws UsageError before it asks any */
  async round(steps: Step[]): Promise<Evidence> {
    this.#secrets.expect(steps);
    return this.#evidence(this.#collector.round(steps));
  }

  /**
   * The only round of a session: all is known of its connections. While hosts work, as much of `meanwhile` is done as there is
   * time for, with what has come up to then. @throws UsageError before it asks anything
   */
  async only(steps: Step[], meanwhile?: Meanwhile): Promise<Evidence> {
    this.#secrets.expect(steps);
    return this.#evidence(this.#collector.last(steps), meanwhile);
  }

  /** Ends connections and progress; the program's signals are its own again. */
  async end(): Promise<void> {
    this.progress.end();
    await this.#collector.close();
    this.#forget();
  }

  async #evidence(collecting: Promise<Collected>, meanwhile: Meanwhile = () => []): Promise<Evidence> {
    const { scope, baseline } = this.#target;
    const takenAt = new Date();
    const evidenceOf = (collected: Collected) =>
      makeEvidence(scope, collected, takenAt, new Date(), this.endedBy !== undefined, baseline);
    let over = false;
    const pieces = meanwhile(() => evidenceOf(this.#collector.collected()));
    // What fails there fails again where it is needed.
    this.#most.reached.then(() => workUntil(() => over, pieces)).catch(() => {});
    const collected = await collecting.finally(() => {
      over = true;
    });
    return evidenceOf(collected);
  }

  #forget(): void {
    process.off('SIGINT', this.#stop).off('SIGTERM', this.#stop);
  }
}

/** `--timeout` in milliseconds. @throws UsageError */
export function timeoutOf({ timeout }: Pick<ReachOptions, 'timeout'>): number | undefined {
  if (timeout === undefined) return undefined;
  if (!(timeout >= 1 && timeout <= 3600)) throw new UsageError('--timeout: must be between 1 and 3600 seconds');
  return timeout * 1000;
}

/** What the options of a command and the source of passwords say about reaching hosts. @throws UsageError for a key that is not there */
export function transportOptions(
  options: ReachOptions,
  secrets: Secrets,
  warn: TransportOptions['warn'],
): TransportOptions {
  const identityFile = options.identity && atHome(options.identity);
  if (identityFile !== undefined) demandKey(identityFile);
  return {
    ...(identityFile !== undefined && { identityFile }),
    ...(options.knownHosts === undefined ? {} : { knownHostsFile: atHome(options.knownHosts) }),
    ...(options.sshConfig === undefined ? {} : { sshConfigFile: atHome(options.sshConfig) }),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
    acceptNewHostKeys: options.acceptNewHostKeys,
    connectTimeoutMs: timeoutOf(options) ?? CONNECT_MS,
    password: secrets.password,
    passphrase: secrets.passphrase,
    sudoPassword: secrets.sudoPassword,
    variables: secrets.variables,
    warn,
  };
}

function atHome(path: string): string {
  return path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
}
