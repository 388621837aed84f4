/** A way to a host that is not dialled directly. */
import type { Duplex } from 'node:stream';

/** A stream to the host, made by the host before it or by a program. */
export interface Way {
  readonly stream: Duplex;
  /** What went wrong on the way itself, as far as it is known. */
  trouble(): string | undefined;
  /** Ends the stream, and what made it. */
  close(): Promise<void>;
}
