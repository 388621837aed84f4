/** What runs against the lab's hosts over a way with a delay, and what is counted of it. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Evidence } from '../../../src/core/model.js';
import type { Lab } from '../lab/lab.js';
import { login } from '../lab/system.js';
import type { Counts } from './judge.js';
import { type Measured, type Measuring, measure } from './measure.js';
import type { Other } from './others.js';
import { demandFacts, onHost, sameFacts, script } from './script.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const program = here('../../../bin/pairflight.js');

/** The two runs of pairflight that are compared with the script, and the words of each. */
export const preflights = {
  'the same facts': sameFacts.flatMap((id) => ['--only', id]),
  'the whole preflight': [],
} as const satisfies Record<string, readonly string[]>;

/** Which run of pairflight. */
export type Preflight = keyof typeof preflights;

const LOGINS = '$SSH $PRIMARY true & $SSH $SECONDARY true & wait';
const ON_BOTH = 'sh -c "$1" & sh -c "$2" & wait';

/** A way to the hosts of a lab; its connections are cold, always. */
export class Way {
  readonly #lab: Lab;
  readonly #config: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  /** `delay`: milliseconds that everything takes longer, each way. */
  constructor(
    lab: Lab,
    readonly delay: number,
  ) {
    this.#lab = lab;
    this.#folder = `${lab.folder}/b${delay}`;
    mkdirSync(`${this.#folder}/cm`, { recursive: true, mode: 0o700 });
    this.#config = `${this.#folder}/ssh_config`;
    const directives = [
      'Host *',
      `User ${login.name}`,
      `IdentityFile ${lab.identityFile}`,
      'IdentitiesOnly yes',
      'BatchMode yes',
      'StrictHostKeyChecking yes',
      `UserKnownHostsFile ${lab.knownHosts}`,
      'LogLevel ERROR',
    ];
    const proxy = [process.execPath, here('delaying-proxy.js'), delay, '%h', '%p', this.#waitsFile];
    if (delay > 0) directives.push(`ProxyCommand ${proxy.join(' ')}`);
    writeFileSync(this.#config, `${directives.join('\n')}\n`);
    const [primary, secondary] = lab.hosts;
    const ssh = `ssh -F ${this.#config}`;
    this.#env = { PRIMARY: primary.address, SECONDARY: secondary.address, OUT: this.#folder, SSH: ssh };
  }

  get #waitsFile(): string {
    return `${this.#folder}/waits`;
  }

  /** The script by hand. */
  async script(): Promise<Measured> {
    const measured = await measure(['/bin/sh', '-c', script], { env: this.#env });
    const said = ['primary', 'secondary'].map((name) => readFileSync(`${this.#folder}/${name}`, 'utf8'));
    demandFacts('the script', said.join(''), said.length);
    return measured;
  }

  /** `ssh HOST true`, both hosts at once. */
  login(): Promise<Measured> {
    return measure(['/bin/sh', '-c', LOGINS], { env: this.#env });
  }

  /** The script's commands on the hosts themselves, as the user who logs in, both at once. */
  onHosts(): Promise<Measured> {
    const [primary, secondary] = this.#lab.hosts;
    const file = `${this.#folder}/on-host`;
    writeFileSync(file, onHost);
    const user = ['setpriv', `--reuid=${login.uid}`, `--regid=${login.uid}`, '--clear-groups', '--reset-env'];
    const line = (host: typeof primary, peer: typeof primary) =>
      `${host.inside([...user, 'sh', '-s', peer.address]).join(' ')} <${file} >${this.#folder}/${host.name}`;
    return measure(['/bin/sh', '-c', ON_BOTH, 'sh', line(primary, secondary), line(secondary, primary)]);
  }

  /** The same facts by another program. */
  other(other: Other): Promise<Measured> {
    const [primary, secondary] = this.#lab.hosts;
    const addresses = [primary.address, secondary.address] as const;
    return other.run({ addresses, config: this.#config, folder: this.#folder });
  }

  /** A run of pairflight; without a delay nothing stands in the configuration that ssh2 does not follow. */
  preflight(name: Preflight, more: readonly string[] = [], measuring: Measuring = {}): Promise<Measured> {
    const known = ['--known-hosts', this.#lab.knownHosts, '--ssh-config', this.delay > 0 ? this.#config : 'none'];
    const reports = ['--report', `json=${this.#reportFile}`, '--evidence', this.#evidenceFile];
    const words = ['preflight', this.#lab.inventory(), ...known, ...reports, ...preflights[name], ...more];
    return measure([process.execPath, program, ...words], measuring, [0, 1]);
  }

  get #reportFile(): string {
    return `${this.#folder}/report.json`;
  }

  get #evidenceFile(): string {
    return `${this.#folder}/evidence.json`;
  }

  /** What a run costs in counts, one number for each host where hosts are counted. */
  async counts(run: () => Promise<Measured>): Promise<Omit<Counts, 'bytes'> & { processorMs: number }> {
    rmSync(this.#waitsFile, { force: true });
    const before = await this.#hostCounts();
    const { processorMs, peakMiB } = await run();
    const after = await this.#hostCounts();
    const more = (what: 'logins' | 'programs') => after[what].map((count, at) => count - (before[what][at] ?? 0));
    const waits = existsSync(this.#waitsFile) ? readFileSync(this.#waitsFile, 'utf8').trim().split('\n') : undefined;
    return {
      logins: more('logins'),
      programs: more('programs'),
      waits: waits?.map(Number),
      memoryMiB: peakMiB,
      processorMs,
    };
  }

  /** Each program and each thread takes a number of its host's. */
  async #hostCounts(): Promise<{ logins: number[]; programs: number[] }> {
    const { hosts } = this.#lab;
    const lastPid = ['cat', '/proc/sys/kernel/ns_last_pid'];
    const programs = hosts.map(async (host) => Number((await host.exec(lastPid)).stdout));
    return { logins: hosts.map((host) => this.#lab.acceptedLogins(host)), programs: await Promise.all(programs) };
  }

  /** Bytes that the latest run of pairflight read, all connections together. */
  get bytesRead(): number {
    return JSON.parse(readFileSync(this.#reportFile, 'utf8')).steps.bytes;
  }

  /** Milliseconds of the longest command of the latest run. */
  get longestCommand(): number {
    const { steps }: Evidence = JSON.parse(readFileSync(this.#evidenceFile, 'utf8'));
    return Math.max(...steps.flatMap(({ outputs }) => outputs.flat().map(({ durationMs }) => durationMs)));
  }
}
