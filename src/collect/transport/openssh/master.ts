/** A master: one ssh client that is logged in to a host and lets others open sessions through it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Failure } from '../channel.js';
import { floodFailure } from '../ssh-failure.js';
import { askpassVariables, PromptServer } from './askpass.js';
import { type Attempt, failureOf, refusedLogin, shownKey, wordsOf } from './client-failure.js';
import { type MasterOptions, masterWords } from './command-lines.js';
import { hostOf } from './configuration.js';
import type { Hop } from './hops.js';
import type { PrivateFolder } from './private-folder.js';
import { environment, type Release, SSH } from './program.js';
import { readPrompt } from './prompts.js';

/** How long a client may go on after it was told to end. */
const PATIENCE_MS = 1_000;
/** How long a program that a client has started may hold on to its words. */
const LAST_WORDS_MS = 300;
/** What is kept of a client's words: its beginning, in which it says whom it meets, and its end, in which it says why it ends. */
const KEPT_BYTES = 64 * 1024;
/** More words than this are not the client's own: a host makes it talk. */
const MAX_SAID_BYTES = 16 * 1024 * 1024;

/** What a master is made with. */
export interface Mastering {
  hop: Hop;
  folder: PrivateFolder;
  release: Release;
  options: Omit<MasterOptions, 'socket' | 'release' | 'through'>;
  /** The master of the hop before, and who that is in words. */
  before?: Master | undefined;
  past?: string | undefined;
  /** The host is dialled by nobody else: neither a jump host nor a ProxyCommand. */
  direct: boolean;
  /** Milliseconds, without those in which a person is asked. */
  timeoutMs: number;
  password(): Promise<string | undefined>;
  passphrase(file: string): Promise<string | undefined>;
  hidden: readonly string[];
  signal: AbortSignal;
  warn(message: string): void;
}

/** A login that stands. It is made once and never again. */
export class Master {
  readonly #how: Mastering;
  readonly #child: ChildProcess;
  readonly #prompts: PromptServer;
  readonly #ended: Promise<void>;
  #head = '';
  #tail = '';
  #passwordSent = false;
  readonly #locked: string[] = [];
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #arm = () => {};
  #give: (failure: Failure) => void = () => {};
  /** The socket over which sessions are opened. */
  readonly socket: string;
  lost: Failure | undefined;
  /** Resolves when it is lost. */
  readonly gone: Promise<void>;
  #tellGone: () => void = () => {};

  private constructor(how: Mastering, socket: string, prompts: PromptServer, child: ChildProcess) {
    this.#how = how;
    this.socket = socket;
    this.#prompts = prompts;
    this.#child = child;
    this.gone = new Promise((resolve) => {
      this.#tellGone = resolve;
    });
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => {
        // What it started, the program of a ProxyCommand for one, may hold its words open, and goes with it.
        this.#kill('SIGTERM');
        const last = setTimeout(() => this.#kill('SIGKILL'), LAST_WORDS_MS);
        child.once('close', () => {
          clearTimeout(last);
          this.#kill('SIGKILL');
          resolve();
        });
      });
    });
  }

  /** The key that the host has shown. */
  get hostKey(): { type: string; sha256: string } | undefined {
    return shownKey(this.#head);
  }

  /** What of our variables a session sends. */
  get sendEnv(): readonly string[] {
    return this.#how.hop.sendEnv;
  }

  /** @throws Failure at the host: not reachable, its key not trusted, or the login refused */
  static async start(how: Mastering): Promise<Master> {
    const { hop, folder, before, release, options } = how;
    if (how.signal.aborted) throw new Failure('not-run', 'command', 'the run was ended');
    const sockets = folder.sockets();
    let self: Master | undefined;
    const prompts = await PromptServer.listen(sockets.prompts, async (text, hint) =>
      self ? self.#answer(text, hint) : undefined,
    );
    const words = masterWords(hop, { ...options, socket: sockets.sessions, through: before?.socket, release });
    const child = spawn(SSH, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a session of its own: Ctrl-C ends the run in order, and what it started ends with it.
      detached: true,
      env: environment(how.hidden, askpassVariables(folder.askpass, sockets.prompts)),
    });
    if (child.pid !== undefined) folder.add(child.pid);
    const master = new Master(how, sockets.sessions, prompts, child);
    self = master;
    await master.#login();
    return master;
  }

  /** Ends the login and what belongs to it. */
  async close(): Promise<void> {
    this.#lose(new Failure('not-run', 'command', 'the run was ended'));
    await this.#end();
  }

  /** The last words of this client on what it could not reach for another. */
  get openFailure(): string | undefined {
    return [...this.#tail.matchAll(/^channel \d+: open failed: (.*?)\r?$/gm)].at(-1)?.[1];
  }

  #login(): Promise<void> {
    const { hop, timeoutMs, signal } = this.#how;
    return new Promise((resolve, reject) => {
      const stop = async (failure: Failure) => {
        this.#disarm();
        this.#lose(failure);
        await this.#end();
        reject(this.lost);
      };
      this.#arm = () => {
        const late = () => {
          const words = wordsOf(this.#tail);
          const message = `${hostOf(hop)} did not answer within ${timeoutMs} ms${words && `; ssh said: ${words}`}`;
          void stop(new Failure('unreachable', 'host', message));
        };
        this.#timer = setTimeout(late, timeoutMs);
      };
      this.#give = (failure) => void stop(failure);
      const abort = () => void stop(new Failure('not-run', 'command', 'the run was ended'));
      signal.addEventListener('abort', abort, { once: true });
      let said = 0;
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.length;
        if (said > MAX_SAID_BYTES) void stop(floodFailure(hostOf(hop)));
        this.#keep(chunk.toString('utf8'));
        if (this.#ready || !this.#tail.includes('Entering interactive session.') || !existsSync(this.socket)) return;
        this.#ready = true;
        this.#disarm();
        signal.removeEventListener('abort', abort);
        this.#tellNewKey();
        resolve();
      });
      void this.#ended.then(async () => {
        this.#release();
        // Where the hop before was lost as well, or refused the way, its own words come at about the same time.
        if (this.#how.before) await new Promise((resolve) => setTimeout(resolve, 50));
        await stop(this.#ready ? this.#lostFailure() : this.#failure());
      });
      this.#arm();
    });
  }

  #disarm(): void {
    clearTimeout(this.#timer);
  }

  /** Answers one prompt of this client. Without an answer that may be given the login ends here: an empty one would count as an attempt. */
  async #answer(text: string, hint: string): Promise<string | undefined> {
    const { hop, password, passphrase, warn } = this.#how;
    const prompt = readPrompt(text, hint, { user: hop.user, host: hop.keyAlias ?? hop.hostname });
    if (this.#ready || this.lost) return undefined;
    if (prompt.kind === 'notice') {
      warn(`ssh, for ${hostOf(hop)}: ${text.trim()}`);
      // A person who is on the way to the key is not a host that does not answer; ssh itself ends this program.
      this.#disarm();
      await this.#ended;
      return undefined;
    }
    if (prompt.kind === 'passphrase') {
      const secret = await this.#asked(() => passphrase(prompt.file));
      if (!secret) this.#locked.push(prompt.file);
      return secret || undefined;
    }
    const again = this.#passwordSent;
    if (prompt.kind === 'password' && !again) {
      this.#passwordSent = true;
      const secret = await this.#asked(password);
      if (secret) return secret;
      this.#passwordSent = false;
    }
    const refused = refusedLogin(this.#attempt());
    const why = prompt.kind === 'other' || again ? `; ssh asks what is not answered here: ${JSON.stringify(text)}` : '';
    this.#give(new Failure('denied', 'host', `${refused}${why}`));
    await this.#ended;
    return undefined;
  }

  async #asked(ask: () => Promise<string | undefined>): Promise<string | undefined> {
    this.#disarm();
    try {
      return await ask();
    } finally {
      if (!this.#ready && !this.lost) this.#arm();
    }
  }

  #keep(text: string): void {
    if (this.#head.length < KEPT_BYTES) this.#head += text;
    this.#tail = (this.#tail + text).slice(-KEPT_BYTES);
  }

  get #said(): string {
    return this.#head.length < KEPT_BYTES ? this.#head : this.#head + this.#tail;
  }

  /** Says what ssh has remembered, or could not. */
  #tellNewKey(): void {
    const { hop, warn } = this.#how;
    const key = this.hostKey;
    const words = `trusted the host key of ${hostOf(hop)} on first use: ${key?.type} ${key?.sha256}`;
    const file = this.#how.options.knownHostsFile ?? 'the known_hosts file of its configuration';
    if (/^Failed to add the host to the list of known hosts \((.*)\)/m.test(this.#head))
      warn(`${words}; it could not be remembered in ${file}`);
    else if (/^Warning: Permanently added /m.test(this.#head)) warn(`${words}; added to ${file}`);
  }

  #failure(): Failure {
    const { hop, before } = this.#how;
    if (before?.lost) return this.#lostFailure();
    const refused = /^(?:Stdio forwarding request failed|stdio forwarding failed)/m.test(this.#tail);
    if (before && refused) {
      const why = before.openFailure ?? wordsOf(this.#tail);
      const where = this.#how.past === undefined ? '' : `${this.#how.past}: `;
      return new Failure('unreachable', 'host', `${where}${hostOf(hop)} cannot be reached from there: ${why}`);
    }
    return failureOf(this.#attempt());
  }

  #attempt(): Attempt {
    const { hop, direct, options } = this.#how;
    const { knownHostsFile } = options;
    const [said, locked, passwordSent] = [this.#said.replace(/\r\n/g, '\n'), this.#locked, this.#passwordSent];
    return { login: hop, said, locked, passwordSent, direct, knownHostsFile };
  }

  #lostFailure(): Failure {
    const { hop, before } = this.#how;
    const why = before?.lost?.message ?? (wordsOf(this.#tail) || 'ssh ended without a word');
    return new Failure('unreachable', 'host', `the connection to ${hostOf(hop)} was lost: ${why}`);
  }

  #lose(failure: Failure): void {
    this.lost ??= failure;
    this.#tellGone();
  }

  #release(): void {
    this.#prompts.close();
    if (this.#child.pid !== undefined) this.#how.folder.drop(this.#child.pid);
  }

  /** Ends the client and all that it started. */
  async #end(): Promise<void> {
    this.#disarm();
    this.#kill('SIGTERM');
    const last = setTimeout(() => this.#kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(last);
  }

  #kill(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody of them is left.
    }
  }
}
