/** One authenticated SSH connection, and the channels on it. */
import ssh2, { type ClientChannel, type ConnectConfig } from 'ssh2';
import type { Connection } from '../model.js';
import { Authentication, type Secrets } from './auth.js';
import { type Channel, type Connector, Failure, SessionRefused } from './channel.js';
import { fingerprint, hostKeyAlgorithms, keyType } from './host-key.js';
import type { HostVerifier } from './host-verifier.js';
import { listIdentities } from './identities.js';
import type { Target } from './ssh-target.js';

const KEEPALIVE_MS = 10_000;

/** An open connection; it is made once and never again. */
export class SshConnection implements Connector {
  readonly #client: ssh2.Client;
  readonly #target: Target;
  readonly #connection: Connection;
  readonly #channels = new Set<Channel>();
  readonly #ended: Promise<void>;
  lost: Failure | undefined;

  private constructor(client: ssh2.Client, target: Target, connection: Connection) {
    this.#client = client;
    this.#target = target;
    this.#connection = connection;
    this.#ended = new Promise((resolve) => client.once('close', () => resolve()));
  }

  /** @throws Failure at the host: not reachable, its key not trusted, or the login refused. */
  static async connect(
    target: Target,
    verifier: HostVerifier,
    secrets: Secrets,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<SshConnection> {
    const identities = await listIdentities(target);
    const client = new ssh2.Client();
    const self = new SshConnection(client, target, connection);
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = (failure: Failure) => {
        clearTimeout(timer);
        self.#lose(failure);
        reject(failure);
        client.destroy();
      };
      const arm = () => {
        const message = `${nameOf(target)} did not answer within ${target.connectTimeoutMs} ms`;
        timer = setTimeout(() => stop(new Failure('unreachable', 'host', message)), target.connectTimeoutMs);
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
        const lost = connection.logins > 0 ? lostFailure(target, error.message) : failureOf(error, target, auth);
        stop(self.lost ?? lost);
      });
      client.on('close', () => stop(self.lost ?? lostFailure(target, 'the host closed the connection')));
      client.on('ready', () => {
        clearTimeout(timer);
        connection.logins++;
        resolve();
      });
      signal.addEventListener('abort', () => stop(new Failure('not-run', 'command', 'the run was ended')));
      arm();
      client.connect(self.#config(verifier, auth));
    });
    return self;
  }

  /** Starts a command line on a session of its own. */
  open(commandLine: string): Promise<Channel> {
    const { lost } = this;
    if (lost) return Promise.reject(lost);
    return new Promise((resolve, reject) => {
      const late = () => reject(new Failure('timeout', 'context', 'the host did not open a session in time'));
      const timer = setTimeout(late, this.#target.connectTimeoutMs);
      this.#client.exec(commandLine, (error, stream) => {
        clearTimeout(timer);
        if (error) reject(this.lost ?? new SessionRefused(error.message));
        else resolve(this.#channel(stream));
      });
    });
  }

  /** Ends the connection and every channel on it. */
  async close(): Promise<void> {
    this.#lose(new Failure('not-run', 'command', 'the run was ended'));
    this.#client.end();
    const patience = setTimeout(() => this.#client.destroy(), 1_000);
    await this.#ended;
    clearTimeout(patience);
  }

  #config(verifier: HostVerifier, auth: Authentication): ConnectConfig {
    const { hostname, port, user } = this.#target;
    return {
      host: hostname,
      port,
      username: user,
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: hostKeyAlgorithms(verifier.knownTypes) },
      authHandler: auth.handler,
      hostVerifier: (key: Buffer) => {
        this.#connection.hostKey = { type: keyType(key), sha256: fingerprint(key) };
        this.lost = verifier.verify(key);
        return this.lost === undefined;
      },
    };
  }

  #channel(stream: ClientChannel): Channel {
    this.#connection.shells++;
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

function nameOf({ hostname, port }: Target): string {
  return port === 22 ? hostname : `${hostname} port ${port}`;
}

function lostFailure(target: Target, why: string): Failure {
  return new Failure('unreachable', 'host', `the connection to ${nameOf(target)} was lost: ${why}`);
}

function levelOf(error: Error): string {
  return 'level' in error ? String(error.level) : '';
}

function failureOf(error: Error, target: Target, auth: Authentication): Failure {
  const code = 'code' in error ? String(error.code) : '';
  const name = nameOf(target);
  if (levelOf(error) === 'client-authentication' || /authentication failures|not allowed/i.test(error.message)) {
    return new Failure('denied', 'host', `${name} refused the login of ${target.user}: ${auth.summary}`);
  }
  const why = WHY[code] ?? (error.message.split('\n')[0] || code || 'unknown reason');
  return new Failure('unreachable', 'host', `cannot connect to ${name}: ${why}`);
}

const WHY: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve just now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ECONNRESET: 'the host reset the connection',
};
