/** One host of the lab: namespaces, an overlay root, file systems of its own. */
import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ran, type RunOptions, run } from './command.js';
import { Daemon } from './daemon.js';
import { type Layout, layoutOf } from './layout.js';

const noLayout: Layout = { build: '', root: '', chroot: '' };
const script = fileURLToPath(new URL('./twins/build-host.sh', import.meta.url));

/** How a file is written: permissions and owner. */
export interface FileOptions {
  mode?: number;
  uid?: number;
}

/** A running host, and the runner's ways into it. */
export class LabHost {
  readonly bootId = randomUUID();
  readonly machineId = randomUUID().replaceAll('-', '');
  layout: Layout;
  readonly #holder: Daemon;
  #init = 0;
  /** What the faults of this host take to be undone; the last comes first. */
  readonly undo: (() => Promise<void> | void)[] = [];
  /** Folders that a server of the host writes on its own: the proof of writes leaves them out, and nothing beside them. */
  readonly written = new Set<string>();
  /** Processes of the product by name. */
  readonly processes = new Map<string, Daemon>();

  constructor(
    readonly name: string,
    readonly address: string,
    readonly disks: Record<string, string>,
    /** Without one the host has no product, and no shell of it. */
    build: string | undefined,
    /** A folder of the runner's, for what the host must not see. */
    readonly folder: string,
  ) {
    this.layout = build === undefined ? noLayout : layoutOf(build);
    mkdirSync(this.work, { recursive: true });
    const sizes = Object.entries(disks).map(([path, size]) => `${path}=${size}`);
    const words = ['/bin/sh', script, this.work, `${name}.pflab`, this.layout.chroot, ...sizes];
    this.#holder = new Daemon(['unshare', '--mount', '--net', '--uts', '--ipc', ...words]);
  }

  get work(): string {
    return `${this.folder}/${this.name}`;
  }

  /** The process that owns the host's namespaces (but PID); ending it ends the host. */
  get holder(): number {
    return this.#holder.pid;
  }

  /** The host's process 1, in the runner's numbering. */
  get init(): number {
    if (this.#init === 0) this.#init = this.#holder.forked;
    return this.#init;
  }

  /** Resolves when the file systems are mounted: files may be written, nothing runs. */
  mounted(): Promise<void> {
    return this.#holder.prints('mounted');
  }

  /** Lets the host start its process 1. */
  async boot(): Promise<void> {
    writeFileSync(this.private('boot_id'), `${this.bootId}\n`);
    this.#holder.stdin.end('go\n');
    await this.#holder.prints('ready');
  }

  /** The runner's path of a file of the host. */
  path(file: string): string {
    return this.private(`root${file}`);
  }

  /** The runner's path of what lies behind the host: its overlay (`upper`), the twins' state (`spool`). */
  private(file: string): string {
    return `/proc/${this.holder}/root${this.work}/${file}`;
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string, { mode = 0o644, uid = 0 }: FileOptions = {}): void {
    const path = this.path(file);
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    chownSync(path, uid, uid);
  }

  /** Replaces the text of a file that is there, keeping its permissions and owner. */
  rewrite(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  remove(file: string): void {
    rmSync(this.path(file), { recursive: true, force: true });
  }

  /** The words that run a command inside the host as its root. */
  inside(argv: readonly string[]): string[] {
    return ['nsenter', '--target', `${this.init}`, '--mount', '--net', '--uts', '--ipc', '--pid', '--', ...argv];
  }

  exec(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    return run(this.inside(argv), { env, ...options });
  }

  /** Ends every process of the host; its mounts, loop devices and network go with them. */
  async close(): Promise<void> {
    await this.#holder.stop();
  }
}
