/** What is done in a network namespace without starting a program each time: one worker in each makes sockets and plain requests. */
import { type ChildProcess, fork } from 'node:child_process';
import net, { type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Reply, Request } from './curl.js';

const script = fileURLToPath(new URL('./namespace-worker.cjs', import.meta.url));

interface Done {
  reply?: Reply;
  error?: string;
  server?: Server | undefined;
}

class NamespaceWorker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(done: Done): void; reject(error: Error): void }>();
  #count = 0;

  /** @param holder the process whose namespace it is; without one, the runner's own */
  constructor(holder: number | undefined) {
    const enter = holder === undefined ? [] : ['nsenter', '--target', `${holder}`, '--net', '--'];
    this.#child = fork(script, [], {
      execPath: 'setpriv',
      execArgv: ['--pdeathsig', 'KILL', ...enter, process.execPath],
      env: { PATH: process.env.PATH },
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', ({ id, ...done }: Done & { id: number }, server) => {
      this.#waiting.get(id)?.resolve({ ...done, server: server instanceof net.Server ? server : undefined });
      this.#waiting.delete(id);
    });
    const ended = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('cluster: a worker in a namespace has ended'));
      this.#waiting.clear();
    };
    this.#child.on('error', ended).on('exit', ended);
  }

  do(wanted: { address: string; port: number } | (Request & { url: string })): Promise<Done> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, ...wanted });
    });
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

const workers = new Map<number | undefined, NamespaceWorker>();

function workerIn(holder: number | undefined): NamespaceWorker {
  const worker = workers.get(holder) ?? new NamespaceWorker(holder);
  workers.set(holder, worker);
  return worker;
}

/** Makes a listening socket in the network namespace of process `holder`; without one, in the runner's own. */
export async function socketIn(holder: number | undefined, port: number, address: string): Promise<Server> {
  const { server, error } = await workerIn(holder).do({ address, port });
  if (!server) throw new Error(`cluster: ${address}:${port} cannot be listened on: ${error}`);
  return server;
}

/** Makes a plain HTTP request from there, as a program of the product's own does. Never follows a redirect. */
export async function requestFrom(holder: number | undefined, url: string, request: Request = {}): Promise<Reply> {
  const { reply } = await workerIn(holder).do({ url, ...request });
  if (!reply) throw new Error(`cluster: ${url} was not requested`);
  return reply;
}

/** Ends the workers in the namespaces of these processes: what they hold open is closed with them. */
export function endWorkers(holders: readonly number[]): void {
  for (const holder of holders) {
    workers.get(holder)?.end();
    workers.delete(holder);
  }
}
