/** What a connection by ssh2 needs to know before it is made: the inventory's word first, then what ssh says that the name means. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../core/model.js';
import { literalFiles, loginOf, type Meaning } from './openssh/configuration.js';
import type { TransportOptions } from './transport.js';

/** Everything that a connection needs to know before it is made. */
export interface Target {
  /** The name or address that is dialled. */
  hostname: string;
  port: number;
  user: string;
  /** The identity that was chosen by name: it must exist and no other is offered. */
  chosenIdentity: string | undefined;
  /** Identity files of the configuration; those that do not exist are passed over. */
  configuredIdentities: string[];
  /** The agent's socket. */
  agent: string | undefined;
  /** The name under which known_hosts is searched. */
  knownAs: { host: string; port: number };
  userKnownHosts: string[];
  globalKnownHosts: string[];
  connectTimeoutMs: number;
}

/** Without a meaning the name is its own address, and the files are the usual ones. */
export function resolveTarget(host: Host, options: TransportOptions, meaning: Meaning | undefined): Target {
  const { address, ssh } = host;
  const name = ssh.host ?? address;
  const { username, homedir: home } = userInfo();
  const login = meaning && loginOf(meaning.configured);
  const hostname = login?.hostname ?? name;
  const port = ssh.port ?? login?.port ?? 22;
  const chosen = options.identityFile ?? ssh.identityFile;
  const knownHosts = options.knownHostsFile ?? undefined;
  return {
    hostname,
    port,
    user: ssh.user ?? login?.user ?? username,
    chosenIdentity: chosen === undefined ? undefined : expandHome(chosen),
    configuredIdentities: filesOf(meaning, 'identityfile') ?? [],
    agent: process.env.SSH_AUTH_SOCK || undefined,
    knownAs: { host: hostname, port },
    userKnownHosts:
      knownHosts === undefined
        ? (filesOf(meaning, 'userknownhostsfile') ??
          ['known_hosts', 'known_hosts2'].map((file) => join(home, '.ssh', file)))
        : [expandHome(knownHosts)],
    globalKnownHosts:
      filesOf(meaning, 'globalknownhostsfile') ??
      ['ssh_known_hosts', 'ssh_known_hosts2'].map((file) => join('/etc/ssh', file)),
    connectTimeoutMs: options.connectTimeoutMs,
  };
}

/** The host as messages name it. */
export function nameOf({ hostname, port }: Target): string {
  return port === 22 ? hostname : `${hostname} port ${port}`;
}

/** The files that the configuration names; undefined where they are those of no configuration at all. */
function filesOf(meaning: Meaning | undefined, name: string): string[] | undefined {
  const values = meaning?.configured.get(name);
  if (values === undefined || values.join('\n') === meaning?.plain.get(name)?.join('\n')) return undefined;
  return literalFiles(name, values);
}

/** Replaces a leading `~` by the login's home, which ssh takes from the list of users, whatever HOME says. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(userInfo().homedir, path.slice(1)) : path;
}
