/** One authenticated SSH connection, and the channels on it. */
import type { Socket } from 'node:net';
import ssh2, { type ClientChannel, type ConnectConfig } from 'ssh2';
import type { Connection } from '../../core/model.js';
import { Authentication, type Secrets } from './auth.js';
import type { ByteBudget } from './byte-budget.js';
import { type Channel, type Connector, Failure, SessionRefused } from './channel.js';
import { fingerprint, hostKeyAlgorithms, keyType } from './host-key.js';
import type { HostVerifier } from './host-verifier.js';
import { listIdentities } from './identities.js';
import { failureOf, floodFailure, levelOf, lostFailure } from './ssh-failure.js';
import { nameOf, type Target } from './ssh-target.js';

const KEEPALIVE_MS = 10_000;

/** What a connection is made with. */
export interface Connecting {
  /** The host, dialled already. */
  socket: Socket;
  verifier: HostVerifier;
  secrets: Secrets;
  /** Where what is learned of the host is kept. */
  connection: Connection;
  budget: ByteBudget;
  signal: AbortSignal;
}

/** An open connection; it is made once and never again. */
export class SshConnection implements Connector {
  readonly #client: ssh2.Client;
  readonly #target: Target;
  readonly #connection: Connection;
  readonly #budget: ByteBudget;
  readonly #socket: Socket;
  readonly #channels = new Set<Channel>();
  readonly #ended: Promise<void>;
  lost: Failure | undefined;

  private constructor(client: ssh2.Client, target: Target, { socket, connection, budget }: Connecting) {
    this.#client = client;
    this.#target = target;
    this.#connection = connection;
    this.#budget = budget;
    this.#socket = socket;
    this.#ended = new Promise((resolve) => client.once('close', () => resolve()));
  }

  /** @throws Failure at the host: not reachable, its key not trusted, or the login refused. */
  static async connect(target: Target, how: Connecting): Promise<SshConnection> {
    const { budget, connection, secrets, signal, socket, verifier } = how;
    const identities = await listIdentities(target);
    const client = new ssh2.Client();
    const self = new SshConnection(client, target, how);
    let ready = false;
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = (failure: Failure) => {
        clearTimeout(timer);
        self.#lose(failure);
        reject(failure);
        self.#socket.destroy();
      };
      const arm = () => {
        const message = `${nameOf(target)} did not answer within ${target.connectTimeoutMs} ms`;
        const late = () => stop(new Failure('unreachable', 'host', message));
        timer = setTimeout(late, target.connectTimeoutMs);
      };
      // A person who types a password is not a host that does not answer.
      const paused =
        <A extends string[]>(ask: (...args: A) => Promise<string | undefined>) =>
        (...args: A) => {
          clearTimeout(timer);
          return ask(...args).finally(arm);
        };
      const auth = new Authentication(target.user, identities, {
        password: paused(secrets.password),
        passphrase: paused(secrets.passphrase),
      });
      client.on('error', (error) => {
        // ssh2 goes on to the next method by itself when an agent fails.
        if (levelOf(error) === 'agent') return;
        stop(self.lost ?? (ready ? lostFailure(target, error.message) : failureOf(error, target, auth)));
      });
      const closed = 'the host closed the connection';
      client.on('close', () => stop(self.lost ?? lostFailure(target, closed)));
      client.on('ready', () => {
        clearTimeout(timer);
        ready = true;
        connection.logins++;
        verifier.remember();
        resolve();
      });
      const abort = () => stop(new Failure('not-run', 'command', 'the run was ended'));
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort);
      // What became of the socket before anybody listened.
      const { destroyed, errored } = socket;
      if (destroyed) return stop(errored ? failureOf(errored, target, auth) : lostFailure(target, closed));
      arm();
      client.connect(self.#config(verifier, auth));
      // Counted as it arrives: what belongs to no channel as well.
      self.#socket.on('data', (chunk: Buffer) => {
        if (!budget.take(chunk.length)) stop(floodFailure(nameOf(target)));
      });
    });
    return self;
  }

  /** Starts a command line on a session of its own. */
  open(commandLine: string, first = ''): Promise<Channel> {
    const { lost } = this;
    if (lost) return Promise.reject(lost);
    return new Promise((resolve, reject) => {
      const late = () => reject(new Failure('timeout', 'context', 'the host did not open a session in time'));
      const timer = setTimeout(late, this.#target.connectTimeoutMs);
      this.#client.exec(commandLine, (error, stream) => {
        clearTimeout(timer);
        if (error) reject(this.lost ?? new SessionRefused(error.message));
        else resolve(this.#channel(stream, first));
      });
    });
  }

  /** Ends the connection and every channel on it. */
  async close(): Promise<void> {
    this.#lose(new Failure('not-run', 'command', 'the run was ended'));
    this.#client.end();
    // The client's own `destroy` leaves a socket alone that has sent its end, and a host that is gone never sends its own.
    const patience = setTimeout(() => this.#socket.destroy(), 1_000);
    await this.#ended;
    clearTimeout(patience);
  }

  #config(verifier: HostVerifier, auth: Authentication): ConnectConfig {
    const { user } = this.#target;
    return {
      sock: this.#socket,
      username: user,
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 3,
      // What a host sends is bounded as it arrives: compressed it could be a thousand times more.
      algorithms: { serverHostKey: hostKeyAlgorithms(verifier.knownTypes), compress: ['none'] },
      authHandler: auth.handler,
      hostVerifier: (key: Buffer) => {
        this.#connection.hostKey = { type: keyType(key), sha256: fingerprint(key) };
        this.lost = verifier.verify(key);
        return this.lost === undefined;
      },
    };
  }

  #channel(stream: ClientChannel, first: string): Channel {
    this.#connection.shells++;
    this.#budget.allowShell();
    let exit: number | null = null;
    let finish: (exit: number | null) => void = () => {};
    const closed = new Promise<number | null>((resolve) => {
      finish = resolve;
    });
    const count = (bytes: number) => {
      this.#connection.bytes += bytes;
    };
    stream.on('error', () => {});
    stream.on('exit', (code: number | null) => {
      exit = code;
    });
    stream.on('close', () => finish(exit));
    const kill = () => {
      finish(null);
      stream.close();
    };
    stream.write(first);
    const channel: Channel = { stdin: stream, stdout: stream, stderr: stream.stderr, count, closed, kill };
    this.#channels.add(channel);
    closed.then(() => this.#channels.delete(channel));
    return channel;
  }

  /** From now on nothing can be opened, and what is open has ended. */
  #lose(failure: Failure): void {
    this.lost ??= failure;
    for (const channel of this.#channels) channel.kill();
  }
}
