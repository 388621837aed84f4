/** One PostgreSQL server of a host, run as its packages run it: as the user postgres, with its socket where clients look. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { must } from '../lab/command.js';
import type { LabHost } from '../lab/host.js';
import { type Build, clientOf, programOf } from './majors.js';

/** Who is asked, and of which database. */
export interface Asked {
  user?: string;
  database?: string;
}

/** The server's user of the operating system, as numbers: what is written from outside belongs to it. */
export const owner = { uid: idOf('-u'), gid: idOf('-g') };

function idOf(what: '-u' | '-g'): number {
  try {
    return Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return -1; // a machine without the package runs none of this
  }
}

/** The words that run a program as the server's user. */
export function asOwner(argv: readonly string[]): string[] {
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--', ...argv];
}

/** A server, running or not; its log lasts as long as the host. */
export class Server {
  constructor(
    readonly host: LabHost,
    public build: Build,
    readonly folder = '/var/lib/postgresql/data',
    readonly socket = '/var/run/postgresql',
    readonly port = 5432,
  ) {}

  get #log(): string {
    return `/var/log/postgresql/${this.folder.split('/').at(-1)}-${this.port}.log`;
  }

  /** A file of the data directory, as the host sees it. */
  file(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Makes a new cluster. Its pages carry checksums, as has been usual from 18 on. */
  async init(...options: string[]): Promise<void> {
    const how = ['--auth=trust', '--encoding=UTF8', '--data-checksums', '--no-sync', '-U', 'postgres', ...options];
    await must(this.host.inside(asOwner([programOf(this.build, 'initdb'), '-D', this.folder, ...how])));
  }

  /** Adds lines to postgresql.conf: the last line of a name counts. A running server reads them at `reload` or `restart`. */
  configure(settings: Record<string, string | number>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${`${value}`.replaceAll("'", "''")}'\n`);
    this.write('postgresql.conf', this.host.read(this.file('postgresql.conf')) + lines.join(''));
  }

  /** Writes a file of the data directory. */
  write(name: string, text: string): void {
    this.host.write(this.file(name), text, { mode: 0o600, uid: owner.uid });
  }

  /** Starts it. @param words more of its command line. @throws with the last lines of its log where it does not take connections. */
  async start(...words: string[]): Promise<void> {
    const ran = await this.#control(
      'start',
      '-w',
      '-t',
      '60',
      '-l',
      this.#log,
      ...(words.length > 0 ? ['-o', words.join(' ')] : []),
    );
    if (ran.code === 0) return;
    throw new Error(
      `lab: PostgreSQL ${this.build} of ${this.host.name} does not start:\n${this.log().split('\n').slice(-25).join('\n')}`,
    );
  }

  /** Starts it and does not wait until it takes connections. */
  async begin(): Promise<void> {
    await this.#control('start', '-W', '-l', this.#log);
  }

  /** Stops it, if it runs. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    if (!existsSync(this.host.path(this.file('postmaster.pid')))) return;
    const ran = await this.#control('stop', '-w', '-t', '60', '-m', mode);
    if (ran.code !== 0 && existsSync(this.host.path(this.file('postmaster.pid'))))
      throw new Error(
        `lab: PostgreSQL ${this.build} of ${this.host.name} does not stop: ${ran.stderr}${this.log().slice(-1000)}`,
      );
  }

  /** Begins to stop it as one does who waits for the last client. */
  async stopSmart(): Promise<void> {
    await this.#control('stop', '-W', '-m', 'smart');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async reload(): Promise<void> {
    await this.#control('reload');
  }

  /** Makes a primary of a standby. */
  async promote(): Promise<void> {
    const ran = await this.#control('promote', '-w', '-t', '60');
    if (ran.code !== 0)
      throw new Error(`lab: PostgreSQL of ${this.host.name} is not promoted: ${ran.stderr}${ran.stdout}`);
  }

  #control(verb: string, ...options: string[]) {
    return this.host.exec(asOwner([programOf(this.build, 'pg_ctl'), '-s', '-D', this.folder, ...options, verb]), {
      timeoutMs: 90_000,
    });
  }

  /** The words that ask it from the host's own root; they print rows with `|` between columns. */
  psql(text: string, { user = 'postgres', database = 'postgres' }: Asked = {}): string[] {
    const where = ['-h', this.socket, '-p', `${this.port}`, '-U', user, '-d', database];
    return [clientOf('psql'), '-XAtqw', '-v', 'ON_ERROR_STOP=1', ...where, '-c', text];
  }

  /** What it answers to a statement. */
  async query(text: string, asked?: Asked): Promise<string> {
    return (await must(this.host.inside(this.psql(text, asked)))).trim();
  }

  /** The same, and '' where it does not run or refuses. */
  async answer(text: string, asked?: Asked): Promise<string> {
    const ran = await this.host.exec(this.psql(text, asked));
    return ran.code === 0 ? ran.stdout.trim() : '';
  }

  /** All that it has logged. */
  log(): string {
    return existsSync(this.host.path(this.#log)) ? this.host.read(this.#log) : '';
  }
}
