/** What collecting needs from outside. */
import type { Clock } from '../core/clock.js';
import type { Host, Output } from '../core/model.js';
import type { Observer } from './observer.js';
import type { ThisMachineAsk } from './this-machine.js';
import type { Transport } from './transport/transport.js';

/** What collecting needs from outside. */
export interface Collecting {
  open(host: Host): Promise<Transport>;
  /** Keeps what several hosts are reached by, until what is returned is called. */
  hold?(): () => Promise<void>;
  /** Answers what is asked of this machine itself; `answerOfThisMachine` unless a test says otherwise. */
  here?(ask: ThisMachineAsk): Promise<Output>;
  /** Ends the run early: what was not asked is `not-run`. */
  signal?: AbortSignal;
  /** Told what is asked and answered, round by round. */
  observer?: Observer;
  /** Every password that was given to this run so far. */
  secrets(): readonly string[];
  /** By which samples are taken; the machine's own unless a test says otherwise. */
  clock?: Clock;
}
