/** Shells that wait to become those of contexts, opened while it is still being found out how to become root. */
import { waitingLine } from '../../core/shell/contexts.js';
import { type Channel, type Connector, SessionRefused } from './channel.js';
import { makeNonce } from './nonce.js';
import type { SessionLimit } from './session-limit.js';

/** A shell that becomes a context's once it reads a line. */
export interface EntryAhead {
  /** What the context's shell is marked with. */
  mark: string;
  channel: Channel;
}

/** What is being opened for a context. */
interface Opening {
  mark: string;
  channel: Promise<Channel | undefined>;
}

/**
 * The entries of one host. A session takes three waits for the wire before a shell reads its first words; behind the answer on the
 * way to root there is then only one left. Each has its place in the limit of sessions, and gives way where others need it.
 */
export class EntriesAhead {
  readonly #connector: Connector;
  readonly #limit: SessionLimit;
  readonly #opening = new Map<string, Opening>();

  constructor(connector: Connector, limit: SessionLimit) {
    this.#connector = connector;
    this.#limit = limit;
    limit.onShortage(() => this.#dropOne());
  }

  /**
   * Opens one for a context, where there is none and a session is free, once the login's own has `begun`: nobody is to wait behind
   * it. `line` enters the context.
   */
  open(context: string, line: (mark: string) => string, begun: Promise<unknown>): void {
    if (this.#opening.has(context) || !this.#limit.tryAcquire()) return;
    const mark = makeNonce();
    const opened = begun.then(() => this.#connector.open(waitingLine(line(mark))));
    const channel = opened.catch((error: unknown) => {
      if (error instanceof SessionRefused) this.#limit.lower();
      this.#limit.release();
      this.#opening.delete(context);
      return undefined;
    });
    this.#opening.set(context, { mark, channel });
  }

  /** Hands over what was opened for a context, with its place in the limit; undefined where there is nothing. */
  async take(context: string): Promise<EntryAhead | undefined> {
    const opening = this.#opening.get(context);
    this.#opening.delete(context);
    const channel = await opening?.channel;
    return opening && channel && { mark: opening.mark, channel };
  }

  /** Ends all that nobody has taken: the contexts are entered otherwise, or not at all. */
  drop(): void {
    while (this.#dropOne());
  }

  #dropOne(): boolean {
    const [context] = this.#opening.keys();
    if (context === undefined) return false;
    void this.take(context).then((entry) => {
      if (!entry) return;
      entry.channel.kill();
      this.#limit.release();
    });
    return true;
  }
}
