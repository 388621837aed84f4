/** What the hosts of a run share: the folder of the sockets, and the logins on jump hosts. */
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../../core/errors.js';
import { makeFolder } from '../../../core/folder.js';
import type { Host } from '../../../core/model.js';
import { Failure } from '../channel.js';
import { demandIdentity } from '../chosen-identity.js';
import type { TransportOptions } from '../transport.js';
import { hostOf, type Meanings, namedBy } from './configuration.js';
import { type Hop, hopsTo } from './hops.js';
import { Master, type Mastering } from './master.js';
import { PrivateFolder } from './private-folder.js';
import { isBefore, type Release, type SshProgram } from './program.js';

/** From it on a configuration may depend on the kind of session that is asked for. */
const KNOWS_SESSIONS: Release = { major: 10, minor: 0 };

/** A login on a jump host: being made, made, or failed. */
interface Shared {
  made: Promise<Master>;
  failure?: Failure;
  master?: Master;
}

/** Makes the masters of a run. */
export class OpensshRun {
  readonly #options: TransportOptions;
  readonly #program: SshProgram;
  readonly #meanings: Meanings;
  readonly #jumps = new Map<string, Shared>();
  #folder: PrivateFolder | undefined;
  #ending = new AbortController();
  #users = 0;

  constructor(options: TransportOptions, program: SshProgram, meanings: Meanings) {
    this.#options = options;
    this.#program = program;
    this.#meanings = meanings;
  }

  /** The logins on the way to a host. @throws UsageError where ssh accepts no such way, or it is not that of a person's login */
  async hops(host: Host): Promise<[...Hop[], Hop]> {
    const hops = await hopsTo(namedBy(host), async (one) => (await this.#meanings.of(one)).configured);
    const release = await this.#program.release();
    if (release && !isBefore(release, KNOWS_SESSIONS)) await this.#meanings.demandSame(namedBy(host));
    return hops;
  }

  /** One more host is reached by this run. @throws UsageError where that cannot be, with what would help */
  async join(host: Host, why: string): Promise<{ hops: [...Hop[], Hop]; release: Release }> {
    // Both are asked at once: what is missing is said before what a name means.
    const way = this.hops(host);
    way.catch(() => {});
    const release = await this.#program.demand(`${host.name} is reached by ssh itself (${why})`);
    const hops = await way;
    const { acceptNewHostKeys, knownHostsFile } = this.#options;
    if (acceptNewHostKeys && knownHostsFile !== undefined) makeKnownHosts(knownHostsFile);
    this.#folder ??= PrivateFolder.make();
    this.#users++;
    return { hops, release };
  }

  /** One host fewer; with the last one the logins on jump hosts and the folder go. */
  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    this.#ending.abort();
    this.#ending = new AbortController();
    const jumps = [...this.#jumps.values()];
    this.#jumps.clear();
    const folder = this.#folder;
    this.#folder = undefined;
    // The last hop first: the way to it leads through those before it.
    for (const { made } of jumps.toReversed())
      await made.then(
        (master) => master.close(),
        () => {},
      );
    folder?.remove();
  }

  /** Keeps the logins on jump hosts while no host is reached, until what is returned is called. */
  hold(): () => Promise<void> {
    this.#users++;
    return () => this.leave();
  }

  /** Logs in to the host, over its jump hosts. @throws Failure at the host */
  async connect(host: Host, hops: [...Hop[], Hop], release: Release, signal: AbortSignal): Promise<Master> {
    const folder = this.#folder;
    if (folder === undefined) throw new Failure('not-run', 'command', 'the run was ended');
    const chosen = identityOf(host, this.#options);
    if (chosen !== undefined) demandIdentity(chosen);
    const common = this.#common();
    let before: Master | undefined;
    let past: string | undefined;
    let key = '';
    for (const hop of hops.slice(0, -1)) {
      key += `${JSON.stringify(hop)}\n`;
      const login = `${hop.user}@${hostOf(hop)}`;
      const how = { ...common, password: () => this.#options.password(host, login) };
      const through = before;
      const start = (ending: AbortSignal) =>
        Master.start({ ...how, hop, folder, release, before: through, direct: through === undefined, signal: ending });
      try {
        before = await this.#shared(key, start, signal);
      } catch (error) {
        throw error instanceof Failure ? onTheWay(error, host, login) : error;
      }
      past = pastOf(host, login);
    }
    const target = hops[hops.length - 1] as Hop;
    return Master.start({
      ...common,
      options: { ...common.options, identityFile: chosen },
      hop: target,
      folder,
      release,
      before,
      past,
      direct: before === undefined,
      password: () => this.#options.password(host),
      signal,
    });
  }
  /** One login for all hosts behind it. One that was refused stays refused; one that is lost is made anew. */
  async #shared(key: string, start: (ending: AbortSignal) => Promise<Master>, signal: AbortSignal): Promise<Master> {
    let known = this.#jumps.get(key);
    if (known === undefined || known.master?.lost || (known.failure && known.failure.problem !== 'denied')) {
      const shared: Shared = { made: start(this.#ending.signal) };
      shared.made.then(
        (master) => {
          shared.master = master;
        },
        (error) => {
          if (error instanceof Failure) shared.failure = error;
        },
      );
      this.#jumps.set(key, shared);
      known = shared;
    }
    const ended = new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new Failure('not-run', 'command', 'the run was ended'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    return Promise.race([known.made, ended]);
  }

  #common(): Pick<Mastering, 'options' | 'timeoutMs' | 'passphrase' | 'hidden' | 'warn'> {
    const { sshConfigFile, acceptNewHostKeys, knownHostsFile, connectTimeoutMs, passphrase, variables, warn } =
      this.#options;
    return {
      options: { configFile: sshConfigFile, acceptNewHostKeys, knownHostsFile },
      timeoutMs: connectTimeoutMs,
      passphrase,
      hidden: variables.names(),
      warn,
    };
  }
}

function identityOf({ ssh }: Host, { identityFile }: TransportOptions): string | undefined {
  return identityFile ?? ssh.identityFile;
}

/** ssh makes no folder but its own for the keys that it is to remember, and lets others read the file. @throws UsageError */
function makeKnownHosts(file: string): void {
  try {
    makeFolder(dirname(file));
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw new UsageError(`--known-hosts ${file}: it cannot be made: ${(error as Error).message}`);
  }
}

function onTheWay({ problem, problemAt, message }: Failure, host: Host, jump: string): Failure {
  return problem === 'not-run'
    ? new Failure(problem, problemAt, message)
    : new Failure(problem, 'host', `${pastOf(host, jump)}: ${message}`);
}

function pastOf({ name }: Host, jump: string): string {
  return `on the way to ${name}, at the jump host ${jump}`;
}
