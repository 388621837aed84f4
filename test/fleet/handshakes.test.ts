/** Logins of many pairs at once: so many by one jump host, so many in all, and none more. */
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/collect/transport/transport.js';
import type { ExecAsk, Output } from '../../src/core/model.js';
import { Handshakes } from '../../src/fleet/handshakes.js';

const ask: ExecAsk = { kind: 'exec', argv: ['true'], as: 'login', effect: 'read', timeoutMs: 1000, maxBytes: 100 };
const said: Output = { exit: 0, stdout: '', stderr: '', startedAt: '', durationMs: 0 };

/** Hosts whose login takes until it is let go; counted are those that are being made. */
class Hosts {
  now = 0;
  most = 0;
  asked = 0;
  readonly #waiting: (() => void)[] = [];

  transport(): Transport {
    let entered = false;
    return {
      connection: { host: 'a', kind: 'ssh', logins: 0, shells: 0, bytes: 0 },
      run: async () => {
        this.asked++;
        if (entered) return said;
        this.now++;
        this.most = Math.max(this.most, this.now);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.now--;
        entered = true;
        return said;
      },
      close: async () => {},
    };
  }

  /** Lets every login that is being made end, again and again, until none is left. */
  async letAllIn(): Promise<void> {
    for (let idle = 0; idle < 20; idle = this.#waiting.length > 0 ? 0 : idle + 1) {
      for (const done of this.#waiting.splice(0)) done();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('logins that are being made at once', () => {
  it.each([
    ['by one jump host', (_: number) => 'jump', 8],
    ['by five of them', (at: number) => `jump-${at % 5}`, 32],
    ['by none', (_: number) => undefined, 32],
  ])('are no more than are taken: %s', async (_, jumpOf, most) => {
    const [hosts, handshakes] = [new Hosts(), new Handshakes()];
    const runs = Array.from({ length: 90 }, (__, at) => handshakes.limited(hosts.transport(), jumpOf(at)).run(ask));
    await settled();
    expect(hosts.now).toBe(most);
    await hosts.letAllIn();
    await Promise.all(runs);
    expect([hosts.most, hosts.asked]).toEqual([most, 90]);
  });

  it('by a busy jump host keep nobody else waiting', async () => {
    const [busy, free, handshakes] = [new Hosts(), new Hosts(), new Handshakes()];
    const runs = Array.from({ length: 40 }, () => handshakes.limited(busy.transport(), 'jump').run(ask));
    runs.push(handshakes.limited(free.transport(), undefined).run(ask));
    await settled();
    expect([busy.now, free.now]).toEqual([8, 1]);
    await Promise.all([busy.letAllIn(), free.letAllIn()]);
    await Promise.all(runs);
  });

  it('are one for a host, whatever is asked of it at once, and what comes later waits for nobody', async () => {
    const [hosts, handshakes] = [new Hosts(), new Handshakes()];
    const one = handshakes.limited(hosts.transport(), 'jump');
    const first = [one.run(ask), one.run(ask), one.run(ask)];
    await settled();
    await hosts.letAllIn();
    await Promise.all(first);
    const blocked = Array.from({ length: 8 }, () => handshakes.limited(hosts.transport(), 'jump').run(ask));
    await settled();
    expect(await one.run(ask)).toBe(said);
    await hosts.letAllIn();
    await Promise.all(blocked);
  });
});
