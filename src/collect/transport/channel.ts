/** What a lane runs over: any duplex to a started command line, over SSH or to a local child. */
import type { Readable, Writable } from 'node:stream';
import type { Problem } from '../../core/model.js';

/** A started command line. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * Called by the reader with the size of what it took. The streams have no other listener: one that is there before the
   * reader would set them flowing, and what came first would be lost.
   */
  count(bytes: number): void;
  /** Resolves when the far side has ended; null without an exit status (killed, or the connection was lost). */
  readonly closed: Promise<number | null>;
  /**
   * Closes our side at once and resolves `closed`: a remote writer ends by SIGPIPE, a remote shell by the end of its input.
   */
  kill(): void;
}

/** Starts command lines on one host. */
export interface Connector {
  /**
   * Starts a command line; it reads `first` before all else, which is sent as early as the way to the host allows.
   * @throws Failure when the host cannot be used; SessionRefused when it allows no further session just now.
   */
  open(commandLine: string, first?: string): Promise<Channel>;
  /** Set once the host is lost: nothing further can be opened. */
  readonly lost: Failure | undefined;
}

/** Why something cannot be used: what an output's `problem` is made of. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly problem: Problem,
    readonly problemAt: 'host' | 'context' | 'command',
    message: string,
  ) {
    super(message);
  }
}

/** The host allows no further session on this connection (sshd's MaxSessions). */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused';
}
