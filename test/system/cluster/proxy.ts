/** The real nginx before the instances, its upstream written from the leader's key as consul-template writes it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Daemon } from '../lab/daemon.js';
import { inNetwork } from './curl.js';
import { leaderKey } from './instance.js';
import { requestFrom } from './namespace-worker.js';
import type { Node } from './node.js';

/** A proxy on a node, with its files in a folder of the runner's. */
export class FrontProxy {
  /** Where it sends requests now. */
  upstream = '';
  #nginx: Daemon | undefined;

  constructor(
    readonly node: Node,
    readonly folder: string,
    /** The agent that consul-template asks, such as http://10.0.0.51:8500. */
    readonly agent: string,
  ) {
    for (const name of ['', '/temp']) if (!existsSync(folder + name)) mkdirSync(folder + name);
  }

  /**
   * One round of consul-template: it takes the key's value, whoever holds the lock, and restarts nginx where that changed. Where
   * Consul does not answer, what was rendered last stays.
   */
  async follow(): Promise<void> {
    const { status, body } = await requestFrom(this.node.holder, `${this.agent}/v1/kv/${leaderKey}?raw`);
    // The template's default for a key that is not there leads nowhere here.
    if (status === 200 || status === 404) await this.send(status === 200 ? body : '127.0.0.1:9');
  }

  /** Sends requests to an address from now on. */
  async send(upstream: string): Promise<void> {
    if (upstream === this.upstream && this.#nginx) return;
    await this.close();
    this.upstream = upstream;
    const address = this.node.addresses[0];
    const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${this.folder}/temp/${name};`,
    );
    const location = `location / { proxy_pass http://${upstream}/; proxy_connect_timeout 2s; }`;
    const lines = [
      // In one process: the kernel ends it with the test run, and no worker outlives it.
      ...[
        'daemon off;',
        'master_process off;',
        `pid ${this.folder}/nginx.pid;`,
        'events {}',
        'http {',
        'access_log off;',
        ...temps,
      ],
      ...[`server { listen ${address}:80; server_name a4c; ${location} }`, '}', ''],
    ];
    writeFileSync(`${this.folder}/nginx.conf`, lines.join('\n'));
    const words = ['nginx', '-p', this.folder, '-e', 'stderr', '-c', `${this.folder}/nginx.conf`];
    this.#nginx = new Daemon([...inNetwork(this.node.holder), ...words]);
    await this.#listens();
  }

  async #listens(): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (/:0050 .* 0A /.test(readFileSync(`/proc/${this.node.holder}/net/tcp`, 'utf8'))) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('cluster: nginx does not listen');
  }

  async close(): Promise<void> {
    await this.#nginx?.stop();
    this.#nginx = undefined;
  }
}
