/** Long-lived processes of the lab. The kernel ends them when the test run dies, whatever kills it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** A process that was started and has not been stopped. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #said = '';

  /** @param log a file descriptor that takes standard error; without it standard error is kept for messages. */
  constructor(argv: readonly string[], log?: number) {
    // PDEATHSIG survives exec: setpriv becomes the program.
    const words = ['--pdeathsig', 'KILL', ...argv];
    this.#child = spawn('setpriv', words, { stdio: ['pipe', 'pipe', log ?? 'pipe'], env: { PATH: process.env.PATH } });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#hear(chunk));
  }

  #hear(chunk: Buffer): void {
    this.#said += chunk.toString();
    this.#child.emit('heard');
  }

  /** The started process, in the runner's numbering. */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('lab: a process could not be started');
    return pid;
  }

  /** The process that nsenter or unshare forked into its new PID namespace, in the runner's numbering. */
  get forked(): number {
    const [child] = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ');
    if (!child) throw new Error(`lab: process ${this.pid} has no child: ${this.#said.trim()}`);
    return Number(child);
  }

  /** Resolves when the process is gone, by whatever end. */
  get exited(): Promise<unknown> {
    return this.#exited;
  }

  get stdin(): Writable {
    if (!this.#child.stdin) throw new Error('lab: a process has no standard input');
    return this.#child.stdin;
  }

  /** Waits until the process has printed a line; rejects with what it said when it ends before. */
  async prints(line: string): Promise<void> {
    const stop = new AbortController();
    const ended = this.#exited.then(() => {
      throw new Error(`lab: a process ended before it said "${line}": ${this.#said.trim()}`);
    });
    ended.catch(() => {});
    while (!this.#said.split('\n').includes(line)) {
      await Promise.race([once(this.#child, 'heard', { signal: stop.signal }), ended]).catch((error) => {
        stop.abort();
        throw error;
      });
    }
  }

  /** Ends the process (or the one it forked) and waits until it is gone. */
  async stop({ forked = false, signal = 'SIGKILL' as NodeJS.Signals } = {}): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(forked ? this.forked : this.pid, signal);
    }
    await this.#exited;
  }
}
