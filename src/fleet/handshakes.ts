/** Logins of many pairs at once: no more than a jump host, and this machine, take without dropping some. */
import type { Transport } from '../collect/transport/transport.js';
import type { ExecAsk, Output } from '../core/model.js';
import { Gate } from './pool.js';

/** Logins that are being made at once, in all. */
const MOST = 32;
/** And by one jump host: sshd begins to drop connections at ten that have not logged in yet (MaxStartups). */
const MOST_BY_JUMP = 8;

/** Lets logins pass, in all and for each first jump host. */
export class Handshakes {
  readonly #all = new Gate(MOST);
  readonly #byJump = new Map<string, Gate>();

  /** The transport, whose login waits for its turn; `jump` is the first host on the way. */
  limited(transport: Transport, jump: string | undefined): Transport {
    let closed = false;
    let entered: Promise<void> | undefined;
    let tellClosed = () => {};
    const closing = new Promise<void>((resolve) => {
      tellClosed = resolve;
    });
    const first = async (ask: ExecAsk): Promise<Output> => {
      let tellEntered = () => {};
      entered = new Promise((resolve) => {
        tellEntered = resolve;
      });
      // What is closed meanwhile need not wait: it connects no more.
      const turn = this.#enter(jump);
      await Promise.race([turn, closing]);
      tellEntered();
      try {
        return await transport.run(ask);
      } finally {
        void turn.then((leave) => leave());
      }
    };
    return {
      // What was learned is asked when it is complete, and grows until then.
      get connection() {
        return transport.connection;
      },
      run: async (ask) => {
        if (entered === undefined && !closed) return first(ask);
        await entered;
        return transport.run(ask);
      },
      close: () => {
        closed = true;
        tellClosed();
        return transport.close();
      },
    };
  }

  async #enter(jump: string | undefined): Promise<() => void> {
    if (jump === undefined) return this.#all.enter();
    const gate = this.#byJump.get(jump) ?? new Gate(MOST_BY_JUMP);
    this.#byJump.set(jump, gate);
    // The narrower one first: who waits for a jump host takes no place from the others.
    const leaveJump = await gate.enter();
    const leaveAll = await this.#all.enter();
    return () => {
      leaveAll();
      leaveJump();
    };
  }
}
