/** The one place that chooses among the transports. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.js';
import type { Host } from '../../core/model.js';
import { shownLine } from '../../core/shell/words.js';
import { demandKnownHosts } from './named-files.js';
import {
  choose,
  fileWords,
  hostOf,
  literalFiles,
  type Meaning,
  Meanings,
  namedBy,
  nameWords,
} from './openssh/configuration.js';
import type { Hop } from './openssh/hops.js';
import { type LoginFiles, onlySshReads } from './openssh/only-ssh.js';
import { SshProgram } from './openssh/program.js';
import { OpensshRun } from './openssh/run.js';
import type { PlainMeaning } from './ssh.js';
import type { Transport, TransportOptions } from './transport.js';

export type { SecretVariables } from './input.js';

/** How a host is reached by SSH: by ssh2, which needs the meaning of its name, or by ssh itself. */
type Way = ({ transport: 'ssh2' } & PlainMeaning) | { transport: 'openssh'; why: string };

/** How a run reaches a host, before it does. */
export interface Route {
  host: string;
  /** Who connects: one of the two, or the machine itself, or nobody. */
  by: 'ssh2' | 'openssh' | 'local' | 'none';
  why?: string;
  /** What is dialled, and as whom. */
  login?: { hostname: string; port: number; user: string };
  /** The logins on the way, the first to be made first. */
  jumps?: string[];
  /** What a person would type to get there. */
  ssh?: string;
  /** Where the host's key is looked up. */
  knownHosts?: string[];
}

/** Opens the transports of one run. */
export class Transports {
  readonly #options: TransportOptions;
  readonly #program: SshProgram;
  readonly #meanings: Meanings;
  readonly #openssh: OpensshRun;

  constructor(options: TransportOptions, program = new SshProgram(options.variables.names())) {
    this.#options = options;
    this.#program = program;
    this.#meanings = new Meanings(program, options.sshConfigFile);
    this.#openssh = new OpensshRun(options, program, this.#meanings);
  }

  /** Begins to ask ssh what the names of these hosts mean, which connects to nobody: whoever opens their transports waits less. */
  expect(hosts: readonly Host[]): void {
    for (const host of hosts) if (host.connection === 'ssh') void this.#wayTo(host).catch(() => {});
  }

  /** Opens the transport to a host; connects at the first command. @throws UsageError where it cannot be reached as it is configured */
  async open(host: Host): Promise<Transport> {
    if (host.connection === 'local') {
      const { openLocal } = await import('./local.js');
      return openLocal(host, this.#options);
    }
    if (host.connection === 'none') {
      const { openElsewhere } = await import('./none.js');
      return openElsewhere(host);
    }
    demandKnownHosts(this.#options);
    const way = await this.#wayTo(host);
    if (way.transport === 'ssh2') {
      const { openSsh } = await import('./ssh.js');
      return openSsh(host, this.#options, way);
    }
    const { openOpenssh } = await import('./openssh/openssh.js');
    return openOpenssh(host, this.#options, this.#openssh, way.why);
  }

  /** Keeps the logins on jump hosts from one host to the next, until what is returned is called. */
  hold(): () => Promise<void> {
    return this.#openssh.hold();
  }

  /** Says how a host would be reached; asks ssh what its name means, and connects to nobody. @throws UsageError */
  async routeTo(host: Host): Promise<Route> {
    const { name, connection } = host;
    if (connection === 'local' || connection === 'none') return { host: name, by: connection };
    const way = await this.#wayTo(host);
    const { transport: by, why } = way;
    const ssh = shownLine(['ssh', ...fileWords(this.#options.sshConfigFile), ...nameWords(namedBy(host))]);
    if (way.transport === 'ssh2') {
      const { resolveTarget } = await import('./ssh-target.js');
      const { hostname, port, user, userKnownHosts } = resolveTarget(host, this.#options, way.meaning);
      return { host: name, by, why, login: { hostname, port, user }, jumps: [], ssh, knownHosts: userKnownHosts };
    }
    const hops = await this.#openssh.hops(host);
    const jumps = hops.slice(0, -1).map((hop) => `${hop.user}@${hostOf(hop)}`);
    const { hostname, port, user } = hops.at(-1) as Hop;
    const { configured } = await this.#meanings.of(namedBy(host));
    const { knownHostsFile } = this.#options;
    const knownHosts =
      knownHostsFile === undefined ? [...(configured.get('userknownhostsfile') ?? [])] : [knownHostsFile];
    return { host: name, by, why, login: { hostname, port, user }, jumps, ssh, knownHosts };
  }

  async #wayTo(host: Host): Promise<Way> {
    const { sshConfigFile, transport } = this.#options;
    const forced = transport ?? host.ssh.transport ?? 'auto';
    const asked = `--transport ${forced}`;
    if (forced === 'openssh') return { transport: 'openssh', why: asked };
    if (sshConfigFile === 'none') return { transport: 'ssh2', why: forced === 'ssh2' ? asked : 'no SSH configuration' };
    const means = this.#meanings.of(namedBy(host));
    means.catch(() => {});
    if ((await this.#program.release()) === undefined) {
      refuseUnread(sshConfigFile);
      return { transport: 'ssh2', why: 'there is neither an ssh program nor a configuration of it here' };
    }
    const meaning = await means;
    const choice = choose(meaning);
    if (choice.transport === 'ssh2') {
      const only = forced === 'ssh2' ? undefined : onlySshReads(filesOf(host, this.#options, meaning));
      if (only !== undefined) return { transport: 'openssh', why: only };
      return { ...choice, transport: 'ssh2', meaning, ...(forced === 'ssh2' && { why: asked }) };
    }
    if (forced === 'ssh2')
      throw new UsageError(
        `${host.name}: ${asked}, but ${choice.why}; ssh2 follows none of that, --transport openssh does`,
      );
    return { transport: 'openssh', why: choice.why };
  }
}

/** What a login would offer, and believe. */
function filesOf({ ssh }: Host, options: TransportOptions, { configured }: Meaning): LoginFiles {
  const named = (name: string) => literalFiles(name, configured.get(name) ?? []);
  const chosen = options.identityFile ?? ssh.identityFile;
  const own = options.knownHostsFile;
  return {
    identities: chosen === undefined ? named('identityfile') : [chosen],
    knownHosts: [...(own === undefined ? named('userknownhostsfile') : [own]), ...named('globalknownhostsfile')],
  };
}

/** Opens the transport to one host by itself. @throws UsageError where it cannot be reached as it is configured */
export function openTransport(host: Host, options: TransportOptions): Promise<Transport> {
  return new Transports(options).open(host);
}

/** Better not at all than past what somebody has configured, to another machine. @throws UsageError */
function refuseUnread(file: string | undefined): void {
  const own = file ?? join(userInfo().homedir, '.ssh', 'config');
  if (file === undefined && !hasContent(own)) return;
  throw new UsageError(
    `there is no ssh program here that says what ${own} means; install OpenSSH's client, or say --ssh-config none`,
  );
}

function hasContent(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').trim() !== '';
  } catch {
    return false;
  }
}
