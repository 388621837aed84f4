/** A session with the hosts of many pairs: one source of passwords, one login on each jump host, a clean end on Ctrl-C. */
import { setMaxListeners } from 'node:events';
import type { Collecting } from '../../collect/options.js';
import { Transports } from '../../collect/transport/index.js';
import type { Transport } from '../../collect/transport/transport.js';
import type { Host, Step } from '../../core/model.js';
import type { FleetPair } from '../../fleet/fleet.js';
import { Handshakes } from '../../fleet/handshakes.js';
import type { ReachOptions } from '../options.js';
import { makeSecrets, type Secrets } from '../secrets.js';
import { type Signal, transportOptions } from '../session.js';

/** Reaches the hosts of a fleet. */
export class FleetSession {
  readonly #secrets: Secrets;
  readonly #transports: Transports;
  readonly #handshakes = new Handshakes();
  readonly #letGo: () => Promise<void>;
  readonly #ending = new AbortController();
  readonly #pairs = new WeakMap<Host, string>();
  readonly #stop = (name: Signal) => {
    // The second time the user means it: the default takes over.
    this.#forget();
    this.endedBy = name;
    this.#ending.abort();
  };
  /** The signal that ended the session early. */
  endedBy: Signal | undefined;

  /** @throws UsageError when a password cannot be had */
  constructor(pairs: readonly FleetPair[], options: ReachOptions, warn: (line: string) => void) {
    const hosts = pairs.flatMap(({ inventory, sudoPasswordEnv }) =>
      inventory.hosts.map((host) => ({ ...host, ...(sudoPasswordEnv !== undefined && { sudoPasswordEnv }), ...host })),
    );
    this.#secrets = makeSecrets(options.sudoPasswordEnv, hosts);
    this.#transports = new Transports(transportOptions(options, this.#named(), warn));
    this.#letGo = this.#transports.hold();
    // Every pair that is asked listens for the end.
    setMaxListeners(0, this.#ending.signal);
    process.on('SIGINT', this.#stop).on('SIGTERM', this.#stop);
  }

  /** Aborted when the session was ended early. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** What collecting needs for the hosts of a pair. @throws UsageError where a secret cannot be sent */
  readonly collecting = (pair: FleetPair, hosts: readonly Host[], steps: readonly Step[]): Collecting => {
    this.#secrets.expect(steps);
    this.know(pair, hosts);
    return { open: (host) => this.open(host), signal: this.signal, secrets: this.#secrets.given };
  };

  /** Says whose hosts these are. */
  know(pair: FleetPair, hosts: readonly Host[]): void {
    for (const host of hosts) this.#pairs.set(host, pair.name);
  }

  /** A transport whose login waits for its turn. */
  async open(host: Host): Promise<Transport> {
    const transport = await this.#transports.open(host);
    if (transport.connection.kind !== 'ssh') return transport;
    const isByClient = transport.connection.transport?.name === 'openssh';
    const [jump] = (isByClient ? (await this.routeTo(host)).jumps : undefined) ?? [];
    return this.#handshakes.limited(transport, jump);
  }

  /** How a host would be reached. */
  routeTo(host: Host): ReturnType<Transports['routeTo']> {
    return this.#transports.routeTo(host);
  }

  /** Ends what is left; the program's signals are its own again. */
  async end(): Promise<void> {
    await this.#letGo();
    this.#forget();
  }

  /** Passwords by pair and host: a host of another pair that has the same name is another host. */
  #named(): Secrets {
    const named = (host: Host): Host => {
      const pair = this.#pairs.get(host);
      return pair === undefined ? host : { ...host, name: `${pair}/${host.name}` };
    };
    const secrets = this.#secrets;
    return {
      ...secrets,
      password: (host, jump) => secrets.password(named(host), jump),
      sudoPassword: (host) => secrets.sudoPassword(named(host)),
    };
  }

  #forget(): void {
    process.off('SIGINT', this.#stop).off('SIGTERM', this.#stop);
  }
}
