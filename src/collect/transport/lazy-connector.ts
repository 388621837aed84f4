/** A connection that is made when the first session is wanted, and never again. */
import { type Channel, type Connector, Failure } from './channel.js';

/** A connection that can be ended. */
export interface Connected extends Connector {
  close(): Promise<void>;
}

/** Connects when the first channel is wanted. A connection that failed, or was lost, is not made again. */
export class LazyConnector implements Connector {
  readonly #connect: (signal: AbortSignal) => Promise<Connected>;
  readonly #connecting = new AbortController();
  #made: Promise<Connected> | undefined;
  #open: Connected | undefined;
  #failure: Failure | undefined;

  constructor(connect: (signal: AbortSignal) => Promise<Connected>) {
    this.#connect = connect;
  }

  get lost(): Failure | undefined {
    return this.#failure ?? this.#open?.lost;
  }

  async open(commandLine: string, first?: string): Promise<Channel> {
    this.#made ??= this.#connect(this.#connecting.signal);
    try {
      this.#open = await this.#made;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failure ??= error instanceof Failure ? error : new Failure('unreachable', 'host', message);
      throw this.#failure;
    }
    return this.#open.open(commandLine, first);
  }

  async close(): Promise<void> {
    // A login that is still being made is given up; one that is made ends properly below.
    if (!this.#open) this.#connecting.abort();
    const made = await this.#made?.catch(() => undefined);
    this.#failure ??= new Failure('not-run', 'command', 'the run was ended');
    await made?.close();
  }
}
